"""The rules about attendances, activities, labs, households and the calendar."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.laboratori.rules.attivita import (
    AttivitaNonValida,
    CapienzaInsufficiente,
    Fascia,
    Posti,
    StatoIscrizione,
    TariffaNonModificabile,
    esito_iscrizione,
    promozioni,
    verifica_attivita,
    verifica_capienza,
    verifica_modifica_tariffa,
)
from services.laboratori.rules.calendario import (
    MeseNonValido,
    Periodo,
    PeriodoNonValido,
    estremi_del_mese,
    giorno_civile,
    inizio_del_giorno,
    verifica_periodo,
)
from services.laboratori.rules.laboratori import (
    AllestimentoIncompleto,
    Apertura,
    LaboratorioNonAttivo,
    OrariNonValidi,
    StatoLaboratorio,
    in_equipe,
    ore_settimanali_minuti,
    stato_dopo_progetto,
    verifica_attivo,
    verifica_orari,
)
from services.laboratori.rules.nuclei import (
    GiaInNucleo,
    NucleoNonValido,
    NucleoPieno,
    RuoloNucleo,
    verifica_membri,
    verifica_senza_sovrapposizioni,
    verifica_spazio,
)
from services.laboratori.rules.presenze import (
    DurataNonValida,
    PresenzaFutura,
    PresenzaGiaAnnullata,
    PresenzaNonConfermata,
    RettificaSenzaEffetto,
    StatoPresenza,
    StoriaPresenza,
    annulla,
    conferma,
    minuti_in_quarti,
    rettifica,
)

ORA = datetime(2019, 11, 18, 8, 0, tzinfo=UTC)
POI = ORA + timedelta(days=1)
istanti = st.integers(0, 50 * 365 * 86_400).map(
    lambda secondi: datetime(1990, 1, 1, tzinfo=UTC) + timedelta(seconds=secondi)
)
giorni = st.dates(date(2000, 1, 1), date(2030, 1, 1))


@given(istanti, st.integers(-10, 24 * 60 + 30))
def test_only_whole_quarters_up_to_a_day_are_hours(inizio: datetime, minuti: int) -> None:
    fine = inizio + timedelta(minutes=minuti)
    if 15 <= minuti <= 1440 and minuti % 15 == 0:
        assert minuti_in_quarti(inizio, fine) == minuti
        return
    with pytest.raises(DurataNonValida):
        minuti_in_quarti(inizio, fine)


def test_a_quarter_of_an_hour_and_a_microsecond_is_not_in_quarters() -> None:
    with pytest.raises(DurataNonValida):
        minuti_in_quarti(ORA, ORA + timedelta(minutes=15, microseconds=1))


def in_stato(stato: StatoPresenza) -> StoriaPresenza:
    return StoriaPresenza(stato, 1, ORA, ORA + timedelta(hours=2))


@given(st.lists(st.sampled_from(["conferma", "rettifica", "annulla"]), max_size=12))
def test_whatever_is_asked_versions_grow_by_one_and_nothing_follows_a_cancellation(azioni: list[str]) -> None:
    storia = [in_stato(StatoPresenza.REGISTRATA)]
    for numero, azione in enumerate(azioni):
        ora = storia[-1]
        try:
            nuova: StoriaPresenza | None
            if azione == "conferma":
                nuova = conferma(ora, now=POI)
            elif azione == "rettifica":
                nuova = rettifica(ora, inizio=ORA, fine=ORA + timedelta(minutes=15 * (numero + 1)), now=POI)
            else:
                nuova = annulla(ora)
        except (PresenzaGiaAnnullata, PresenzaNonConfermata, RettificaSenzaEffetto):
            continue
        if nuova is not None:
            storia.append(nuova)
    assert [s.versione for s in storia] == list(range(1, len(storia) + 1))
    assert all(s.stato is not StatoPresenza.ANNULLATA for s in storia[:-1])
    ammessi = {
        (StatoPresenza.REGISTRATA, StatoPresenza.CONFERMATA),
        (StatoPresenza.REGISTRATA, StatoPresenza.ANNULLATA),
        (StatoPresenza.CONFERMATA, StatoPresenza.CONFERMATA),
        (StatoPresenza.CONFERMATA, StatoPresenza.ANNULLATA),
    }
    assert {(uno.stato, due.stato) for uno, due in pairwise(storia)} <= ammessi


def test_a_second_confirmation_is_no_fact() -> None:
    assert conferma(in_stato(StatoPresenza.CONFERMATA), now=POI) is None


def test_hours_are_confirmed_from_the_very_instant_they_end() -> None:
    presenza = in_stato(StatoPresenza.REGISTRATA)
    with pytest.raises(PresenzaFutura):
        conferma(presenza, now=presenza.fine - timedelta(microseconds=1))
    assert conferma(presenza, now=presenza.fine) is not None
    confermata = in_stato(StatoPresenza.CONFERMATA)
    with pytest.raises(PresenzaFutura):
        rettifica(confermata, inizio=POI, fine=POI + timedelta(hours=1), now=POI)


@given(st.integers(1, 6) | st.none(), st.lists(st.integers(0, 30), max_size=60))
def test_places_are_never_exceeded_and_nobody_waits_while_one_is_free(capienza: int | None, mosse: list[int]) -> None:
    """A number registers a newcomer when even, and withdraws one of who is there when odd: the law of the list."""
    stati: dict[int, StatoIscrizione] = {}
    prossimo = 0

    def posti() -> Posti:
        valori = list(stati.values())
        return Posti(capienza, valori.count(StatoIscrizione.ISCRITTA), valori.count(StatoIscrizione.IN_ATTESA))

    for mossa in mosse:
        vivi = [n for n, stato in stati.items() if stato is not StatoIscrizione.RITIRATA]
        if mossa % 2 == 0 or not vivi:
            stati[prossimo] = esito_iscrizione(posti())
            prossimo += 1
        else:
            stati[vivi[mossa % len(vivi)]] = StatoIscrizione.RITIRATA
            in_coda = [n for n, stato in stati.items() if stato is StatoIscrizione.IN_ATTESA]
            for n in in_coda[: promozioni(posti())]:
                stati[n] = StatoIscrizione.ISCRITTA
        ora = posti()
        assert capienza is None or ora.iscritti <= capienza
        assert ora.in_attesa == 0 or ora.liberi == 0
        in_attesa = [n for n, stato in stati.items() if stato is StatoIscrizione.IN_ATTESA]
        dentro = [n for n, stato in stati.items() if stato is StatoIscrizione.ISCRITTA]
        assert not in_attesa or max(dentro) < min(in_attesa)


@pytest.mark.parametrize(
    ("posti", "attese"),
    [
        (Posti(5, 5, 3), 0),
        (Posti(5, 4, 3), 1),
        (Posti(5, 0, 3), 3),
        (Posti(None, 9, 3), 3),
        (Posti(2, 5, 3), 0),
    ],
)
def test_as_many_are_promoted_as_places_are_free(posti: Posti, attese: int) -> None:
    assert promozioni(posti) == attese


def test_a_promised_place_is_not_taken_back() -> None:
    verifica_capienza(None, iscritti=9)
    verifica_capienza(9, iscritti=9)
    with pytest.raises(CapienzaInsufficiente):
        verifica_capienza(8, iscritti=9)


@pytest.mark.parametrize(
    ("fascia", "diretta", "categoria", "buona"),
    [
        (Fascia.BASE, True, None, True),
        (Fascia.NESSUNA, True, None, True),
        (Fascia.NESSUNA, False, "centro_aggregazione_giovanile", True),
        (Fascia.GOLD, False, "centro_aggregazione_giovanile", False),
        (Fascia.NESSUNA, False, None, False),
        (Fascia.BASE, True, "centro_aggregazione_giovanile", False),
    ],
)
def test_direct_hours_have_a_band_and_indirect_ones_a_category(
    fascia: Fascia, diretta: bool, categoria: str | None, buona: bool
) -> None:
    def prova(fine: datetime) -> None:
        verifica_attivita(inizio=ORA, fine=fine, fascia=fascia, diretta=diretta, categoria_indiretta=categoria)

    if buona:
        prova(ORA + timedelta(days=400))
        with pytest.raises(AttivitaNonValida):
            prova(ORA + timedelta(days=400, microseconds=1))
        with pytest.raises(AttivitaNonValida):
            prova(ORA)
        return
    with pytest.raises(AttivitaNonValida):
        prova(POI)


def test_the_tariff_changes_only_before_the_first_confirmed_hour() -> None:
    verifica_modifica_tariffa(cambia=True, presenze_confermate=0)
    verifica_modifica_tariffa(cambia=False, presenze_confermate=7)
    with pytest.raises(TariffaNonModificabile):
        verifica_modifica_tariffa(cambia=True, presenze_confermate=1)


@given(st.integers(1900, 2199), st.integers(1, 12))
def test_the_months_of_the_calendar_follow_each_other_without_holes(anno: int, mese: int) -> None:
    inizio, fine = estremi_del_mese(f"{anno}-{mese:02}")
    assert giorno_civile(inizio) == date(anno, mese, 1)
    assert giorno_civile(fine - timedelta(microseconds=1)).month == mese
    if (anno, mese) != (2199, 12):
        prossimo = f"{anno + mese // 12}-{mese % 12 + 1:02}"
        assert estremi_del_mese(prossimo)[0] == fine


@pytest.mark.parametrize("testo", ["2019-13", "2019-1", "20191", "", "2019-00", "1899-12", "2200-01", "２０１９-01"])
def test_what_is_not_a_month_is_refused(testo: str) -> None:
    with pytest.raises(MeseNonValido):
        estremi_del_mese(testo)


def test_a_day_in_lombardy_begins_an_hour_or_two_before_utc() -> None:
    assert inizio_del_giorno(date(2019, 1, 15)) == datetime(2019, 1, 14, 23, 0, tzinfo=UTC)
    assert inizio_del_giorno(date(2019, 7, 15)) == datetime(2019, 7, 14, 22, 0, tzinfo=UTC)


@given(giorni, giorni, giorni, giorni)
def test_two_periods_meet_when_they_share_a_day(a: date, b: date, c: date, d: date) -> None:
    uno, due = Periodo(min(a, b), max(a, b)), Periodo(min(c, d), max(c, d))
    comune = max(uno.dal, due.dal) <= min(max(a, b), max(c, d))
    assert uno.incontra(due) is due.incontra(uno) is comune
    assert Periodo(uno.dal).incontra(due) is (max(c, d) >= uno.dal)
    assert uno.contiene(due.dal) is (uno.dal <= due.dal <= max(a, b))


def test_a_period_may_last_one_day_and_never_less() -> None:
    assert verifica_periodo(date(2019, 1, 1), date(2019, 1, 1)).contiene(date(2019, 1, 1))
    with pytest.raises(PeriodoNonValido):
        verifica_periodo(date(2019, 1, 2), date(2019, 1, 1))


def test_a_household_has_somebody_and_one_holder_at_most() -> None:
    verifica_membri([RuoloNucleo.INTESTATARIO, RuoloNucleo.COMPONENTE])
    verifica_membri([RuoloNucleo.COMPONENTE])
    for ruoli in ([], [RuoloNucleo.INTESTATARIO] * 2):
        with pytest.raises(NucleoNonValido):
            verifica_membri(ruoli)


def test_the_history_of_a_household_takes_two_hundred_rows() -> None:
    verifica_spazio(199, campo="persona_id")
    with pytest.raises(NucleoPieno):
        verifica_spazio(200, campo="persona_id")


def test_a_person_leaves_a_household_the_day_before_entering_another() -> None:
    primo = Periodo(date(2015, 1, 1), date(2019, 6, 30))
    verifica_senza_sovrapposizioni([primo, Periodo(date(2019, 7, 1))])
    with pytest.raises(GiaInNucleo):
        verifica_senza_sovrapposizioni([primo, Periodo(date(2019, 6, 30))])


LUNEDI = Apertura(1, time(9), time(12))


def test_opening_hours_are_put_in_order_and_counted() -> None:
    pomeriggio, giovedi = Apertura(1, time(12), time(13, 30)), Apertura(4, time(8), time(9))
    assert verifica_orari([giovedi, pomeriggio, LUNEDI]) == (LUNEDI, pomeriggio, giovedi)
    assert ore_settimanali_minuti([LUNEDI, pomeriggio, giovedi]) == 330


@pytest.mark.parametrize(
    ("orari", "rifiuto"),
    [
        ([], AllestimentoIncompleto),
        ([Apertura(1, time(12), time(12))], OrariNonValidi),
        ([LUNEDI, Apertura(1, time(11, 59), time(13))], OrariNonValidi),
        ([LUNEDI, LUNEDI], OrariNonValidi),
    ],
)
def test_opening_hours_that_overlap_or_end_before_they_begin_are_refused(
    orari: list[Apertura], rifiuto: type[Exception]
) -> None:
    with pytest.raises(rifiuto):
        verifica_orari(orari)


@pytest.mark.parametrize(
    ("stato", "chiuso_il", "aperto"),
    [
        (StatoLaboratorio.ATTIVO, None, True),
        (StatoLaboratorio.DA_ALLESTIRE, None, False),
        (StatoLaboratorio.CHIUSO, ORA, True),
        (StatoLaboratorio.CHIUSO, ORA - timedelta(seconds=1), False),
        (StatoLaboratorio.CHIUSO, None, False),
    ],
)
def test_a_lab_works_from_its_set_up_to_its_closure(
    stato: StatoLaboratorio, chiuso_il: datetime | None, aperto: bool
) -> None:
    if aperto:
        verifica_attivo(stato, chiuso_il, istante=ORA)
        return
    with pytest.raises(LaboratorioNonAttivo):
        verifica_attivo(stato, chiuso_il, istante=ORA)


def test_only_a_revocation_or_a_withdrawal_closes_the_lab() -> None:
    stati = ("finanziato", "impegnato", "prorogato", "concluso", "rinunciato", "revocato", "uno_di_domani")
    chiudono = {
        stato for stato in stati if stato_dopo_progetto(StatoLaboratorio.ATTIVO, stato) is StatoLaboratorio.CHIUSO
    }
    assert chiudono == {"revocato", "rinunciato"}


def test_an_operator_belongs_to_the_team_from_the_first_day_to_the_last() -> None:
    periodi = [Periodo(date(2019, 1, 1), date(2019, 6, 30)), Periodo(date(2020, 1, 1))]
    dentro = [date(2019, 1, 1), date(2019, 6, 30), date(2020, 1, 1), date(2030, 1, 1)]
    fuori = [date(2018, 12, 31), date(2019, 7, 1), date(2019, 12, 31)]
    assert all(in_equipe(periodi, giorno) for giorno in dentro)
    assert not any(in_equipe(periodi, giorno) for giorno in fuori)
