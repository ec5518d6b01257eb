"""The money waterfall and the term of a project."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.errors import Refusal
from services.bandi.rules.progetto import (
    Avanzamento,
    ImpegnoOltreAmmesso,
    LineaNonDelProgetto,
    PagamentoOltreImpegno,
    PagamentoSenzaImpegno,
    ProgettoGiaAvviato,
    ProgettoNonAvviato,
    ProgettoNonImpegnato,
    ProgettoNonInCorso,
    ProrogaNonValida,
    RecuperoNonDovuto,
    RinunciaDopoPagamento,
    StatoProgetto,
    aggiungi_mesi,
    chiudi,
    controlla_avvio,
    controlla_conclusione,
    controlla_in_corso,
    controlla_proroga,
    economia,
    eroga,
    impegna,
    recupera,
    rinuncia,
    termine,
)

LINEE = {"LAB": Avanzamento(1_000, 900), "INC": Avanzamento(500, 500, 400, 100)}
FINE = date(2021, 6, 19)


def test_money_is_committed_up_to_what_was_admitted() -> None:
    assert impegna(LINEE, {"LAB": 900, "INC": 100}) == {
        "LAB": Avanzamento(1_000, 900, 900),
        "INC": Avanzamento(500, 500, 500, 100),
    }
    with pytest.raises(ImpegnoOltreAmmesso, match="LAB") as refused:
        impegna(LINEE, {"LAB": 901})
    assert refused.value.remedy == "Impegnare al piu' 9.00."


def test_nothing_is_paid_before_it_is_committed_nor_beyond() -> None:
    assert eroga(LINEE, {"INC": 300})["INC"] == Avanzamento(500, 500, 400, 400)
    with pytest.raises(PagamentoSenzaImpegno):
        eroga(LINEE, {"LAB": 1})
    with pytest.raises(PagamentoOltreImpegno) as refused:
        eroga(LINEE, {"INC": 301})
    assert refused.value.remedy == "Pagare al piu' 3.00."


def test_a_line_the_project_has_not_is_refused_naming_those_it_has() -> None:
    with pytest.raises(LineaNonDelProgetto) as refused:
        impegna(LINEE, {"X": 1})
    assert refused.value.remedy == "Le linee del progetto sono: INC, LAB."


def test_who_was_paid_does_not_renounce() -> None:
    with pytest.raises(RinunciaDopoPagamento):
        rinuncia(LINEE)
    unpaid = {"LAB": Avanzamento(1_000, 900, 900)}
    assert rinuncia(unpaid) == {"LAB": Avanzamento(1_000, 0)}
    assert economia(unpaid, rinuncia(unpaid)) == {"LAB": 900}


def test_what_is_not_paid_at_the_end_is_an_economy() -> None:
    closed = chiudi(LINEE)
    assert closed["INC"] == Avanzamento(500, 100, 100, 100)
    assert economia(LINEE, closed) == {"LAB": 900, "INC": 400}


def test_money_is_taken_back_only_from_what_is_over_and_was_paid() -> None:
    paid = {"LAB": Avanzamento(1_000, 400, 400, 400)}
    assert recupera(StatoProgetto.REVOCATO, paid, {"LAB": 150})["LAB"] == Avanzamento(1_000, 250, 250, 250)
    assert recupera(StatoProgetto.CONCLUSO, paid, {"LAB": 400})["LAB"] == Avanzamento(1_000, 0)
    for stato, cents in ((StatoProgetto.IMPEGNATO, 1), (StatoProgetto.FINANZIATO, 1), (StatoProgetto.CONCLUSO, 401)):
        with pytest.raises(RecuperoNonDovuto):
            recupera(stato, paid, {"LAB": cents})
    with pytest.raises(LineaNonDelProgetto):
        recupera(StatoProgetto.CONCLUSO, paid, {"X": 1})


@pytest.mark.parametrize(
    ("stato", "inizio", "refusal"),
    [
        (StatoProgetto.FINANZIATO, date(2019, 1, 1), ProgettoNonImpegnato),
        (StatoProgetto.IMPEGNATO, None, ProgettoNonAvviato),
        (StatoProgetto.CONCLUSO, date(2019, 1, 1), ProgettoNonInCorso),
        (StatoProgetto.RINUNCIATO, date(2019, 1, 1), ProgettoNonInCorso),
        (StatoProgetto.REVOCATO, date(2019, 1, 1), ProgettoNonInCorso),
    ],
)
def test_only_what_is_committed_and_started_is_concluded(
    stato: StatoProgetto, inizio: date | None, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        controlla_conclusione(stato, inizio)
    controlla_conclusione(StatoProgetto.IMPEGNATO, date(2019, 1, 1))
    controlla_in_corso(StatoProgetto.FINANZIATO)


@pytest.mark.parametrize(
    ("inizio", "mesi", "ultimo", "fine"),
    [
        (date(2018, 12, 20), 30, FINE, date(2021, 6, 19)),
        (date(2019, 3, 1), 30, FINE, date(2021, 6, 19)),
        (date(2018, 9, 1), 30, FINE, date(2021, 2, 28)),
        (date(2018, 9, 1), 24, None, date(2020, 8, 31)),
        (date(2019, 8, 31), 6, None, date(2020, 2, 28)),
    ],
)
def test_a_project_lasts_its_months_and_never_beyond_the_last_day(
    inizio: date, mesi: int, ultimo: date | None, fine: date
) -> None:
    assert termine(inizio, mesi, ultimo) == fine


def test_months_are_added_to_the_last_day_there_is() -> None:
    assert aggiungi_mesi(date(2020, 1, 31), 1) == date(2020, 2, 29)
    assert aggiungi_mesi(date(2019, 12, 31), 2) == date(2020, 2, 29)
    assert aggiungi_mesi(date(2019, 1, 27), 1) == date(2019, 2, 27)
    assert aggiungi_mesi(date(2019, 3, 5), 12) == date(2020, 3, 5)


def test_a_project_starts_once_and_not_after_the_last_day() -> None:
    controlla_avvio(None, FINE, FINE)
    with pytest.raises(ProgettoGiaAvviato):
        controlla_avvio(date(2019, 1, 1), date(2019, 1, 2), None)
    with pytest.raises(ProrogaNonValida):
        controlla_avvio(None, date(2021, 6, 20), FINE)


def test_an_extension_moves_the_end_forward_within_the_limits_of_the_call() -> None:
    start, end = date(2018, 12, 20), date(2020, 12, 19)
    controlla_proroga(start, end, FINE, mesi_massimi=30, termine_ultimo=FINE)
    controlla_proroga(start, end, date(2030, 1, 1), mesi_massimi=None, termine_ultimo=None)
    for wrong, months in ((end, 30), (date(2021, 6, 20), 30), (date(2020, 12, 20), 24)):
        with pytest.raises(ProrogaNonValida):
            controlla_proroga(start, end, wrong, mesi_massimi=months, termine_ultimo=FINE)
    with pytest.raises(ProgettoNonAvviato):
        controlla_proroga(None, None, FINE, mesi_massimi=30, termine_ultimo=FINE)


ACT = st.tuples(st.sampled_from(["impegna", "eroga", "rinuncia", "chiudi"]), st.integers(1, 700))


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2_000), st.integers(0, 2_000), st.lists(ACT, max_size=15))
def test_whatever_is_done_the_waterfall_holds(programmato: int, ammesso: int, acts: list[tuple[str, int]]) -> None:
    linee = {"L": Avanzamento(programmato, min(programmato, ammesso))}
    for name, cents in acts:
        try:
            if name == "impegna":
                linee = impegna(linee, {"L": cents})
            elif name == "eroga":
                linee = eroga(linee, {"L": cents})
            else:
                linee = rinuncia(linee) if name == "rinuncia" else chiudi(linee)
        except Refusal:
            continue
        assert linee["L"].rispetta_la_cascata
    assert replace(linee["L"], erogato_cent=-1).rispetta_la_cascata is False
