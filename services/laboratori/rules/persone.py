"""Who a person is: tax code, age, declared profile, duplicates, taking on, merging."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from enum import StrEnum
from uuid import UUID

from chassis.errors import Conflict, Forbidden, Refusal

SOGLIA_SOMIGLIANZA = 0.85


ETA_MASSIMA_ANNI = 120


STESSA_NASCITA_MASSIMO = 500


class StatoPersona(StrEnum):
    """Life of a person's record."""

    ATTIVA = "attiva"
    UNITA = "unita"
    CANCELLATA = "cancellata"


class Genere(StrEnum):
    """Declared gender; absent when not asked."""

    DONNA = "donna"
    UOMO = "uomo"
    ALTRO = "altro"


class AreaOrigine(StrEnum):
    """Area of origin.

    Source: IRS2021 figure 3.4, with Italy and the rest of Europe added for whom it does not count.
    """

    ITALIA = "italia"
    ALTRA_EUROPA = "altra_europa"
    EUROPA_ORIENTALE = "europa_orientale"
    MAGREB_VICINO_ORIENTE = "magreb_vicino_oriente"
    AFRICA_SUBSAHARIANA = "africa_subsahariana"
    ASIA = "asia"
    AMERICA_LATINA = "america_latina"
    ALTRO = "altro"


class TitoloStudio(StrEnum):
    """Education. Source: IRS2021 figure 3.5."""

    NESSUNO = "nessuno"
    LICENZA_ELEMENTARE = "licenza_elementare"
    LICENZA_MEDIA = "licenza_media"
    DIPLOMA = "diploma"
    POST_DIPLOMA_O_LAUREA = "post_diploma_o_laurea"


class Occupazione(StrEnum):
    """Occupation. Source: IRS2021 figure 3.7."""

    DISOCCUPATO = "disoccupato"
    IN_CERCA_PRIMA_OCCUPAZIONE = "in_cerca_prima_occupazione"
    INATTIVO = "inattivo"
    STUDENTE = "studente"
    OCCUPATO = "occupato"
    PENSIONATO = "pensionato"


class MotivoDuplicato(StrEnum):
    """Why two records may be the same person."""

    STESSO_CODICE = "stesso_codice"
    STESSA_NASCITA_NOME_SIMILE = "stessa_nascita_nome_simile"


class CodiceFiscaleGiaPresente(Refusal):
    """The tax code already belongs to a registered person."""

    status = 409
    title = "Codice fiscale già presente"
    registered = True


class PersonaForseGiaPresente(Refusal):
    """Somebody with the same birth date and a similar name is already registered."""

    status = 409
    title = "Persona forse già presente"
    registered = True


class TroppiConLaStessaNascita(Refusal):
    """A list gives the same birth date to a crowd."""

    status = 422
    title = "Troppe persone con la stessa nascita"


class DataNascitaNonValida(Refusal):
    """The birth date is in the future or too far in the past."""

    status = 422
    title = "Data di nascita non valida"


class PersonaNonAttiva(Refusal):
    """The record was merged into another or erased."""

    status = 409
    title = "Scheda non più attiva"


class PersonaDiAltroLaboratorio(Forbidden):
    """The person is followed elsewhere and the caller did not show to have them in front."""

    title = "Persona di un altro laboratorio"


class GiaPresaInCarico(Refusal):
    """The lab has already taken the person on."""

    status = 409
    title = "Persona già presa in carico"


class UnioneDaRipetere(Conflict):
    """While two records were being merged, one of them was registered where the other already is."""

    title = "Unione da ripetere"


class UnioneNonValida(Refusal):
    """The two records cannot be merged."""

    status = 409
    title = "Unione non possibile"


def eta_anni(data_nascita: date, giorno: date) -> int:
    """Give completed years of age on a day; who is born on 29 February completes them on 1 March of common years.

    Source: DOMAIN decision 9, "over 18" means 18 completed.
    """
    return giorno.year - data_nascita.year - ((giorno.month, giorno.day) < (data_nascita.month, data_nascita.day))


