"""Solidal: giving points to a household or to the common pool, and sharing the pool out."""

from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from chassis.money import format_cents
from services.puntiluna.rules.registro import SaldoInsufficiente


class DonazioneInProprio(Conflict):
    """A household cannot give to itself."""

    title = "Donazione a sé stessi"


class NucleoSconosciuto(NotFound):
    """Neither laboratori nor the ledger knows the household."""

    title = "Nucleo sconosciuto"


class DestinatarioSconosciuto(Invalid):
    """The household or the project that should receive is not known."""

    title = "Destinatario sconosciuto"


class DestinatarioMancante(Invalid):
    """A donation goes to the pool of a project or to a household: exactly one of them."""

    title = "Destinatario mancante"


class DonatoreMancante(Invalid):
    """An operator must say for which household or person the donation is made."""

    title = "Donatore mancante"


class DonatoreDoppio(Invalid):
    """A donation leaves a household or a person, never both."""

    title = "Due donatori"


class DonatoreNonPersona(Invalid):
    """What was given as a person is a household."""

    title = "Il donatore non è una persona"


class PersonaDiAltri(Forbidden):
    """An operator registers donations only of people that their labs follow; a resident only their own."""

    title = "Persona di altri"


class NucleoDiAltri(Forbidden):
    """A resident acts for their own household only."""

    title = "Nucleo di altri"


class DonazioneSconosciuta(NotFound):
    """No such donation for this caller."""

    title = "Donazione sconosciuta"


def dividi_donazione(importo_cent: int, *, donatore_cent: int, nucleo_cent: int) -> tuple[int, int]:
    """Say from which accounts of the giver a donation leaves: first the points that can only be given.

    Args:
        importo_cent: the donation, 1 or more.
        donatore_cent: what the donor account holds.
        nucleo_cent: what the household's account holds, less what is being recovered.

    Returns:
        Cents from the donor account and from the household's.

    Raises:
        SaldoInsufficiente: the two together do not reach it.

    Source: DOMAIN, decision 5; ADR 0044.
    """
    disponibile = max(donatore_cent, 0) + max(nucleo_cent, 0)
    if importo_cent > disponibile:
        raise SaldoInsufficiente(
            f"Si possono donare {format_cents(disponibile)} punti: "
            f"la donazione ne chiede {format_cents(importo_cent)}.",
            field="importo",
            remedy="Dona un importo non superiore ai punti disponibili.",
        )
    dal_donatore = min(importo_cent, max(donatore_cent, 0))
    return dal_donatore, importo_cent - dal_donatore
