"""The rules about people: tax codes, age, duplicates, conditions, consents."""

import string
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.it import codicefiscale

from chassis.errors import Refusal
from services.laboratori.rules.codice_fiscale import (
    CodiceFiscaleIncoerente,
    CodiceFiscaleNonValido,
    normalizza_codice_fiscale,
    verifica_codice_fiscale,
)
from services.laboratori.rules.persone import (
    Anagrafica,
    CodiceFiscaleGiaPresente,
    DataNascitaNonValida,
    Duplicato,
    Genere,
    MotivoDuplicato,
    PersonaDiAltroLaboratorio,
    PersonaForseGiaPresente,
    PersonaNonAttiva,
    StatoPersona,
    TroppiConLaStessaNascita,
    UnioneNonValida,
    cerca_duplicati,
    chiave_nome,
    eta_anni,
    nomi_simili,
    verifica_attiva,
    verifica_contatto,
    verifica_data_nascita,
    verifica_duplicati,
    verifica_nascite,
    verifica_unione,
)
from services.laboratori.rules.profilo import (
    Condizione,
    CondizioniNonValide,
    ConsensoAssente,
    EsitoRilevazione,
    StatoConsenso,
    verifica_condizioni,
    verifica_consenso,
)
from tests.laboratori.esempi import codice_fiscale, codice_provvisorio

MESI = "ABCDEHLMPRST"
OMOCODIA = "LMNPQRSTUV"
nascite = st.dates(date(1920, 1, 1), date(2019, 12, 31))
parole = st.text(st.sampled_from(string.ascii_letters + "àèìòùéçñ'- "), min_size=1, max_size=20)


def codice_di(nascita: date, genere: Genere) -> str:
    giorno = nascita.day + (40 if genere is Genere.DONNA else 0)
    return codice_fiscale(f"RSSMRA{nascita.year % 100:02}{MESI[nascita.month - 1]}{giorno:02}H501")


@given(nascite, st.sampled_from([Genere.DONNA, Genere.UOMO]))
def test_a_code_is_coherent_with_its_own_birth_date_and_gender(nascita: date, genere: Genere) -> None:
    codice = codice_di(nascita, genere)
    assert normalizza_codice_fiscale(f" {codice.lower()} ") == codice
    verifica_codice_fiscale(codice, data_nascita=nascita, genere=genere)
    verifica_codice_fiscale(codice, data_nascita=nascita, genere=None)
    verifica_codice_fiscale(codice, data_nascita=nascita, genere=Genere.ALTRO)


@given(nascite, nascite, st.sampled_from([Genere.DONNA, Genere.UOMO]))
def test_a_code_is_incoherent_with_any_other_birth_date_of_its_century(una: date, altra: date, genere: Genere) -> None:
    stessa = (una.year % 100, una.month, una.day) == (altra.year % 100, altra.month, altra.day)
    if stessa:
        verifica_codice_fiscale(codice_di(una, genere), data_nascita=altra, genere=genere)
        return
    with pytest.raises(CodiceFiscaleIncoerente):
        verifica_codice_fiscale(codice_di(una, genere), data_nascita=altra, genere=genere)


@given(nascite, st.sampled_from([Genere.DONNA, Genere.UOMO]))
def test_a_code_is_incoherent_with_the_other_gender(nascita: date, genere: Genere) -> None:
    altro = Genere.UOMO if genere is Genere.DONNA else Genere.DONNA
    with pytest.raises(CodiceFiscaleIncoerente):
        verifica_codice_fiscale(codice_di(nascita, genere), data_nascita=nascita, genere=altro)


@given(nascite, st.integers(0, 6))
def test_a_code_with_letters_of_homocody_tells_the_same_birth_date(nascita: date, quante: int) -> None:
    base = codice_di(nascita, Genere.DONNA)[:15]
    for posto in (14, 13, 12, 10, 9, 7, 6)[:quante]:
        base = base[:posto] + OMOCODIA[int(base[posto])] + base[posto + 1 :]
    codice = normalizza_codice_fiscale(codice_fiscale(base))
    verifica_codice_fiscale(codice, data_nascita=nascita, genere=Genere.DONNA)


@given(nascite, st.sampled_from(string.ascii_uppercase))
def test_only_one_control_character_is_right(nascita: date, carattere: str) -> None:
    codice = codice_di(nascita, Genere.UOMO)
    provato = codice[:15] + carattere
    if carattere == codice[15]:
        assert normalizza_codice_fiscale(provato) == codice
        return
    with pytest.raises(CodiceFiscaleNonValido):
        normalizza_codice_fiscale(provato)


