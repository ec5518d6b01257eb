"""A small call with everything in it, as a rule value and as an HTTP body, and the people who use it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from services.bandi.rules.bando import (
    CategoriaEnte,
    CategoriaRichiesta,
    Contributo,
    Criterio,
    Linea,
    Modalita,
    Partenariato,
    Premialita,
    Regole,
    Spareggio,
    Taglio,
    TipoSpareggio,
    Valutazione,
)
from services.bandi.rules.domanda import Contenuto, Membro, RuoloPartner, SottoProgetto
from tests.support.service import ServiceUnderTest

REGIONE = "REGIONE-LOMBARDIA"
ENTI = {"funzionario_bandi": REGIONE}
"""The body the office of a test's calls acts for."""

APRE = datetime(2017, 12, 1, 9, tzinfo=UTC)
CHIUDE = datetime(2018, 2, 15, 11, tzinfo=UTC)
DURANTE = datetime(2018, 1, 10, 9, tzinfo=UTC)
DOPO = datetime(2018, 5, 23, 10, tzinfo=UTC)

REGOLE = Regole(
    modalita=Modalita.GRADUATORIA,
    apre_il=APRE,
    chiude_il=CHIUDE,
    linee=(
        Linea("LAB", "9.4.2", "FSE", 30_000_00, 10_000_00, True),
        Linea("INC", "9.1.3", "FSE", 20_000_00, None, True),
    ),
    partenariato=Partenariato(
        capofila_ammessi=frozenset({CategoriaEnte.COMUNE, CategoriaEnte.ALER}),
        membri_minimi=3,
        membri_massimi=6,
        categorie_ammesse=frozenset(
            {CategoriaEnte.OPERATORE_ACCREDITATO, CategoriaEnte.TERZO_SETTORE, CategoriaEnte.ALER}
        ),
        categorie_richieste=(CategoriaRichiesta(CategoriaEnte.OPERATORE_ACCREDITATO, 1),),
        domande_per_capofila=1,
    ),
    contributo=Contributo(9_000, 1_000, True, 15_000_00),
    valutazione=Valutazione(
        criteri=(Criterio("A", "Qualita'", 6_000), Criterio("B", "Rete", 4_000, None, 500)),
        punteggio_massimo_cent=10_000,
        soglia_cent=6_000,
        premialita=(Premialita("P1", "Quartiere fragile", 500),),
        spareggi=(Spareggio(TipoSpareggio.CRITERIO, "A"), Spareggio(TipoSpareggio.PROTOCOLLO)),
    ),
    taglio=Taglio.STOP,
    durata_massima_mesi=24,
    termine_ultimo=date(2020, 12, 19),
)

CONTENUTO = Contenuto(
    titolo="Officina delle Idee",
    durata_mesi=24,
    comune="Mantova",
    quartiere="Lunetta",
    membri=(
        Membro("COMUNE-MANTOVA", "Comune di Mantova", CategoriaEnte.COMUNE, RuoloPartner.CAPOFILA),
        Membro("SOLCO", "Sol.Co Mantova", CategoriaEnte.OPERATORE_ACCREDITATO, RuoloPartner.PARTNER),
        Membro("AGAPE", "Agape Onlus", CategoriaEnte.TERZO_SETTORE, RuoloPartner.PARTNER),
    ),
    sotto_progetti=(
        SottoProgetto("LAB", "Laboratorio", 10_000_00, 9_000_00, 500_00),
        SottoProgetto("INC", "Inclusione", 5_000_00, 4_500_00, 500_00),
    ),
)


def con_valutazione(**changes: Any) -> Regole:
    """Return the example's rules with another scoring."""
    return replace(REGOLE, valutazione=replace(REGOLE.valutazione, **changes))


def con_partenariato(**changes: Any) -> Regole:
    """Return the example's rules with other partnerships."""
    return replace(REGOLE, partenariato=replace(REGOLE.partenariato, **changes))


