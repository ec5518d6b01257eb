"""What a person declares beyond identity: disadvantage conditions, consents, the participation form."""

from collections.abc import Sequence
from enum import StrEnum

from chassis.errors import Forbidden, Refusal


class Condizione(StrEnum):
    """Disadvantage conditions, special categories of data.

    Source: IRS2021 figure 3.6; the ESF forms keep detention apart from addiction, the figure joins them.
    """

    MIGRANTE_O_STRANIERO = "migrante_o_straniero"
    DISABILITA = "disabilita"
    DETENZIONE = "detenzione"
    DIPENDENZA = "dipendenza"
    SENZA_DIMORA = "senza_dimora"
    VITTIMA_DI_VIOLENZA = "vittima_di_violenza"
    MINORANZA = "minoranza"
    ALTRO = "altro"


class EsitoRilevazione(StrEnum):
    """What the person was told to have, once asked. Nobody asked = no record at all."""

    NESSUNA_INDIVIDUATA = "nessuna_individuata"
    PRESENTI = "presenti"


class TipoConsenso(StrEnum):
    """What a person consents to."""

    TRATTAMENTO_DATI = "trattamento_dati"
    CATEGORIE_PARTICOLARI = "categorie_particolari"
    IMMAGINI = "immagini"
    MAPPA_CAMPANELLI = "mappa_campanelli"
    COMUNICAZIONI = "comunicazioni"


class StatoConsenso(StrEnum):
    """Whether the consent was given or taken back."""

    DATO = "dato"
    RITIRATO = "ritirato"


class CondizioniNonValide(Refusal):
    """The answer about conditions contradicts itself."""

    status = 422
    title = "Condizioni non valide"


class ConsensoAssente(Refusal):
    """There is no such consent to take back."""

    status = 409
    title = "Consenso assente"


class ConsensoNecessario(Refusal):
    """The datum may be kept only with a consent the person has not given."""

    status = 409
    title = "Consenso necessario"


class CondizioniRiservate(Forbidden):
    """Conditions are reached by who works with the person, not by every lab that has met them."""

    title = "Condizioni riservate"


class AdesioneGiaPresente(Refusal):
    """The person has already signed the participation form of the lab."""

    status = 409
    title = "Scheda di adesione già presente"


def verifica_condizioni(
    esito: EsitoRilevazione, condizioni: Sequence[Condizione], principale: Condizione | None
) -> None:
    """Check an answer about disadvantage conditions.

    Args:
        esito: none identified, or some present.
        condizioni: the conditions, each once.
        principale: the one that feeds the published figure.

    Raises:
        CondizioniNonValide: some listed beside "none identified"; none listed beside "present"; a repeated one; the
            principal missing or not among them.

    Source: DOMAIN laboratori, "none identified" differs from "not asked"; one is declared principal (figure 3.6).
    """
    if esito is EsitoRilevazione.NESSUNA_INDIVIDUATA:
        if condizioni or principale is not None:
            raise CondizioniNonValide("Con nessuna condizione individuata l'elenco resta vuoto.", field="condizioni")
        return
    if not condizioni:
        raise CondizioniNonValide(
            "Manca l'elenco delle condizioni.",
            field="condizioni",
            remedy="Se non ne è stata individuata alcuna, indicare nessuna_individuata.",
        )
    if len(set(condizioni)) != len(condizioni):
        raise CondizioniNonValide("Una condizione compare due volte.", field="condizioni")
    if principale not in condizioni:
        raise CondizioniNonValide(
            "Una delle condizioni va dichiarata principale.",
            field="principale",
            remedy="Scegliere la principale tra quelle elencate.",
        )


def verifica_consenso(ultimo: StatoConsenso | None, nuovo: StatoConsenso) -> None:
    """Check that a consent taken back had been given.

    Args:
        ultimo: last state told by the person for that kind, none if never asked.
        nuovo: state told now.

    Raises:
        ConsensoAssente: there is nothing to take back.

    Source: DOMAIN laboratori, consents; EU regulation 2016/679 art. 7(3).
    """
    if nuovo is StatoConsenso.RITIRATO and ultimo is not StatoConsenso.DATO:
        raise ConsensoAssente("La persona non ha dato questo consenso: non c'è nulla da ritirare.", field="tipo")
