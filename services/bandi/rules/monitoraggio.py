"""What a project reports beside its money: works, spaces, dwellings, results, duties."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chassis.errors import Conflict, Invalid, NotFound


class Ambito(StrEnum):
    """What the works are about, as the table of the Milan neighbourhoods tells them apart."""

    ERP = "erp"
    INFRASTRUTTURE = "infrastrutture"


class TitoloUso(StrEnum):
    """By what right a project uses a space."""

    PROPRIETA = "proprieta"
    COMODATO = "comodato"
    CONCESSIONE = "concessione"
    LOCAZIONE = "locazione"


class Canone(StrEnum):
    """Kind of rent of a dwelling."""

    SOCIALE = "sociale"
    MODERATO = "moderato"
    CONCORDATO = "concordato"
    LIBERO = "libero"


class TipoObbligo(StrEnum):
    """A duty that outlives the activities: to tell what was done, to keep it going."""

    DISSEMINAZIONE = "disseminazione"
    CONTINUITA = "continuita"


@dataclass(frozen=True, slots=True)
class Alloggi:
    """Dwellings of one kind of rent before and after the project."""

    canone: Canone
    prima: int
    dopo: int


class LavoriInCalo(Conflict):
    """Works go forward; a lower percentage corrects an earlier one and says why."""

    title = "Avanzamento in calo"


class GiornoFuturo(Invalid):
    """What has not happened yet is not reported."""

    title = "Giorno non ancora venuto"


class RilevazioneAnteriore(Conflict):
    """A later survey is already there."""

    title = "Rilevazione anteriore all'ultima"


class AlloggiSocialiRidotti(Conflict):
    """A programme never leaves fewer dwellings at social rent than it found."""

    title = "Alloggi a canone sociale ridotti"


class AlloggiNonValidi(Invalid):
    """A kind of rent is named twice."""

    title = "Prospetto degli alloggi non valido"


class SpazioGiaPresente(Conflict):
    """The project already has a space with that code."""

    title = "Spazio gia' presente"


class SpazioSconosciuto(NotFound):
    """The project has no space with that code."""

    title = "Spazio inesistente"


class SpazioGiaRestituito(Conflict):
    """The space has already been given back."""

    title = "Spazio gia' restituito"


class RestituzioneAnteriore(Invalid):
    """A space is given back after it was taken."""

    title = "Restituzione anteriore all'inizio"


class ComodatoSenzaConcedente(Invalid):
    """A space lent, granted or rented has somebody who gives it."""

    title = "Manca chi concede lo spazio"


class IndicatoreSconosciuto(NotFound):
    """The approved plan has no such target."""

    title = "Indicatore inesistente"


class ObbligoSconosciuto(NotFound):
    """The project has no such duty."""

    title = "Obbligo inesistente"


class ObbligoGiaAdempiuto(Conflict):
    """A duty is fulfilled once."""

    title = "Obbligo gia' adempiuto"


class ObblighiAperti(Conflict):
    """A project is concluded after it has told what it did."""

    title = "Obblighi di disseminazione aperti"


def controlla_giorno(giorno: date, oggi: date, campo: str) -> None:
    """Refuse a day that has not come yet.

    Raises:
        GiornoFuturo.
    """
    if giorno > oggi:
        raise GiornoFuturo(
            f"Il {giorno.isoformat()} non e' ancora venuto: oggi e' il {oggi.isoformat()}.",
            field=campo,
            remedy="Indicare il giorno in cui il fatto e' stato rilevato.",
        )


def controlla_lavori(ultimo: tuple[date, int] | None, giorno: date, percento: int, motivo: str | None) -> None:
    """Refuse a percentage older than the last one, or lower without saying why.

    Args:
        ultimo: day and percentage last reported of the block, if any.
        giorno: day of the survey.
        percento: 0 to 100.
        motivo: why it is lower.

    Raises:
        RilevazioneAnteriore, LavoriInCalo.

    Source: facts/quartieri_milano.csv: percentages by neighbourhood and block.
    """
    if ultimo is None:
        return
    day, before = ultimo
    if giorno < day:
        raise RilevazioneAnteriore(
            f"C'e' gia' una rilevazione del {day.isoformat()}.",
            field="rilevato_il",
            remedy="Registrare le rilevazioni nell'ordine dei giorni.",
        )
    if percento < before and motivo is None:
        raise LavoriInCalo(
            f"L'ultima rilevazione dice {before}%, questa {percento}%: i lavori non tornano indietro.",
            field="percento",
            remedy="Se la rilevazione precedente era sbagliata, indicarne il motivo.",
        )


def controlla_alloggi(alloggi: Sequence[Alloggi], sociali_in_vigore: int = 0) -> None:
    """Refuse a programme that leaves fewer dwellings at social rent, or a sheet that forgets those there were.

    Args:
        alloggi: the sheet, by kind of rent.
        sociali_in_vigore: dwellings at social rent before the programme, as the sheet in force says.

    Raises:
        AlloggiNonValidi, AlloggiSocialiRidotti.

    Source: CDQ2007, first axis: the number of dwellings at social rent is not reduced.
    """
    if len({item.canone for item in alloggi}) != len(alloggi):
        raise AlloggiNonValidi("Ogni canone compare una volta sola.", field="alloggi")
    for item in alloggi:
        if item.canone is Canone.SOCIALE and item.dopo < item.prima:
            raise AlloggiSocialiRidotti(
                f"Gli alloggi a canone sociale passerebbero da {item.prima} a {item.dopo}.",
                field="alloggi",
                remedy="Il programma non riduce gli alloggi a canone sociale: rivedere il progetto.",
            )
    before = sum(item.prima for item in alloggi if item.canone is Canone.SOCIALE)
    if before < sociali_in_vigore:
        raise AlloggiSocialiRidotti(
            f"Il prospetto in vigore ha {sociali_in_vigore} alloggi a canone sociale prima del programma, "
            f"questo {before}.",
            field="alloggi",
            remedy="Un nuovo prospetto parte dagli alloggi a canone sociale di quello in vigore.",
        )


def controlla_spazio(titolo: TitoloUso, concedente: str | None) -> None:
    """Refuse a space of others without the name of who gives it.

    Raises:
        ComodatoSenzaConcedente.

    Source: IRS2021, note 49: the municipality's properties lent for the call of Bollate.
    """
    if titolo is not TitoloUso.PROPRIETA and concedente is None:
        raise ComodatoSenzaConcedente(
            f"Uno spazio in {titolo} ha un ente che lo concede.",
            field="concedente",
            remedy="Indicare il codice dell'ente che concede lo spazio.",
        )


def controlla_restituzione(dal: date, al: date) -> None:
    """Refuse a last day of use before the first.

    Raises:
        RestituzioneAnteriore.
    """
    if al < dal:
        raise RestituzioneAnteriore(
            f"Lo spazio e' in uso dal {dal.isoformat()}: non si restituisce il {al.isoformat()}.",
            field="al",
            remedy="Indicare un giorno non anteriore al primo d'uso.",
        )


def controlla_indicatore(codice: str, attesi: Mapping[str, int]) -> None:
    """Refuse the result of a target the approved plan has not.

    Raises:
        IndicatoreSconosciuto.
    """
    if codice not in attesi:
        raise IndicatoreSconosciuto(
            f"Il piano approvato non ha l'indicatore {codice}.",
            field="indicatore",
            remedy=f"Gli indicatori del piano sono: {', '.join(attesi) or 'nessuno'}.",
        )


def controlla_disseminazione(aperti: Sequence[str]) -> None:
    """Refuse to conclude a project that still owes the telling of what it did; continuity goes on after the end.

    Args:
        aperti: what the open duties of dissemination ask.

    Raises:
        ObblighiAperti.
    """
    if aperti:
        raise ObblighiAperti(
            f"Obblighi di disseminazione ancora aperti: {'; '.join(aperti)}.",
            remedy="Registrarne l'adempimento con la sua prova, poi concludere il progetto.",
        )
