"""When a ranking may be approved, and how much money a window may give."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import Refusal
from services.bandi.rules.approvazione import controlla_cambiata, controlla_graduabile, denaro_della_finestra
from services.bandi.rules.bando import Finestra, Modalita, Regole, Taglio
from services.bandi.rules.graduatoria import calcola_graduatoria
from services.bandi.rules.righe import (
    BandoAncoraAperto,
    BandoSenzaGraduatoria,
    GraduatoriaInvariata,
    IstruttoriaIncompleta,
    NessunaDomanda,
    ValutazioneIncompleta,
)
from tests.bandi.candidate import EVERY, VALUTAZIONE, again, before, candidata, graduatoria
from tests.bandi.esempi import REGOLE


@pytest.mark.parametrize(
    ("change", "refusal", "text"),
    [
        ({"modalita": Modalita.SPORTELLO}, BandoSenzaGraduatoria, "sportello"),
        ({"scaduto": False}, BandoAncoraAperto, "non e' ancora scaduto"),
        ({"domande": 0}, NessunaDomanda, "non ha domande"),
        ({"senza_istruttoria": [7, 3]}, IstruttoriaIncompleta, "protocolli 3, 7"),
        ({"senza_scheda": [9]}, ValutazioneIncompleta, "protocolli 9"),
    ],
)
def test_a_ranking_out_of_place_is_refused(change: dict[str, object], refusal: type[Refusal], text: str) -> None:
    right: dict[str, object] = {
        "modalita": Modalita.GRADUATORIA,
        "scaduto": True,
        "senza_istruttoria": [],
        "senza_scheda": [],
        "domande": 1,
    }
    controlla_graduabile(**right)  # type: ignore[arg-type]
    with pytest.raises(refusal, match=text):
        controlla_graduabile(**(right | change))  # type: ignore[arg-type]


def test_a_further_version_that_changes_nothing_is_refused() -> None:
    candidate = [candidata(1), candidata(2)]
    first = graduatoria(*candidate, lab=150)
    same = calcola_graduatoria(
        VALUTAZIONE, Taglio.STOP, again(first, candidate), {"LAB": 50, "INC": 10_000}, before(first)
    )
    with pytest.raises(GraduatoriaInvariata):
        controlla_cambiata(same, before(first))
    controlla_cambiata(first, None)


APRE = datetime(2020, 1, 1, tzinfo=UTC)


def a_finestre(riporto: bool, *dotazioni: int) -> Regole:
    """Rules with a window a month, each with its own money on LAB (0: none)."""
    return replace(
        REGOLE,
        modalita=Modalita.FINESTRE,
        riporto=riporto,
        finestre=tuple(
            Finestra(f"F{n}", APRE + timedelta(days=30 * n), APRE + timedelta(days=30 * n + 9), (("LAB", cents),))
            for n, cents in enumerate(dotazioni, 1)
        ),
    )


@pytest.mark.parametrize(
    ("riporto", "finestra", "assegnato", "libero", "atteso"),
    [
        (True, 0, {}, 300, 100),
        (False, 0, {}, 300, 100),
        (True, 1, {"F1": {"LAB": 40}}, 260, 160),
        (False, 1, {"F1": {"LAB": 40}}, 260, 100),
        (True, 2, {"F1": {"LAB": 40}, "F2": {"LAB": 100}}, 160, 160),
        (False, 2, {"F1": {"LAB": 40}, "F2": {"LAB": 100}}, 160, 100),
        (True, 2, {"F1": {"LAB": 100}, "F2": {"LAB": 100}}, 150, 150),
        (True, 0, {"F1": {"LAB": 40}, "F2": {"LAB": 160}}, 100, 0),
        (False, 0, {"F1": {"LAB": 40}, "F2": {"LAB": 100}, "F3": {"LAB": 100}}, 60, 60),
    ],
)
def test_a_window_gives_what_is_free_less_what_is_kept_for_the_others(
    riporto: bool, finestra: int, assegnato: dict[str, dict[str, int]], libero: int, atteso: int
) -> None:
    regole = a_finestre(riporto, 100, 100, 100)
    found = denaro_della_finestra({"LAB": libero, "INC": 7}, regole, regole.finestre[finestra], assegnato)
    assert found == {"LAB": atteso, "INC": 7}


def test_without_windows_or_money_of_their_own_everything_free_is_given() -> None:
    assert denaro_della_finestra({"LAB": 5}, REGOLE, None, {}) == {"LAB": 5}
    regole = a_finestre(True, 0, 0)
    assert denaro_della_finestra({"LAB": 5}, regole, regole.finestre[0], {}) == {"LAB": 5}


@EVERY
@given(
    st.lists(st.integers(0, 100), min_size=1, max_size=5),
    st.booleans(),
    st.lists(st.integers(0, 4), min_size=1, max_size=12),
    st.lists(st.integers(0, 120), min_size=12, max_size=12),
    st.integers(0, 50),
)
def test_windows_ranked_in_any_order_never_give_more_than_there_is_nor_the_others_money(
    dotazioni: list[int], riporto: bool, turns: list[int], asked: list[int], more: int
) -> None:
    regole = a_finestre(riporto, *dotazioni)
    total = sum(dotazioni) + more
    held = {finestra.codice: {"LAB": 0} for finestra in regole.finestre}
    for turn, want in zip(turns, asked, strict=False):
        place = turn % len(dotazioni)
        finestra = regole.finestre[place]
        free = total - sum(item["LAB"] for item in held.values())
        may = denaro_della_finestra({"LAB": free}, regole, finestra, held)["LAB"]
        assert 0 <= may <= free
        given_now = min(want, may)
        held[finestra.codice]["LAB"] += given_now
        kept_for = range(place + 1, len(dotazioni)) if riporto else set(range(len(dotazioni))) - {place}
        for other in kept_for if given_now else ():
            promised = sum(max(dotazioni[k] - held[f"F{k + 1}"]["LAB"], 0) for k in kept_for)
            assert total - sum(item["LAB"] for item in held.values()) >= promised, other