@pytest.mark.parametrize("testo", ["", "RSSMRA80A01H501", "RSSMRA80A01H501UU", "0123456789", "RSSMRA80X01H501U", "è"])
def test_what_does_not_have_the_form_of_a_code_is_refused(testo: str) -> None:
    with pytest.raises(CodiceFiscaleNonValido):
        normalizza_codice_fiscale(testo)


def test_a_provisional_code_of_eleven_digits_is_good_and_tells_nothing() -> None:
    codice = normalizza_codice_fiscale(codice_provvisorio())
    verifica_codice_fiscale(codice, data_nascita=date(1999, 9, 9), genere=Genere.DONNA)


@pytest.mark.parametrize(
    ("nascita", "giorno", "attesi"),
    [
        (date(2000, 6, 15), date(2018, 6, 14), 17),
        (date(2000, 6, 15), date(2018, 6, 15), 18),
        (date(2000, 2, 29), date(2018, 2, 28), 17),
        (date(2000, 2, 29), date(2018, 3, 1), 18),
        (date(2019, 1, 1), date(2019, 1, 1), 0),
    ],
)
def test_age_is_counted_in_completed_years(nascita: date, giorno: date, attesi: int) -> None:
    assert eta_anni(nascita, giorno) == attesi


@pytest.mark.parametrize(
    ("nascita", "buona"),
    [
        (date(2020, 1, 1), True),
        (date(2020, 1, 2), False),
        (date(1899, 1, 2), True),
        (date(1900, 1, 1), True),
        (date(1899, 1, 1), False),
    ],
)
def test_a_birth_date_is_neither_in_the_future_nor_beyond_a_hundred_and_twenty_years(
    nascita: date, buona: bool
) -> None:
    if buona:
        verifica_data_nascita(nascita, oggi=date(2020, 1, 1))
        return
    with pytest.raises(DataNascitaNonValida):
        verifica_data_nascita(nascita, oggi=date(2020, 1, 1))


@pytest.mark.parametrize(
    ("uno", "altro", "simili"),
    [
        (("Mario", "Rossi"), ("MARIO", "rossi"), True),
        (("Mario", "Rossi"), ("Rossi", "Mario"), True),
        (("Nicolò", "D'Amico"), ("Nicolo", "D Amico"), True),
        (("Fatima Zahra", "El Amrani"), ("Fatima", "El Amrani"), True),
        (("Mohamed", "Ben Ali"), ("Mohammed", "Ben Ali"), True),
        (("Giulia", "Bianchi"), ("Giulio", "Bianchi"), True),
        (("Anna", "Bianchi"), ("Marco", "Ferri"), False),
        (("Anna", "Bianchi"), ("Luisa", "Bianchi"), False),
        (("Li", "Wu"), ("Wang", "Wu"), False),
    ],
)
def test_names_are_compared_without_accents_order_or_small_slips(
    uno: tuple[str, str], altro: tuple[str, str], simili: bool
) -> None:
    assert nomi_simili(chiave_nome(*uno), chiave_nome(*altro)) is simili


@given(parole, parole, parole, parole)
def test_likeness_of_names_goes_both_ways_and_everybody_is_like_themselves(a: str, b: str, c: str, d: str) -> None:
    una, altra = chiave_nome(a, b), chiave_nome(c, d)
    assert nomi_simili(una, altra) == nomi_simili(altra, una)
    assert nomi_simili(una, una)
    assert chiave_nome(a, b) == chiave_nome(b, a)


NASCITA = date(1985, 5, 5)
UNA, DUE, TRE = UUID(int=1), UUID(int=2), UUID(int=3)
CODICE = codice_di(NASCITA, Genere.DONNA)
ALTRO_CODICE = codice_fiscale("VRDMRA85E45H501")


def test_the_same_code_comes_before_a_similar_name_and_other_codes_are_other_people() -> None:
    note = [
        (UNA, Anagrafica("Maria", "Rossi", NASCITA)),
        (DUE, Anagrafica("Marta", "Russo", date(1970, 1, 1), CODICE)),
        (TRE, Anagrafica("Maria", "Rossi", NASCITA, ALTRO_CODICE)),
    ]
    trovati = cerca_duplicati(Anagrafica("Maria", "Rossi", NASCITA, CODICE), note)
    assert trovati == (
        Duplicato(DUE, MotivoDuplicato.STESSO_CODICE),
        Duplicato(UNA, MotivoDuplicato.STESSA_NASCITA_NOME_SIMILE),
    )