def verifica_data_nascita(data_nascita: date, *, oggi: date) -> None:
    """Check that a birth date is possible.

    Args:
        data_nascita: day of birth.
        oggi: civil day of the registration.

    Raises:
        DataNascitaNonValida: in the future, or more than 120 years ago.

    Source: project decision, a typing error must not become somebody's age.
    """
    if data_nascita > oggi:
        raise DataNascitaNonValida("La data di nascita è nel futuro.", field="data_nascita")
    if eta_anni(data_nascita, oggi) > ETA_MASSIMA_ANNI:
        raise DataNascitaNonValida(
            f"La data di nascita risale a più di {ETA_MASSIMA_ANNI} anni fa.",
            field="data_nascita",
            remedy="Controllare il secolo.",
        )


def chiave_nome(nome: str, cognome: str) -> str:
    """Reduce a name to letters only, without accents, its words in alphabetical order.

    Args:
        nome: given names.
        cognome: family names.

    Returns:
        Lower-case words separated by single blanks; the same for swapped name and surname.

    Source: DOMAIN laboratori, duplicates are detected.
    """
    piano = unicodedata.normalize("NFKD", f"{nome} {cognome}").casefold()
    senza_segni = "".join(c for c in piano if not unicodedata.combining(c))
    return " ".join(sorted(re.findall(r"[^\W\d_]+", senza_segni)))


def nomi_simili(uno: str, altro: str) -> bool:
    """Tell whether two name keys may be one person's.

    They are when all the words of the shorter (two at least) stand in the longer, or when their letters agree enough.

    Args:
        uno: key made by `chiave_nome`.
        altro: another key.

    Source: DOMAIN laboratori, same birth date and similar name; the threshold is a project decision.
    """
    parole, altre = set(uno.split()), set(altro.split())
    if min(len(parole), len(altre)) >= 2 and (parole <= altre or altre <= parole):
        return True
    primo, secondo = sorted((uno, altro))
    confronto = SequenceMatcher(None, primo, secondo, autojunk=False)
    # The first two are cheap upper bounds of the third.
    return (
        confronto.real_quick_ratio() >= SOGLIA_SOMIGLIANZA
        and confronto.quick_ratio() >= SOGLIA_SOMIGLIANZA
        and confronto.ratio() >= SOGLIA_SOMIGLIANZA
    )


@dataclass(frozen=True, slots=True)
class Anagrafica:
    """What identifies a person for the search of duplicates."""

    nome: str
    cognome: str
    data_nascita: date
    codice_fiscale: str | None = None
    chiave: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """Reduces the name once: it is compared many times."""
        object.__setattr__(self, "chiave", chiave_nome(self.nome, self.cognome))


@dataclass(frozen=True, slots=True)
class Duplicato:
    """A registered person who may be the one at the desk."""

    persona_id: UUID
    motivo: MotivoDuplicato


def cerca_duplicati(nuova: Anagrafica, note: Iterable[tuple[UUID, Anagrafica]]) -> tuple[Duplicato, ...]:
    """Find the registered persons who may be the new one.

    Two different tax codes prove two different persons, however similar their names (twins).

    Args:
        nuova: the person being registered.
        note: registered persons with the same code or the same birth date.

    Returns:
        The possible duplicates, those with the same code first, each once.

    Source: DOMAIN laboratori, duplicates are detected and merged, never silently; ADR 0028.
    """
    stesso_codice: list[Duplicato] = []
    simili: list[Duplicato] = []
    for persona_id, nota in note:
        if nuova.codice_fiscale and nota.codice_fiscale:
            if nuova.codice_fiscale == nota.codice_fiscale:
                stesso_codice.append(Duplicato(persona_id, MotivoDuplicato.STESSO_CODICE))
            continue
        if nuova.data_nascita == nota.data_nascita and nomi_simili(nuova.chiave, nota.chiave):
            simili.append(Duplicato(persona_id, MotivoDuplicato.STESSA_NASCITA_NOME_SIMILE))
    return (*stesso_codice, *simili)


