"""What expenses earn and what a final account leaves: by tables and for any amounts."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.bandi.rules.bando import Contributo, Gestione
from services.bandi.rules.gestione import CupNonValido, leggi_cup, pagabile
from services.bandi.rules.spesa import Limite, Preventivo, Spesa, maturato, spetta

NOVANTA = Contributo(quota_massima_bp=9_000, cofinanziamento_minimo_bp=1_000, cofinanziamento_in_denaro=True)
PIENO = Contributo()


@pytest.mark.parametrize(
    ("spesa", "preventivo", "contributo", "cents", "limite"),
    [
        (Spesa(1000), Preventivo(1000, 900, 0), NOVANTA, 900, Limite.SPESA),
        (Spesa(1000), Preventivo(1000, 800, 0), NOVANTA, 800, Limite.SPESA),
        (Spesa(1000), Preventivo(1000, 1000, 0), NOVANTA, 900, Limite.QUOTA_DEL_BANDO),
        (
            Spesa(1000),
            Preventivo(1000, 1000, 0),
            replace(PIENO, cofinanziamento_minimo_bp=2000),
            800,
            Limite.COFINANZIAMENTO,
        ),
        (Spesa(1000, 300), Preventivo(1000, 900, 0), NOVANTA, 700, Limite.DENARO),
        (Spesa(1000, 60), Preventivo(1000, 900, 50), NOVANTA, 890, Limite.DENARO),
        (Spesa(500, 60), Preventivo(1000, 900, 50), NOVANTA, 415, Limite.DENARO),
        (
            Spesa(1000, 60),
            Preventivo(1000, 900, 50),
            replace(NOVANTA, cofinanziamento_in_denaro=False),
            900,
            Limite.SPESA,
        ),
        (Spesa(1000, 95), Preventivo(1000, 900, 0), replace(NOVANTA, denaro_minimo_bp=100), 895, Limite.DENARO),
        (Spesa(1000, 1000), Preventivo(1000, 900, 50), NOVANTA, 0, Limite.DENARO),
        (Spesa(), Preventivo(0, 0, 0), NOVANTA, 0, Limite.SPESA),
        (Spesa(333), Preventivo(1000, 900, 0), NOVANTA, 299, Limite.SPESA),
    ],
)
def test_the_contribution_earned_is_the_least_of_its_limits(
    spesa: Spesa, preventivo: Preventivo, contributo: Contributo, cents: int, limite: Limite
) -> None:
    assert maturato(spesa, preventivo, contributo) == (cents, limite)


@given(
    st.integers(0, 10**10),
    st.integers(0, 10**10),
    st.integers(0, 10**10),
    st.integers(0, 10_000),
    st.integers(0, 10_000),
    st.booleans(),
    st.data(),
)
def test_a_final_account_keeps_the_waterfall_and_the_own_share(
    costo: int, previsto: int, ammesso: int, quota: int, minimo: int, cash: bool, data: st.DataObject
) -> None:
    contributo = Contributo(quota, minimo, cash)
    spesa = Spesa(costo, data.draw(st.integers(0, costo)))
    budget = Preventivo(previsto, data.draw(st.integers(0, previsto)), data.draw(st.integers(0, previsto)))
    impegnato = data.draw(st.integers(0, ammesso))
    erogato = data.draw(st.integers(0, impegnato))
    held = spetta(spesa, budget, contributo, ammesso_cent=ammesso, impegnato_cent=impegnato, erogato_cent=erogato)
    assert 0 <= held.spettante_cent <= impegnato
    assert held.spettante_cent <= costo - spesa.in_natura_cent, "work in kind is not paid"
    assert held.cofinanziamento_cent * 10_000 >= costo * minimo
    assert held.economia_cent >= 0
    assert held.da_recuperare_cent == max(0, erogato - held.spettante_cent)
    assert ammesso - held.economia_cent == max(held.spettante_cent, erogato)


@given(st.integers(0, 10**11), st.integers(0, 10**11), st.integers(0, 10_000), st.integers(0, 10_000))
def test_what_may_be_paid_never_exceeds_the_commitment(impegnato: int, earned: int, anticipo: int, saldo: int) -> None:
    gestione = Gestione(anticipo_massimo_bp=anticipo, saldo_minimo_bp=saldo)
    now = pagabile(gestione, impegnato_cent=impegnato, maturato_cent=earned, rendicontato=False)
    assert 0 <= now <= impegnato
    assert now * 10_000 <= impegnato * (10_000 - saldo)
    assert pagabile(gestione, impegnato_cent=impegnato, maturato_cent=earned, rendicontato=True) == impegnato
    assert pagabile(Gestione(), impegnato_cent=impegnato, maturato_cent=0, rendicontato=False) == impegnato


@pytest.mark.parametrize("text", ["E89J18000010006", " e89j 1800 0010 006 "])
def test_a_cup_is_read_in_any_spelling(text: str) -> None:
    assert leggi_cup(text) == "E89J18000010006"


@pytest.mark.parametrize("text", ["", "E89J1800001000", "E89J180000100061", "889J18000010006", "E89J1800001000²"])
def test_what_is_no_cup_is_refused(text: str) -> None:
    with pytest.raises(CupNonValido, match="quindici caratteri"):
        leggi_cup(text)
