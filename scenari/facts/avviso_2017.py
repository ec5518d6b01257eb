"""The call of 2017 as data: its rules, its 38 applications, their partnerships; what is synthetic is said to be so."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from typing import Any

REGIONE = "REGIONE-LOMBARDIA"
BANDO = "GESTIONE-SOCIALE-ERP-2017"
LABORATORI, INCLUSIONE = "LAB", "INC"
DOTAZIONE = {LABORATORI: 187589667, INCLUSIONE: 180000000}
INTEGRAZIONE = {LABORATORI: 216410333, INCLUSIONE: 198705151}
COMMISSARI = ("commissario.a", "commissario.b", "commissario.c")
CRITERI = {
    "A": ("Qualita' del progetto", 3000),
    "B": ("Bisogni del quartiere", 2500),
    "C": ("Partenariato e rete", 2000),
    "D": ("Sostenibilita'", 1500),
    "E": ("Innovazione", 1000),
}
MANTOVA = "COMUNE-MANTOVA"


@dataclass(frozen=True, slots=True)
class Proposta:
    """One of the 38 applications."""

    ordine: int
    arrivo: int
    ente: str
    denominazione: str
    categoria: str
    titolo: str
    comune: str
    quartiere: str
    laboratori: str
    inclusione: str
    accreditati: int
    altri: int
    punteggi: dict[str, str]
    motivo: str
    esito: str

    @property
    def ammessa(self) -> bool:
        """Say whether the source counts it among the admitted."""
        return not self.motivo


def proposte() -> list[Proposta]:
    """Return the 38 applications in the order in which they arrive (the order is synthetic)."""
    outcomes = {row["ordine"]: row for row in _table("enti_proponenti.csv")}
    found = [
        Proposta(
            ordine=int(row["ordine"]),
            arrivo=int(row["arrivo"]),
            ente=row["ente"],
            denominazione=outcomes[row["ordine"]]["capofila"],
            categoria=row["categoria"],
            titolo=row["titolo"],
            comune=row["comune"],
            quartiere=row["quartiere"],
            laboratori=row["contributo_942_eur"],
            inclusione=row["contributo_913_eur"],
            accreditati=int(row["accreditati"]),
            altri=int(row["altri_partner"]),
            punteggi={code: row[code] for code in CRITERI},
            motivo=row["motivo_non_ammissione"],
            esito=outcomes[row["ordine"]]["esito"],
        )
        for row in _table("domande_2017.csv")
    ]
    return sorted(found, key=lambda proposta: proposta.arrivo)


REAL_PARTNERS: dict[str, tuple[tuple[str, str, str], ...]] = {
    MANTOVA: (
        ("SOLCO-MANTOVA", "Sol.Co Mantova", "OPERATORE_ACCREDITATO"),
        ("ALER-BRESCIA-CREMONA-MANTOVA", "ALER Brescia Cremona Mantova", "ALER"),
        ("AGAPE-ONLUS", "Agape Onlus", "TERZO_SETTORE"),
        ("CSVM-LOMBARDIA-SUD", "CSVM Lombardia Sud", "TERZO_SETTORE"),
    ),
    "COMUNE-GIUSSANO": (
        ("MESTIERI-LOMBARDIA", "Mestieri Lombardia", "OPERATORE_ACCREDITATO"),
        ("ALER-COMO-MONZA-VARESE-BUSTO", "ALER Como Monza Varese Busto Arsizio", "ALER"),
        ("SPAZIO-GIOVANI", "Spazio Giovani Onlus", "IMPRESA_SOCIALE"),
        ("FONDAZIONE-RESIDENZA-AMICA", "Fondazione Residenza Amica Onlus", "TERZO_SETTORE"),
        ("IL-GIRASOLE", "Il Girasole", "TERZO_SETTORE"),
        ("FATA", "F.A.T.A.", "TERZO_SETTORE"),
        ("CONSORZIO-SIS", "Consorzio SIS", "IMPRESA_SOCIALE"),
        ("COMUNITA-PASTORALE-S-PAOLO", "Comunita Pastorale S. Paolo - Caritas", "ENTE_RELIGIOSO"),
    ),
    "COMUNE-BERGAMO": (
        ("ABF-BERGAMO", "Azienda Bergamasca Formazione", "OPERATORE_ACCREDITATO"),
        ("ALER-BERGAMO-LECCO-SONDRIO", "ALER Bergamo", "ALER"),
    ),
}
SYNTHETIC = ("TERZO_SETTORE", "IMPRESA_SOCIALE", "TERZO_SETTORE", "ENTE_RELIGIOSO", "COMUNE", "TERZO_SETTORE")


def bando() -> dict[str, Any]:
    """Return the call as its office drafts it; terms, criteria, threshold and caps are synthetic."""
    return {
        "codice": BANDO,
        "titolo": "Progettare la gestione sociale dei quartieri ERP in Lombardia",
        "ente_promotore": REGIONE,
        "promotore": "Regione Lombardia",
        "territorio": "Lombardia",
        "regole": {
            "modalita": "graduatoria",
            "apre_il": "2017-12-01T10:00:00+01:00",
            "chiude_il": "2018-02-15T12:00:00+01:00",
            "linee": [
                _line(LABORATORI, "9.4.2"),
                _line(INCLUSIONE, "9.1.3"),
            ],
            "partenariato": {
                "capofila_ammessi": ["COMUNE", "ALER"],
                "membri_minimi": 3,
                "categorie_ammesse": [
                    "COMUNE",
                    "ALER",
                    "OPERATORE_ACCREDITATO",
                    "TERZO_SETTORE",
                    "IMPRESA_SOCIALE",
                    "ENTE_RELIGIOSO",
                ],
                "categorie_richieste": [{"categoria": "OPERATORE_ACCREDITATO", "minimo": 1}],
            },
            "contributo": {"massimale_progetto": "252000.00"},
            "valutazione": {
                "criteri": [
                    {"codice": code, "titolo": title, "punti_massimi": euro(top)}
                    for code, (title, top) in CRITERI.items()
                ],
                "punteggio_massimo": "100.00",
                "soglia": "60.00",
                "spareggi": [
                    {"tipo": "criterio", "criterio": "A"},
                    {"tipo": "contributo_minore"},
                    {"tipo": "protocollo"},
                ],
            },
            "taglio": "stop",
            "durata_massima_mesi": 24,
            "termine_ultimo": "2020-12-19",
        },
    }


def _line(code: str, action: str) -> dict[str, Any]:
    return {
        "codice": code,
        "azione": action,
        "fondo": "POR FSE 2014-2020",
        "dotazione": euro(DOTAZIONE[code]),
        "sotto_progetto_obbligatorio": True,
    }


def contenuto(story: Proposta) -> dict[str, Any]:
    """Return what an applicant writes: a contribution of the whole cost on both lines."""
    content = {
        "titolo": story.titolo,
        "durata_mesi": 24,
        "membri": list(_members(story)),
        "sotto_progetti": [
            _part(LABORATORI, "Laboratorio sociale", story.laboratori),
            _part(INCLUSIONE, "Inclusione attiva", story.inclusione),
        ],
    }
    places = {"comune": story.comune, "quartiere": story.quartiere}
    return content | {name: value for name, value in places.items() if value}


def _part(code: str, title: str, amount: str) -> dict[str, Any]:
    return {"linea": code, "titolo": title, "costo": amount, "contributo": amount}


def _members(story: Proposta) -> Iterator[dict[str, str]]:
    """Yield the partnership: the lead, then the partners named by the sources, or synthetic ones."""
    yield _member(story.ente, story.denominazione, story.categoria, "capofila")
    if story.ente in REAL_PARTNERS:
        for code, name, category in REAL_PARTNERS[story.ente]:
            yield _member(code, name, category, "partner")
        return
    for n in range(1, story.accreditati + 1):
        code = f"ACCREDITATO-{story.ordine:02d}-{n}"
        yield _member(code, f"Operatore accreditato {n} ({story.ente}, sintetico)", "OPERATORE_ACCREDITATO", "partner")
    for n in range(1, story.altri + 1):
        code, category = f"PARTNER-{story.ordine:02d}-{n}", SYNTHETIC[(n - 1) % len(SYNTHETIC)]
        yield _member(code, f"Partner {n} ({story.ente}, sintetico)", category, "partner")


def _member(code: str, name: str, category: str, role: str) -> dict[str, str]:
    return {"ente": code, "denominazione": name, "categoria": category, "ruolo": role}


def punti(text: str, shift: int, top: int) -> str:
    """Return a score moved by a shift in hundredths, unless it would leave the scale on either side."""
    points = centesimi(text)
    return euro(points + shift) if abs(shift) <= points <= top - abs(shift) else euro(points)


def _table(name: str) -> list[dict[str, str]]:
    text = resources.files("scenari.facts").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def centesimi(text: str) -> int:
    """Read "12.34" as 1234."""
    return int(text.replace(".", ""))


def euro(cents: int) -> str:
    """Write 1234 as "12.34"."""
    return f"{cents // 100}.{cents % 100:02d}"


def somma(amounts: Iterator[str]) -> str:
    """Add decimal amounts."""
    return euro(sum(centesimi(amount) for amount in amounts))
