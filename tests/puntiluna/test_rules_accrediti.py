"""Rules of tariffs, limits and credits."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.puntiluna.rules import (
    accrediti,
    tariffe,
)
from services.puntiluna.rules.accrediti import ContrattoNoto, Presenza, StatoAccredito
from services.puntiluna.rules.registro import (
    TipoConto,
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