def bando_corpo(codice: str, **regole: Any) -> dict[str, Any]:
    """Return the body of a call: two lines of 300.00 and 200.00 euro, threshold 60, policy stop; none if rolling."""
    return {
        "codice": codice,
        "titolo": "Gestione sociale dei quartieri",
        "ente_promotore": REGIONE,
        "promotore": "Regione Lombardia",
        "territorio": "Lombardia",
        "regole": {
            "modalita": "graduatoria",
            "apre_il": "2017-12-01T10:00:00+01:00",
            "chiude_il": "2018-02-15T12:00:00+01:00",
            "linee": [
                {
                    "codice": "LAB",
                    "azione": "9.4.2",
                    "fondo": "POR FSE",
                    "dotazione": "300.00",
                    "sotto_progetto_obbligatorio": True,
                },
                {"codice": "INC", "azione": "9.1.3", "fondo": "POR FSE", "dotazione": "200.00"},
            ],
            "partenariato": {
                "capofila_ammessi": ["COMUNE", "ALER"],
                "membri_minimi": 2,
                "categorie_ammesse": ["OPERATORE_ACCREDITATO", "TERZO_SETTORE"],
                "categorie_richieste": [{"categoria": "OPERATORE_ACCREDITATO", "minimo": 1}],
                "domande_per_capofila": 1,
            },
            "valutazione": {
                "criteri": [
                    {"codice": "A", "titolo": "Qualita'", "punti_massimi": "60.00"},
                    {"codice": "B", "titolo": "Rete", "punti_massimi": "40.00"},
                ],
                "punteggio_massimo": "100.00",
                "soglia": "60.00",
                "premialita": [{"codice": "P1", "titolo": "Quartiere fragile", "punti": "5.00"}],
                "spareggi": [{"tipo": "criterio", "criterio": "A"}, {"tipo": "protocollo"}],
            },
            "taglio": "stop",
            "durata_massima_mesi": 24,
            "termine_ultimo": "2020-12-19",
        }
        | ({"valutazione": {}} if regole.get("modalita") == "sportello" else {})
        | regole,
    }


def contenuto_corpo(ente: str, lab: str = "100.00", inc: str = "50.00") -> dict[str, Any]:
    """Return the body of a complete application led by an organisation."""
    return {
        "titolo": f"Progetto di {ente}",
        "durata_mesi": 24,
        "comune": "Mantova",
        "quartiere": "Lunetta",
        "membri": [
            {"ente": ente, "denominazione": ente, "categoria": "COMUNE", "ruolo": "capofila"},
            {
                "ente": "SOLCO",
                "denominazione": "Sol.Co",
                "categoria": "OPERATORE_ACCREDITATO",
                "ruolo": "partner",
            },
        ],
        "sotto_progetti": [
            {"linea": "LAB", "titolo": "Laboratorio", "costo": lab, "contributo": lab},
            {"linea": "INC", "titolo": "Inclusione", "costo": inc, "contributo": inc},
        ],
    }


