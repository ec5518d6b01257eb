"""Eligibility: each requirement answered, the outcome explained rule by rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.inclusione.rules.iscrizione import (
    Esito,
    EsitoRegola,
    IscrizioneNonIdonea,
    RequisitoSconosciuto,
    RispostaSenzaProva,
    valuta_iscrizione,
    verifica_idoneita,
    verifica_risposte,
)
from services.inclusione.rules.misura import PresaInCarico, Risposta
from tests.inclusione.esempi import regole

SI, NO, DA_VERIFICARE = Risposta.SI, Risposta.NO, Risposta.DA_VERIFICARE


@pytest.mark.parametrize(
    ("disoccupato", "naspi", "preso_in_carico", "esito"),
    [
        (SI, NO, True, Esito.IDONEO),
        (SI, NO, False, Esito.IN_ACCERTAMENTO),
        (SI, DA_VERIFICARE, True, Esito.IN_ACCERTAMENTO),
        (SI, SI, True, Esito.NON_IDONEO),
        (NO, DA_VERIFICARE, False, Esito.NON_IDONEO),
        (DA_VERIFICARE, DA_VERIFICARE, True, Esito.IN_ACCERTAMENTO),
    ],
)
def test_the_outcome_follows_the_answers(
    disoccupato: Risposta, naspi: Risposta, preso_in_carico: bool, esito: Esito
) -> None:
    risposte = {"DISOCCUPATO": disoccupato, "NASPI": naspi}
    assert valuta_iscrizione(regole(), risposte, preso_in_carico=preso_in_carico).esito is esito


def test_a_missing_answer_counts_as_to_be_checked() -> None:
    valutazione = valuta_iscrizione(regole(), {"DISOCCUPATO": SI}, preso_in_carico=True)
    assert valutazione.esito is Esito.IN_ACCERTAMENTO
    assert [voce.esito for voce in valutazione.voci] == [
        EsitoRegola.SODDISFATTA,
        EsitoRegola.DA_VERIFICARE,
        EsitoRegola.SODDISFATTA,
    ]


def test_receiving_naspi_excludes_and_the_explanation_says_so() -> None:
    valutazione = valuta_iscrizione(regole(), {"DISOCCUPATO": SI, "NASPI": SI}, preso_in_carico=True)
    naspi = next(voce for voce in valutazione.voci if voce.regola == "NASPI")
    assert naspi.esito is EsitoRegola.NON_SODDISFATTA
    assert "la misura richiede no" in naspi.motivo


def test_a_measure_that_asks_no_taking_on_does_not_mention_it() -> None:
    libera = regole(presa_in_carico=PresaInCarico.NON_RICHIESTA)
    valutazione = valuta_iscrizione(libera, {"DISOCCUPATO": SI, "NASPI": NO}, preso_in_carico=False)
    assert valutazione.esito is Esito.IDONEO
    assert [voce.regola for voce in valutazione.voci] == ["DISOCCUPATO", "NASPI"]


@given(st.dictionaries(st.sampled_from(["DISOCCUPATO", "NASPI"]), st.sampled_from(Risposta)), st.booleans())
def test_suitable_means_every_rule_satisfied_and_one_contradiction_is_enough(
    risposte: dict[str, Risposta], preso_in_carico: bool
) -> None:
    valutazione = valuta_iscrizione(regole(), risposte, preso_in_carico=preso_in_carico)
    esiti = {voce.esito for voce in valutazione.voci}
    assert (valutazione.esito is Esito.IDONEO) == (esiti == {EsitoRegola.SODDISFATTA})
    assert (valutazione.esito is Esito.NON_IDONEO) == (EsitoRegola.NON_SODDISFATTA in esiti)


def test_an_answer_to_a_requirement_the_measure_has_not_is_refused() -> None:
    with pytest.raises(RequisitoSconosciuto, match="ETA"):
        verifica_risposte(regole(), {"ETA": (SI, True)})


@pytest.mark.parametrize("risposta", [SI, NO])
def test_a_yes_or_a_no_rests_on_evidence(risposta: Risposta) -> None:
    with pytest.raises(RispostaSenzaProva):
        verifica_risposte(regole(), {"NASPI": (risposta, False)})


def test_what_is_to_be_checked_needs_no_evidence() -> None:
    verifica_risposte(regole(), {"NASPI": (DA_VERIFICARE, False), "DISOCCUPATO": (SI, True)})


@pytest.mark.parametrize("esito", [Esito.IN_ACCERTAMENTO, Esito.NON_IDONEO])
def test_a_plan_needs_a_suitable_enrolment(esito: Esito) -> None:
    verifica_idoneita(Esito.IDONEO)
    with pytest.raises(IscrizioneNonIdonea, match=esito.value):
        verifica_idoneita(esito)
