"""The defects of an application, its term, its states and who decides on it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chassis.errors import Refusal
from services.bandi.rules.bando import CategoriaEnte, Contributo, Finestra, Modalita, Regole
from services.bandi.rules.difetti import controlla_domanda, difetti_domanda
from services.bandi.rules.domanda import (
    BandoNonAncoraAperto,
    BandoScaduto,
    BandoSenzaDomande,
    CapofilaDiverso,
    Contenuto,
    DomandaIncompleta,
    DomandaNonInBozza,
    DomandaNonRitirabile,
    DomandaNonSostituibile,
    DomandaNonValutabile,
    EsitoIstruttoria,
    IntegrazioneInCorso,
    IstruttoriaNonAperta,
    Membro,
    MotiviMancanti,
    PremialitaSconosciuta,
    PunteggioNonValido,
    RuoloPartner,
    SottoProgetto,
    StatoDomanda,
    TroppeDomande,
    controlla_bozza,
    controlla_capofila,
    controlla_istruttoria,
    controlla_numero,
    controlla_ritiro,
    controlla_sostituzione,
    controlla_termini,
    in_termine,
    istante_di_protocollo,
)
from services.bandi.rules.scheda import controlla_scheda
from tests.bandi.esempi import APRE, CHIUDE, CONTENUTO, REGOLE, con_partenariato

MICROSECONDO = timedelta(microseconds=1)
SECONDO = timedelta(seconds=1)
LEAD, SOLCO, AGAPE = CONTENUTO.membri
LAB, INC = CONTENUTO.sotto_progetti


def con_membri(*membri: Membro) -> Contenuto:
    return replace(CONTENUTO, membri=membri)


def con_parti(*parti: SottoProgetto) -> Contenuto:
    return replace(CONTENUTO, sotto_progetti=parti)


def partner(ente: str, categoria: CategoriaEnte = CategoriaEnte.TERZO_SETTORE) -> Membro:
    return Membro(ente, ente, categoria, RuoloPartner.PARTNER)


DEFECTS: dict[str, tuple[Contenuto, str, str]] = {
    "no title": (replace(CONTENUTO, titolo=None), "titolo", "Manca il titolo"),
    "no duration": (replace(CONTENUTO, durata_mesi=None), "durata_mesi", "Manca la durata"),
    "too long": (replace(CONTENUTO, durata_mesi=25), "durata_mesi", "piu' dei 24 mesi"),
    "no lead": (con_membri(SOLCO, AGAPE, partner("X")), "membri", "un solo capofila, non 0"),
    "two leads": (con_membri(LEAD, replace(LEAD, ente="Y"), SOLCO), "membri", "un solo capofila, non 2"),
    "lead of a wrong kind": (
        con_membri(replace(LEAD, categoria=CategoriaEnte.TERZO_SETTORE), SOLCO, AGAPE),
        "membri",
        "TERZO_SETTORE non puo' essere capofila",
    ),
    "same organisation twice": (con_membri(LEAD, SOLCO, AGAPE, AGAPE), "membri", "AGAPE compare 2 volte"),
    "too few": (con_membri(LEAD, SOLCO), "membri", "almeno 3 membri compreso il capofila: sono 2"),
    "too many": (
        con_membri(LEAD, SOLCO, *(partner(f"P{n}") for n in range(5))),
        "membri",
        "al piu' 6 membri: sono 7",
    ),
    "supporters not foreseen": (
        con_membri(LEAD, SOLCO, AGAPE, replace(AGAPE, ente="Z", ruolo=RuoloPartner.SOSTENITORE)),
        "membri",
        "non prevede sostenitori",
    ),
    "partner of a wrong kind": (
        con_membri(LEAD, SOLCO, partner("CURIA", CategoriaEnte.ENTE_RELIGIOSO)),
        "membri",
        "CURIA: la categoria ENTE_RELIGIOSO",
    ),
    "no accredited operator": (
        con_membri(LEAD, AGAPE, partner("P1")),
        "membri",
        "almeno 1 OPERATORE_ACCREDITATO nel partenariato: sono 0",
    ),
    "no sub-project": (con_parti(), "sotto_progetti", "almeno un sotto-progetto"),
    "line twice": (con_parti(LAB, LAB, INC), "sotto_progetti", "LAB ha 2 sotto-progetti"),
    "required line missing": (con_parti(LAB), "sotto_progetti", "obbligatorio della linea INC"),
    "unknown line": (con_parti(LAB, INC, replace(LAB, linea="X")), "sotto_progetti.X", "non ha la linea X"),
    "nothing asked": (con_parti(replace(LAB, contributo_cent=0), INC), "sotto_progetti.LAB", "chiesto e' zero"),
    "more than the cost": (
        con_parti(replace(LAB, contributo_cent=10_000_01), INC),
        "sotto_progetti.LAB",
        "supera il costo",
    ),
    "above the rate": (
        con_parti(replace(LAB, contributo_cent=9_000_01), INC),
        "sotto_progetti.LAB",
        "supera il 90,00%",
    ),
    "too little of one's own": (
        con_parti(replace(LAB, contributo_cent=9_000_01), INC),
        "sotto_progetti.LAB",
        "sotto il 10,00%",
    ),
    "cash above one's own": (
        con_parti(replace(LAB, cofinanziamento_denaro_cent=1_000_01), INC),
        "sotto_progetti.LAB",
        "il denaro proprio supera",
    ),
    "only people and tools": (
        con_parti(replace(LAB, cofinanziamento_denaro_cent=0), INC),
        "sotto_progetti.LAB",
        "non solo persone e strumenti",
    ),
    "a cost that cannot be written": (
        con_parti(replace(LAB, costo_cent=10**15 - 1), INC),
        "sotto_progetti",
        "Il costo del progetto supera",
    ),
    "above the line's cap": (
        con_parti(SottoProgetto("LAB", "L", 12_000_00, 10_000_01, 500_00), INC),
        "sotto_progetti.LAB",
        "il massimale e' 10000.00",
    ),
    "above the project's cap": (
        con_parti(LAB, replace(INC, costo_cent=7_000_00, contributo_cent=6_000_01)),
        "sotto_progetti",
        "il massimale per progetto e' 15000.00",
    ),
}


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_is_told_by_field_in_italian(name: str) -> None:
    contenuto, campo, text = DEFECTS[name]
    found = difetti_domanda(REGOLE, contenuto)
    assert [d for d in found if d.campo == campo and text in d.messaggio], found


def test_a_conforming_application_has_no_defect() -> None:
    assert difetti_domanda(REGOLE, CONTENUTO) == ()
    controlla_domanda(REGOLE, CONTENUTO)


def test_supporters_stay_beside_the_members_where_the_call_admits_them() -> None:
    supporter = replace(AGAPE, ente="RETE", ruolo=RuoloPartner.SOSTENITORE, categoria=CategoriaEnte.MICRO_IMPRESA)
    assert difetti_domanda(con_partenariato(sostenitori_ammessi=True), con_membri(LEAD, SOLCO, AGAPE, supporter)) == ()
    assert difetti_domanda(con_partenariato(sostenitori_ammessi=True), con_membri(LEAD, SOLCO, supporter))


def test_all_the_defects_of_an_empty_draft_are_told_at_once() -> None:
    with pytest.raises(DomandaIncompleta) as refused:
        controlla_domanda(REGOLE, Contenuto())
    assert {item["campo"] for item in refused.value.items} == {"titolo", "durata_mesi", "membri", "sotto_progetti"}


def test_the_rate_is_exact_to_the_cent() -> None:
    regole = replace(REGOLE, contributo=Contributo(9_000, 1_000))
    exact = con_parti(SottoProgetto("LAB", "L", 10, 9), INC)
    above = con_parti(SottoProgetto("LAB", "L", 9, 9), INC)
    assert difetti_domanda(regole, exact) == ()
    assert len(difetti_domanda(regole, above)) == 2


@pytest.mark.parametrize("arrivo", [APRE, CHIUDE - timedelta(seconds=1), CHIUDE])
def test_the_first_and_the_last_instant_are_inside(arrivo: datetime) -> None:
    controlla_termini(REGOLE, arrivo)


def test_before_the_opening_and_after_the_last_second_is_outside() -> None:
    with pytest.raises(BandoNonAncoraAperto):
        controlla_termini(REGOLE, APRE - MICROSECONDO)
    with pytest.raises(BandoScaduto, match="ora di Roma"):
        controlla_termini(REGOLE, CHIUDE + SECONDO)


MEZZANOTTE = datetime(2018, 2, 15, 23, 0, tzinfo=UTC)


@pytest.mark.parametrize("scritto", [-SECONDO, -SECONDO + timedelta(milliseconds=250), -MICROSECONDO])
@pytest.mark.parametrize("a_finestre", [False, True])
@pytest.mark.parametrize(
    ("arrivo", "dentro"),
    [
        (-SECONDO - MICROSECONDO, True),
        (-SECONDO, True),
        (timedelta(milliseconds=-600), True),
        (-MICROSECONDO, True),
        (timedelta(0), False),
        (MICROSECONDO, False),
        (SECONDO, False),
    ],
)
def test_the_whole_last_second_is_inside_and_midnight_is_outside(
    scritto: timedelta, arrivo: timedelta, dentro: bool, a_finestre: bool
) -> None:
    """A term of 23:59:59, however its fraction is written, and arrivals around midnight."""
    regole = replace(REGOLE, chiude_il=MEZZANOTTE + scritto)
    if a_finestre:
        regole = replace(regole, finestre=(Finestra("F1", APRE, MEZZANOTTE + scritto),))
    assert in_termine(regole, MEZZANOTTE + arrivo) is dentro


def test_between_two_windows_the_next_one_is_awaited() -> None:
    hour = timedelta(hours=1)
    windows = (Finestra("F1", APRE, APRE + hour), Finestra("F2", CHIUDE - hour, CHIUDE))
    regole = replace(REGOLE, modalita=Modalita.FINESTRE, finestre=windows)
    controlla_termini(regole, APRE + hour)
    controlla_termini(regole, CHIUDE - hour)
    with pytest.raises(BandoNonAncoraAperto, match="15/02/2018"):
        controlla_termini(regole, APRE + 2 * hour)
    with pytest.raises(BandoScaduto):
        controlla_termini(regole, CHIUDE + SECONDO)


def test_a_tender_held_elsewhere_receives_no_applications() -> None:
    with pytest.raises(BandoSenzaDomande):
        controlla_termini(replace(REGOLE, modalita=Modalita.AFFIDAMENTO), APRE)


def test_protocol_instants_follow_one_another_and_never_precede_the_arrival() -> None:
    first = datetime(2018, 2, 15, 10, tzinfo=UTC)
    assert istante_di_protocollo(first, None) == first
    assert istante_di_protocollo(first, first) == first + MICROSECONDO
    assert istante_di_protocollo(first, first + timedelta(seconds=5)) == first + timedelta(seconds=5) + MICROSECONDO
    assert istante_di_protocollo(first, first - timedelta(seconds=5)) == first


@pytest.mark.parametrize("stato", StatoDomanda)
def test_each_state_allows_exactly_its_moves(stato: StatoDomanda) -> None:
    s = StatoDomanda
    allowed: dict[str, set[StatoDomanda]] = {
        "edit": {s.BOZZA},
        "withdraw": {s.PRESENTATA, s.IN_INTEGRAZIONE, s.AMMISSIBILE, s.VALUTATA, s.IDONEA_NON_FINANZIATA},
        "replace": {s.PRESENTATA, s.IN_INTEGRAZIONE},
        "decide": {s.PRESENTATA},
        "score": {s.AMMISSIBILE, s.VALUTATA},
    }
    scores = {"A": 6_000, "B": 4_000}
    admit = EsitoIstruttoria.AMMISSIBILE
    moves: dict[str, tuple[Callable[[], None], type[Refusal]]] = {
        "edit": (lambda: controlla_bozza(stato), DomandaNonInBozza),
        "withdraw": (lambda: controlla_ritiro(stato), DomandaNonRitirabile),
        "replace": (lambda: controlla_sostituzione(stato), DomandaNonSostituibile),
        "decide": (
            lambda: controlla_istruttoria(stato, admit, (), (), REGOLE.valutazione),
            IntegrazioneInCorso if stato is s.IN_INTEGRAZIONE else IstruttoriaNonAperta,
        ),
        "score": (lambda: controlla_scheda(stato, REGOLE.valutazione, scores), DomandaNonValutabile),
    }
    for name, (move, refusal) in moves.items():
        if stato in allowed[name]:
            move()
        else:
            with pytest.raises(refusal):
                move()


def test_a_lead_may_present_only_so_many() -> None:
    controlla_numero(0, 1)
    controlla_numero(50, None)
    with pytest.raises(TroppeDomande, match="ne ammette 1"):
        controlla_numero(1, 1)


def test_the_lead_is_who_applies() -> None:
    controlla_capofila(CONTENUTO, "COMUNE-MANTOVA")
    with pytest.raises(CapofilaDiverso):
        controlla_capofila(CONTENUTO, "COMUNE-BERGAMO")


@pytest.mark.parametrize(
    ("esito", "motivi", "premialita", "refusal"),
    [
        (EsitoIstruttoria.NON_AMMISSIBILE, (), (), MotiviMancanti),
        (EsitoIstruttoria.AMMISSIBILE, ("manca la firma",), (), MotiviMancanti),
        (EsitoIstruttoria.AMMISSIBILE, (), ("P9",), PremialitaSconosciuta),
        (EsitoIstruttoria.AMMISSIBILE, (), ("P1", "P1"), PremialitaSconosciuta),
        (EsitoIstruttoria.NON_AMMISSIBILE, ("manca la firma",), ("P1",), PremialitaSconosciuta),
    ],
)
def test_a_decision_carries_its_reasons_and_only_the_call_s_bonuses(
    esito: EsitoIstruttoria, motivi: tuple[str, ...], premialita: tuple[str, ...], refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        controlla_istruttoria(StatoDomanda.PRESENTATA, esito, motivi, premialita, REGOLE.valutazione)


def test_a_decision_may_give_a_bonus_or_a_reason() -> None:
    state, scoring = StatoDomanda.PRESENTATA, REGOLE.valutazione
    controlla_istruttoria(state, EsitoIstruttoria.AMMISSIBILE, (), ("P1",), scoring)
    controlla_istruttoria(state, EsitoIstruttoria.NON_AMMISSIBILE, ("manca la firma",), (), scoring)


@pytest.mark.parametrize(
    ("punteggi", "text"),
    [
        ({"A": 6_000}, "Manca il punteggio del criterio B"),
        ({"A": 6_001, "B": 0}, "A va da 0.00 a 60.00"),
        ({"A": -1, "B": 0}, "A va da 0.00 a 60.00"),
        ({"A": 0, "B": 0, "C": 0}, "non ha il criterio C"),
    ],
)
def test_a_sheet_gives_each_criterion_one_score_within_its_scale(punteggi: dict[str, int], text: str) -> None:
    with pytest.raises(PunteggioNonValido) as refused:
        controlla_scheda(StatoDomanda.AMMISSIBILE, REGOLE.valutazione, punteggi)
    assert text in refused.value.items[0]["messaggio"]


def test_the_rules_of_a_call_are_a_value() -> None:
    assert isinstance(hash(REGOLE), int)
    assert replace(REGOLE) == REGOLE
    assert Regole.linea(REGOLE, "LAB") is REGOLE.linee[0]
    assert REGOLE.linea("ZZZ") is None
