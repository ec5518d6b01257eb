"""Civil days and months as the neighbourhood counts them."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from chassis.errors import Refusal
from chassis.italian import ROMA

_MESE = re.compile(r"^(\d{4})-(0[1-9]|1[0-2])$", re.ASCII)


class MeseNonValido(Refusal):
    """The month asked for is not a month of the calendar."""

    status = 422
    title = "Mese non valido"


class PeriodoNonValido(Refusal):
    """The end of a period comes before its beginning."""

    status = 422
    title = "Periodo non valido"


def giorno_civile(istante: datetime) -> date:
    """Give the civil day of an instant in Lombardy.

    Args:
        istante: aware instant, any zone.

    Returns:
        The day in Europe/Rome.

    Source: project decision, months and limits are computed in Europe/Rome.
    """
    return istante.astimezone(ROMA).date()


def estremi_del_mese(mese: str) -> tuple[datetime, datetime]:
    """Give the first instant of a month in Lombardy and the first instant after it.

    Args:
        mese: `YYYY-MM`, years 1900-2199.

    Returns:
        Two UTC instants, the second excluded.

    Raises:
        MeseNonValido: the text is not a month.

    Source: project decision, months are computed in Europe/Rome.
    """
    match = _MESE.match(mese)
    if match is None or not 1900 <= int(match[1]) <= 2199:
        raise MeseNonValido(
            "Il mese va scritto come AAAA-MM, per esempio 2020-11.",
            field="mese",
            remedy="Indicare anno e mese con quattro e due cifre.",
        )
    anno, numero = int(match[1]), int(match[2])
    inizio = datetime(anno, numero, 1, tzinfo=ROMA)
    fine = datetime(anno + numero // 12, numero % 12 + 1, 1, tzinfo=ROMA)
    return inizio.astimezone(UTC), fine.astimezone(UTC)


def inizio_del_giorno(giorno: date) -> datetime:
    """Give the first instant of a civil day in Lombardy, as a UTC instant.

    Source: project decision, months and limits are computed in Europe/Rome.
    """
    return datetime.combine(giorno, time.min, tzinfo=ROMA).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Periodo:
    """Civil days from `dal` to `al`, both inside; no `al` means still open."""

    dal: date
    al: date | None = None

    def contiene(self, giorno: date) -> bool:
        """Tell whether a civil day falls inside the period."""
        return self.dal <= giorno and (self.al is None or giorno <= self.al)

    def incontra(self, altro: "Periodo") -> bool:
        """Tell whether the two periods share at least one day."""
        return (altro.al is None or self.dal <= altro.al) and (self.al is None or altro.dal <= self.al)


def verifica_periodo(dal: date, al: date | None, *, campo: str = "al") -> Periodo:
    """Check that a period does not end before it begins.

    Args:
        dal: first day.
        al: last day, inside; none while open.
        campo: field named by the refusal.

    Returns:
        The period.

    Raises:
        PeriodoNonValido: `al` comes before `dal`.

    Source: DOMAIN laboratori, household with members over time.
    """
    if al is not None and al < dal:
        raise PeriodoNonValido(
            "La data di fine viene prima della data di inizio.", field=campo, remedy="Correggere una delle due date."
        )
    return Periodo(dal, al)
