"""A row told rule by rule, with the causes of a scorrimento and, to the applicant alone, its sheets."""

from dataclasses import replace

from services.bandi.rules.righe import (
    Cambiamento,
    Esito,
)
from services.bandi.rules.spiegazione import spiega_cause, spiega_riga, spiega_schede
from services.bandi.schemas.graduatoria import PassoVista, Spiegazione
from tests.bandi.candidate import VALUTAZIONE, candidata, graduatoria
from tests.bandi.esempi import REGOLE


def test_an_explanation_names_rule_by_rule_why_a_row_ends_as_it_ends() -> None:
    ranking = graduatoria(candidata(1), candidata(2), candidata(3, ammissibile=False, motivi=("x",), voti=()), lab=150)
    regole = replace(REGOLE, valutazione=VALUTAZIONE)
    cut = {passo.regola: passo.testo for passo in spiega_riga(ranking.righe[1], regole, a_pari_punti=1)}
    assert "LAB chiede 1.00 e ne restano 0.50" in cut["taglio.stop"]
    assert "Altre 1 domande" in cut["spareggi"]
    assert "valore di questa domanda: 2" in cut["spareggio.protocollo"]
    assert "50.00" in cut["criterio.A"]
    out = spiega_riga(ranking.righe[2], regole, a_pari_punti=0)
    assert [passo.regola for passo in out] == ["ammissibilita"]
    assert "Non ammessa: x" in out[0].testo
    won = {passo.regola for passo in spiega_riga(ranking.righe[0], regole, a_pari_punti=0)}
    assert {"linea.LAB", "linea.INC", "totale", "posizione", "versione"} <= won


def test_the_causes_of_a_scorrimento_are_told_to_the_rows_it_changes_each_once() -> None:
    ranking = graduatoria(candidata(1))
    causes = [("integrazione", "DGR 741"), ("rinuncia", "nota"), ("rinuncia", "nota"), ("ritiro", None)]
    assert spiega_cause(ranking.righe[0], causes) == [], "a first version has no causes"
    moved = replace(ranking.righe[0], cambiamento=Cambiamento.FINANZIATA_PER_SCORRIMENTO)
    told = spiega_cause(moved, causes)
    assert [step.regola for step in told] == ["scorrimento"]
    assert told[0].testo == "Dalla versione precedente: integrazione (DGR 741); rinuncia (nota); ritiro."
    assert spiega_cause(moved, []) == []
    assert spiega_cause(replace(moved, cambiamento=Cambiamento.INVARIATA), causes) == []


def test_sheets_are_told_by_number_and_criterion_with_their_reasons() -> None:
    told = spiega_schede([(2, "A", 5_000, None), (1, "B", 3_025, "rete ampia"), (1, "A", 4_500, None)])
    assert [(step.regola, step.testo) for step in told] == [
        ("scheda.1.A", "Scheda 1, criterio A: 45.00 punti."),
        ("scheda.1.B", "Scheda 1, criterio B: 30.25 punti: rete ampia"),
        ("scheda.2.A", "Scheda 2, criterio A: 50.00 punti."),
    ]


def test_an_explanation_has_room_for_every_sheet_the_rules_allow() -> None:
    sheets = spiega_schede((n, f"C{c}", 100, None) for n in range(1, 501) for c in range(50))
    told = Spiegazione(
        bando="B",
        graduatoria=1,
        regole_versione=1,
        atto="x",
        protocollo=1,
        posizione=1,
        esito=Esito.FINANZIATA,
        passi=[PassoVista(regola=passo.regola, testo=passo.testo) for passo in sheets],
    )
    assert len(told.passi) == 25_000
