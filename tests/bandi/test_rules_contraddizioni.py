"""Contradictory rules are refused while a call is drafted, each with its reason."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.bandi.rules.bando import (
    CategoriaEnte,
    CategoriaRichiesta,
    Contributo,
    Criterio,
    Fase,
    Finestra,
    Linea,
    Modalita,
    Partenariato,
    Premialita,
    Regole,
    RegoleContraddittorie,
    Spareggio,
    Taglio,
    TipoSpareggio,
    Valutazione,
    ora_di_roma,
    percento,
)
from services.bandi.rules.contraddizioni import contraddizioni, controlla_regole
from tests.bandi.esempi import APRE, CHIUDE, REGOLE, con_partenariato, con_valutazione

ORA = timedelta(hours=1)
COMUNE = frozenset({CategoriaEnte.COMUNE})
PROTOCOLLO = Spareggio(TipoSpareggio.PROTOCOLLO)
A_FINESTRE = replace(
    REGOLE,
    modalita=Modalita.FINESTRE,
    finestre=(Finestra("F1", APRE, APRE + ORA), Finestra("F2", CHIUDE - ORA, CHIUDE)),
)


def a_finestre(*finestre: Finestra) -> Regole:
    return replace(A_FINESTRE, finestre=finestre)


def con_dotazioni(*dotazioni: tuple[tuple[str, int], ...]) -> Regole:
    finestre = (replace(f, dotazioni=d) for f, d in zip(A_FINESTRE.finestre, dotazioni, strict=True))
    return a_finestre(*finestre)


CASES: dict[str, tuple[Regole, str, str]] = {
    "no term": (replace(REGOLE, apre_il=None), "apre_il", "ha un'apertura e una chiusura"),
    "closes before it opens": (replace(REGOLE, chiude_il=APRE - ORA), "chiude_il", "La chiusura viene dopo"),
    "projects end before the call": (
        replace(REGOLE, termine_ultimo=date(2018, 2, 15)),
        "termine_ultimo",
        "viene dopo la chiusura del bando",
    ),
    "windows without the mode": (replace(A_FINESTRE, modalita=Modalita.GRADUATORIA), "finestre", "se, e solo se"),
    "mode without windows": (replace(REGOLE, modalita=Modalita.FINESTRE), "finestre", "se, e solo se"),
    "window outside the call": (a_finestre(Finestra("F1", APRE - ORA, APRE)), "finestre", "esce dai termini"),
    "window upside down": (a_finestre(Finestra("F1", APRE + ORA, APRE)), "finestre", "chiude prima di aprire"),
    "windows that overlap": (
        a_finestre(Finestra("F1", APRE, APRE + ORA), Finestra("F2", APRE + ORA, CHIUDE)),
        "finestre",
        "apre prima che chiuda F1",
    ),
    "window twice": (
        a_finestre(Finestra("F1", APRE, APRE + ORA), Finestra("F1", CHIUDE - ORA, CHIUDE)),
        "finestre",
        "Finestra ripetuta",
    ),
    "no line": (replace(REGOLE, linee=()), "linee", "almeno una linea"),
    "line twice": (replace(REGOLE, linee=(REGOLE.linee[1], REGOLE.linee[1])), "linee", "Linea ripetuta"),
    "money unknown": (replace(REGOLE, linee=(Linea("X", "9.4.2", "FSE", None),)), "linee", "non dice la sua dotazione"),
    "more money than can be written": (
        replace(REGOLE, linee=(Linea("X", "9.4.2", "FSE", 10**15 - 1), Linea("Y", "9.4.2", "FSE", 1))),
        "linee",
        "La dotazione supera",
    ),
    "line cap above its money": (
        replace(REGOLE, linee=(Linea("X", "9.4.2", "FSE", 15_000_00, 15_000_01),)),
        "linee",
        "supera la sua dotazione",
    ),
    "project cap above the money": (
        replace(REGOLE, contributo=Contributo(massimale_progetto_cent=50_000_01)),
        "contributo",
        "supera la dotazione del bando",
    ),
    "shares above the whole": (
        replace(REGOLE, contributo=Contributo(9_500, 1_000)),
        "contributo",
        "superano insieme il 100%",
    ),
    "cash asked of nothing": (
        replace(REGOLE, contributo=Contributo(cofinanziamento_in_denaro=True)),
        "contributo",
        "il minimo e' zero",
    ),
    "nobody may lead": (con_partenariato(capofila_ammessi=frozenset()), "partenariato", "chi puo' essere capofila"),
    "more members than allowed": (con_partenariato(membri_massimi=2), "partenariato", "meno dei membri minimi"),
    "members of no category": (
        replace(REGOLE, partenariato=Partenariato(COMUNE, membri_minimi=3)),
        "partenariato",
        "nessuna categoria di partner",
    ),
    "required but not allowed": (
        con_partenariato(categorie_richieste=(CategoriaRichiesta(CategoriaEnte.ENTE_RELIGIOSO),)),
        "partenariato",
        "e' richiesta ma non e' ammessa",
    ),
    "two of who can only lead": (
        con_partenariato(categorie_richieste=(CategoriaRichiesta(CategoriaEnte.COMUNE, 2),)),
        "partenariato",
        "puo' essere solo capofila",
    ),
    "required more than members": (
        con_partenariato(categorie_richieste=(CategoriaRichiesta(CategoriaEnte.OPERATORE_ACCREDITATO, 7),)),
        "partenariato",
        "sono piu' dei membri massimi",
    ),
    "required twice": (
        con_partenariato(categorie_richieste=(CategoriaRichiesta(CategoriaEnte.ALER),) * 2),
        "partenariato",
        "Categoria richiesta ripetuta",
    ),
    "no criterion": (
        con_valutazione(criteri=(), punteggio_massimo_cent=0, soglia_cent=0),
        "valutazione",
        "un criterio",
    ),
    "criterion twice": (con_valutazione(criteri=(Criterio("A", "A", 5_000),) * 2), "valutazione", "Criterio ripetuta"),
    "bonus twice": (con_valutazione(premialita=(Premialita("P", "P", 1),) * 2), "valutazione", "Premialita' ripetuta"),
    "weight for some": (
        con_valutazione(criteri=(Criterio("A", "A", 100, 10_000), Criterio("B", "B", 100))),
        "valutazione",
        "O tutti i criteri",
    ),
    "weights that do not add up": (
        con_valutazione(criteri=(Criterio("A", "A", 100, 6_000), Criterio("B", "B", 100, 3_999))),
        "valutazione",
        "fanno 99,99%, non 100%",
    ),
    "maxima that do not add up": (
        con_valutazione(punteggio_massimo_cent=9_999),
        "valutazione",
        "non fanno il punteggio",
    ),
    "threshold above the maximum": (con_valutazione(soglia_cent=10_001), "valutazione", "soglia di ammissione supera"),
    "criterion's threshold above it": (
        con_valutazione(criteri=(Criterio("A", "A", 10_000, None, 10_001),)),
        "valutazione",
        "soglia del criterio A supera",
    ),
    "protocol is not the last": (
        con_valutazione(spareggi=(PROTOCOLLO, Spareggio(TipoSpareggio.CONTRIBUTO_MINORE))),
        "valutazione",
        "L'ultimo spareggio",
    ),
    "no tie-breaker": (con_valutazione(spareggi=()), "valutazione", "L'ultimo spareggio"),
    "tie-breaker twice": (con_valutazione(spareggi=(PROTOCOLLO, PROTOCOLLO)), "valutazione", "Spareggio ripetuta"),
    "tie-breaker of no criterion": (
        con_valutazione(spareggi=(Spareggio(TipoSpareggio.CRITERIO, "Z"), PROTOCOLLO)),
        "valutazione",
        "criterio ignoto: Z",
    ),
    "tie-breaker without its criterion": (
        con_valutazione(spareggi=(Spareggio(TipoSpareggio.CRITERIO), PROTOCOLLO)),
        "valutazione",
        "nomina il criterio, gli altri no",
    ),
    "second phase of a ranking": (replace(REGOLE, seconda_fase="X"), "seconda_fase", "Solo una manifestazione"),
    "phase twice": (replace(REGOLE, fasi=(Fase.SELEZIONE, Fase.SELEZIONE)), "fasi", "Fase ripetuta"),
    "phases out of order": (replace(REGOLE, fasi=(Fase.ATTUATIVA, Fase.NEGOZIALE)), "fasi", "Le fasi si seguono"),
    "phase under way of another call": (
        replace(REGOLE, fasi=(Fase.SELEZIONE,), fase=Fase.ATTUATIVA),
        "fase",
        "non e' fra le fasi",
    ),
    "exploratory phase of a ranking": (replace(REGOLE, fasi=(Fase.ESPLORATIVA,)), "fasi", "e solo quelle"),
    "interest that begins with the choice": (
        replace(REGOLE, modalita=Modalita.MANIFESTAZIONE_DI_INTERESSE, fasi=(Fase.CONCORSUALE,)),
        "fasi",
        "La fase esplorativa apre",
    ),
    "second phase of a tender": (
        replace(REGOLE, modalita=Modalita.AFFIDAMENTO, prima_fase="X"),
        "prima_fase",
        "Segue una manifestazione",
    ),
    "second phase with phases of its own": (
        replace(REGOLE, prima_fase="X", fasi=(Fase.SELEZIONE,)),
        "fasi",
        "Le fasi sono del programma",
    ),
    "follows what it opens": (
        replace(REGOLE, modalita=Modalita.MANIFESTAZIONE_DI_INTERESSE, seconda_fase="X", prima_fase="X"),
        "prima_fase",
        "non segue e apre",
    ),
    "rolling call in part": (
        replace(REGOLE, modalita=Modalita.SPORTELLO, taglio=Taglio.PARZIALE),
        "taglio",
        "tutto o nulla",
    ),
    "rolling call with criteria": (replace(REGOLE, modalita=Modalita.SPORTELLO), "valutazione", "ordine di arrivo"),
    "rolling call with a threshold": (
        replace(REGOLE, modalita=Modalita.SPORTELLO, valutazione=Valutazione(punteggio_massimo_cent=1, soglia_cent=1)),
        "valutazione",
        "ordine di arrivo",
    ),
    "rolling call with a bonus": (
        replace(REGOLE, modalita=Modalita.SPORTELLO, valutazione=Valutazione(premialita=(Premialita("P", "P", 1),))),
        "valutazione",
        "ordine di arrivo",
    ),
    "single applicant with partners": (
        con_partenariato(membri_minimi=1, membri_massimi=1, categorie_richieste=()),
        "partenariato",
        "da solo non ha partner",
    ),
    "cash above the co-financing": (
        replace(REGOLE, contributo=Contributo(9_000, 1_000, True, None, 1_001)),
        "contributo",
        "(10,01%) supera il cofinanziamento minimo (10,00%)",
    ),
    "nothing is paid": (replace(REGOLE, contributo=Contributo(0)), "contributo", "non finanzia alcun progetto"),
    "criterion of no points": (
        con_valutazione(criteri=(Criterio("A", "A", 10_000), Criterio("B", "B", 0))),
        "valutazione",
        "Il criterio B non da' punti",
    ),
    "money for some windows": (
        con_dotazioni((("LAB", 1),), ()),
        "finestre",
        "O tutte le finestre hanno una dotazione",
    ),
    "windows with more than the line": (
        con_dotazioni((("LAB", 20_000_00),), (("LAB", 10_000_01),)),
        "finestre",
        "fanno 30000.01: la linea ne ha 30000.00",
    ),
    "window of another line": (con_dotazioni((("X", 1),), (("LAB", 1),)), "finestre", "che il bando non ha: X"),
    "line twice in a window": (con_dotazioni((("LAB", 1), ("LAB", 1)), (("LAB", 1),)), "finestre", "Linea ripetuta"),
    "no money to keep": (replace(A_FINESTRE, riporto=False), "riporto", "non c'e' un residuo"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_contradiction_is_found_alone_and_named(name: str) -> None:
    regole, campo, text = CASES[name]
    found = contraddizioni(regole)
    assert [d for d in found if d.campo == campo and text in d.messaggio], found
    with pytest.raises(RegoleContraddittorie) as refused:
        controlla_regole(regole)
    assert refused.value.items == [difetto.item() for difetto in found]


@pytest.mark.parametrize(
    "regole",
    [
        REGOLE,
        A_FINESTRE,
        replace(REGOLE, modalita=Modalita.SPORTELLO, valutazione=Valutazione()),
        replace(REGOLE, modalita=Modalita.MANIFESTAZIONE_DI_INTERESSE, seconda_fase="FASE-2"),
        replace(
            REGOLE,
            modalita=Modalita.MANIFESTAZIONE_DI_INTERESSE,
            seconda_fase="FASE-2",
            linee=(Linea("X", "asse 1", "PRERP", None),),
            contributo=Contributo(),
            fasi=(Fase.ESPLORATIVA, Fase.CONCORSUALE, Fase.NEGOZIALE, Fase.ATTUATIVA),
        ),
        replace(REGOLE, prima_fase="FASE-1"),
        replace(REGOLE, modalita=Modalita.COPROGETTAZIONE, fasi=(Fase.SELEZIONE, Fase.COPROGETTAZIONE, Fase.ATTUATIVA)),
        replace(con_dotazioni((("LAB", 20_000_00),), (("LAB", 10_000_00),)), riporto=False),
        replace(REGOLE, contributo=Contributo(9_000, 1_000, True, None, 1_000)),
        replace(
            REGOLE,
            modalita=Modalita.AFFIDAMENTO,
            apre_il=None,
            chiude_il=None,
            linee=(Linea("X", "9.4.2", "FSE", None),),
            contributo=Contributo(),
        ),
        con_valutazione(
            criteri=(Criterio("A", "A", 100, 6_000), Criterio("B", "B", 100, 4_000)), spareggi=(PROTOCOLLO,)
        ),
    ],
)
def test_rules_that_hold_together_have_no_contradiction(regole: Regole) -> None:
    assert contraddizioni(regole) == ()
    controlla_regole(regole)


def test_every_contradiction_is_told_at_once() -> None:
    broken = replace(REGOLE, chiude_il=APRE - ORA, linee=(), seconda_fase="X")
    assert len({difetto.campo for difetto in contraddizioni(broken)}) >= 3


def test_the_money_of_a_call_is_the_sum_of_its_known_lines() -> None:
    assert REGOLE.dotazione_cent == 50_000_00
    assert replace(REGOLE, linee=(Linea("X", "9.4.2", "FSE", None),)).dotazione_cent == 0


def test_percentages_and_hours_are_written_for_italian_readers() -> None:
    assert percento(6_310) == "63,10%"
    assert ora_di_roma(CHIUDE) == "15/02/2018 alle 12:00:00 (ora di Roma)"
