"""What a lab needs to open, and who works in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from itertools import pairwise

from chassis.errors import Refusal
from services.laboratori.rules.calendario import Periodo

AZIONE_LABORATORIO = "9.4.2"
STATI_CHE_CHIUDONO = frozenset({"revocato", "rinunciato"})


class StatoLaboratorio(StrEnum):
    """Life of a lab."""

    DA_ALLESTIRE = "da_allestire"
    ATTIVO = "attivo"
    CHIUSO = "chiuso"


class OrigineLaboratorio(StrEnum):
    """How the lab came to be."""

    PROGETTO = "progetto"
    MANUALE = "manuale"


class RuoloEquipe(StrEnum):
    """Roles of a lab's team.

    Source: MILANO2017, teams of phase 1 (supervisor, coordinator, senior and junior) and phase 3 (ST, SS, OS).
    """

    SUPERVISORE = "supervisore"
    COORDINATORE = "coordinatore"
    ESPERTO_TECNICO = "esperto_tecnico"
    ESPERTO_SOCIALE = "esperto_sociale"
    OPERATORE_COMUNITA = "operatore_comunita"
    OPERATORE_SPORTELLO = "operatore_sportello"
    VOLONTARIO = "volontario"


class LaboratorioNonAttivo(Refusal):
    """The lab is not open at that moment."""

    status = 409
    title = "Laboratorio non attivo"


class OrariNonValidi(Refusal):
    """Two opening intervals of one weekday overlap, or one ends before it begins."""

    status = 422
    title = "Orari di apertura non validi"


class AllestimentoIncompleto(Refusal):
    """A lab opens with a seat and at least one opening interval."""

    status = 422
    title = "Allestimento incompleto"


class GiaInEquipe(Refusal):
    """The same operator already holds that role in the lab in that period."""

    status = 409
    title = "Operatore già in équipe"


@dataclass(frozen=True, slots=True)
class Apertura:
    """One weekly opening interval: weekday 1 (Monday) to 7, local times, `chiude` outside."""

    giorno: int
    apre: time
    chiude: time


def verifica_orari(orari: Sequence[Apertura]) -> tuple[Apertura, ...]:
    """Check weekly opening hours and put them in order.

    Args:
        orari: intervals in any order.

    Returns:
        The intervals ordered by weekday and time.

    Raises:
        AllestimentoIncompleto: there is none.
        OrariNonValidi: one ends before it begins, or two of a day overlap.

    Source: DOMAIN laboratori, weekly opening hours; MILANO2017, three half days a week.
    """
    if not orari:
        raise AllestimentoIncompleto(
            "Un laboratorio apre con almeno un orario settimanale.",
            field="orari",
            remedy="Indicare almeno un giorno con apertura e chiusura.",
        )
    ordinati = tuple(sorted(orari, key=lambda a: (a.giorno, a.apre, a.chiude)))
    for apertura in ordinati:
        if apertura.chiude <= apertura.apre:
            raise OrariNonValidi(
                f"Il giorno {apertura.giorno} chiude prima di aprire.",
                field="orari",
                remedy="Un orario a cavallo della mezzanotte si divide in due giorni.",
            )
    for prima, dopo in pairwise(ordinati):
        if prima.giorno == dopo.giorno and dopo.apre < prima.chiude:
            raise OrariNonValidi(
                f"Due orari del giorno {prima.giorno} si sovrappongono.",
                field="orari",
                remedy="Unire i due orari o separarli.",
            )
    return ordinati


def ore_settimanali_minuti(orari: Sequence[Apertura]) -> int:
    """Give the minutes of opening in an ordinary week.

    Source: DOMAIN laboratori, the lab reports opening hours.
    """
    return sum((a.chiude.hour * 60 + a.chiude.minute) - (a.apre.hour * 60 + a.apre.minute) for a in orari)


def verifica_attivo(stato: StatoLaboratorio, chiuso_il: datetime | None, *, istante: datetime) -> None:
    """Check that a lab was open for work at an instant.

    Args:
        stato: present state of the lab.
        chiuso_il: when it closed, if it did.
        istante: the instant of the work; for an attendance, its end.

    Raises:
        LaboratorioNonAttivo: not set up yet, or closed by then.

    Source: DOMAIN laboratori, a lab is born from a funded project and then set up.
    """
    if stato is StatoLaboratorio.DA_ALLESTIRE:
        raise LaboratorioNonAttivo(
            "Il laboratorio non è ancora allestito.",
            remedy="Il Comune indica sede e orari con l'allestimento del laboratorio.",
        )
    if stato is StatoLaboratorio.CHIUSO and (chiuso_il is None or istante > chiuso_il):
        raise LaboratorioNonAttivo(
            "Il laboratorio è chiuso: si registra soltanto ciò che è avvenuto prima della chiusura.",
            remedy="Controllare la data oppure scegliere un altro laboratorio.",
        )


def stato_dopo_progetto(stato: StatoLaboratorio, stato_progetto: str) -> StatoLaboratorio:
    """Give the lab's state after news of its project.

    A revocation or a withdrawal closes the lab; the end of the funding does not, because labs go on with other money
    (Lunattiva 2.0 after the regional project).

    Args:
        stato: state of the lab now.
        stato_progetto: state of the project told by `bandi`; one not known here changes nothing.

    Returns:
        The state after it.

    Source: programmi.json, LUNATTIVA, seguito.
    """
    return StatoLaboratorio.CHIUSO if stato_progetto in STATI_CHE_CHIUDONO else stato


def in_equipe(periodi: Sequence[Periodo], giorno: date) -> bool:
    """Tell whether an operator belongs to the team on a day.

    Args:
        periodi: the operator's periods in the team.
        giorno: civil day.

    Source: DOMAIN decision 10, a desk operator sees their labs.
    """
    return any(periodo.contiene(giorno) for periodo in periodi)
