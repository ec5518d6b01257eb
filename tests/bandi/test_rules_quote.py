"""Shares that follow their line: for any amounts and any order of acts they add up, and nobody exceeds its room."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.bandi.rules.progetto import Avanzamento
from services.bandi.rules.quote import QuotaNonCapiente, QuoteNonQuadrano, chiudi, ridisegna, ripartisci, segui

CENTS = st.integers(0, 10**11)
STAGES = ("programmato_cent", "ammesso_cent", "impegnato_cent", "erogato_cent")


@st.composite
def waterfall(draw: st.DrawFn, most: int = 10**11) -> Avanzamento:
    """Any waterfall that holds."""
    programmato = draw(st.integers(0, most))
    ammesso = draw(st.integers(0, programmato))
    impegnato = draw(st.integers(0, ammesso))
    return Avanzamento(programmato, ammesso, impegnato, draw(st.integers(0, impegnato)))


@st.composite
def shared(draw: st.DrawFn) -> tuple[Avanzamento, dict[str, Avanzamento]]:
    """A line and the shares an approved plan gives of it."""
    line = draw(waterfall())
    weights = draw(st.lists(st.integers(0, 100), min_size=1, max_size=6))
    shares = ripartisci(line.ammesso_cent, weights)
    room = list(shares)
    paid = ripartisci(line.erogato_cent, room)
    names = [f"E{n}" for n in range(len(shares))]
    return line, ridisegna(line, dict(zip(names, shares, strict=True)), dict(zip(names, paid, strict=True)))


def whole(shares: dict[str, Avanzamento]) -> Avanzamento:
    """The sum of some shares."""
    return Avanzamento(*(sum(getattr(share, stage) for share in shares.values()) for stage in STAGES))


@given(CENTS, st.lists(CENTS, min_size=1, max_size=8))
def test_an_amount_is_split_whole_and_within_every_room(importo: int, pesi: list[int]) -> None:
    parts = ripartisci(importo, pesi)
    assert sum(parts) == importo
    assert min(parts) >= 0
    if importo <= sum(pesi):
        assert all(part <= peso for part, peso in zip(parts, pesi, strict=True))


def test_without_any_weight_the_first_takes_everything_and_nobody_nothing() -> None:
    assert ripartisci(7, [0, 0]) == [7, 0]
    assert ripartisci(0, []) == []


@given(shared())
def test_a_plan_draws_shares_that_add_up_and_hold(drawn: tuple[Avanzamento, dict[str, Avanzamento]]) -> None:
    line, shares = drawn
    assert whole(shares) == line
    assert all(share.rispetta_la_cascata for share in shares.values())


@given(shared(), st.data())
def test_whatever_moves_on_a_line_its_shares_add_up_and_hold(
    drawn: tuple[Avanzamento, dict[str, Avanzamento]], data: st.DataObject
) -> None:
    line, shares = drawn
    for _ in range(4):
        moved = data.draw(st.sampled_from([up, down]))(line, data)
        shares = segui(line, moved, shares)
        line = moved
        assert whole(shares) == line
        assert all(share.rispetta_la_cascata for share in shares.values())


@given(shared(), st.data())
def test_a_final_account_closes_every_share_within_what_was_committed_and_paid(
    drawn: tuple[Avanzamento, dict[str, Avanzamento]], data: st.DataObject
) -> None:
    line, shares = drawn
    kept = data.draw(st.integers(line.erogato_cent, line.impegnato_cent))
    earned = {ente: data.draw(st.integers(0, 10**11)) for ente in shares}
    closed = chiudi(Avanzamento(line.programmato_cent, kept, kept, line.erogato_cent), shares, earned)
    assert whole(closed) == Avanzamento(line.programmato_cent, kept, kept, line.erogato_cent)
    for ente, share in closed.items():
        assert share.rispetta_la_cascata
        assert shares[ente].erogato_cent == share.erogato_cent
        assert share.impegnato_cent <= shares[ente].impegnato_cent


def test_each_partner_keeps_what_it_earned_or_was_paid() -> None:
    shares = {"A": Avanzamento(54, 54, 54, 50), "B": Avanzamento(36, 36, 36, 0)}
    closed = chiudi(Avanzamento(90, 77, 77, 50), shares, {"A": 45, "B": 27})
    assert {ente: share.impegnato_cent for ente, share in closed.items()} == {"A": 50, "B": 27}
    short = chiudi(Avanzamento(90, 72, 72, 50), shares, {"A": 45, "B": 27})
    assert {ente: share.impegnato_cent for ente, share in short.items()} == {"A": 50, "B": 22}


def up(line: Avanzamento, data: st.DataObject) -> Avanzamento:
    """A grant raised, a commitment and a payment."""
    ammesso = data.draw(st.integers(line.ammesso_cent, line.programmato_cent))
    impegnato = data.draw(st.integers(line.impegnato_cent, ammesso))
    return Avanzamento(line.programmato_cent, ammesso, impegnato, data.draw(st.integers(line.erogato_cent, impegnato)))


def down(line: Avanzamento, data: st.DataObject) -> Avanzamento:
    """A closed account, a final account, a recovery."""
    erogato = data.draw(st.integers(0, line.erogato_cent))
    impegnato = data.draw(st.integers(erogato, line.impegnato_cent))
    return Avanzamento(line.programmato_cent, data.draw(st.integers(impegnato, line.ammesso_cent)), impegnato, erogato)


def test_named_shares_make_the_amount_and_find_room() -> None:
    line = Avanzamento(100, 100, 100, 0)
    shares = {"A": Avanzamento(60, 60, 60, 0), "B": Avanzamento(40, 40, 40, 0)}
    paid = Avanzamento(100, 100, 100, 40)
    assert segui(line, paid, shares, {"B": 40})["B"].erogato_cent == 40
    with pytest.raises(QuotaNonCapiente, match=r"ha ancora 0\.40"):
        segui(line, Avanzamento(100, 100, 100, 41), shares, {"B": 41})
    with pytest.raises(QuoteNonQuadrano, match=r"fanno 0\.39"):
        segui(line, paid, shares, {"B": 39})
    with pytest.raises(QuoteNonQuadrano, match="Non hanno una quota"):
        segui(line, paid, {}, {"B": 40})
