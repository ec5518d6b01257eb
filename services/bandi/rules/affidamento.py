"""A tender held elsewhere: the call only keeps its outcome and its project."""

from collections.abc import Mapping, Sequence

from chassis.errors import Conflict, Invalid
from chassis.money import format_cents
from services.bandi.rules.bando import Modalita


class BandoNonInAffidamento(Conflict):
    """Only a tender held elsewhere has an outcome to keep; the other calls choose by themselves."""

    title = "Il bando non e' un affidamento"


class EsitoNonValido(Invalid):
    """The outcome gives each line at most what it has, once."""

    title = "Esito dell'affidamento non valido"


def controlla_esito(
    modalita: Modalita, importi: Sequence[tuple[str, int]], libero: Mapping[str, int | None]
) -> dict[str, int]:
    """Refuse the outcome of a tender that the call cannot keep.

    Args:
        modalita: mode of the call.
        importi: cents awarded by line.
        libero: cents free on each line of the call, None where its money is unknown.

    Returns:
        The amounts by line.

    Raises:
        BandoNonInAffidamento: the call chooses what it funds by itself.
        EsitoNonValido: a line is unknown, repeated, given nothing or more than it has.

    Source: DOMAIN "bandi" (affidamento: only its outcome and project recorded); ADR 0053.
    """
    if modalita is not Modalita.AFFIDAMENTO:
        raise BandoNonInAffidamento(
            f"Un bando in modalita' {modalita} sceglie da se' che cosa finanzia.",
            remedy="Registrare l'esito solo dei bandi in affidamento.",
        )
    amounts = dict(importi)
    for linea, cents in importi:
        if linea not in libero:
            raise EsitoNonValido(
                f"Il bando non ha la linea {linea}.", field="importi", remedy=f"Le linee sono: {', '.join(libero)}."
            )
        free = libero[linea]
        if cents == 0 or len(amounts) != len(importi):
            raise EsitoNonValido("Ogni linea compare una volta, con un importo maggiore di zero.", field="importi")
        if free is not None and cents > free:
            raise EsitoNonValido(
                f"La linea {linea} ha {format_cents(free)} euro: l'esito ne assegna {format_cents(cents)}.",
                field="importi",
                remedy="Integrare la linea con il suo atto, o correggere l'importo.",
            )
    return amounts
