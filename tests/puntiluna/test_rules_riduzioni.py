"""Rules of reductions: the landlord's answers, reservations, batches."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import Refusal
from services.puntiluna.rules import (
    debiti,
    riduzioni,
)
from services.puntiluna.rules.riduzioni import (
    EsitoRiga,
    MotivoRespinta,
    RiduzioneInAttesa,
    RigaRisposta,
    Risposta,
    StatoRiduzione,
    Verdetto,
)

IMPORTI = st.integers(0, 100_000)


TERMINE = datetime(2020, 7, 1, tzinfo=UTC)


IN_TERMINE = TERMINE - timedelta(days=1)


def _giudica(riga: RigaRisposta, stato: StatoRiduzione, confermato: int) -> Verdetto:
    return riduzioni.giudica_risposta(riga, RiduzioneInAttesa(stato, 100, confermato, TERMINE), now=IN_TERMINE)


@given(
    st.sampled_from(list(StatoRiduzione)),
    st.integers(1, 1000),
    st.sampled_from(list(Risposta)),
    st.one_of(st.none(), st.integers(0, 1100)),
    st.one_of(st.none(), st.sampled_from(list(MotivoRespinta))),
)
def test_an_answer_never_moves_more_or_less_than_the_reduction(
    stato: StatoRiduzione, importo: int, esito: Risposta, detto: int | None, motivo: MotivoRespinta | None
) -> None:
    attesa = RiduzioneInAttesa(stato, importo, importo if stato is StatoRiduzione.CONFERMATA else 0, TERMINE)
    verdetto = riduzioni.giudica_risposta(RigaRisposta(1, esito, detto, motivo), attesa, now=IN_TERMINE)
    mossi = verdetto.confermato_cent + verdetto.restituito_cent
    assert mossi == (importo if verdetto.esito is EsitoRiga.REGISTRATA else 0)
    assert verdetto.confermato_cent >= 0 <= verdetto.restituito_cent
    if stato is not StatoRiduzione.PRENOTATA:
        assert verdetto.esito is not EsitoRiga.REGISTRATA


@pytest.mark.parametrize(
    ("riga", "atteso"),
    [
        (RigaRisposta(1, Risposta.CONFERMATA), Verdetto(EsitoRiga.REGISTRATA, 100, 0)),
        (RigaRisposta(1, Risposta.CONFERMATA, 100), Verdetto(EsitoRiga.REGISTRATA, 100, 0)),
        (RigaRisposta(1, Risposta.CONFERMATA, 99), Verdetto(EsitoRiga.IMPORTO_NON_VALIDO)),
        (RigaRisposta(1, Risposta.PARZIALE, 40), Verdetto(EsitoRiga.REGISTRATA, 40, 60)),
        (RigaRisposta(1, Risposta.PARZIALE), Verdetto(EsitoRiga.IMPORTO_NON_VALIDO)),
        (RigaRisposta(1, Risposta.PARZIALE, 100), Verdetto(EsitoRiga.IMPORTO_NON_VALIDO)),
        (RigaRisposta(1, Risposta.PARZIALE, 0), Verdetto(EsitoRiga.IMPORTO_NON_VALIDO)),
        (RigaRisposta(1, Risposta.RESPINTA, None, MotivoRespinta.ALTRO), Verdetto(EsitoRiga.REGISTRATA, 0, 100)),
        (RigaRisposta(1, Risposta.RESPINTA, 5, MotivoRespinta.ALTRO), Verdetto(EsitoRiga.IMPORTO_NON_VALIDO)),
        (RigaRisposta(1, Risposta.RESPINTA), Verdetto(EsitoRiga.MOTIVO_MANCANTE)),
    ],
)
def test_first_answers_line_by_line(riga: RigaRisposta, atteso: Verdetto) -> None:
    assert _giudica(riga, StatoRiduzione.PRENOTATA, 0) == atteso


@pytest.mark.parametrize(("ritardo", "esito"), [(-1, EsitoRiga.REGISTRATA), (0, EsitoRiga.FUORI_TERMINE)])
def test_an_answer_from_the_end_of_the_term_on_comes_too_late(ritardo: int, esito: EsitoRiga) -> None:
    attesa = RiduzioneInAttesa(StatoRiduzione.PRENOTATA, 100, 0, TERMINE)
    quando = TERMINE + timedelta(microseconds=ritardo)
    assert riduzioni.giudica_risposta(RigaRisposta(1, Risposta.CONFERMATA), attesa, now=quando).esito is esito


@pytest.mark.parametrize(
    ("stato", "confermato", "riga", "esito"),
    [
        (StatoRiduzione.CONFERMATA, 100, RigaRisposta(1, Risposta.CONFERMATA), EsitoRiga.GIA_REGISTRATA),
        (StatoRiduzione.LIQUIDATA, 100, RigaRisposta(1, Risposta.CONFERMATA), EsitoRiga.GIA_REGISTRATA),
        (StatoRiduzione.CONFERMATA, 40, RigaRisposta(1, Risposta.CONFERMATA), EsitoRiga.CONTRADDITTORIA),
        (StatoRiduzione.RESPINTA, 0, RigaRisposta(1, Risposta.CONFERMATA), EsitoRiga.CONTRADDITTORIA),
        (
            StatoRiduzione.RESPINTA,
            0,
            RigaRisposta(1, Risposta.RESPINTA, None, MotivoRespinta.ALTRO),
            EsitoRiga.GIA_REGISTRATA,
        ),
        (StatoRiduzione.SCADUTA, 0, RigaRisposta(1, Risposta.CONFERMATA), EsitoRiga.FUORI_TERMINE),
    ],
)
def test_later_answers_are_told_apart(
    stato: StatoRiduzione, confermato: int, riga: RigaRisposta, esito: EsitoRiga
) -> None:
    assert _giudica(riga, stato, confermato).esito is esito


def test_an_answer_to_a_number_outside_the_batch_is_told_so() -> None:
    verdetto = riduzioni.giudica_risposta(RigaRisposta(1, Risposta.CONFERMATA), None, now=IN_TERMINE)
    assert verdetto.esito is EsitoRiga.NON_NEL_LOTTO


@given(importo=st.integers(1, 1000), saldo=st.integers(-500, 1000), debito=st.integers(0, 1000), pendente=IMPORTI)
def test_a_reservation_never_exceeds_balance_or_debt(importo: int, saldo: int, debito: int, pendente: int) -> None:
    riducibile = debiti.debito_riducibile(debiti.Debito(debito, pendente, 0))
    assert 0 <= riducibile <= debito
    try:
        riduzioni.controlla_prenotazione(
            importo_cent=importo, spendibile_cent=saldo, debito_cent=debito, riducibile_cent=riducibile
        )
    except Refusal:
        assert importo > min(saldo, riducibile)
    else:
        assert importo <= min(saldo, riducibile)


def test_the_digest_of_a_batch_can_be_recomputed_by_the_landlord() -> None:
    righe = [riduzioni.RigaLotto(2, "C-2", 1000), riduzioni.RigaLotto(1, "C-1", 550)]
    # printf 'ALER-X|3\n1|C-1|5.50\n2|C-2|10.00' | sha256sum
    atteso = "5d4affc26f4a53a328e1051524d5561f74852fe4afd972be6dc3006669a7fd76"
    assert riduzioni.impronta_lotto("ALER-X", 3, righe) == atteso
    assert riduzioni.impronta_lotto("ALER-X", 3, righe[::-1]) == atteso
