"""Walks the story of inclusione through its routes: project, measure, enrolment, plan, hours, payment."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx

from chassis.ids import uuid7
from tests.support.service import ServiceUnderTest

MARZO = datetime(2019, 3, 1, 8, tzinfo=UTC)
APRILE = datetime(2019, 4, 1, 8, tzinfo=UTC)

_numeri = itertools.count(1)


def ok(risposta: httpx.Response, status: int = 201) -> Any:
    """The body of an answer that must have gone well."""
    assert risposta.status_code == status, risposta.text
    return risposta.json()


def rifiuto(risposta: httpx.Response, status: int, tipo: str) -> Any:
    """The problem of an answer that must have been refused for that reason."""
    corpo = risposta.json()
    assert (risposta.status_code, corpo["type"]) == (status, f"urn:quartieri:problema:{tipo}"), risposta.text
    assert risposta.headers["content-type"] == "application/problem+json"
    return corpo


def regole_json(**altro: Any) -> dict[str, Any]:
    """Rules of a measure as they travel: the taking-on is asked for, training gives 4.00 an hour, costs 20.00."""
    costo = [{"dal": "2019-01-01", "orario": "20.00"}]
    base: dict[str, Any] = {
        "requisiti": [
            {"codice": "DISOCCUPATO", "testo": "La persona e' disoccupata."},
            {"codice": "NASPI", "testo": "La persona percepisce la NASpI.", "atteso": "no"},
        ],
        "presa_in_carico": "di_un_laboratorio",
        "servizi": [
            {
                "codice": "ACCOGLIENZA",
                "nome": "Accoglienza",
                "livello": "base",
                "tipo": "accoglienza",
                "costi": costo,
                "da_indennita": False,
            },
            {
                "codice": "FORMAZIONE",
                "nome": "Formazione",
                "livello": "consolidamento",
                "tipo": "formazione",
                "costi": costo,
                "da_indennita": True,
            },
        ],
        "indennita": [{"dal": "2019-01-01", "orario": "4.00"}],
    }
    return base | altro


RISPOSTE_BUONE = [
    {"requisito": "DISOCCUPATO", "risposta": "si", "prova": {"tipo": "documento_esibito"}},
    {"requisito": "NASPI", "risposta": "no", "prova": {"tipo": "banca_dati", "riferimento": "PROT. 12/2019"}},
]


class Storia:
    """A project with its money, a measure, an operator and the people it follows.

    Every story has a project, a lead, a partner and a measure of its own, so that tests of a module do not meet.
    """

    def __init__(self, inclusione: ServiceUnderTest) -> None:
        numero = next(_numeri)
        self.servizio = inclusione
        self.progetto_id = uuid7()
        self.versione = 0
        self.capofila = f"COMUNE-{numero}"
        self.operatore = f"ENTE-{numero}"
        self.misura = f"MISURA-{numero}"
        self.bando = f"BANDO-{numero}"

    async def progetto(self, impegnato_cent: int = 100_000_00, *, fatto: str = "impegnato", **altro: Any) -> None:
        """bandi tells of the project: funded and committed, unless said otherwise."""
        self.servizio.set_clock(MARZO)
        self.versione += 1
        corpo = {
            "progetto_id": str(self.progetto_id),
            "versione": self.versione,
            "bando_id": str(uuid7()),
            "bando_codice": self.bando,
            "codice": f"P-{self.bando}",
            "titolo": "Progetto di prova",
            "capofila": self.capofila,
            "partner": [{"ente": self.operatore, "categoria": "OPERATORE_ACCREDITATO", "ruolo": "partner"}],
            "comune": "Mantova",
            "quartiere": "Lunetta",
            "stato": "in_corso",
            "inizio": None,
            "fine": None,
            "linee": [
                {"azione": "9.4.2", "fondo": "POR FSE", "ammesso_cent": 1, "impegnato_cent": 1},
                {
                    "azione": "9.1.3",
                    "fondo": "POR FSE",
                    "ammesso_cent": max(impegnato_cent, 1),
                    "impegnato_cent": impegnato_cent,
                },
            ],
            "accaduto_il": "2019-03-01T08:00:00Z",
        }
        await self.servizio.deliver(f"bandi.progetto.{fatto}.v1", corpo | altro)

    async def crea_misura(self, **regole: Any) -> Any:
        """The officer enters the measure."""
        corpo = {
            "codice": self.misura,
            "titolo": "Misura di prova",
            "vale_dal": "2019-01-01",
            "atto": "D.d.s. 1/2019",
            "regole": regole_json(**regole),
        }
        return ok(await self.servizio.post("/v1/misure", json=corpo, roles=["funzionario_bandi"]))

    async def apri(self, impegnato_cent: int = 100_000_00, **regole: Any) -> None:
        """Project and measure together."""
        await self.progetto(impegnato_cent)
        await self.crea_misura(**regole)

    async def preso_in_carico(self, persona_id: UUID, *, versione: int = 1, progetto_id: UUID | None = None) -> None:
        """A lab takes the person on."""
        await self.servizio.deliver(
            "laboratori.persona.presa_in_carico.v1",
            {
                "persona_id": str(persona_id),
                "versione": versione,
                "laboratorio_id": str(uuid7()),
                "progetto_id": str(progetto_id or self.progetto_id),
                "nucleo_id": None,
                "presa_in_carico_il": "2019-02-01T09:00:00Z",
            },
        )

    async def nucleo(self, persona_id: UUID, *, nucleo_id: UUID | None = None, versione: int = 1, **date: Any) -> UUID:
        """laboratori tells of the person's household."""
        nucleo_id = nucleo_id or uuid7()
        membro = {"persona_id": str(persona_id), "dal": "2015-01-01", "al": None} | date
        await self.servizio.deliver(
            "laboratori.nucleo.aggiornato.v1",
            {
                "nucleo_id": str(nucleo_id),
                "versione": versione,
                "progetto_id": str(self.progetto_id),
                "membri": [membro],
                "contratti": [],
            },
        )
        return nucleo_id

    async def op(self, metodo: str, percorso: str, *, sub: str = "op-1", **altro: Any) -> httpx.Response:
        """A call of the accredited operator."""
        return await self.servizio.request(
            metodo, f"/v1{percorso}", roles=["operatore_accreditato"], sub=sub, ente=self.operatore, **altro
        )

    async def comune(self, metodo: str, percorso: str, *, sub: str = "fun-1", **altro: Any) -> httpx.Response:
        """A call of the lead's officer."""
        return await self.servizio.request(
            metodo, f"/v1{percorso}", roles=["funzionario_comune"], sub=sub, ente=self.capofila, **altro
        )

    async def patto(self, **corpo: Any) -> httpx.Response:
        """The person signs a pact: before the operator, or before the lead's officer when arrears are certified."""
        chi = self.comune if "incolpevole" in corpo else self.op
        return await chi("POST", "/patti", json=corpo)

    async def iscrivi(
        self, persona_id: UUID | None = None, *, presa: bool = True, risposte: Any = None
    ) -> dict[str, Any]:
        """Enrols a person, suitable unless said otherwise."""
        persona_id = persona_id or uuid7()
        if presa:
            await self.preso_in_carico(persona_id)
        corpo = {
            "misura_codice": self.misura,
            "progetto_id": str(self.progetto_id),
            "persona_id": str(persona_id),
            "risposte": RISPOSTE_BUONE if risposte is None else risposte,
        }
        iscrizione: dict[str, Any] = ok(await self.op("POST", "/iscrizioni", json=corpo))
        return iscrizione

    @staticmethod
    def piano(**ore: int) -> dict[str, Any]:
        """A plan from March to June, in hours by service."""
        return {
            "inizio": "2019-03-01",
            "fine": "2019-06-30",
            "servizi": [{"servizio": codice, "minuti": numero * 60} for codice, numero in ore.items()],
        }

    async def bozza(self, iscrizione: dict[str, Any] | None = None, **ore: int) -> dict[str, Any]:
        """A plan in draft: 100 hours of training unless said otherwise."""
        iscrizione = iscrizione or await self.iscrivi()
        corpo = {"iscrizione_id": iscrizione["iscrizione_id"], "piano": self.piano(**(ore or {"FORMAZIONE": 100}))}
        pip: dict[str, Any] = ok(await self.op("POST", "/pip", json=corpo))
        return pip

    @staticmethod
    def firme(pip: dict[str, Any]) -> dict[str, Any]:
        """The two signatures on the draft as it was shown."""
        return {
            "testo_sha256": pip["bozza"]["testo_sha256"],
            "persona": {"metodo": "autografa"},
            "operatore": {"metodo": "digitale"},
        }

    async def firma(self, pip: dict[str, Any]) -> httpx.Response:
        """Signs the draft."""
        return await self.op("POST", f"/pip/{pip['pip_id']}/firme", json=self.firme(pip))

    async def attivo(self, iscrizione: dict[str, Any] | None = None, **ore: int) -> dict[str, Any]:
        """An active plan."""
        pip: dict[str, Any] = ok(await self.firma(await self.bozza(iscrizione, **ore)))
        assert pip["stato"] == "attivo"
        return pip

    @staticmethod
    def ora(inizio: datetime, minuti: int = 60, servizio: str | None = "FORMAZIONE", **altro: Any) -> dict[str, Any]:
        """An hour as it travels."""
        fine = inizio + timedelta(minutes=minuti)
        ora = {"inizio": inizio.isoformat(), "fine": fine.isoformat(), "servizio_codice": servizio}
        return ora | altro

    async def registra(self, pip_id: str, *ore: dict[str, Any], sub: str = "op-1") -> dict[str, Any]:
        """Registers hours in bulk, the clock being after them."""
        self.servizio.set_clock(APRILE)
        righe = [ora | {"pip_id": pip_id} for ora in ore]
        esito: dict[str, Any] = ok(await self.op("POST", "/ore/registrazioni", json={"righe": righe}, sub=sub))
        return esito

    async def convalida(self, pip_id: str, *ore: dict[str, Any]) -> list[str]:
        """Registers, has signed and validates hours; all of them must go well."""
        esito = await self.registra(pip_id, *ore)
        assert not esito["rifiutate"], esito
        await self.firma_ore(esito["fatte"])
        validate = await self.valida(esito["fatte"])
        assert validate["fatte"] == esito["fatte"], validate
        return list(esito["fatte"])

    async def firma_ore(self, ore: list[str]) -> dict[str, Any]:
        """The person signs hours."""
        corpo = {"ore": ore, "metodo": "grafometrica"}
        esito: dict[str, Any] = ok(await self.op("POST", "/ore/firme", json=corpo))
        return esito

    async def valida(self, ore: list[str], *, sub: str = "op-2") -> dict[str, Any]:
        """A second person validates hours."""
        esito: dict[str, Any] = ok(await self.op("POST", "/ore/validazioni", json={"ore": ore}, sub=sub))
        return esito

    async def linea(self) -> dict[str, Any]:
        """The project's line as its lead sees it."""
        corpo: dict[str, Any] = ok(await self.comune("GET", f"/linee/{self.progetto_id}"), 200)
        return corpo

    async def pip(self, pip_id: str) -> dict[str, Any]:
        """A plan as its operator sees it."""
        corpo: dict[str, Any] = ok(await self.op("GET", f"/pip/{pip_id}"), 200)
        return corpo

    async def eventi(self, nome: str, **campi: Any) -> list[dict[str, Any]]:
        """The events of that name this service emitted, with those values."""
        tutti = await self.servizio.emitted(f"inclusione.{nome}.v1")
        return [evento for evento in tutti if all(evento.get(campo) == valore for campo, valore in campi.items())]
