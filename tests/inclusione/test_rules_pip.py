"""Plans: their life, what they may hold, what they cost, the text that is signed."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.inclusione.rules.misura import Livello, Tariffa
from services.inclusione.rules.pip import (
    FirmaSuAltroTesto,
    LivelloNonAmmesso,
    MassimalePercorsoSuperato,
    Piano,
    PianoFuoriProgetto,
    PianoNonValido,
    Preventivo,
    RevisioneSottoIlFatto,
    ServizioPianificato,
    calcola_preventivo,
    componi_testo,
    differenze,
    impronta,
    verifica_date_progetto,
    verifica_firma,
    verifica_piano,
    verifica_revisione,
)
from services.inclusione.rules.stati import CHIUSI, TRANSIZIONI, StatoPip, TransizioneNonAmmessa, verifica_transizione
from tests.inclusione.esempi import DAL_2019, FINE_GIUGNO, PRIMO_MARZO, piano, regole, servizio

TUTTI = (Livello.ACCOGLIENZA_ORIENTAMENTO, Livello.CONSOLIDAMENTO)


@pytest.mark.parametrize(("da", "a"), list(product(StatoPip, StatoPip)))
def test_only_the_drawn_transitions_are_possible(da: StatoPip, a: StatoPip) -> None:
    if a in TRANSIZIONI[da]:
        verifica_transizione(da, a)
    else:
        with pytest.raises(TransizioneNonAmmessa, match=da.value):
            verifica_transizione(da, a)


def test_a_closed_plan_stays_closed() -> None:
    assert {StatoPip.CONCLUSO, StatoPip.RINUNCIATO, StatoPip.DECADUTO} == CHIUSI
    assert all(not TRANSIZIONI[stato] for stato in CHIUSI)


@pytest.mark.parametrize(
    ("sbagliato", "campo"),
    [
        (piano(("FORMAZIONE", 10), inizio=FINE_GIUGNO, fine=PRIMO_MARZO), "fine"),
        (piano(), "servizi"),
        (piano(("FORMAZIONE", 10), ("FORMAZIONE", 2)), "servizi"),
        (piano(("DANZA", 10)), "servizi"),
        (Piano(PRIMO_MARZO, FINE_GIUGNO, (ServizioPianificato("FORMAZIONE", 50),)), "servizi"),
        (Piano(PRIMO_MARZO, FINE_GIUGNO, (ServizioPianificato("FORMAZIONE", 0),)), "servizi"),
        (piano(("BILANCIO", 19)), "servizi"),
        (piano(("FORMAZIONE", 100), ("TUTORAGGIO", 25)), "servizi"),
        (piano(("FORMAZIONE", 10), fine=date(2019, 9, 1)), "fine"),
    ],
)
def test_a_plan_outside_the_rules_is_refused(sbagliato: Piano, campo: str) -> None:
    with pytest.raises(PianoNonValido) as refusal:
        verifica_piano(sbagliato, regole(durata_massima_mesi=6), ammissioni=TUTTI)
    assert refusal.value.field == campo


def test_the_levels_of_prolorenteggio_hold_18_and_124_hours() -> None:
    verifica_piano(piano(("ACCOGLIENZA", 3), ("BILANCIO", 18), ("FORMAZIONE", 124)), regole(), ammissioni=TUTTI)


def test_six_months_from_the_first_of_march_end_on_the_last_of_august() -> None:
    fino_ad_agosto = piano(("FORMAZIONE", 10), fine=date(2019, 8, 31))
    verifica_piano(fino_ad_agosto, regole(durata_massima_mesi=6), ammissioni=TUTTI)


def test_one_month_from_the_31st_of_january_ends_before_the_28th_of_february() -> None:
    dal_31 = piano(("FORMAZIONE", 10), inizio=date(2019, 1, 31), fine=date(2019, 2, 27))
    verifica_piano(dal_31, regole(durata_massima_mesi=1), ammissioni=TUTTI)
    un_giorno_di_piu = piano(("FORMAZIONE", 10), inizio=date(2019, 1, 31), fine=date(2019, 2, 28))
    with pytest.raises(PianoNonValido):
        verifica_piano(un_giorno_di_piu, regole(durata_massima_mesi=1), ammissioni=TUTTI)


def test_a_gated_level_needs_its_own_selection() -> None:
    with pytest.raises(LivelloNonAmmesso, match="consolidamento"):
        verifica_piano(piano(("FORMAZIONE", 10)), regole(), ammissioni=(Livello.ACCOGLIENZA_ORIENTAMENTO,))


@pytest.mark.parametrize(("inizio", "fine"), [(date(2019, 3, 2), None), (None, date(2019, 6, 29))])
def test_a_plan_stays_inside_its_project(inizio: date | None, fine: date | None) -> None:
    verifica_date_progetto(piano(("FORMAZIONE", 1)), inizio=PRIMO_MARZO, fine=FINE_GIUGNO)
    with pytest.raises(PianoFuoriProgetto):
        verifica_date_progetto(piano(("FORMAZIONE", 1)), inizio=inizio, fine=fine)


def test_a_quote_counts_services_and_the_allowance_of_eligible_ones() -> None:
    previsto = calcola_preventivo(
        piano(("ACCOGLIENZA", 2), ("FORMAZIONE", 100)), regole(), residuo_persona_cent=2_000_00
    )
    assert previsto == Preventivo(servizi_cent=2_040_00, indennita_cent=400_00)


def test_the_path_cap_is_the_last_cent_inside() -> None:
    alla_pari = calcola_preventivo(piano(("FORMAZIONE", 150)), regole(), residuo_persona_cent=2_000_00)
    assert alla_pari.servizi_cent == 3_000_00
    with pytest.raises(MassimalePercorsoSuperato, match=r"3020\.00"):
        calcola_preventivo(piano(("FORMAZIONE", 151)), regole(), residuo_persona_cent=2_000_00)


def test_a_measure_may_count_the_allowance_in_the_path_cap() -> None:
    insieme = regole(percorso_con_indennita=True)
    alla_pari = calcola_preventivo(piano(("FORMAZIONE", 125)), insieme, residuo_persona_cent=2_000_00)
    assert alla_pari == Preventivo(2_500_00, 500_00)
    with pytest.raises(MassimalePercorsoSuperato):
        calcola_preventivo(piano(("FORMAZIONE", 126)), insieme, residuo_persona_cent=2_000_00)


def test_the_allowance_stops_at_what_the_person_may_still_have() -> None:
    previsto = calcola_preventivo(piano(("FORMAZIONE", 100)), regole(), residuo_persona_cent=150_00)
    assert previsto.indennita_cent == 150_00


def test_a_rate_that_rises_during_the_plan_is_reserved_at_its_highest() -> None:
    crescenti = regole(servizi=(servizio("FORMAZIONE", costi=(Tariffa(DAL_2019, 20_00), Tariffa(FINE_GIUGNO, 25_00))),))
    assert calcola_preventivo(piano(("FORMAZIONE", 10)), crescenti, residuo_persona_cent=0).servizi_cent == 250_00


@given(st.integers(1, 400), st.integers(0, 9_999), st.integers(0, 3_000_00))
def test_a_reservation_is_rounded_up_to_the_cent_and_never_negative(quarti: int, tasso: int, residuo: int) -> None:
    libera = regole(indennita=(Tariffa(DAL_2019, tasso),), massimale_percorso_cent=10**9)
    previsto = calcola_preventivo(
        Piano(PRIMO_MARZO, FINE_GIUGNO, (ServizioPianificato("FORMAZIONE", quarti * 15),)),
        libera,
        residuo_persona_cent=residuo,
    )
    assert 0 <= previsto.indennita_cent <= residuo
    intera = -(-quarti * 15 * tasso // 60)
    assert previsto.indennita_cent == min(intera, residuo)


def test_the_signed_text_is_the_same_bytes_for_the_same_plan_in_any_order() -> None:
    def testo(*servizi: tuple[str, int]) -> str:
        return componi_testo(
            pip="P",
            numero=1,
            persona="X",
            misura="M",
            misura_numero=2,
            piano=piano(*servizi),
            preventivo=Preventivo(1, 2),
        )

    uno, due = testo(("FORMAZIONE", 10), ("BILANCIO", 2)), testo(("BILANCIO", 2), ("FORMAZIONE", 10))
    assert uno == due
    assert "servizio BILANCIO ore 2.00\nservizio FORMAZIONE ore 10.00\n" in uno
    assert impronta(uno) == impronta(due)
    assert impronta(uno) != impronta(testo(("BILANCIO", 3), ("FORMAZIONE", 10)))


def test_signing_another_text_than_the_draft_is_refused() -> None:
    verifica_firma("testo", impronta("testo"))
    with pytest.raises(FirmaSuAltroTesto):
        verifica_firma("testo", impronta("altro testo"))


def test_a_revision_keeps_room_for_what_was_already_registered() -> None:
    nuovo = piano(("FORMAZIONE", 10))
    verifica_revisione(nuovo, {"FORMAZIONE": 600}, (PRIMO_MARZO, FINE_GIUGNO))
    with pytest.raises(RevisioneSottoIlFatto, match="FORMAZIONE"):
        verifica_revisione(nuovo, {"FORMAZIONE": 615}, None)
    with pytest.raises(RevisioneSottoIlFatto, match="BILANCIO"):
        verifica_revisione(nuovo, {"BILANCIO": 15}, None)
    with pytest.raises(RevisioneSottoIlFatto, match="giorni"):
        verifica_revisione(nuovo, {}, (PRIMO_MARZO - timedelta(days=1), FINE_GIUGNO))


def test_the_difference_between_versions_names_what_changed() -> None:
    prima = piano(("BILANCIO", 2), ("FORMAZIONE", 10))
    dopo = piano(("FORMAZIONE", 12), inizio=date(2019, 3, 2), fine=date(2019, 7, 31))
    assert differenze(prima, dopo) == [
        "inizio: 2019-03-01 -> 2019-03-02",
        "fine: 2019-06-30 -> 2019-07-31",
        "BILANCIO: 2.00 -> 0.00 ore",
        "FORMAZIONE: 10.00 -> 12.00 ore",
    ]
    assert differenze(prima, prima) == []
