"""People: registered without repeating anybody, completed, taken on, named to other services for a purpose."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound, Refusal
from chassis.ids import uuid7
from chassis.outbox import emit
from services.laboratori.events import PersonaPresaInCarico
from services.laboratori.models import Laboratorio, Persona, PersonaEnte, PersonaLaboratorio
from services.laboratori.queries import persone as queries
from services.laboratori.queries import proprieta
from services.laboratori.rules.calendario import giorno_civile
from services.laboratori.rules.codice_fiscale import normalizza_codice_fiscale, verifica_codice_fiscale
from services.laboratori.rules.persone import (
    Anagrafica,
    CodiceFiscaleGiaPresente,
    Duplicato,
    GiaPresaInCarico,
    StatoPersona,
    cerca_duplicati,
    verifica_attiva,
    verifica_contatto,
    verifica_data_nascita,
    verifica_duplicati,
    verifica_nascite,
)
from services.laboratori.schemas.persone import (
    PersonaAggiornata,
    PersonaCreata,
    PersonaNuova,
    PersonaScheda,
    PersonaTrovata,
    PersoneTrovate,
    PresaInCaricoNuova,
    PresaInCaricoVista,
    RicercaPersone,
)
from services.laboratori.service.laboratori import laboratorio_attivo
from services.laboratori.service.vincoli import rifiuti_del_database

VersionCheck = Callable[[int], None]


def _codice_gia_presente() -> Refusal:
    return CodiceFiscaleGiaPresente("Il codice fiscale è già di una persona registrata.", field="codice_fiscale")


GIA_PRESENTE = {"uq_persona_codice_fiscale": _codice_gia_presente}


async def trova_persona(session: AsyncSession, persona_id: UUID, *, lock: bool = False) -> Persona:
    """Give a person.

    Raises:
        NotFound: there is none with that id.
    """
    found = await queries.persona(session, persona_id, lock=lock)
    if found is None:
        raise NotFound("La persona non esiste.", field="persona_id")
    return found


def _codice(corpo: PersonaNuova | PersonaAggiornata, now: datetime) -> str | None:
    """The canonical tax code of a sheet, checked against the rest of it."""
    verifica_data_nascita(corpo.data_nascita, oggi=giorno_civile(now))
    if corpo.codice_fiscale is None:
        return None
    codice = normalizza_codice_fiscale(corpo.codice_fiscale)
    verifica_codice_fiscale(codice, data_nascita=corpo.data_nascita, genere=corpo.genere)
    return codice


def _anagrafica(persona: Persona) -> Anagrafica:
    assert persona.nome is not None
    assert persona.cognome is not None
    assert persona.data_nascita is not None
    return Anagrafica(persona.nome, persona.cognome, persona.data_nascita, persona.codice_fiscale)


def nuova_persona(corpo: PersonaNuova, codice_fiscale: str | None, *, autore: str, now: datetime) -> Persona:
    """Make the record of a person, not yet written."""
    profilo = corpo.model_dump(mode="json", exclude={"forza_duplicato", "data_nascita", "codice_fiscale"})
    return Persona(
        persona_id=uuid7(),
        versione=1,
        stato=StatoPersona.ATTIVA.value,
        data_nascita=corpo.data_nascita,
        codice_fiscale=codice_fiscale,
        creata_il=now,
        creata_da=autore,
        aggiornata_il=now,
        **profilo,
    )


async def prepara_persone(
    session: AsyncSession, corpi: Mapping[str, PersonaNuova], *, autore: str, now: datetime
) -> tuple[dict[str, Persona], dict[str, Refusal]]:
    """Make the records of several people, looking for duplicates among who is registered and among themselves.

    The registrations of people born on those days wait for this one.

    Args:
        corpi: sheets by the name of their row.
        autore: subject of who registers.
        now: platform instant.

    Returns:
        Records by row, not yet written, and the refusal of each row that has one.

    Raises:
        TroppiConLaStessaNascita: a crowd with one birth date.

    Source: DOMAIN laboratori, duplicates are detected and merged, never silently; ADR 0028.
    """
    codici: dict[str, str | None] = {}
    rifiuti: dict[str, Refusal] = {}
    for riga, corpo in corpi.items():
        try:
            codici[riga] = _codice(corpo, now)
        except Refusal as refusal:
            rifiuti[riga] = refusal
    verifica_nascite([corpo.data_nascita for corpo in corpi.values()])
    nascite = {corpo.data_nascita for corpo in corpi.values()}
    await queries.riserva_registrazioni(session, nascite)
    noti: dict[object, list[tuple[UUID, Anagrafica]]] = {}

    def ricorda(persona: Persona) -> None:
        for chiave in {persona.data_nascita, persona.codice_fiscale} - {None}:
            noti.setdefault(chiave, []).append((persona.persona_id, _anagrafica(persona)))

    for nota in await queries.possibili_stesse_persone(session, {c for c in codici.values() if c}, nascite):
        ricorda(nota)
    persone: dict[str, Persona] = {}
    for riga, codice in codici.items():
        corpo = corpi[riga]
        candidati = dict([*noti.get(corpo.data_nascita, []), *noti.get(codice, [])])
        nuova = Anagrafica(corpo.nome, corpo.cognome, corpo.data_nascita, codice)
        try:
            duplicati: Sequence[Duplicato] = cerca_duplicati(nuova, candidati.items())
            verifica_duplicati(duplicati, forza=corpo.forza_duplicato)
        except Refusal as refusal:
            rifiuti[riga] = refusal
            continue
        persone[riga] = nuova_persona(corpo, codice, autore=autore, now=now)
        ricorda(persone[riga])
    return persone, rifiuti


async def _registra(session: AsyncSession, corpo: PersonaNuova, *, autore: str, now: datetime) -> Persona:
    persone, rifiuti = await prepara_persone(session, {"": corpo}, autore=autore, now=now)
    if rifiuti:
        raise rifiuti[""]
    persona = persone[""]
    session.add(persona)
    async with rifiuti_del_database(session, GIA_PRESENTE):
        pass
    return persona


async def registra_persona(
    session: AsyncSession, laboratorio_id: UUID, corpo: PersonaNuova, *, autore: str, now: datetime
) -> PersonaCreata:
    """Register a person at a lab's desk.

    Args:
        laboratorio_id: the lab, which knows the person from now on.
        corpo: the sheet.
        autore: subject of the operator.
        now: platform instant.

    Returns:
        The pseudonym.

    Raises:
        NotFound: there is no such lab.
        LaboratorioNonAttivo: the lab is not open.
        CodiceFiscaleNonValido: wrong code.
        CodiceFiscaleIncoerente: the code tells another birth date or gender.
        DataNascitaNonValida: impossible birth date.
        CodiceFiscaleGiaPresente: a registered person has the code.
        PersonaForseGiaPresente: a similar person is registered and the operator has not forced.

    Source: DOMAIN laboratori, few mandatory fields, duplicates never silently.
    """
    await laboratorio_attivo(session, laboratorio_id, istante=now)
    persona = await _registra(session, corpo, autore=autore, now=now)
    session.add(PersonaLaboratorio(persona_id=persona.persona_id, laboratorio_id=laboratorio_id, conosciuta_il=now))
    await session.flush()
    return PersonaCreata(persona_id=persona.persona_id, versione=persona.versione)


async def registra_persona_ente(
    session: AsyncSession, ente: str, corpo: PersonaNuova, *, autore: str, now: datetime
) -> PersonaCreata:
    """Register a person for an accredited operator's organisation; refusals as at the desk.

    Source: DOMAIN decision 1, accredited operators register their people here.
    """
    persona = await _registra(session, corpo, autore=autore, now=now)
    session.add(PersonaEnte(persona_id=persona.persona_id, ente=ente, conosciuta_il=now))
    await session.flush()
    return PersonaCreata(persona_id=persona.persona_id, versione=persona.versione)


async def leggi_persona(session: AsyncSession, persona_id: UUID, *, now: datetime) -> PersonaScheda:
    """Give the sheet of a person, whatever its state.

    Raises:
        NotFound: there is none with that id.
    """
    persona = await trova_persona(session, persona_id)
    legami = await queries.legami_laboratori(session, persona_id)
    return PersonaScheda.di(
        persona,
        nucleo_id=await proprieta.nucleo_del(session, persona_id, giorno_civile(now)),
        laboratori=[legame.laboratorio_id for legame in legami],
        in_carico=[legame.laboratorio_id for legame in legami if legame.presa_in_carico_il is not None],
    )


async def cerca_persone(
    session: AsyncSession, corpo: RicercaPersone, *, laboratori: Collection[UUID], ente: str | None
) -> PersoneTrovate:
    """Search among the people the caller follows, fifty at most.

    Raises:
        CodiceFiscaleNonValido: wrong code.
    """
    codice = normalizza_codice_fiscale(corpo.codice_fiscale) if corpo.codice_fiscale else None
    trovate = await queries.cerca(
        session,
        laboratori=laboratori,
        ente=ente,
        codice_fiscale=codice,
        testo=corpo.testo,
        data_nascita=corpo.data_nascita,
        limite=50,
    )
    return PersoneTrovate(items=[PersonaTrovata.model_validate(persona) for persona in trovate])


async def aggiorna_persona(
    session: AsyncSession, persona_id: UUID, corpo: PersonaAggiornata, *, check_version: VersionCheck, now: datetime
) -> PersonaScheda:
    """Complete or correct the sheet of a person.

    Raises:
        NotFound: there is none with that id.
        PersonaNonAttiva: merged or erased.
        CodiceFiscaleGiaPresente: the code belongs to somebody else.
        CodiceFiscaleNonValido: wrong code.
        CodiceFiscaleIncoerente: the code tells another birth date or gender.
        DataNascitaNonValida: impossible birth date.

    Source: DOMAIN laboratori, few mandatory fields, the rest later.
    """
    persona = await trova_persona(session, persona_id, lock=True)
    check_version(persona.versione)
    verifica_attiva(StatoPersona(persona.stato))
    codice = _codice(corpo, now)
    for name, value in corpo.model_dump(mode="json", exclude={"data_nascita", "codice_fiscale"}).items():
        setattr(persona, name, value)
    persona.data_nascita = corpo.data_nascita
    persona.codice_fiscale = codice
    persona.versione += 1
    persona.aggiornata_il = now
    async with rifiuti_del_database(session, GIA_PRESENTE):
        pass
    return await leggi_persona(session, persona_id, now=now)


async def accoglie_persona(
    session: AsyncSession, laboratorio_id: UUID, corpo: PresaInCaricoNuova, *, now: datetime
) -> PersonaCreata:
    """Let a lab know a person registered elsewhere, who has come to its desk.

    Raises:
        NotFound: no such lab or person.
        PersonaNonAttiva: merged or erased.
        PersonaDiAltroLaboratorio: the operator did not tell the birth date.

    Source: DOMAIN decision 10; ADR 0028 for the passage between labs.
    """
    await laboratorio_attivo(session, laboratorio_id, istante=now)
    persona = await trova_persona(session, corpo.persona_id, lock=True)
    verifica_attiva(StatoPersona(persona.stato))
    await _conosci(session, persona, laboratorio_id, corpo, now=now)
    return PersonaCreata(persona_id=persona.persona_id, versione=persona.versione)


async def _conosci(
    session: AsyncSession, persona: Persona, laboratorio_id: UUID, corpo: PresaInCaricoNuova, *, now: datetime
) -> PersonaLaboratorio:
    legame = await queries.legame(session, persona.persona_id, laboratorio_id)
    verifica_contatto(
        gia_del_laboratorio=legame is not None, data_nascita=corpo.data_nascita, nota=persona.data_nascita
    )
    if legame is None:
        legame = PersonaLaboratorio(persona_id=persona.persona_id, laboratorio_id=laboratorio_id, conosciuta_il=now)
        session.add(legame)
        await session.flush()
    return legame


async def prende_in_carico(
    session: AsyncSession, laboratorio_id: UUID, corpo: PresaInCaricoNuova, *, autore: str, now: datetime
) -> PresaInCaricoVista:
    """Take a person on: the prerequisite of a PIP.

    Args:
        laboratorio_id: the lab.
        corpo: the person; with the birth date if another lab follows them.
        autore: subject of the operator.
        now: platform instant, when it happens.

    Returns:
        What was registered.

    Raises:
        NotFound: no such lab or person.
        LaboratorioNonAttivo: the lab is not open.
        PersonaNonAttiva: merged or erased.
        PersonaDiAltroLaboratorio: followed elsewhere and the birth date was not told.
        GiaPresaInCarico: the lab has done it already.

    Source: DOMAIN glossary, presa in carico.
    """
    laboratorio = await laboratorio_attivo(session, laboratorio_id, istante=now)
    persona = await trova_persona(session, corpo.persona_id, lock=True)
    verifica_attiva(StatoPersona(persona.stato))
    legame = await _conosci(session, persona, laboratorio_id, corpo, now=now)
    if legame.presa_in_carico_il is not None:
        raise GiaPresaInCarico("Il laboratorio ha già preso in carico la persona.", field="persona_id")
    nucleo_id = await proprieta.nucleo_del(session, persona.persona_id, giorno_civile(now))
    evento = segna_presa_in_carico(persona, legame, laboratorio, nucleo_id=nucleo_id, autore=autore, now=now)
    await emit(session, evento, now=now)
    return PresaInCaricoVista(
        persona_id=persona.persona_id, laboratorio_id=laboratorio_id, presa_in_carico_il=evento.presa_in_carico_il
    )


def segna_presa_in_carico(
    persona: Persona,
    legame: PersonaLaboratorio,
    laboratorio: Laboratorio,
    *,
    nucleo_id: UUID | None,
    autore: str,
    now: datetime,
) -> PersonaPresaInCarico:
    """Write down that a lab has taken a person on, and give the event to emit."""
    legame.presa_in_carico_il = now
    legame.presa_in_carico_da = autore
    persona.versione += 1
    persona.aggiornata_il = now
    return PersonaPresaInCarico(
        persona_id=persona.persona_id,
        versione=persona.versione,
        laboratorio_id=laboratorio.laboratorio_id,
        progetto_id=laboratorio.progetto_id,
        nucleo_id=nucleo_id,
        presa_in_carico_il=now,
    )
