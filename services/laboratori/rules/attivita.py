"""Activities, their tariff band, their places and their waiting list."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chassis.errors import Refusal

DURATA_MASSIMA = timedelta(days=400)
CAPIENZA_MASSIMA = 100_000


class TipoAttivita(StrEnum):
    """Kinds of activity. Source: DOMAIN laboratori."""

    EVENTO = "evento"
    LABORATORIO = "laboratorio"
    CORSO = "corso"
    ASSEMBLEA = "assemblea"
    VOLONTARIATO = "volontariato"
    CURA_SPAZI = "cura_spazi"
    CENTRO_AGGREGAZIONE_GIOVANILE = "centro_aggregazione_giovanile"
    SPORTELLO = "sportello"
    ALTRO = "altro"


class Fascia(StrEnum):
    """Tariff band. Source: puntiluna.json, fasce (PRESS2019); `nessuna` earns no points."""

    NESSUNA = "nessuna"
    BASE = "base"
    SILVER = "silver"
    GOLD = "gold"


class StatoAttivita(StrEnum):
    """Life of an activity."""

    PROGRAMMATA = "programmata"
    ANNULLATA = "annullata"


class StatoIscrizione(StrEnum):
    """Life of a registration to an activity."""

    ISCRITTA = "iscritta"
    IN_ATTESA = "in_attesa"
    RITIRATA = "ritirata"


class AttivitaNonValida(Refusal):
    """The activity as described does not hold together."""

    status = 422
    title = "Attività non valida"


class AttivitaAnnullata(Refusal):
    """The activity was cancelled."""

    status = 409
    title = "Attività annullata"


class TariffaNonModificabile(Refusal):
    """Hours of the activity were already confirmed with its band."""

    status = 409
    title = "Tariffa non modificabile"


class PresenzeFuoriOrario(Refusal):
    """Hours already registered would fall outside the new time of the activity."""

    status = 409
    title = "Presenze fuori dal nuovo orario"


class AttivitaConOreConfermate(Refusal):
    """An activity whose hours were confirmed did take place."""

    status = 409
    title = "Attività con ore confermate"


class CapienzaInsufficiente(Refusal):
    """More people than the new capacity already hold a place."""

    status = 409
    title = "Capienza insufficiente"


class IscrizioniChiuse(Refusal):
    """The activity is over."""

    status = 409
    title = "Iscrizioni chiuse"


class GiaIscritta(Refusal):
    """The person is already registered, or waiting."""

    status = 409
    title = "Persona già iscritta"


class IscrizioneGiaRitirata(Refusal):
    """The registration was already withdrawn."""

    status = 409
    title = "Iscrizione già ritirata"


def verifica_attivita(
    *, inizio: datetime, fine: datetime, fascia: Fascia, diretta: bool, categoria_indiretta: str | None
) -> None:
    """Check when an activity takes place and how its hours count.

    Args:
        inizio: first instant.
        fine: last instant, after it by 400 days at most (a season of the youth centre is one activity).
        fascia: tariff band of a direct activity.
        diretta: the hours are the household's own work.
        categoria_indiretta: kind of indirect activity, with a tariff of its own.

    Raises:
        AttivitaNonValida: it ends before it begins; it lasts too long; an indirect one without category or with a
            band; a direct one with a category.

    Source: puntiluna.json, come_si_ottengono: direct hours by band, indirect activities with their own tariff.
    """
    if fine <= inizio:
        raise AttivitaNonValida("L'attività finisce prima di cominciare.", field="fine")
    if fine - inizio > DURATA_MASSIMA:
        raise AttivitaNonValida(
            f"L'attività dura più di {DURATA_MASSIMA.days} giorni.",
            field="fine",
            remedy="Dividerla in più attività, una per stagione.",
        )
    if diretta and categoria_indiretta is not None:
        raise AttivitaNonValida(
            "Un'attività diretta non ha una categoria indiretta.",
            field="categoria_indiretta",
            remedy="Togliere la categoria oppure dichiarare l'attività indiretta.",
        )
    if not diretta and categoria_indiretta is None:
        raise AttivitaNonValida(
            "Un'attività indiretta ha bisogno della sua categoria: la tariffa dipende da quella.",
            field="categoria_indiretta",
            remedy="Indicare per esempio centro_aggregazione_giovanile.",
        )
    if not diretta and fascia is not Fascia.NESSUNA:
        raise AttivitaNonValida(
            "Un'attività indiretta non ha fascia: conta la sua categoria.", field="fascia", remedy="Usare nessuna."
        )


def verifica_programmata(stato: StatoAttivita) -> None:
    """Check that an activity was not cancelled.

    Raises:
        AttivitaAnnullata: it was.

    Source: DOMAIN laboratori, activities.
    """
    if stato is StatoAttivita.ANNULLATA:
        raise AttivitaAnnullata("L'attività è stata annullata.", remedy="Scegliere un'altra attività del calendario.")


def verifica_modifica_tariffa(*, cambia: bool, presenze_confermate: int) -> None:
    """Check that the band of an activity is not changed under hours already confirmed.

    Args:
        cambia: band, direct/indirect or category would change.
        presenze_confermate: attendances of the activity confirmed so far.

    Raises:
        TariffaNonModificabile: there are some.

    Source: ADR 0027, everybody who attended one activity earns by one tariff.
    """
    if cambia and presenze_confermate:
        raise TariffaNonModificabile(
            f"L'attività ha già {presenze_confermate} presenze confermate con la tariffa attuale.",
            field="fascia",
            remedy="Creare una nuova attività con la nuova fascia.",
        )


def verifica_presenze_dentro(
    *, inizio: datetime, fine: datetime, prima: datetime | None, ultima: datetime | None
) -> None:
    """Check that a new time leaves no registered hour outside.

    Args:
        inizio: new first instant of the activity.
        fine: new last instant.
        prima: first instant of the attendances not cancelled, none if there is none.
        ultima: last instant of them.

    Raises:
        PresenzeFuoriOrario: some would be outside.

    Source: ADR 0027, the hours paid by points are those of the published calendar.
    """
    if (prima is not None and prima < inizio) or (ultima is not None and ultima > fine):
        raise PresenzeFuoriOrario(
            "Ci sono presenze registrate fuori dal nuovo orario.",
            field="inizio",
            remedy="Rettificare o annullare prima quelle presenze.",
        )


def verifica_annullabile(presenze_confermate: int) -> None:
    """Check that an activity to be cancelled has no confirmed hours.

    Raises:
        AttivitaConOreConfermate: there are some.

    Source: ADR 0027, confirmed hours prove that the activity took place.
    """
    if presenze_confermate:
        raise AttivitaConOreConfermate(
            f"L'attività ha {presenze_confermate} presenze confermate: si è svolta.",
            remedy="Annullare prima le presenze, se sono sbagliate.",
        )


@dataclass(frozen=True, slots=True)
class Posti:
    """Places of an activity: `capienza` none means no limit."""

    capienza: int | None
    iscritti: int
    in_attesa: int

    @property
    def liberi(self) -> int | None:
        """Places still free; none when there is no limit."""
        return None if self.capienza is None else self.capienza - self.iscritti


def esito_iscrizione(posti: Posti) -> StatoIscrizione:
    """Decide whether who registers now gets a place or waits.

    Nobody passes in front of who is waiting.

    Args:
        posti: places under the activity's lock.

    Returns:
        `iscritta` or `in_attesa`.

    Source: DOMAIN laboratori, capacity and waiting list with automatic promotion under one lock.
    """
    liberi = posti.liberi
    if liberi is None:
        return StatoIscrizione.ISCRITTA
    return StatoIscrizione.ISCRITTA if liberi > 0 and posti.in_attesa == 0 else StatoIscrizione.IN_ATTESA


def promozioni(posti: Posti) -> int:
    """Tell how many of who waits get a place now, in order of arrival.

    Args:
        posti: places under the activity's lock, after a withdrawal or a change of capacity.

    Returns:
        Number of people, 0 or more.

    Source: DOMAIN laboratori, waiting list with automatic promotion.
    """
    liberi = posti.liberi
    return posti.in_attesa if liberi is None else max(0, min(liberi, posti.in_attesa))


def verifica_capienza(capienza: int | None, *, iscritti: int) -> None:
    """Check that nobody loses a place by a change of capacity.

    Raises:
        CapienzaInsufficiente: more people hold a place.

    Source: ADR 0029, a promised place is not taken back.
    """
    if capienza is not None and capienza < iscritti:
        raise CapienzaInsufficiente(
            f"Ci sono già {iscritti} persone iscritte.",
            field="capienza",
            remedy="Ritirare prima le iscrizioni in eccesso.",
        )


def verifica_iscrizione_aperta(stato: StatoAttivita, *, fine: datetime, now: datetime) -> None:
    """Check that an activity still takes registrations.

    Args:
        stato: state of the activity.
        fine: last instant of the activity, inside.
        now: instant of the registration.

    Raises:
        AttivitaAnnullata: it was cancelled.
        IscrizioniChiuse: it is over.

    Source: DOMAIN laboratori, registration to an activity.
    """
    verifica_programmata(stato)
    if now > fine:
        raise IscrizioniChiuse("L'attività è già finita.", remedy="Scegliere un'altra data del calendario.")
