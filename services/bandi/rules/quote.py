"""The partners' shares of a project's money: whatever moves on a line moves its shares, to the cent."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from chassis.errors import Conflict, Invalid
from chassis.money import format_cents
from services.bandi.rules.progetto import Avanzamento


class QuotaNonCapiente(Conflict):
    """A partner is given more than its share has room for."""

    title = "Quota del partner superata"


class QuoteNonQuadrano(Invalid):
    """The shares named for a line do not add up to its amount, or name a partner twice or out of place."""

    title = "Quote che non fanno il totale"


def ripartisci(importo_cent: int, pesi: Sequence[int]) -> list[int]:
    """Split an amount in proportion to weights, to the cent, so that nobody gets more than its own weight.

    Args:
        importo_cent: cents to split, >= 0.
        pesi: weights in cents, each >= 0; where they add up to at least the amount, none is exceeded.

    Returns:
        As many amounts as weights; they add up to the amount (with no weight at all, the first takes everything).

    Source: ADR 0061: differences of rounded running totals, the same whoever computes them.
    """
    whole = sum(pesi)
    if not pesi:
        return []
    if whole == 0:
        return [importo_cent, *(0 for _ in pesi[1:])]
    reached, given = 0, 0
    parts = []
    for peso in pesi:
        reached += peso
        due = importo_cent * reached // whole
        parts.append(due - given)
        given = due
    return parts


def segui(
    prima: Avanzamento,
    dopo: Avanzamento,
    quote: Mapping[str, Avanzamento],
    nominate: Mapping[str, int] | None = None,
) -> dict[str, Avanzamento]:
    """Move the shares of a line as the line has moved, so that they still add up to it.

    Args:
        prima: the line before the act.
        dopo: the line after it; an act moves the amounts only up, or only down.
        quote: the shares by partner, which add up to ``prima``.
        nominate: for a commitment or a payment, cents by partner when the act names them.

    Returns:
        The new shares, each within its own waterfall, adding up to ``dopo``.

    Raises:
        QuoteNonQuadrano: the named shares do not make the amount, or name who has no share.
        QuotaNonCapiente: a named share has no room.
    """
    down = (
        dopo.ammesso_cent < prima.ammesso_cent
        or dopo.impegnato_cent < prima.impegnato_cent
        or dopo.erogato_cent < prima.erogato_cent
    )
    enti = list(quote)
    rows = [quote[ente] for ente in enti]
    if down:
        return dict(zip(enti, _lowered(prima, dopo, rows), strict=True))
    steps = (
        ("ammesso_cent", "programmato_cent", dopo.ammesso_cent - prima.ammesso_cent),
        ("impegnato_cent", "ammesso_cent", dopo.impegnato_cent - prima.impegnato_cent),
        ("erogato_cent", "impegnato_cent", dopo.erogato_cent - prima.erogato_cent),
    )
    for name, above, more in steps:
        if more == 0:
            continue
        room = [getattr(row, above) - getattr(row, name) for row in rows]
        added = ripartisci(more, room) if nominate is None else _named(enti, room, nominate, more)
        rows = [replace(row, **{name: getattr(row, name) + part}) for row, part in zip(rows, added, strict=True)]
    return dict(zip(enti, rows, strict=True))


def chiudi(dopo: Avanzamento, quote: Mapping[str, Avanzamento], dovuti: Mapping[str, int]) -> dict[str, Avanzamento]:
    """Close the shares of a line on its final account: each partner keeps what its own expenses earned, or was paid.

    Args:
        dopo: the line after the account, where what is admitted is what is committed.
        quote: the shares by partner, which add up to the line before it; nothing is paid or recovered by this act.
        dovuti: cents earned by the admitted expenses of each partner.

    Returns:
        The new shares, each within its own waterfall, adding up to ``dopo``. Where the line is due less than its
        partners earned, all give up in proportion; where it is due more, those with commitment left take the rest.

    Source: ADR 0062.
    """
    rows = list(quote.values())
    kept = [min(max(dovuti.get(ente, 0), row.erogato_cent), row.impegnato_cent) for ente, row in quote.items()]
    beyond = max(0, sum(kept) - dopo.impegnato_cent)
    cuts = ripartisci(beyond, [cents - row.erogato_cent for cents, row in zip(kept, rows, strict=True)])
    kept = [cents - cut for cents, cut in zip(kept, cuts, strict=True)]
    room = [row.impegnato_cent - cents for cents, row in zip(kept, rows, strict=True)]
    more = ripartisci(dopo.impegnato_cent - sum(kept), room)
    return {
        ente: Avanzamento(row.programmato_cent, cents + extra, cents + extra, row.erogato_cent)
        for (ente, row), cents, extra in zip(quote.items(), kept, more, strict=True)
    }


def _lowered(prima: Avanzamento, dopo: Avanzamento, rows: Sequence[Avanzamento]) -> list[Avanzamento]:
    """Take away from the bottom: what is paid first, then what is committed and admitted above it."""
    back = ripartisci(prima.erogato_cent - dopo.erogato_cent, [row.erogato_cent for row in rows])
    paid = [row.erogato_cent - part for row, part in zip(rows, back, strict=True)]
    above = ripartisci(
        dopo.impegnato_cent - dopo.erogato_cent,
        [row.impegnato_cent - cents for row, cents in zip(rows, paid, strict=True)],
    )
    committed = [cents + part for cents, part in zip(paid, above, strict=True)]
    further = ripartisci(
        dopo.ammesso_cent - dopo.impegnato_cent,
        [row.ammesso_cent - cents for row, cents in zip(rows, committed, strict=True)],
    )
    return [
        Avanzamento(row.programmato_cent, cents + part, cents, paid_cents)
        for row, cents, part, paid_cents in zip(rows, committed, further, paid, strict=True)
    ]


def _named(enti: Sequence[str], room: Sequence[int], nominate: Mapping[str, int], importo: int) -> list[int]:
    strangers = sorted(set(nominate) - set(enti))
    if strangers:
        raise QuoteNonQuadrano(
            f"Non hanno una quota sulla linea: {', '.join(strangers)}.",
            field="importi",
            remedy=f"Hanno una quota: {', '.join(enti)}." if enti else "Approvare prima un piano con le quote.",
        )
    if sum(nominate.values()) != importo:
        raise QuoteNonQuadrano(
            f"Le quote indicate fanno {format_cents(sum(nominate.values()))} e l'importo e' {format_cents(importo)}.",
            field="importi",
            remedy="Indicare quote che sommate fanno l'importo, oppure nessuna: si divide da se'.",
        )
    for ente, free in zip(enti, room, strict=True):
        if nominate.get(ente, 0) > free:
            raise QuotaNonCapiente(
                f"La quota di {ente} ha ancora {format_cents(free)}: non bastano per {format_cents(nominate[ente])}.",
                field="importi",
                remedy="Ridurre la quota indicata o approvare prima una rimodulazione.",
            )
    return [nominate.get(ente, 0) for ente in enti]


def ridisegna(linea: Avanzamento, contributi: Mapping[str, int], pagati: Mapping[str, int]) -> dict[str, Avanzamento]:
    """Draw the shares of a line again on an approved budget; what was paid stays with who received it.

    Args:
        linea: the waterfall of the line.
        contributi: cents of contribution by partner; they add up to what is admitted on the line.
        pagati: cents already paid by partner; nobody's new share is below them.
    """
    enti = list(contributi)
    shares = list(contributi.values())
    paid = [pagati.get(ente, 0) for ente in enti]
    committed = ripartisci(
        linea.impegnato_cent - linea.erogato_cent, [share - cents for share, cents in zip(shares, paid, strict=True)]
    )
    beyond = ripartisci(linea.programmato_cent - linea.ammesso_cent, shares)
    return {
        ente: Avanzamento(share + extra, share, cents + more, cents)
        for ente, share, extra, cents, more in zip(enti, shares, beyond, paid, committed, strict=True)
    }
