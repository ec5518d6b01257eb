"""Bodies and small stories that several tests share. Names are invented."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from stdnum import luhn
from stdnum.it import codicefiscale

from chassis.ids import uuid7
from tests.support.service import ServiceUnderTest

COMUNE = "COMUNE-MANTOVA"
ALER = "ALER-BRESCIA-CREMONA-MANTOVA"
OPERATRICE = "operatrice.lunetta"
_numeri = count(1)

NOMI = ("Ada", "Bruno", "Carla", "Dario", "Elena", "Fabio", "Gina", "Hamid", "Ines", "Luca", "Marta", "Nino")
COGNOMI = ("Zanetti", "Ferri", "Orlandi", "Bosio", "Galli", "Tosi", "Rebecchi", "Malavasi", "Prandi", "Cavicchioli")


def progetto(**cambi: Any) -> dict[str, Any]:
    """The body of a `bandi.progetto.*` event."""
    return {
        "progetto_id": str(uuid7()),
        "versione": 1,
        "bando_id": str(uuid7()),
        "bando_codice": "AVVISO2017",
        "codice": "LUNATTIVA",
        "titolo": "Lunattiva",
        "capofila": COMUNE,
        "partner": [{"ente": ALER, "categoria": "ALER", "ruolo": "partner"}],
        "comune": "Mantova",
        "quartiere": "Lunetta",
        "stato": "finanziato",
        "inizio": None,
        "fine": None,
        "linee": [
            {"azione": "9.4.2", "fondo": "FSE", "ammesso_cent": 12_500_000, "impegnato_cent": 0},
            {"azione": "9.1.3", "fondo": "FSE", "ammesso_cent": 12_698_320, "impegnato_cent": 0},
        ],
        "accaduto_il": "2018-10-01T10:00:00Z",
    } | cambi


def allestimento(**cambi: Any) -> dict[str, Any]:
    """Seat and hours of a lab."""
    return {
        "nome": "Officina delle Idee",
        "quartiere": "Lunetta",
        "sede": {"indirizzo": "via Canneti 22", "comune": "Mantova", "proprietario": "ALER", "dal": "2019-01-07"},
        "orari": [
            {"giorno": 1, "apre": "09:00", "chiude": "12:30"},
            {"giorno": 4, "apre": "14:30", "chiude": "18:00"},
        ],
    } | cambi


async def laboratorio(servizio: ServiceUnderTest, *, operatori: Sequence[str] = (OPERATRICE,)) -> str:
    """A lab made by hand, set up, with its operators in the team."""
    nuovo = await servizio.post(
        "/v1/laboratori",
        json={"nome": f"Laboratorio {next(_numeri)}", "ente_gestore": COMUNE, "comune": "Mantova"},
        roles=["funzionario_comune"],
        ente=COMUNE,
    )
    assert nuovo.status_code == 201, nuovo.text
    laboratorio_id: str = nuovo.json()["laboratorio_id"]
    await allestisci(servizio, laboratorio_id)
    for sub in operatori:
        await in_equipe(servizio, laboratorio_id, sub)
    return laboratorio_id


async def allestisci(servizio: ServiceUnderTest, laboratorio_id: str, **cambi: Any) -> None:
    """Sets a lab up."""
    risposta = await servizio.put(
        f"/v1/laboratori/{laboratorio_id}/allestimento",
        json=allestimento(**cambi),
        roles=["funzionario_comune"],
        ente=COMUNE,
        headers={"If-Match": "*"},
    )
    assert risposta.status_code == 200, risposta.text


async def in_equipe(servizio: ServiceUnderTest, laboratorio_id: str, sub: str, **cambi: Any) -> str:
    """Puts an operator in a lab's team."""
    risposta = await servizio.post(
        f"/v1/laboratori/{laboratorio_id}/equipe",
        json={"sub": sub, "ruolo": "operatore_sportello", "dal": "2019-01-07"} | cambi,
        roles=["funzionario_comune"],
        ente=COMUNE,
    )
    assert risposta.status_code == 201, risposta.text
    membro: str = risposta.json()["membro_equipe_id"]
    return membro


def scheda(**cambi: Any) -> dict[str, Any]:
    """The sheet of a person nobody has met before."""
    numero = next(_numeri)
    return {
        "nome": NOMI[numero % len(NOMI)],
        "cognome": COGNOMI[numero % len(COGNOMI)],
        "data_nascita": str(date(1950, 1, 1) + timedelta(days=numero)),
    } | cambi


