"""The allowance: inside both caps; the pact's share exact to the cent however it is paid."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.inclusione.rules.indennita import (
    Liquidazione,
    PattoNonValido,
    TipoVoce,
    matura,
    quota_morosita,
    tipo_correzione,
    verifica_quota,
)
from services.inclusione.rules.misura import UN_TERZO, Quota


@pytest.mark.parametrize(
    ("minuti", "residuo_pip", "residuo_persona", "atteso"),
    [(60, 1000, 1000, 400), (90, 1000, 1000, 600), (60, 399, 1000, 399), (60, 1000, 0, 0), (60, -5, 1000, 0)],
)
def test_an_hour_accrues_its_rate_as_far_as_both_caps_go(
    minuti: int, residuo_pip: int, residuo_persona: int, atteso: int
) -> None:
    assert matura(minuti, 400, residuo_pip_cent=residuo_pip, residuo_persona_cent=residuo_persona) == atteso


@given(st.lists(st.integers(1, 48), max_size=60), st.integers(0, 5_000), st.integers(0, 2_000_00))
def test_the_accrued_never_passes_the_cap(quarti: list[int], orario: int, tetto: int) -> None:
    maturato = 0
    for numero in quarti:
        maturato += matura(
            numero * 15, orario, residuo_pip_cent=tetto - maturato, residuo_persona_cent=tetto - maturato
        )
    assert maturato <= tetto


def test_one_third_of_four_hundred_leaves_the_odd_cent_to_the_person() -> None:
    quota = quota_morosita(400_00, UN_TERZO, gia_versata_cent=0)
    liquidazione = Liquidazione(400_00, quota)
    assert (liquidazione.quota_morosita_cent, liquidazione.netto_cent) == (133_33, 266_67)


@given(st.lists(st.integers(1, 2_000_00), min_size=1, max_size=30), st.integers(1, 12), st.integers(1, 12))
def test_any_pieces_give_together_the_same_share_as_one_payment(pezzi: list[int], a: int, b: int) -> None:
    quota = Quota(min(a, b), max(a, b))
    versata, lordo = 0, 0
    for pezzo in pezzi:
        lordo += pezzo
        parte = quota_morosita(lordo, quota, gia_versata_cent=versata)
        assert 0 <= parte <= pezzo
        versata += parte
    assert versata == sum(pezzi) * quota.numeratore // quota.denominatore


def test_what_was_paid_is_compensated_and_what_was_not_is_reversed() -> None:
    assert tipo_correzione(liquidata=True) is TipoVoce.COMPENSAZIONE
    assert tipo_correzione(liquidata=False) is TipoVoce.STORNO


@pytest.mark.parametrize("quota", [Quota(0, 3), Quota(4, 3), Quota(1, 0), Quota(-1, 3)])
def test_a_share_is_between_nothing_and_everything(quota: Quota) -> None:
    verifica_quota(Quota(1, 1))
    with pytest.raises(PattoNonValido):
        verifica_quota(quota)
