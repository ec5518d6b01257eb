"""A funded project under way in the tests: its office, its lead, and a budget of 100.00 + 50.00 paid at 90 percent."""

from typing import Any

from tests.bandi.esempi import DOPO, Ufficio, contenuto_corpo, importi, problem
from tests.support.service import ServiceUnderTest

CAPOFILA = "COMUNE-MANTOVA"
RATES = {"quota_massima": 9000, "cofinanziamento_minimo": 1000, "cofinanziamento_in_denaro": True}
PARTS = [
    {"linea": "LAB", "titolo": "Lab", "costo": "100.00", "contributo": "90.00", "cofinanziamento_denaro": "4.00"},
    {"linea": "INC", "titolo": "Inc", "costo": "50.00", "contributo": "45.00", "cofinanziamento_denaro": "2.00"},
]


class Cantiere:
    """One project and the two sides that act on it, over HTTP."""

    def __init__(self, office: Ufficio, progetto: dict[str, Any]) -> None:
        self.office = office
        self.service = office.service
        self.codice = progetto["codice"]
        self.path = f"/v1/progetti/{progetto['progetto_id']}"

    async def ufficio(self, route: str, body: Any = None) -> Any:
        """An act of the office that must succeed."""
        return await self.office.ok("POST", f"{self.path}/{route}", body)

    async def capofila(self, route: str, body: Any = None) -> Any:
        """An act of the lead that must succeed."""
        return await self.office.ok("POST", f"{self.path}/{route}", body, roles=["proponente"], ente=CAPOFILA)

    async def rifiuto(self, route: str, body: Any = None, *, capofila: bool = False) -> tuple[int, str]:
        """Status and name of the refusal of an act."""
        who: dict[str, Any] = (
            {"roles": ["proponente"], "ente": CAPOFILA} if capofila else {"roles": ["funzionario_bandi"]}
        )
        answer = await self.service.post(f"{self.path}/{route}", json=body, **who)
        return answer.status_code, problem(answer)

    async def leggi(self, route: str = "") -> Any:
        """Read the project, or one of its resources, as its office."""
        return await self.office.ok("GET", f"{self.path}/{route}".rstrip("/"))

    async def approva_piano(self, piano: dict[str, Any], atto: str = "decreto") -> Any:
        """Ask for a plan and approve it."""
        asked = await self.capofila("rimodulazioni", {"motivo": "perche'", "piano": piano})
        return await self.ufficio(f"rimodulazioni/{asked['numero']}/approvazione", {"atto": atto})

    async def spende(self, *voci: dict[str, Any], tagli: list[dict[str, Any]] | None = None) -> Any:
        """Declare expenses and have them examined."""
        made = await self.capofila("spese", {"voci": list(voci)})
        return await self.ufficio(f"spese/{made['numero']}/esame", {"atto": "verbale", "tagli": tagli or []})


async def cantiere(
    bandi: ServiceUnderTest,
    codice: str,
    *,
    parts: list[dict[str, Any]] | None = None,
    avviato: bool = True,
    **regole: Any,
) -> Cantiere:
    """A call with one project, committed whole and started on 2018-09-01 unless told otherwise."""
    office = await Ufficio(bandi, codice).pubblica(**({"contributo": RATES} | regole))
    content = contenuto_corpo(CAPOFILA) | {"sotto_progetti": parts or PARTS}
    draft = await office.ok(
        "POST", "/v1/domande", {"bando": codice, "contenuto": content}, roles=["proponente"], ente=CAPOFILA
    )
    await office.aderiscono(draft)
    await office.ok("POST", f"/v1/domande/{draft['domanda_id']}/presentazione", roles=["proponente"], ente=CAPOFILA)
    await office.ammetti(draft["domanda_id"], "50.00")
    bandi.clock.set(DOPO)
    await office.approva()
    site = Cantiere(office, await office.progetto(CAPOFILA))
    if avviato:
        await site.ufficio("impegni", importi(LAB="90.00", INC="45.00"))
        await site.ufficio("avvio", {"atto": "avvio", "inizio": "2018-05-01"})
    return site


def voce(importo: str, documento: str, linea: str = "LAB", ente: str = CAPOFILA, **more: Any) -> dict[str, Any]:
    """The body of an expense."""
    fields = {"descrizione": "educatori", "pagata_il": "2018-05-10", "importo": importo, "documento": documento}
    return {"linea": linea, "ente": ente} | fields | more


def quota(linea: str, ente: str, costo: str, contributo: str) -> dict[str, str]:
    """The body of a share of the budget."""
    return {"linea": linea, "ente": ente, "costo": costo, "contributo": contributo}


def piano(**changes: Any) -> dict[str, Any]:
    """A plan that gives SOLCO a part of both lines."""
    return {
        "attivita": [{"codice": "A1", "titolo": "Sportello", "linea": "LAB"}],
        "indicatori": [{"codice": "I1", "titolo": "Persone accolte", "unita": "persone", "atteso": 100}],
        "quote": [
            quota("LAB", CAPOFILA, "60.00", "54.00"),
            quota("LAB", "SOLCO", "40.00", "36.00"),
            quota("INC", CAPOFILA, "20.00", "18.00"),
            quota("INC", "SOLCO", "30.00", "27.00"),
        ],
    } | changes