class Ufficio:
    """The office of one call in a test: it drafts, publishes, examines and ranks through HTTP."""

    def __init__(self, service: ServiceUnderTest, codice: str) -> None:
        self.service = service
        self.codice = codice

    async def ok(self, method: str, path: str, body: Any = None, **who: Any) -> Any:
        """Call a route that must succeed and return its body."""
        options = {"json": body} if body is not None else {}
        answer = await self.service.request(method, path, **({"roles": ["funzionario_bandi"]} | who), **options)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    async def pubblica(self, **regole: Any) -> "Ufficio":
        """Draft and publish the call before it opens, with two commissioners."""
        self.service.clock.set(datetime(2017, 11, 15, 9, tzinfo=UTC))
        await self.ok("POST", "/v1/bandi", bando_corpo(self.codice, **regole))
        await self.ok("POST", f"/v1/bandi/{self.codice}/pubblicazione", {"atto": "D.d.s. 14207 del 2017-11-15"})
        await self.ok(
            "POST",
            f"/v1/bandi/{self.codice}/commissione",
            {"atto": "nomina", "commissari": ["commissario.a", "commissario.b"]},
        )
        self.service.clock.set(DURANTE)
        return self

    async def proposta(self, ente: str, **parts: str) -> dict[str, Any]:
        """Open a complete draft for an organisation, which its partners have not accepted yet."""
        body = {"bando": self.codice, "contenuto": contenuto_corpo(ente, **parts)}
        return dict(await self.ok("POST", "/v1/domande", body, roles=["proponente"], ente=ente))

    async def bozza(self, ente: str, **parts: str) -> dict[str, Any]:
        """Open a complete draft for an organisation, which its partners accept."""
        draft = await self.proposta(ente, **parts)
        await self.aderiscono(draft)
        return draft

    async def aderiscono(self, draft: dict[str, Any]) -> None:
        """Have every partner of a draft accept what it says of them."""
        for item in draft["adesioni"]:
            answer = {"esito": "accettata", "condizioni": item["condizioni"]}
            path = f"/v1/domande/{draft['domanda_id']}/adesione"
            await self.ok("POST", path, answer, roles=["proponente"], ente=item["ente"])

    async def presenta(self, ente: str, **parts: str) -> dict[str, Any]:
        """Present a complete application of an organisation and return its receipt."""
        draft = await self.bozza(ente, **parts)
        path = f"/v1/domande/{draft['domanda_id']}/presentazione"
        return dict(await self.ok("POST", path, roles=["proponente"], ente=ente))

    async def dichiara(self, domanda_id: str, name: str) -> None:
        """Have a commissioner declare to be free of conflicts with an application."""
        body = {"dichiarazioni": [{"domanda_id": domanda_id, "esito": "nessun_conflitto"}]}
        path = f"/v1/bandi/{self.codice}/dichiarazioni"
        await self.ok("POST", path, body, roles=["commissario"], sub=name)

    async def ammetti(self, domanda_id: str, a: str | None = None, b: str = "30.00", **body: Any) -> None:
        """Admit an application and, when given points, have both commissioners score it so."""
        await self.ok("POST", f"/v1/domande/{domanda_id}/istruttoria", {"esito": "ammissibile"} | body)
        if a is not None:
            for name in ("commissario.a", "commissario.b"):
                await self.valuta(domanda_id, a, b, name)

    async def valuta(self, domanda_id: str, a: str, b: str, name: str) -> None:
        """Declare to be free of conflicts and sign one sheet."""
        await self.dichiara(domanda_id, name)
        sheet = {"punteggi": [{"criterio": "A", "punti": a}, {"criterio": "B", "punti": b}]}
        await self.ok("POST", f"/v1/domande/{domanda_id}/schede", sheet, roles=["commissario"], sub=name)

    async def approva(self, atto: str = "decreto 7390 del 2018-05-23") -> dict[str, Any]:
        """Approve the next version of the ranking, after the term."""
        return dict(await self.ok("POST", f"/v1/bandi/{self.codice}/graduatorie", {"atto": atto}))

    async def righe(self, numero: int) -> list[dict[str, Any]]:
        """Read the rows of a published ranking, as anybody."""
        return list((await self.ok("GET", f"/v1/bandi/{self.codice}/graduatorie/{numero}/righe", roles=None))["items"])

    async def progetto(self, ente: str) -> dict[str, Any]:
        """Return the project of a lead."""
        found = await self.ok("GET", f"/v1/progetti?bando={self.codice}&capofila={ente}", roles=None)
        return dict(found["items"][0])


def importi(**amounts: str) -> dict[str, Any]:
    """Return the body of an act on a project that moves amounts by line."""
    return {"atto": "atto", "importi": [{"linea": linea, "importo": importo} for linea, importo in amounts.items()]}


def problem(answer: Any) -> str:
    """Return the stable name of a refusal, checking that it speaks Italian to who reads it."""
    body = answer.json()
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert body["status"] == answer.status_code
    assert body["detail"]
    return str(body["type"]).removeprefix("urn:quartieri:problema:")