def test_the_same_name_with_another_birth_date_is_another_person() -> None:
    nota = Anagrafica("Maria", "Rossi", NASCITA + timedelta(days=1))
    assert cerca_duplicati(Anagrafica("Maria", "Rossi", NASCITA), [(UNA, nota)]) == ()


def test_a_list_does_not_give_one_birth_date_to_a_crowd() -> None:
    verifica_nascite([])
    verifica_nascite([NASCITA] * 500 + [NASCITA + timedelta(days=1)] * 500)
    with pytest.raises(TroppiConLaStessaNascita):
        verifica_nascite([NASCITA] * 501)


def test_a_similar_person_may_be_forced_and_the_same_code_never() -> None:
    simile = [Duplicato(UNA, MotivoDuplicato.STESSA_NASCITA_NOME_SIMILE)]
    stesso = [*simile, Duplicato(DUE, MotivoDuplicato.STESSO_CODICE)]
    verifica_duplicati([], forza=False)
    verifica_duplicati(simile, forza=True)
    with pytest.raises(PersonaForseGiaPresente) as rifiuto:
        verifica_duplicati(simile, forza=False)
    assert rifiuto.value.items == [{"campo": "persona_id", "messaggio": str(UNA)}]
    for forza in (False, True):
        with pytest.raises(CodiceFiscaleGiaPresente):
            verifica_duplicati(stesso, forza=forza)


@given(
    st.sampled_from(EsitoRilevazione),
    st.lists(st.sampled_from(Condizione), max_size=4),
    st.none() | st.sampled_from(Condizione),
)
def test_an_answer_about_conditions_is_good_only_when_it_says_one_thing(
    esito: EsitoRilevazione, condizioni: list[Condizione], principale: Condizione | None
) -> None:
    nessuna = esito is EsitoRilevazione.NESSUNA_INDIVIDUATA and not condizioni and principale is None
    alcune = (
        esito is EsitoRilevazione.PRESENTI and len(condizioni) == len(set(condizioni)) > 0 and principale in condizioni
    )
    if nessuna or alcune:
        verifica_condizioni(esito, condizioni, principale)
        return
    with pytest.raises(CondizioniNonValide):
        verifica_condizioni(esito, condizioni, principale)


@pytest.mark.parametrize("ultimo", [None, StatoConsenso.RITIRATO])
def test_only_a_given_consent_is_taken_back(ultimo: StatoConsenso | None) -> None:
    verifica_consenso(ultimo, StatoConsenso.DATO)
    verifica_consenso(StatoConsenso.DATO, StatoConsenso.RITIRATO)
    with pytest.raises(ConsensoAssente):
        verifica_consenso(ultimo, StatoConsenso.RITIRATO)


def test_a_lab_that_knows_the_person_needs_no_proof_and_another_needs_the_birth_date() -> None:
    verifica_contatto(gia_del_laboratorio=True, data_nascita=None, nota=NASCITA)
    verifica_contatto(gia_del_laboratorio=False, data_nascita=NASCITA, nota=NASCITA)
    for data, nota in ((None, NASCITA), (date(1985, 5, 6), NASCITA), (None, None)):
        with pytest.raises(PersonaDiAltroLaboratorio):
            verifica_contatto(gia_del_laboratorio=False, data_nascita=data, nota=nota)


@pytest.mark.parametrize("stato", [StatoPersona.UNITA, StatoPersona.CANCELLATA])
def test_a_record_merged_or_erased_receives_nothing(stato: StatoPersona) -> None:
    verifica_attiva(StatoPersona.ATTIVA)
    with pytest.raises(PersonaNonAttiva):
        verifica_attiva(stato)
    with pytest.raises(UnioneNonValida):
        verifica_unione(UNA, DUE, [StatoPersona.ATTIVA, stato])


def test_a_record_is_not_merged_with_itself() -> None:
    verifica_unione(UNA, DUE, [StatoPersona.ATTIVA, StatoPersona.ATTIVA])
    with pytest.raises(UnioneNonValida):
        verifica_unione(UNA, UNA, [StatoPersona.ATTIVA, StatoPersona.ATTIVA])


def test_no_refusal_about_people_repeats_what_was_typed() -> None:
    segreto = "SGRTCN80A01H501X"
    with pytest.raises(Refusal) as rifiuto:
        normalizza_codice_fiscale(segreto)
    assert segreto not in str(rifiuto.value.problem("/v1/persone"))
    assert not codicefiscale.is_valid(segreto)