def verifica_nascite(nascite: Sequence[date]) -> None:
    """Check that a list does not give one birth date to a crowd: each is compared with all the others.

    Args:
        nascite: birth dates of the people of the list.

    Raises:
        TroppiConLaStessaNascita: more than 500 share one.

    Source: ADR 0028, such a list was filled with a made-up date and no duplicate could be told in it.
    """
    if nascite and max(Counter(nascite).values()) > STESSA_NASCITA_MASSIMO:
        raise TroppiConLaStessaNascita(
            f"Più di {STESSA_NASCITA_MASSIMO} persone dell'elenco hanno la stessa data di nascita.",
            field="nuclei",
            remedy="Scrivere le date vere, oppure dividere l'elenco.",
        )


def verifica_duplicati(duplicati: Sequence[Duplicato], *, forza: bool) -> None:
    """Refuse a registration that may repeat a person.

    A similar name may be forced by the operator who has checked; a repeated tax code never, it is the same person.

    Args:
        duplicati: outcome of `cerca_duplicati`.
        forza: the operator declares to have checked that it is somebody else.

    Raises:
        CodiceFiscaleGiaPresente: a registered person has the code.
        PersonaForseGiaPresente: a similar person exists and the operator has not forced.

    Source: DOMAIN laboratori, duplicates are detected and merged, never silently; ADR 0028.
    """
    voci = [{"campo": "persona_id", "messaggio": str(d.persona_id)} for d in duplicati]
    if any(d.motivo is MotivoDuplicato.STESSO_CODICE for d in duplicati):
        raise CodiceFiscaleGiaPresente(
            "Il codice fiscale è già di una persona registrata.",
            field="codice_fiscale",
            remedy="Usare la scheda indicata in errori, con la presa in carico nel proprio laboratorio.",
            items=voci,
        )
    if duplicati and not forza:
        raise PersonaForseGiaPresente(
            "È già registrata una persona con la stessa data di nascita e un nome simile.",
            field="cognome",
            remedy="Usare la scheda indicata in errori; se è un'altra persona, ripetere con forza_duplicato.",
            items=voci,
        )


def verifica_attiva(stato: StatoPersona) -> None:
    """Check that a record may still receive facts.

    Raises:
        PersonaNonAttiva: merged into another, or erased.

    Source: DOMAIN laboratori, merge and erasure keep the pseudonym only.
    """
    if stato is not StatoPersona.ATTIVA:
        raise PersonaNonAttiva(
            "La scheda è stata unita a un'altra oppure cancellata: non riceve nuovi fatti.",
            remedy="Usare la scheda che l'ha assorbita.",
        )


def verifica_contatto(*, gia_del_laboratorio: bool, data_nascita: date | None, nota: date | None) -> None:
    """Check that a lab which takes on somebody followed elsewhere has the person in front.

    Knowing the pseudonymous id is not enough: the operator tells the birth date, as read on a document.

    Args:
        gia_del_laboratorio: the lab already knows the person.
        data_nascita: birth date told by the operator.
        nota: birth date registered.

    Raises:
        PersonaDiAltroLaboratorio: not told, or another.

    Source: DOMAIN decision 10, a desk operator sees the people of their labs; ADR 0028 for the passage.
    """
    if gia_del_laboratorio:
        return
    if data_nascita is None or data_nascita != nota:
        raise PersonaDiAltroLaboratorio(
            "La persona è seguita da un altro laboratorio.",
            field="data_nascita",
            remedy="Per prenderla in carico indicare la data di nascita letta sul documento.",
        )


def verifica_unione(persona_id: UUID, assorbita_id: UUID, stati: Sequence[StatoPersona]) -> None:
    """Check that two records may become one.

    Args:
        persona_id: record that stays.
        assorbita_id: record that is absorbed.
        stati: states of both.

    Raises:
        UnioneNonValida: the same record twice, or one no longer active.

    Source: DOMAIN laboratori, duplicates are merged, never silently.
    """
    if persona_id == assorbita_id:
        raise UnioneNonValida("Le due schede da unire sono la stessa.", field="assorbita_id")
    if any(stato is not StatoPersona.ATTIVA for stato in stati):
        raise UnioneNonValida("Una delle due schede è già stata unita o cancellata.", field="assorbita_id")


class IdentitaGiaAssociata(Refusal):
    """The subject of a token already stands for somebody else."""

    status = 409
    title = "Accesso già associato"
