"""The plan of Lunetta, before any platform: the figures of the source, by arithmetic alone."""

from collections import Counter
from itertools import combinations

from scenari.lunattiva import piano


def test_seventy_activities_give_more_than_3500_hours_and_exactly_17891_points() -> None:
    elenco = piano.attivita()
    assert Counter(a.voce for a in elenco) == {"base": 58, "silver": 4, "gold": 2, piano.CAG: 6}
    minuti = {voce: piano.minuti_di(elenco, voce) for voce in piano.PUNTI_ORA_CENT}
    assert minuti == {"base": 3458 * 60, "silver": 40 * 60, "gold": 6 * 60, piano.CAG: 54 * 60}
    assert piano.minuti_di(elenco) - minuti[piano.CAG] == 3504 * 60
    assert piano.punti_cent(elenco) == 17_891_00


def test_quarter_hours_at_five_points_alone_could_not_make_the_figure() -> None:
    quarter_cent = piano.PUNTI_ORA_CENT["base"] // 4
    assert 17_891_00 % quarter_cent
    assert piano.punti_cent([a for a in piano.attivita() if a.diretta]) % quarter_cent == 0


def test_104_people_are_active_and_nobody_is_in_two_places_at_once() -> None:
    elenco = piano.attivita()
    presenti = [(a.diretta, presenza) for a in elenco for presenza in a.presenze]
    assert len({(diretta, presenza.chi) for diretta, presenza in presenti}) == piano.ADULTI + piano.RAGAZZI == 104
    di_ciascuno: dict[tuple[bool, int], list[piano.Presenza]] = {}
    for diretta, presenza in presenti:
        di_ciascuno.setdefault((diretta, presenza.chi), []).append(presenza)
    for presenze in di_ciascuno.values():
        assert not any(a.inizio < b.fine and b.inizio < a.fine for a, b in combinations(presenze, 2))
    formazione = list(piano.giornate_di_formazione())
    for presenza in di_ciascuno[True, 0]:
        assert not any(presenza.inizio < fine and inizio < presenza.fine for inizio, fine in formazione)


def test_every_attendance_is_inside_its_activity_in_quarters_of_an_hour_before_december_2020() -> None:
    for una in piano.attivita():
        assert una.fine.date().isoformat() <= "2020-11-30"
        for presenza in una.presenze:
            assert una.inizio <= presenza.inizio < presenza.fine <= una.fine
            assert presenza.minuti % 15 == 0


def test_388_of_671_households_are_in_arrears_and_eight_active_ones_are_not() -> None:
    debiti = [piano.debito_cent(nucleo) for nucleo in range(piano.NUCLEI)]
    assert sum(debito > 0 for debito in debiti) == piano.MOROSI
    assert [nucleo for nucleo in range(piano.ADULTI) if not debiti[nucleo]] == list(piano.SENZA_MOROSITA)
    assert len({piano.contratto(nucleo) for nucleo in range(piano.NUCLEI)}) == piano.NUCLEI


def test_the_sheets_to_be_corrected_and_cancelled_are_in_the_first_season() -> None:
    prima = {a.codice: a for a in piano.attivita() if a.stagione == 0}
    assert piano.RETTIFICATA in prima
    assert piano.ANNULLATA in prima
    assert piano.ASSENTE not in {presenza.chi for presenza in prima[piano.ANNULLATA].presenze}
