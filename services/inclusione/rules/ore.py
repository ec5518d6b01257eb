"""Ore: registered by the operator, signed by the person, validated by somebody else; never beyond the plan."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from chassis.errors import Refusal
from chassis.italian import ROMA
from services.inclusione.rules.misura import MINUTI_QUARTO
from services.inclusione.rules.pip import ore_italiane
from services.inclusione.rules.stati import TRANSIZIONI_ORA, TRANSIZIONI_ORA_INDIRETTA, StatoOra

MINUTI_MASSIMI_SESSIONE = 12 * 60


class CategoriaIndiretta(StrEnum):
    """Work done for a person without the person: unpaid, but the reports ask for it."""

    PROGETTAZIONE = "progettazione"
    RETE_TERRITORIALE = "rete_territoriale"
    RICERCA_AZIENDE = "ricerca_aziende"
    MONITORAGGIO = "monitoraggio"
    AMMINISTRAZIONE = "amministrazione"


class TipoSessione(StrEnum):
    """Whether a session of a service is held for one person or for several together."""

    INDIVIDUALE = "individuale"
    GRUPPO = "gruppo"


class OraNonValida(Refusal):
    """The interval is not one: order, quarters, length."""

    status = 422
    title = "Ora non valida"


class OraFutura(Refusal):
    """An hour is registered after it was attended."""

    title = "Ora futura"


class OraFuoriPiano(Refusal):
    """The day is outside the plan's dates."""

    title = "Ora fuori dalle date del piano"


class OrePianoEsaurite(Refusal):
    """The plan has no such service, or no minutes left of it."""

    title = "Ore previste esaurite"


class OraSovrapposta(Refusal):
    """The person already has an hour in that interval, in whatever plan."""

    title = "Ora sovrapposta"


class SessioneNonValida(Refusal):
    """The session does not hold together, or the hour does not belong to it."""

    status = 422
    title = "Sessione non valida"


class SessioneIndividuale(Refusal):
    """A session for one person already has another one."""

    title = "Sessione individuale"


class PipNonAttivo(Refusal):
    """Hours belong to an active plan."""

    title = "Piano non attivo"


class StatoOraNonAmmesso(Refusal):
    """The hour's state does not allow that step."""

    title = "Passaggio dell'ora non ammesso"


class ValidazionePropria(Refusal):
    """Who registered an hour cannot validate it."""

    title = "Serve una seconda persona"


class OreInSospeso(Refusal):
    """A plan cannot end with hours neither validated nor annulled."""

    title = "Ore in sospeso"


@dataclass(frozen=True, slots=True)
class Intervallo:
    """An interval of attendance: instants, minutes, and its day in Europe/Rome."""

    inizio: datetime
    fine: datetime
    minuti: int
    giorno: date


def intervallo(inizio: datetime, fine: datetime, *, now: datetime) -> Intervallo:
    """Reads an interval of attendance.

    Args:
        inizio: aware instant; `fine` likewise, on the same day of Europe/Rome.
        now: the present of the platform.

    Raises:
        OraNonValida: order, quarters of an hour, more than 12 hours, two days.
        OraFutura: it ends after the present.
    """
    durata = fine - inizio
    minuti, resto = divmod(durata, timedelta(minutes=1))
    if minuti < MINUTI_QUARTO or resto or minuti % MINUTI_QUARTO or minuti > MINUTI_MASSIMI_SESSIONE:
        raise OraNonValida(
            "Un'ora registrata dura quarti d'ora interi, da uno a dodici ore.",
            field="fine",
            remedy="Correggere inizio o fine; dividere le sessioni piu' lunghe.",
        )
    giorno = inizio.astimezone(ROMA).date()
    if (fine - timedelta(microseconds=1)).astimezone(ROMA).date() != giorno:
        raise OraNonValida(
            "Inizio e fine cadono in due giorni diversi.", field="fine", remedy="Registrare un giorno per volta."
        )
    if fine > now:
        raise OraFutura(
            "L'ora finisce dopo l'istante presente.", field="fine", remedy="Registrare l'ora quando e' finita."
        )
    return Intervallo(inizio, fine, minuti, giorno)