def codice_fiscale(primi_quindici: str) -> str:
    """An invented tax code with its check character."""
    return primi_quindici + str(codicefiscale.calc_check_digit(primi_quindici))


def codice_provvisorio(prime_dieci: str = "1234567020") -> str:
    """An invented provisional code of eleven digits."""
    return prime_dieci + str(luhn.calc_check_digit(prime_dieci))


async def da_operatrice(
    servizio: ServiceUnderTest, metodo: str, percorso: str, corpo: Any = None, *, sub: str = OPERATRICE, **altro: Any
) -> Any:
    """Calls as a desk operator; returns the response."""
    opzioni = {"json": corpo} if corpo is not None else {}
    return await servizio.request(metodo, percorso, roles=["operatore_laboratorio"], sub=sub, **opzioni, **altro)


async def persona(servizio: ServiceUnderTest, laboratorio_id: str, *, sub: str = OPERATRICE, **cambi: Any) -> str:
    """A person registered at the desk of a lab."""
    risposta = await da_operatrice(
        servizio, "POST", f"/v1/laboratori/{laboratorio_id}/persone", scheda(**cambi), sub=sub
    )
    assert risposta.status_code == 201, risposta.text
    persona_id: str = risposta.json()["persona_id"]
    return persona_id


async def nucleo(servizio: ServiceUnderTest, laboratorio_id: str, *persone: str, dal: str = "2015-01-01") -> str:
    """A household of registered people, without contracts."""
    risposta = await da_operatrice(
        servizio,
        "POST",
        f"/v1/laboratori/{laboratorio_id}/nuclei",
        {"membri": [{"persona_id": persona_id, "dal": dal} for persona_id in persone]},
    )
    assert risposta.status_code == 201, risposta.text
    nucleo_id: str = risposta.json()["nucleo_id"]
    return nucleo_id


def attivita_nuova(**cambi: Any) -> dict[str, Any]:
    """A morning of care of the courtyards, base band, over by the day of the tests."""
    return {
        "tipo": "cura_spazi",
        "titolo": "Cura dei cortili",
        "luogo": "Cortile di via Canneti",
        "inizio": "2019-11-18T08:00:00Z",
        "fine": "2019-11-18T13:00:00Z",
        "fascia": "base",
    } | cambi


async def attivita(servizio: ServiceUnderTest, laboratorio_id: str, *, sub: str = OPERATRICE, **cambi: Any) -> str:
    """An activity of a lab."""
    risposta = await da_operatrice(
        servizio, "POST", f"/v1/laboratori/{laboratorio_id}/attivita", attivita_nuova(**cambi), sub=sub
    )
    assert risposta.status_code == 201, risposta.text
    attivita_id: str = risposta.json()["attivita_id"]
    return attivita_id


def ore(persona_id: str, dalle: str = "08:00", alle: str = "10:00", giorno: str = "2019-11-18") -> dict[str, str]:
    """An attendance of a person, UTC times."""
    return {"persona_id": persona_id, "inizio": f"{giorno}T{dalle}:00Z", "fine": f"{giorno}T{alle}:00Z"}


async def presenza(servizio: ServiceUnderTest, attivita_id: str, persona_id: str, *orario: str) -> str:
    """An attendance registered, not confirmed."""
    risposta = await da_operatrice(servizio, "POST", f"/v1/attivita/{attivita_id}/presenze", ore(persona_id, *orario))
    assert risposta.status_code == 201, risposta.text
    presenza_id: str = risposta.json()["presenza_id"]
    return presenza_id


def tipo(risposta: Any) -> str:
    """The name of the refusal in a problem answer."""
    return str(risposta.json()["type"]).removeprefix("urn:quartieri:problema:")


async def eventi_di(servizio: ServiceUnderTest, subject: str, campo: str, valore: str | UUID) -> list[dict[str, Any]]:
    """The events of one aggregate, oldest first."""
    return [evento for evento in await servizio.emitted(subject) if evento[campo] == str(valore)]


async def prende_in_carico(servizio: ServiceUnderTest, laboratorio_id: str, persona_id: str) -> None:
    """The lab takes a person on."""
    risposta = await da_operatrice(
        servizio, "POST", f"/v1/laboratori/{laboratorio_id}/prese-in-carico", {"persona_id": persona_id}
    )
    assert risposta.status_code == 201, risposta.text
