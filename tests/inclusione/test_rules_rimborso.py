"""The law of claims, certificates, placements and matching, by tables and properties."""

from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.inclusione.rules import attestato, rimborso, tirocinio
from services.inclusione.rules.rimborso import StatoRimborso, Taglio
from services.inclusione.rules.tirocinio import Candidatura, Fascia, StatoTirocinio

CENT = st.integers(0, 500_000)


@given(st.lists(st.tuples(CENT, CENT, st.booleans(), st.booleans()), max_size=30), CENT)
def test_whatever_is_claimed_cut_and_withdrawn_an_operator_never_passes_its_ceiling(
    passi: list[tuple[int, int, bool, bool]], tetto: int
) -> None:
    chiesto = ammesso = 0
    for richiesta, taglio, ritirata, valida in passi:
        try:
            dopo = rimborso.chiedi(chiesto, richiesta, tetto_cent=tetto)
        except rimborso.MassimaleOperatoreSuperato:
            assert chiesto + richiesta > tetto
            continue
        assert dopo <= tetto
        if ritirata:
            continue
        esito = rimborso.ammetti(richiesta, ancora_valida=valida, taglio=Taglio(min(taglio, richiesta), "motivo"))
        assert 0 <= esito.ammesso_cent <= richiesta
        assert esito.ammesso_cent == richiesta or esito.motivo
        chiesto, ammesso = chiesto + esito.ammesso_cent, ammesso + esito.ammesso_cent
        assert ammesso == chiesto <= tetto


def test_giving_back_is_never_refused_and_a_lower_ceiling_takes_nothing_from_what_was_claimed() -> None:
    assert rimborso.chiedi(90, -40, tetto_cent=50) == 50
    assert rimborso.tetto_in_vigore(50, chiesto_cent=90) == 90
    assert rimborso.tetto_in_vigore(None, chiesto_cent=90) is None
    with pytest.raises(rimborso.TaglioNonValido):
        rimborso.ammetti(100, ancora_valida=True, taglio=Taglio(101, "troppo"))


@pytest.mark.parametrize("da", StatoRimborso)
@pytest.mark.parametrize("a", StatoRimborso)
def test_a_claim_takes_only_the_steps_that_are_drawn(da: StatoRimborso, a: StatoRimborso) -> None:
    if a in rimborso.TRANSIZIONI_RIMBORSO[da]:
        rimborso.verifica_passo_rimborso(da, a)
    else:
        with pytest.raises(rimborso.StatoRimborsoNonAmmesso):
            rimborso.verifica_passo_rimborso(da, a)


@pytest.mark.parametrize("da", StatoTirocinio)
@pytest.mark.parametrize("a", StatoTirocinio)
def test_a_placement_takes_only_the_steps_that_are_drawn(da: StatoTirocinio, a: StatoTirocinio) -> None:
    if a in tirocinio.TRANSIZIONI_TIROCINIO[da]:
        tirocinio.verifica_passo_tirocinio(da, a)
    else:
        with pytest.raises(tirocinio.StatoTirocinioNonAmmesso):
            tirocinio.verifica_passo_tirocinio(da, a)


@pytest.mark.parametrize(
    ("dal", "al", "mesi", "ammesso"),
    [
        (date(2021, 7, 1), date(2021, 12, 31), 6, True),
        (date(2021, 7, 1), date(2022, 1, 1), 6, False),
        (date(2021, 8, 31), date(2022, 2, 27), 6, True),
        (date(2021, 8, 31), date(2022, 2, 28), 6, False),
        (date(2021, 7, 1), date(2021, 9, 30), 3, True),
        (date(2021, 7, 1), date(2021, 10, 1), 3, False),
        (date(2021, 7, 1), date(2022, 1, 1), 12, False),
        (date(2021, 7, 1), date(2021, 6, 30), 6, False),
    ],
)
def test_a_placement_ends_before_the_same_day_six_months_later(dal: date, al: date, mesi: int, ammesso: bool) -> None:
    if ammesso:
        tirocinio.verifica_tirocinio(dal, al, mesi=mesi)
    else:
        with pytest.raises(tirocinio.TirocinioNonValido):
            tirocinio.verifica_tirocinio(dal, al, mesi=mesi)


SEGNI = st.frozensets(st.sampled_from("abcdef"), max_size=6)
FASCE = st.frozensets(st.sampled_from(Fascia))


@given(SEGNI, FASCE, SEGNI, FASCE)
def test_a_match_tells_every_skill_asked_for_as_held_or_missing(
    richieste: frozenset[str], fasce: frozenset[Fascia], competenze: frozenset[str], quando: frozenset[Fascia]
) -> None:
    esito = tirocinio.abbina(richieste, fasce, Candidatura(competenze, quando))
    if esito is None:
        assert fasce
        assert not fasce & quando
        return
    assert {*esito.presenti, *esito.mancanti} == richieste
    assert not {*esito.presenti} & {*esito.mancanti}
    assert (esito.punti == 100) == (richieste <= competenze)
    assert 0 <= esito.punti <= 100


@given(st.randoms(use_true_random=False))
def test_a_verification_code_has_sixteen_clear_signs_in_fours(caso: Random) -> None:
    codice = attestato.codice_di_verifica(caso.randrange)
    assert [len(gruppo) for gruppo in codice.split("-")] == [4, 4, 4, 4]
    assert not set(codice) & set("01IO")
