"""Facts that the tests of puntiluna tell: events of the other services, and the people who act."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from chassis.ids import uuid7
from tests.support.service import ServiceUnderTest

ALER = "ALER-BRESCIA-CREMONA-MANTOVA"
COMUNE = "COMUNE-MANTOVA"
ADESSO = datetime(2019, 5, 20, 9, 0, tzinfo=UTC)

PROGETTO_FINANZIATO = "bandi.progetto.finanziato.v1"
PROGETTO_IMPEGNATO = "bandi.progetto.impegnato.v1"
CONFERMATA = "laboratori.presenza.confermata.v1"
RETTIFICATA = "laboratori.presenza.rettificata.v1"
ANNULLATA = "laboratori.presenza.annullata.v1"
NUCLEO = "laboratori.nucleo.aggiornato.v1"
ORE = "inclusione.ore.validate.v1"
QUOTA = "inclusione.indennita.quota_morosita.v1"


def progetto(progetto_id: UUID, **cambi: Any) -> dict[str, Any]:
    """A project as bandi tells it."""
    return {
        "progetto_id": str(progetto_id),
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
        "linee": [{"azione": "9.4.2", "fondo": "FSE", "ammesso_cent": 25_198_320, "impegnato_cent": 0}],
        "accaduto_il": ADESSO.isoformat(),
    } | cambi


def presenza(progetto_id: UUID, nucleo_id: UUID | None, **cambi: Any) -> dict[str, Any]:
    """A confirmed attendance of two hours in the base band."""
    inizio = cambi.pop("inizio", ADESSO - timedelta(days=1))
    minuti = cambi.pop("minuti", 120)
    return {
        "presenza_id": str(uuid7()),
        "versione": 1,
        "stato": "confermata",
        "laboratorio_id": str(uuid7()),
        "progetto_id": str(progetto_id),
        "attivita_id": str(uuid7()),
        "persona_id": str(uuid7()),
        "nucleo_id": str(nucleo_id) if nucleo_id else None,
        "inizio": inizio.isoformat(),
        "fine": (inizio + timedelta(minutes=minuti)).isoformat(),
        "minuti": minuti,
        "fascia": "base",
        "diretta": True,
        "categoria_indiretta": None,
        "confermata_il": ADESSO.isoformat(),
    } | cambi


def nucleo(nucleo_id: UUID, progetto_id: UUID | None, *contratti: tuple[str, str], **cambi: Any) -> dict[str, Any]:
    """A household with contracts given as (landlord, code)."""
    return {
        "nucleo_id": str(nucleo_id),
        "versione": 1,
        "progetto_id": str(progetto_id) if progetto_id else None,
        "membri": [],
        "contratti": [
            {"contratto_codice": codice, "ente_proprietario": ente, "dal": "2010-01-01", "al": None}
            for ente, codice in contratti
        ],
    } | cambi


def ore(persona_id: str, inizio: datetime, **cambi: Any) -> dict[str, Any]:
    """An hour of training, validated and paid with an allowance."""
    return {
        "ore_id": str(uuid7()),
        "versione": 1,
        "pip_id": str(uuid7()),
        "persona_id": persona_id,
        "progetto_id": str(uuid7()),
        "inizio": inizio.isoformat(),
        "fine": (inizio + timedelta(hours=1)).isoformat(),
        "minuti": 60,
        "servizio_codice": "COACHING",
        "indennizzata": True,
        "cumulabile": False,
        "stato": "validata",
        "validate_il": ADESSO.isoformat(),
    } | cambi


def quota(nucleo_id: UUID, progetto_id: UUID, importo_cent: int, **cambi: Any) -> dict[str, Any]:
    """A share of an allowance that goes to the arrears."""
    return {
        "quota_id": str(uuid7()),
        "versione": 1,
        "persona_id": str(uuid7()),
        "nucleo_id": str(nucleo_id),
        "progetto_id": str(progetto_id),
        "importo_cent": importo_cent,
        "patto_id": str(uuid7()),
        "liquidata_il": ADESSO.isoformat(),
    } | cambi


class Mondo:
    """A project with a filled fund and what its people do, in one line each."""

    def __init__(self, servizio: ServiceUnderTest) -> None:
        self.servizio = servizio
        self.progetto_id = uuid7()
        self.ente = f"ALER-{uuid7().hex[-8:].upper()}"

    async def apri(self, euro: str | None = "10000.00", *, impegnato_cent: int = 25_198_320) -> "Mondo":
        """Open the project's fund and, unless told otherwise, fill it."""
        linee = [{"azione": "9.4.2", "fondo": "FSE", "ammesso_cent": 25_198_320, "impegnato_cent": impegnato_cent}]
        await self.servizio.deliver(
            PROGETTO_IMPEGNATO, progetto(self.progetto_id, versione=2, stato="impegnato", linee=linee)
        )
        if euro is not None:
            await self.alimenta(euro)
        return self

    async def alimenta(self, euro: str, origine: str = "progetto", atto: str | None = None) -> dict[str, Any]:
        """Fill the fund by an act."""
        risposta = await self.servizio.post(
            f"/v1/progetti/{self.progetto_id}/alimentazioni",
            json={"importo": euro, "origine": origine, "atto": atto or f"Determina {uuid7()}"},
            roles=["funzionario_comune"],
            ente=COMUNE,
        )
        assert risposta.status_code == 201, risposta.text
        corpo: dict[str, Any] = risposta.json()
        return corpo

    async def nucleo_moroso(self, debito: str | None = "500.00", codice: str | None = None) -> tuple[UUID, str]:
        """A household with one contract and, unless told otherwise, arrears on it."""
        nucleo_id, contratto = uuid7(), codice or f"C-{uuid7().hex[-10:]}"
        await self.servizio.deliver(NUCLEO, nucleo(nucleo_id, self.progetto_id, (self.ente, contratto)))
        if debito is not None:
            await self.debiti({contratto: debito})
        return nucleo_id, contratto

    async def debiti(self, importi: dict[str, str], tipo: str = "parziale", al_giorno: str = "2019-05-01") -> Any:
        """Push a snapshot of debts."""
        righe = [{"contratto_codice": codice, "importo": importo} for codice, importo in importi.items()]
        risposta = await self.servizio.post(
            "/v1/debiti/rilevazioni",
            json={"tipo": tipo, "al_giorno": al_giorno, "righe": righe},
            roles=["ente_proprietario"],
            ente=self.ente,
        )
        assert risposta.status_code == 201, risposta.text
        return risposta.json()

    async def presenza(self, nucleo_id: UUID | None, **cambi: Any) -> dict[str, Any]:
        """Confirm an attendance."""
        corpo = presenza(self.progetto_id, nucleo_id, **cambi)
        await self.servizio.deliver(CONFERMATA, corpo)
        return corpo

    async def prenota(self, nucleo_id: UUID, contratto: str, punti: str) -> dict[str, Any]:
        """Reserve a reduction at the desk."""
        risposta = await self.servizio.post(
            f"/v1/nuclei/{nucleo_id}/riduzioni",
            json={"ente_proprietario": self.ente, "contratto_codice": contratto, "importo": punti},
            roles=["operatore_laboratorio"],
        )
        assert risposta.status_code == 201, risposta.text
        corpo: dict[str, Any] = risposta.json()
        return corpo

    async def lotto(self) -> Any:
        """Pull the landlord's batch."""
        risposta = await self.servizio.post("/v1/lotti", roles=["ente_proprietario"], ente=self.ente)
        assert risposta.status_code == 200, risposta.text
        return risposta.json()["lotto"]

    async def rispondi(self, lotto_id: str, *righe: dict[str, Any]) -> Any:
        """Answer lines of a batch."""
        risposta = await self.servizio.post(
            f"/v1/lotti/{lotto_id}/risposte", json={"righe": list(righe)}, roles=["ente_proprietario"], ente=self.ente
        )
        assert risposta.status_code == 200, risposta.text
        return risposta.json()

    async def estratto(self, nucleo_id: UUID, **parametri: str) -> Any:
        """Read a household's statement at the desk."""
        risposta = await self.servizio.get(
            f"/v1/nuclei/{nucleo_id}/estratto-conto", params=parametri, roles=["operatore_laboratorio"]
        )
        assert risposta.status_code == 200, risposta.text
        return risposta.json()

    async def saldo(self, nucleo_id: UUID) -> str:
        """The household's points."""
        return str((await self.estratto(nucleo_id))["saldo"])

    async def cifre(self) -> Any:
        """The project's figures."""
        risposta = await self.servizio.get(f"/v1/progetti/{self.progetto_id}/cifre", roles=["valutatore"])
        assert risposta.status_code == 200, risposta.text
        return risposta.json()


async def prenotata(servizio: ServiceUnderTest) -> tuple[Mondo, UUID, str]:
    """A household with 20 points, all of them reserved on its contract."""
    mondo = await Mondo(servizio).apri()
    famiglia, contratto = await mondo.nucleo_moroso()
    await mondo.presenza(famiglia, minuti=240)
    await mondo.prenota(famiglia, contratto, "20.00")
    return mondo, famiglia, contratto


def problema(risposta: Any, stato: int, tipo: str) -> dict[str, Any]:
    """The problem body of a refusal, checked by status and type."""
    assert risposta.status_code == stato, risposta.text
    assert risposta.headers["content-type"] == "application/problem+json"
    corpo: dict[str, Any] = risposta.json()
    assert corpo["type"] == f"urn:quartieri:problema:{tipo}", corpo
    return corpo