def verifica_nel_piano(ora: Intervallo, *, dal: date, al: date) -> None:
    """Refuses an hour outside the plan's dates; the first and the last day are inside.

    Raises:
        OraFuoriPiano: the day in Europe/Rome is before the first or after the last.
    """
    if not dal <= ora.giorno <= al:
        raise OraFuoriPiano(
            f"Il {ora.giorno.isoformat()} e' fuori dal piano ({dal.isoformat()} - {al.isoformat()}).",
            field="inizio",
            remedy="Firmare prima una revisione del piano che comprenda quel giorno.",
        )


def verifica_residuo(servizio: str, minuti: int, *, previsti: int | None, registrati: int) -> None:
    """Refuses hours beyond the plan.

    Args:
        previsti: planned minutes of that service, None when the plan does not have it.
        registrati: minutes already registered and not annulled.

    Raises:
        OrePianoEsaurite: the service is not in the plan, or too few minutes are left.
    """
    if previsti is None:
        raise OrePianoEsaurite(
            f"Il piano non prevede il servizio {servizio}.",
            field="servizio_codice",
            remedy="Firmare prima una revisione del piano che lo aggiunga.",
        )
    if registrati + minuti > previsti:
        raise OrePianoEsaurite(
            f"Del servizio {servizio} restano {ore_italiane(previsti - registrati)} ore, "
            f"se ne registrano {ore_italiane(minuti)}.",
            field="fine",
            remedy="Registrare meno ore, oppure firmare prima una revisione del piano.",
        )


def verifica_nella_sessione(
    ora: Intervallo,
    servizio: str | None,
    *,
    sessione: tuple[datetime, datetime] | None,
    servizio_sessione: str | None,
    codice: str,
) -> None:
    """Refuses an hour that is not of its session: another service or project, or outside its interval.

    Args:
        sessione: beginning and end of the session, None when the operator has none of that code.
        servizio_sessione: the service of the session, None when it is of another project.

    Raises:
        SessioneNonValida: see above.
    """
    if sessione is None or servizio_sessione is None or servizio != servizio_sessione:
        raise SessioneNonValida(
            f"L'operatore non ha una sessione {codice} di quel servizio in quel progetto.",
            field="sessione",
            remedy="Aprire prima la sessione, oppure correggere codice e servizio.",
        )
    if ora.inizio < sessione[0] or ora.fine > sessione[1]:
        raise SessioneNonValida(
            f"L'ora esce dall'intervallo della sessione {codice}.",
            field="inizio",
            remedy="Registrare solo il tempo trascorso nella sessione.",
        )


def verifica_sola_persona(tipo: TipoSessione, codice: str, *, gia_altri: bool) -> None:
    """Refuses a second person in a session held for one.

    Raises:
        SessioneIndividuale: somebody else's plan already has hours in it.
    """
    if tipo is TipoSessione.INDIVIDUALE and gia_altri:
        raise SessioneIndividuale(
            f"La sessione {codice} e' individuale e ha gia' un'altra persona.",
            field="sessione",
            remedy="Aprire una sessione di gruppo.",
        )


def verifica_passo(da: StatoOra, a: StatoOra, *, diretta: bool = True) -> None:
    """Refuses a step of an hour that is not drawn.

    Raises:
        StatoOraNonAmmesso: for instance validating an hour the person has not signed.
    """
    if a not in (TRANSIZIONI_ORA if diretta else TRANSIZIONI_ORA_INDIRETTA)[da]:
        raise StatoOraNonAmmesso(
            f"Un'ora {da.value} non puo' diventare {a.value}.",
            remedy="Un'ora si registra, si firma e poi si valida; una validata si puo' solo annullare.",
        )


def verifica_seconda_persona(registrata_da: str, validata_da: str) -> None:
    """Refuses the validation by who registered the hour.

    Raises:
        ValidazionePropria: the two are one.

    Source: DOMAIN part inclusione (Hours); issue of inclusione ("validation by a second person").
    """
    if registrata_da == validata_da:
        raise ValidazionePropria(
            "Chi ha registrato un'ora non puo' validarla.", remedy="Far validare l'ora a un'altra persona."
        )


def costo_ora(minuti: int, orario_cent: int) -> int:
    """Minutes at an hourly rate, in cents, rounded down to the cent hour by hour.

    Source: ADR 0043 (plans reserve rounding up, hours consume rounding down: hours never exceed the plan).
    """
    return minuti * orario_cent // 60
