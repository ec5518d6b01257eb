"""Rules of paid hours: an hour pays once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.puntiluna.rules import (
    ore,
)

ORA = datetime(2019, 5, 20, 9, 0, tzinfo=UTC)


@st.composite
def pretese(draw: st.DrawFn) -> list[ore.Pretesa]:
    scelte = draw(
        st.lists(
            st.tuples(
                st.sampled_from(list(ore.Fonte)),
                st.integers(0, 20),
                st.integers(1, 6),
                st.integers(0, 5),
                st.booleans(),
            ),
            max_size=8,
        )
    )
    return [
        ore.Pretesa(
            fonte,
            UUID(int=numero + 1),
            ORA + timedelta(hours=inizio),
            ORA + timedelta(hours=inizio + durata),
            ORA + timedelta(minutes=decisa),
            ferma and fonte is ore.Fonte.PRESENZA,
        )
        for numero, (fonte, inizio, durata, decisa, ferma) in enumerate(scelte)
    ]


@given(pretese(), st.randoms(use_true_random=False))
def test_no_hour_is_paid_twice_and_the_order_of_arrival_does_not_matter(tutte: list[ore.Pretesa], caso: object) -> None:
    esito = ore.arbitra(tutte)
    mescolate = list(tutte)
    caso.shuffle(mescolate)  # type: ignore[attr-defined]  # random.Random, as Hypothesis hands it
    assert ore.arbitra(mescolate) == esito
    pagate = sorted((p for p in tutte if esito[p.fonte_id] is None), key=lambda p: p.inizio)
    assert all(prima.fine <= dopo.inizio for prima, dopo in pairwise(pagate))
    per_id = {p.fonte_id: p for p in tutte}
    for pretesa in tutte:
        chi = esito[pretesa.fonte_id]
        if chi is not None:
            assert ore.si_sovrappongono(pretesa, per_id[chi])
            assert ore.precedenza(per_id[chi]) < ore.precedenza(pretesa)


def test_on_a_tie_the_allowance_wins_but_points_confirmed_by_a_landlord_stay() -> None:
    punti = ore.Pretesa(ore.Fonte.PRESENZA, UUID(int=1), ORA, ORA + timedelta(hours=1), ORA)
    indennita = ore.Pretesa(ore.Fonte.ORE, UUID(int=2), ORA, ORA + timedelta(hours=1), ORA)
    assert ore.arbitra([punti, indennita])[punti.fonte_id] == indennita.fonte_id
    ferma = replace(punti, ferma=True, decisa_il=ORA + timedelta(days=9))
    assert ore.arbitra([ferma, indennita])[indennita.fonte_id] == ferma.fonte_id
