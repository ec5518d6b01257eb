"""The law of PuntiLuna, by tables and by properties."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chassis.errors import Refusal
from chassis.money import MAX_CENTS
from services.puntiluna.rules import (
    accrediti,
    debiti,
    distinte,
    donazioni,
    estratto,
    fondi,
    ore,
    registro,
    riduzioni,
    tariffe,
)
from services.puntiluna.rules.accrediti import ContrattoNoto, Presenza, StatoAccredito
from services.puntiluna.rules.registro import (
    Causa,
    Conto,
    Libro,
    Movimento,
    MovimentoScritto,
    Riga,
    RigaScritta,
    TipoConto,
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
from services.puntiluna.rules.tariffe import AmbitoLimite, Fascia, Limite, Tariffa, TipoTariffa

ORA = datetime(2019, 5, 20, 9, 0, tzinfo=UTC)
PROGETTO = UUID(int=1)
GENERALI = (
    Tariffa(TipoTariffa.FASCIA, "base", 500, date(2007, 1, 1)),
    Tariffa(TipoTariffa.FASCIA, "silver", 1000, date(2007, 1, 1)),
    Tariffa(TipoTariffa.FASCIA, "gold", 2000, date(2007, 1, 1)),
)
IMPORTI = st.integers(0, 100_000)


def una_presenza(**cambi: object) -> Presenza:
    presenza = Presenza(
        presenza_id=uuid4(),
        versione=1,
        annullata=False,
        progetto_id=PROGETTO,
        attivita_id=uuid4(),
        persona_id=uuid4(),
        nucleo_id=uuid4(),
        inizio=ORA,
        fine=ORA + timedelta(hours=1),
        minuti=60,
        fascia=Fascia.BASE,
        diretta=True,
        categoria_indiretta=None,
        confermata_il=ORA,
    )
    return replace(presenza, **cambi)  # type: ignore[arg-type]  # the fields of the record, one by one


@pytest.mark.parametrize(
    ("cambi", "punti", "stato"),
    [
        ({}, 500, StatoAccredito.ACCREDITATO),
        ({"fascia": Fascia.SILVER}, 1000, StatoAccredito.ACCREDITATO),
        ({"fascia": Fascia.GOLD, "minuti": 15}, 500, StatoAccredito.ACCREDITATO),
        ({"minuti": 15}, 125, StatoAccredito.ACCREDITATO),
        ({"minuti": 1}, 8, StatoAccredito.ACCREDITATO),
        ({"fascia": Fascia.NESSUNA}, 0, StatoAccredito.NON_DOVUTO),
        ({"minuti": 0}, 0, StatoAccredito.NON_DOVUTO),
        ({"minuti": 1441}, 0, StatoAccredito.NON_DOVUTO),
        ({"progetto_id": None}, 0, StatoAccredito.NON_DOVUTO),
        ({"annullata": True}, 0, StatoAccredito.ANNULLATO),
        ({"diretta": False, "categoria_indiretta": "cag"}, 0, StatoAccredito.SENZA_TARIFFA),
        ({"inizio": datetime(2006, 12, 31, 10, 0, tzinfo=UTC)}, 0, StatoAccredito.SENZA_TARIFFA),
    ],
)
def test_an_attendance_is_worth_what_the_tariff_of_its_day_says(
    cambi: dict[str, object], punti: int, stato: StatoAccredito
) -> None:
    spettanza = accrediti.valuta(una_presenza(**cambi), GENERALI)
    assert (spettanza.punti_cent, spettanza.stato) == (punti, stato)
    assert (spettanza.motivo is None) is (stato is StatoAccredito.ACCREDITATO)


def test_a_tariff_of_zero_gives_no_points() -> None:
    nulla = Tariffa(TipoTariffa.INDIRETTA, "cag", 0, date(2007, 1, 1))
    spettanza = accrediti.valuta(una_presenza(diretta=False, categoria_indiretta="cag"), (nulla,))
    assert spettanza.stato is StatoAccredito.NON_DOVUTO


def test_the_projects_own_tariff_beats_the_general_one_and_the_latest_beats_the_older() -> None:
    propria = Tariffa(TipoTariffa.FASCIA, "base", 700, date(2018, 1, 1), PROGETTO)
    nuova = Tariffa(TipoTariffa.FASCIA, "base", 600, date(2019, 1, 1))
    tutte = (*GENERALI, nuova, propria)

    def scelta(giorno: date, progetto: UUID | None = PROGETTO) -> int:
        trovata = tariffe.tariffa_in_vigore(
            tutte, progetto_id=progetto, tipo=TipoTariffa.FASCIA, voce="base", giorno=giorno
        )
        assert trovata is not None
        return trovata.punti_ora_cent

    assert [scelta(date(2017, 12, 31)), scelta(date(2018, 1, 1)), scelta(date(2020, 1, 1))] == [500, 700, 700]
    assert [scelta(date(2018, 12, 31), None), scelta(date(2019, 1, 1), None)] == [500, 600]


def test_days_and_months_are_those_of_italy() -> None:
    capodanno = datetime(2019, 12, 31, 23, 30, tzinfo=UTC)
    assert (tariffe.giorno_di(capodanno), tariffe.mese_di(capodanno)) == (date(2020, 1, 1), "2020-01")
    estate = datetime(2019, 7, 31, 22, 0, tzinfo=UTC)
    assert tariffe.mese_di(estate) == "2019-08"


@given(st.lists(st.integers(0, 1440), max_size=8), st.integers(0, 5000))
def test_points_of_parts_never_exceed_the_points_of_the_whole(parti: list[int], punti_ora: int) -> None:
    assert sum(tariffe.punti_per(p, punti_ora) for p in parti) <= tariffe.punti_per(sum(parti), punti_ora)


def limite(ambito: AmbitoLimite = AmbitoLimite.PROGRAMMA, **cambi: object) -> Limite:
    base = Limite(uuid4(), ambito, 1000, True, date(2019, 1, 1), date(2019, 12, 31), PROGETTO)
    return replace(base, **cambi)  # type: ignore[arg-type]  # the fields of the record, one by one


def test_several_limits_are_tested_together_and_reaching_one_is_not_exceeding_it() -> None:
    duro, morbido, lontano = limite(), limite(rigido=False), limite()
    esito = tariffe.applica_limiti(500, [(duro, 500), (morbido, 501), (lontano, 0)])
    assert (esito.rifiutano, esito.avvisano) == ((), (morbido,))
    esito = tariffe.applica_limiti(500, [(duro, 501), (morbido, 501), (lontano, 1000)])
    assert (esito.rifiutano, esito.avvisano) == ((duro, lontano), (morbido,))


@pytest.mark.parametrize(
    ("scelto", "vale"),
    [
        (limite(), True),
        (limite(dal=date(2019, 5, 21)), False),
        (limite(al=date(2019, 5, 19)), False),
        (limite(al=None), True),
        (limite(progetto_id=None), True),
        (limite(progetto_id=UUID(int=9)), False),
        (limite(AmbitoLimite.ATTIVITA, attivita_id=UUID(int=7)), True),
        (limite(AmbitoLimite.ATTIVITA, attivita_id=UUID(int=8)), False),
        (limite(AmbitoLimite.NUCLEO_MESE), False),
    ],
)
def test_a_limit_speaks_of_its_days_project_and_activity(scelto: Limite, vale: bool) -> None:
    trovati = tariffe.limiti_applicabili(
        [scelto], progetto_id=PROGETTO, attivita_id=UUID(int=7), nucleo_id=None, giorno=date(2019, 5, 20)
    )
    assert (trovati == [scelto]) is vale


@pytest.mark.parametrize(
    ("contratti", "tipo"),
    [
        (None, TipoConto.NUCLEO),
        ([], TipoConto.DONATORE),
        ([(date(2010, 1, 1), None, None)], TipoConto.NUCLEO),
        ([(date(2010, 1, 1), None, 0)], TipoConto.DONATORE),
        ([(date(2010, 1, 1), None, 1)], TipoConto.NUCLEO),
        ([(date(2010, 1, 1), date(2018, 1, 1), None)], TipoConto.DONATORE),
        ([(date(2010, 1, 1), date(2018, 1, 1), 50)], TipoConto.NUCLEO),
        ([(date(2010, 1, 1), None, 0), (date(2012, 1, 1), None, 10)], TipoConto.NUCLEO),
    ],
)
def test_who_may_be_in_arrears_earns_for_the_household_and_the_others_to_give(
    contratti: list[tuple[date, date | None, int | None]] | None, tipo: TipoConto
) -> None:
    noti = None if contratti is None else [ContrattoNoto("C", "ALER", *contratto) for contratto in contratti]
    conto = accrediti.beneficiario(
        nucleo_id=UUID(int=5), persona_id=UUID(int=6), contratti=noti, giorno=date(2019, 5, 20)
    )
    assert (conto.tipo, conto.titolare) == (tipo, str(UUID(int=5)))


def test_a_person_without_household_earns_to_give() -> None:
    conto = accrediti.beneficiario(nucleo_id=None, persona_id=UUID(int=6), contratti=None, giorno=date(2019, 5, 20))
    assert (conto.tipo, conto.titolare) == (TipoConto.DONATORE, str(UUID(int=6)))


@given(dovuto=IMPORTI, concesso=IMPORTI, recupero=IMPORTI, disponibile=IMPORTI)
def test_aligning_reaches_what_is_due_without_taking_more_than_there_is(
    dovuto: int, concesso: int, recupero: int, disponibile: int
) -> None:
    passo = accrediti.allinea(
        dovuto_cent=dovuto, concesso_cent=concesso, in_recupero_cent=recupero, disponibile_cent=disponibile
    )
    dopo = concesso + passo.accredita_cent + passo.condona_cent - passo.storna_cent - passo.recupera_cent
    assert dopo == dovuto
    assert 0 <= passo.storna_cent <= disponibile
    assert 0 <= passo.condona_cent <= recupero
    assert min(passo.accredita_cent, passo.recupera_cent) == 0
    assert passo.recupera_cent == 0 or passo.storna_cent == disponibile


@st.composite
def pretese(draw: st.DrawFn) -> list[ore.Pretesa]:
    scelte = draw(
        st.lists(
            st.tuples(
                st.sampled_from(list(ore.Fonte)),
                st.integers(0, 20),
                st.integers(1, 6),
                st.integers(0, 5),
                st.booleans(),
            ),
            max_size=8,
        )
    )
    return [
        ore.Pretesa(
            fonte,
            UUID(int=numero + 1),
            ORA + timedelta(hours=inizio),
            ORA + timedelta(hours=inizio + durata),
            ORA + timedelta(minutes=decisa),
            ferma and fonte is ore.Fonte.PRESENZA,
        )
        for numero, (fonte, inizio, durata, decisa, ferma) in enumerate(scelte)
    ]


@given(pretese(), st.randoms(use_true_random=False))
def test_no_hour_is_paid_twice_and_the_order_of_arrival_does_not_matter(tutte: list[ore.Pretesa], caso: object) -> None:
    esito = ore.arbitra(tutte)
    mescolate = list(tutte)
    caso.shuffle(mescolate)  # type: ignore[attr-defined]  # random.Random, as Hypothesis hands it
    assert ore.arbitra(mescolate) == esito
    pagate = sorted((p for p in tutte if esito[p.fonte_id] is None), key=lambda p: p.inizio)
    assert all(prima.fine <= dopo.inizio for prima, dopo in pairwise(pagate))
    per_id = {p.fonte_id: p for p in tutte}
    for pretesa in tutte:
        chi = esito[pretesa.fonte_id]
        if chi is not None:
            assert ore.si_sovrappongono(pretesa, per_id[chi])
            assert ore.precedenza(per_id[chi]) < ore.precedenza(pretesa)


def test_on_a_tie_the_allowance_wins_but_points_confirmed_by_a_landlord_stay() -> None:
    punti = ore.Pretesa(ore.Fonte.PRESENZA, UUID(int=1), ORA, ORA + timedelta(hours=1), ORA)
    indennita = ore.Pretesa(ore.Fonte.ORE, UUID(int=2), ORA, ORA + timedelta(hours=1), ORA)
    assert ore.arbitra([punti, indennita])[punti.fonte_id] == indennita.fonte_id
    ferma = replace(punti, ferma=True, decisa_il=ORA + timedelta(days=9))
    assert ore.arbitra([ferma, indennita])[indennita.fonte_id] == ferma.fonte_id


def conto(tipo: TipoConto = TipoConto.NUCLEO, libro: Libro = Libro.PUNTI, titolare: str = "a") -> Conto:
    return Conto(libro, tipo, titolare)


A, B, C = conto(titolare="a"), conto(titolare="b"), conto(titolare="c")


@pytest.mark.parametrize(
    ("righe", "regola"),
    [
        ((Riga(A, 5),), "almeno due"),
        ((Riga(A, 5), Riga(B, -4)), "sommano a zero"),
        ((Riga(A, 0), Riga(B, 0)), "zero"),
        ((Riga(A, 5), Riga(A, -5)), "una volta sola"),
        ((Riga(A, 5), Riga(conto(libro=Libro.QUOTE), -5)), "stesso libro"),
    ],
)
def test_what_is_not_a_double_entry_is_refused_with_the_rule(righe: tuple[Riga, ...], regola: str) -> None:
    with pytest.raises(registro.MovimentoNonValido, match=regola):
        registro.controlla_movimento(Movimento(uuid4(), Libro.PUNTI, Causa.ACCREDITO, "k", righe, ORA))


def test_moving_nothing_is_refused() -> None:
    with pytest.raises(registro.MovimentoNonValido):
        registro.sposta(A, B, 0)


def test_an_account_is_the_same_wherever_it_is_named() -> None:
    assert A.conto_id == registro.conto_id_di("punti", "nucleo", "a")
    assert len({A.conto_id, conto(TipoConto.DONATORE).conto_id, conto(libro=Libro.QUOTE).conto_id}) == 3


def scritto(importo: int = 5, numero: int = 1) -> MovimentoScritto:
    return MovimentoScritto(
        movimento_id=UUID(int=numero),
        libro="punti",
        causa="accredito",
        chiave=f"k{numero}",
        evento_origine=None,
        storna=None,
        accaduto_il=ORA,
        registrato_il=ORA,
        dettaglio={"voce": "base", "minuti": 60},
        righe=(RigaScritta(A.conto_id, importo), RigaScritta(B.conto_id, -importo)),
    )


def test_the_seal_does_not_depend_on_the_order_of_lines_or_details_nor_on_the_time_zone() -> None:
    uno = scritto()
    roma = ORA.astimezone(tariffe.ROMA)
    altro = replace(
        uno, righe=uno.righe[::-1], dettaglio={"minuti": 60, "voce": "base"}, accaduto_il=roma, registrato_il=roma
    )
    assert registro.forma_canonica(uno) == registro.forma_canonica(altro)


@given(st.integers(2, 12), st.data())
def test_any_change_of_a_sealed_movement_is_found_at_its_link(quanti: int, dati: st.DataObject) -> None:
    movimenti = [scritto(numero=numero) for numero in range(1, quanti + 1)]
    sigilli = registro.incatena("punti", 0, registro.PRIMO_ANELLO, movimenti)
    catena: list[tuple[registro.Sigillo, MovimentoScritto | None]] = list(zip(sigilli, movimenti, strict=True))
    assert registro.primo_anello_rotto("punti", 0, registro.PRIMO_ANELLO, catena) is None
    quale = dati.draw(st.integers(0, quanti - 1))
    guasto = dati.draw(
        st.sampled_from(
            [
                (sigilli[quale], scritto(6, quale + 1)),
                (sigilli[quale], None),
                (sigilli[quale], replace(movimenti[quale], chiave="altra")),
                (sigilli[quale], replace(movimenti[quale], righe=movimenti[quale].righe[:1])),
                (replace(sigilli[quale], hash="f" * 64), movimenti[quale]),
                (replace(sigilli[quale], prev="f" * 64), movimenti[quale]),
                (replace(sigilli[quale], n=99), movimenti[quale]),
            ]
        )
    )
    catena[quale] = guasto
    rotto = registro.primo_anello_rotto("punti", 0, registro.PRIMO_ANELLO, catena)
    assert rotto is not None
    assert rotto.n == quale + 1


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


@given(importo=st.integers(1, 1000), donatore=st.integers(0, 600), nucleo=st.integers(0, 600))
def test_a_donation_takes_first_what_can_only_be_given(importo: int, donatore: int, nucleo: int) -> None:
    assume(importo <= donatore + nucleo)
    dal_donatore, dal_nucleo = donazioni.dividi_donazione(importo, donatore_cent=donatore, nucleo_cent=nucleo)
    assert dal_donatore + dal_nucleo == importo
    assert dal_donatore == min(importo, donatore)
    assert dal_nucleo <= nucleo


@pytest.mark.parametrize(
    ("al_giorno", "ultima", "contratti", "rifiuto"),
    [
        (date(2019, 5, 20), None, ["A", "B"], None),
        (date(2019, 5, 20), date(2019, 5, 20), ["A"], None),
        (date(2019, 5, 19), date(2019, 5, 20), ["A"], debiti.RilevazioneSuperata),
        (date(2019, 5, 21), None, ["A"], debiti.RilevazioneFutura),
        (date(2019, 5, 20), None, ["A", "B", "A"], debiti.ContrattoRipetuto),
    ],
)
def test_a_snapshot_is_believed_unless_it_is_older_to_come_or_repeats_itself(
    al_giorno: date, ultima: date | None, contratti: list[str], rifiuto: type[Refusal] | None
) -> None:
    def controlla() -> None:
        debiti.controlla_rilevazione(
            al_giorno=al_giorno, ultima=ultima, contratti=contratti, totale_cent=len(contratti), now=ORA
        )

    if rifiuto is None:
        controlla()
    else:
        with pytest.raises(rifiuto):
            controlla()


@pytest.mark.parametrize(
    ("fondo", "origine", "rifiuto"),
    [
        (fondi.Fondo(False, 100, 60, 60), fondi.OrigineFondo.PROGETTO, None),
        (fondi.Fondo(False, 100, 61, 61), fondi.OrigineFondo.PROGETTO, fondi.ImpegnatoSuperato),
        (fondi.Fondo(False, 0, 0, 0), fondi.OrigineFondo.COMUNE, None),
        (fondi.Fondo(False, 50, 60, 60), fondi.OrigineFondo.ALTRO, None),
        (fondi.Fondo(True, 100, 0, 0), fondi.OrigineFondo.COMUNE, fondi.ProgettoRevocato),
        (fondi.Fondo(False, 0, 0, MAX_CENTS - 39), fondi.OrigineFondo.COMUNE, fondi.FondoOltreMisura),
    ],
)
def test_only_the_project_is_bound_by_its_commitment(
    fondo: fondi.Fondo, origine: fondi.OrigineFondo, rifiuto: type[Refusal] | None
) -> None:
    if rifiuto is None:
        fondi.controlla_alimentazione(fondo, importo_cent=40, origine=origine)
    else:
        with pytest.raises(rifiuto):
            fondi.controlla_alimentazione(fondo, importo_cent=40, origine=origine)


def test_a_distinta_is_approved_then_settled_once_and_only_if_it_adds_up() -> None:
    distinte.controlla_approvazione(distinte.StatoDistinta.COMPOSTA, composta_da="uno", approva="due")
    with pytest.raises(distinte.ApprovatoreNonTerzo):
        distinte.controlla_approvazione(distinte.StatoDistinta.COMPOSTA, composta_da="uno", approva="uno")
    for stato in (distinte.StatoDistinta.APPROVATA, distinte.StatoDistinta.LIQUIDATA):
        with pytest.raises(distinte.DistintaNonApprovabile):
            distinte.controlla_approvazione(stato, composta_da="uno", approva="due")
    distinte.controlla_liquidazione(distinte.StatoDistinta.APPROVATA, totale_cent=5, righe_cent=5)
    with pytest.raises(distinte.TotaleDiverso):
        distinte.controlla_liquidazione(distinte.StatoDistinta.APPROVATA, totale_cent=5, righe_cent=4)
    with pytest.raises(distinte.DistintaNonLiquidabile):
        distinte.controlla_liquidazione(distinte.StatoDistinta.COMPOSTA, totale_cent=5, righe_cent=5)


@pytest.mark.parametrize(
    ("periodo", "estremi"),
    [
        ("2020-11", (date(2020, 11, 1), date(2020, 12, 1))),
        ("2020-12", (date(2020, 12, 1), date(2021, 1, 1))),
    ],
)
def test_a_period_is_a_month(periodo: str, estremi: tuple[date, date]) -> None:
    assert distinte.estremi_del_periodo(periodo) == estremi


@pytest.mark.parametrize("causa", list(Causa))
@pytest.mark.parametrize("importo", [-500, 500])
def test_every_movement_has_words_that_name_no_person(causa: Causa, importo: int) -> None:
    dettaglio = {"protocollo": 7, "contratto_codice": "MN-1", "minuti": 90, "voce": "base", "nucleo_id": "segreto"}
    frase = estratto.racconta_movimento(causa, importo, dettaglio, date(2019, 5, 20))
    assert frase
    assert "segreto" not in frase
    assert len(frase) <= 200
    assert estratto.voce_di(causa, importo) in estratto.VoceEstratto


@pytest.mark.parametrize(
    ("stato", "risposta", "liquidata", "atteso"),
    [
        (StatoRiduzione.LIQUIDATA, True, True, StatoRiduzione.LIQUIDATA),
        (StatoRiduzione.LIQUIDATA, True, False, StatoRiduzione.CONFERMATA),
        (StatoRiduzione.LIQUIDATA, False, False, StatoRiduzione.PRENOTATA),
        (StatoRiduzione.SCADUTA, False, False, StatoRiduzione.PRENOTATA),
        (StatoRiduzione.RESPINTA, True, False, StatoRiduzione.RESPINTA),
    ],
)
def test_a_reduction_is_told_as_it_was_then(
    stato: StatoRiduzione, risposta: bool, liquidata: bool, atteso: StatoRiduzione
) -> None:
    assert estratto.stato_al(stato, risposta_gia_data=risposta, liquidata_gia=liquidata) is atteso
