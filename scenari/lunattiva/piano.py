"""The arithmetic of Lunetta: who attends what, when, and why the points are exactly 17,891.

The source says more than 3,500 hours and 17,891 points to 30 November 2020. At 5 points an hour 3,500 hours make
17,500, so that premium bands and indirect activities share what is left. The plan (synthetic) is:

    58 base activities        3,458 h x  5    = 17,290
     4 silver activities         40 h x 10    =    400
     2 gold activities            6 h x 20    =    120
     6 of the youth centre       54 h x  1.50 =     81
    70 activities             3,558 h         = 17,891

3,504 of the hours are the households' own; the 54 of the youth centre are indirect, with a tariff of their own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ROMA = ZoneInfo("Europe/Rome")

NUCLEI = 671
MOROSI = 388
ADULTI = 98
RAGAZZI = 6
SENZA_MOROSITA = range(90, ADULTI)
"""Active households without arrears: their points can only be given."""

SCONOSCIUTO = "LUN-9999"
"""A contract that ALER tells of in its last snapshot and nobody has."""

PUNTI_ORA_CENT = {"base": 500, "silver": 1000, "gold": 2000, "centro_aggregazione_giovanile": 150}
CAG = "centro_aggregazione_giovanile"

RETTIFICATA = "base-04"
"""The activity where one sheet said four hours instead of three."""
ANNULLATA = "base-06"
"""The activity where a person who was not there stood on the sheet."""
ASSENTE = 30
"""The adult who was not there."""


@dataclass(frozen=True, slots=True)
class Presenza:
    """One attendance: `chi` is the number of the adult, or of the child when the activity is indirect."""

    chi: int
    inizio: datetime
    fine: datetime

    @property
    def minuti(self) -> int:
        """Return its length."""
        return (self.fine - self.inizio) // timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Attivita:
    """One activity with the attendances that count in the end."""

    codice: str
    stagione: int
    voce: str
    titolo: str
    tipo: str
    inizio: datetime
    fine: datetime
    presenze: tuple[Presenza, ...]

    @property
    def diretta(self) -> bool:
        """Say whether the hours are the household's own."""
        return self.voce != CAG


@dataclass(frozen=True, slots=True)
class Stagione:
    """A season of activities: from when, one base activity every so many days, and how many of each kind."""

    dal: date
    passo_giorni: int
    base: int
    silver: int
    gold: int
    ragazzi: int


STAGIONI = (
    Stagione(date(2019, 2, 5), 6, base=24, silver=2, gold=1, ragazzi=2),
    Stagione(date(2019, 9, 3), 6, base=18, silver=1, gold=0, ragazzi=2),
    Stagione(date(2020, 6, 9), 10, base=16, silver=1, gold=1, ragazzi=2),
)
TITOLI_BASE = ("Cura del verde", "Officina delle Idee", "Cucina di quartiere", "Portierato sociale", "Orto condiviso")


def _istante(giorno: date, ora: int, minuti: int = 0) -> datetime:
    return datetime.combine(giorno, time(ora), ROMA) + timedelta(minutes=minuti)


def _presenti(chi: list[int], giorno: date, ora: int, minuti: int) -> tuple[Presenza, ...]:
    return tuple(Presenza(numero, _istante(giorno, ora), _istante(giorno, ora, minuti)) for numero in chi)


def attivita() -> list[Attivita]:
    """Return the 70 activities with their attendances, in order of season and time."""
    found: list[Attivita] = []
    base = silver = gold = ragazzi = 0
    for numero, stagione in enumerate(STAGIONI):
        giorni = [stagione.dal + timedelta(days=stagione.passo_giorni * n) for n in range(stagione.base)]
        for giorno in giorni:
            found.append(_base(base, numero, giorno))
            base += 1
        for giorno in giorni[: stagione.silver]:
            people = [(40 + silver * 5 + n) % ADULTI for n in range(5)]
            found.append(_altra(f"silver-{silver + 1:02d}", numero, "silver", giorno + timedelta(days=1), people))
            silver += 1
        for giorno in giorni[: stagione.gold]:
            people = [70 + gold * 3 + n for n in range(3)]
            found.append(_altra(f"gold-{gold + 1:02d}", numero, "gold", giorno + timedelta(days=2), people))
            gold += 1
        for giorno in giorni[: stagione.ragazzi]:
            children = list(range(RAGAZZI))
            found.append(_altra(f"cag-{ragazzi + 1:02d}", numero, CAG, giorno + timedelta(days=3), children))
            ragazzi += 1
    return found


def _base(numero: int, stagione: int, giorno: date) -> Attivita:
    """Twenty people for three hours; the last one, nineteen for two."""
    last = numero == sum(season.base for season in STAGIONI) - 1
    people = [(numero * 20 + n) % ADULTI for n in range(19 if last else 20)]
    return Attivita(
        codice=f"base-{numero + 1:02d}",
        stagione=stagione,
        voce="base",
        titolo=f"{TITOLI_BASE[numero % len(TITOLI_BASE)]}, incontro {numero + 1}",
        tipo="laboratorio" if numero % 2 else "cura_spazi",
        inizio=_istante(giorno, 15),
        fine=_istante(giorno, 19),
        presenze=_presenti(people, giorno, 15, 120 if last else 180),
    )


def _altra(codice: str, stagione: int, voce: str, giorno: date, people: list[int]) -> Attivita:
    title, kind, hour, minutes = {
        "silver": ("Volontariato di quartiere", "volontariato", 10, 120),
        "gold": ("Allestimento della festa di Lunetta", "evento", 10, 60),
        CAG: ("Centro di Aggregazione Giovanile", CAG, 16, 90),
    }[voce]
    return Attivita(
        codice=codice,
        stagione=stagione,
        voce=voce,
        titolo=f"{title} ({codice})",
        tipo=kind,
        inizio=_istante(giorno, hour),
        fine=_istante(giorno, hour, minutes),
        presenze=_presenti(people, giorno, hour, minutes),
    )


def minuti_di(elenco: list[Attivita], voce: str | None = None) -> int:
    """Return the minutes of all the attendances, of one band or kind if named."""
    return sum(p.minuti for a in elenco for p in a.presenze if voce is None or a.voce == voce)


def punti_cent(elenco: list[Attivita]) -> int:
    """Return the points of all the attendances, in hundredths, each attendance by its own tariff."""
    return sum(presenza.minuti * PUNTI_ORA_CENT[a.voce] // 60 for a in elenco for presenza in a.presenze)


def debito_cent(nucleo: int) -> int:
    """Return the arrears of a household (synthetic): the first 388 but the eight active ones without arrears."""
    if nucleo in SENZA_MOROSITA or nucleo >= MOROSI + len(SENZA_MOROSITA):
        return 0
    return 500_00 + (nucleo * 37 % 90) * 50_00


def contratto(nucleo: int) -> str:
    """Return the code of a household's tenancy contract (synthetic)."""
    return f"LUN-{nucleo + 1:04d}"


def giornate_di_formazione() -> Iterator[tuple[datetime, datetime]]:
    """Yield the twenty-five mornings of four hours of the one plan, from Monday 4 March 2019 on weekdays."""
    giorno, fatte = date(2019, 3, 4), 0
    while fatte < 25:
        if giorno.weekday() < 5:
            yield _istante(giorno, 9), _istante(giorno, 13)
            fatte += 1
        giorno += timedelta(days=1)


def testo(istante: datetime) -> str:
    """Write an instant as RFC 3339."""
    return istante.isoformat()


def euro(cents: int) -> str:
    """Write cents as the API does."""
    return f"{cents // 100}.{cents % 100:02d}"
