"""The rules of a measure: what contradicts itself is refused, rates are those of their day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.inclusione.rules.misura import (
    Livello,
    MisuraIncoerente,
    Quota,
    RegolaLivello,
    RegoleMisura,
    Requisito,
    Risposta,
    Tariffa,
    TariffaNonPrevista,
    TipoServizio,
    tariffa_del,
    tariffa_massima,
    verifica_regole,
)
from tests.inclusione.esempi import DAL_2019, regole, servizio, tabella


def test_the_rules_of_prolorenteggio_hold_together() -> None:
    verifica_regole(regole(), vale_dal=DAL_2019)


@pytest.mark.parametrize(
    ("sbagliate", "campo"),
    [
        (regole(requisiti=(Requisito("A", "a"), Requisito("A", "b"))), "requisiti"),
        (regole(requisiti=(Requisito("A", "a", Risposta.DA_VERIFICARE),)), "requisiti"),
        (regole(servizi=(servizio("A"), servizio("A"))), "servizi"),
        (regole(servizi=(servizio("A", costi=()),)), "servizi"),
        (regole(servizi=(servizio("A", livello=Livello.BASE),)), "servizi"),
        (regole(servizi=(servizio("A", tipo=TipoServizio.TIROCINIO),)), "servizi"),
        (regole(servizi=(servizio("A", costi=(Tariffa(DAL_2019, 1), Tariffa(DAL_2019, 2))),)), "servizi"),
        (regole(livelli=(RegolaLivello(Livello.BASE), RegolaLivello(Livello.BASE))), "livelli"),
        (regole(indennita=()), "indennita"),
        (regole(quota_patto=Quota(4, 3)), "quota_patto"),
        (regole(quota_patto=Quota(1, 0)), "quota_patto"),
        (regole(quota_patto=Quota(-1, 3)), "quota_patto"),
        (regole(indennita=(Tariffa(DAL_2019 + timedelta(days=1), 4_00),)), "indennita"),
        (regole(massimale_persona_cent=0), "massimale_persona"),
        (regole(massimale_percorso_cent=0), "massimale_percorso"),
        (regole(massimale_operatore_cent=2_999_99), "massimale_operatore"),
        (regole(servizi=(servizio("A"),), livelli=(RegolaLivello(Livello.BASE),)), "livelli"),
        (regole(livelli=(RegolaLivello(Livello.BASE, 20),)), "livelli"),
        (regole(livelli=(RegolaLivello(Livello.BASE, 0),)), "livelli"),
        (regole(profilazione=tabella(soglie=(1, 20))), "profilazione"),
        (regole(profilazione=tabella(soglie=(0, 41))), "profilazione"),
        (regole(profilazione=tabella(soglie=(20, 0))), "profilazione"),
        (regole(profilazione=tabella(massimale_cent=3_000_01)), "profilazione"),
        (regole(profilazione=tabella(voci=("ETA", "ETA"))), "profilazione"),
    ],
)
def test_rules_that_contradict_themselves_are_refused(sbagliate: RegoleMisura, campo: str) -> None:
    with pytest.raises(MisuraIncoerente) as refusal:
        verifica_regole(sbagliate, vale_dal=DAL_2019)
    assert refusal.value.field == campo
    assert refusal.value.remedy


def test_a_placement_without_allowance_is_fine() -> None:
    verifica_regole(
        regole(servizi=(servizio("T", tipo=TipoServizio.TIROCINIO, da_indennita=False),), livelli=()), vale_dal=DAL_2019
    )


@pytest.mark.parametrize(
    ("giorno", "cent"), [(date(2019, 1, 1), 400), (date(2019, 6, 30), 400), (date(2019, 7, 1), 450)]
)
def test_a_rate_holds_from_its_day_until_the_next(giorno: date, cent: int) -> None:
    tariffe = (Tariffa(date(2019, 1, 1), 400), Tariffa(date(2019, 7, 1), 450))
    assert tariffa_del(tariffe, giorno, di_che_cosa="prova") == cent


def test_a_day_before_the_first_rate_has_none() -> None:
    with pytest.raises(TariffaNonPrevista, match="2018-12-31"):
        tariffa_del((Tariffa(DAL_2019, 400),), date(2018, 12, 31), di_che_cosa="prova")


@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 10_000)), min_size=1, unique_by=lambda coppia: coppia[0]),
    st.integers(0, 400),
    st.integers(0, 60),
    st.integers(0, 60),
)
def test_the_highest_rate_of_a_period_is_reached_on_one_of_its_days(
    coppie: list[tuple[int, int]], primo: int, lunghezza: int, scelta: int
) -> None:
    base = DAL_2019
    tariffe = tuple(Tariffa(base + timedelta(days=giorno), cent) for giorno, cent in sorted(coppie))
    dal = max(base + timedelta(days=primo), tariffe[0].dal)
    al = dal + timedelta(days=lunghezza)
    massima = tariffa_massima(tariffe, dal, al, di_che_cosa="prova")
    ogni_giorno = [tariffa_del(tariffe, dal + timedelta(days=n), di_che_cosa="prova") for n in range(lunghezza + 1)]
    assert massima == max(ogni_giorno)
    assert massima >= ogni_giorno[min(scelta, lunghezza)]


def test_a_level_the_call_does_not_name_has_no_limit() -> None:
    senza = replace(regole(), livelli=())
    assert senza.livello(Livello.CONSOLIDAMENTO) == RegolaLivello(Livello.CONSOLIDAMENTO)
