"""The fund of a project: opened empty, filled only by an act, and never by the project beyond its commitment."""

from dataclasses import dataclass
from enum import StrEnum

from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from chassis.money import MAX_CENTS, format_cents


class OrigineFondo(StrEnum):
    """Where the money of an act comes from."""

    PROGETTO = "progetto"
    COMUNE = "comune"
    ALTRO = "altro"


class FondoSconosciuto(NotFound):
    """No project with that id was told by bandi."""

    title = "Fondo sconosciuto"


class ProgettoSconosciuto(Invalid):
    """A body names a project that bandi never told of."""

    title = "Progetto sconosciuto"


class ImpegnatoSuperato(Conflict):
    """The acts of origin `progetto` would exceed what the project has committed."""

    title = "Impegnato superato"


class ProgettoRevocato(Conflict):
    """A revoked project's fund is not filled any more."""

    title = "Progetto revocato"


class ProgettoRinunciato(Conflict):
    """The fund of a project that was given up is not filled any more."""

    title = "Progetto rinunciato"


class AttoGiaRegistrato(Conflict):
    """The same act already filled this fund, or already shared out this pool."""

    title = "Atto già registrato"


class FondoOltreMisura(Conflict):
    """The acts of a fund would add up to more than the platform can hold."""

    title = "Fondo oltre misura"


class FuoriCompetenza(Forbidden):
    """The officer's organisation takes no part in the project."""

    title = "Progetto di un altro ente"


@dataclass(frozen=True, slots=True)
class Fondo:
    """What a fund's act is checked against (cents)."""

    revocato: bool
    impegnato_cent: int
    da_progetto_cent: int
    alimentato_cent: int
    """All its acts together."""
    rinunciato: bool = False


def controlla_alimentazione(fondo: Fondo, *, importo_cent: int, origine: OrigineFondo) -> None:
    """Refuse an act that the fund cannot take.

    Args:
        fondo: the fund as it is, locked.
        importo_cent: the act's amount, 1 or more.
        origine: where the money comes from.

    Raises:
        ProgettoRevocato: the project was revoked.
        ProgettoRinunciato: the project was given up.
        FondoOltreMisura: all the acts together would exceed the largest amount.
        ImpegnatoSuperato: origin `progetto` beyond what is committed.

    Source: DOMAIN, decision 4.
    """
    if fondo.revocato:
        raise ProgettoRevocato("Il progetto è revocato: il suo fondo non si alimenta più.")
    if fondo.rinunciato:
        raise ProgettoRinunciato("Al progetto si è rinunciato: il suo fondo non si alimenta più.")
    if fondo.alimentato_cent + importo_cent > MAX_CENTS:
        raise FondoOltreMisura(
            f"Gli atti di un fondo non possono superare in tutto {format_cents(MAX_CENTS)} euro.", field="importo"
        )
    if origine is OrigineFondo.PROGETTO and fondo.da_progetto_cent + importo_cent > fondo.impegnato_cent:
        resta = max(fondo.impegnato_cent - fondo.da_progetto_cent, 0)
        raise ImpegnatoSuperato(
            f"Il progetto ha impegnato {format_cents(fondo.impegnato_cent)} euro e ne ha già versati al fondo "
            f"{format_cents(fondo.da_progetto_cent)}: con questa origine restano {format_cents(resta)} euro.",
            field="importo",
            remedy="Riduci l'importo, oppure indica come origine «comune» o «altro».",
        )
