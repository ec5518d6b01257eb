"""Households registered, one or a whole list: everything is checked first, then all of it is written, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound, Refusal
from chassis.events import Event
from chassis.ids import uuid7
from chassis.outbox import emit
from services.laboratori.events import ContrattoNucleo, MembroNucleo, NucleoAggiornato
from services.laboratori.models import Contratto, Laboratorio, Membro, Nucleo, Persona, PersonaLaboratorio
from services.laboratori.queries import nuclei as queries
from services.laboratori.queries import persone as queries_persone
from services.laboratori.rules.calendario import Periodo, giorno_civile, verifica_periodo
from services.laboratori.rules.nuclei import (
    ContrattoGiaAssegnato,
    ElencoRespinto,
    GiaInNucleo,
    verifica_membri,
    verifica_senza_sovrapposizioni,
)
from services.laboratori.rules.persone import PersonaDiAltroLaboratorio, StatoPersona, verifica_attiva
from services.laboratori.schemas.nuclei import (
    MembroNuovo,
    NucleiCreati,
    NucleoCreato,
    NucleoNuovo,
)
from services.laboratori.schemas.persone import PersonaNuova
from services.laboratori.service.laboratori import laboratorio_attivo
from services.laboratori.service.persone import GIA_PRESENTE, prepara_persone, segna_presa_in_carico
from services.laboratori.service.vincoli import rifiuti_del_database


def _gia_in_nucleo() -> Refusal:
    return GiaInNucleo(
        "La persona appartiene già a un nucleo in quel periodo.",
        field="persona_id",
        remedy="Registrare prima l'uscita dal nucleo precedente.",
    )


def contratto_assegnato() -> Refusal:
    """The refusal of a contract that is already a household's."""
    return ContrattoGiaAssegnato(
        "Il contratto appartiene già a un nucleo in quel periodo.",
        field="contratto_codice",
        remedy="Controllare il codice, oppure cessare prima il contratto dell'altro nucleo.",
    )


DIFETTI_MASSIMI = 1000
VINCOLI = GIA_PRESENTE | {
    "ex_membro_un_nucleo_alla_volta": _gia_in_nucleo,
    "ex_contratto_un_nucleo_alla_volta": contratto_assegnato,
}


@dataclass(slots=True)
class Bozza:
    """A household being registered: its rows, not yet written."""

    nucleo: Nucleo
    persone: list[Persona]
    membri: list[Membro]
    contratti: list[Contratto]


@dataclass(slots=True)
class Elenco:
    """What is known while a list of households is checked, and what is wrong with it."""

    note: dict[UUID, Persona]
    nuove: dict[str, Persona]
    conosciute: set[UUID]
    periodi: dict[UUID, list[Periodo]]
    contratti: dict[tuple[str, str], list[Periodo]]
    errori: list[tuple[str, Refusal]] = field(default_factory=list)


def _righe_persone(nuclei: Sequence[NucleoNuovo]) -> dict[str, PersonaNuova]:
    return {
        f"nuclei.{n}.membri.{m}": membro.persona
        for n, nucleo in enumerate(nuclei)
        for m, membro in enumerate(nucleo.membri)
        if membro.persona is not None
    }


async def leggi_elenco(
    session: AsyncSession, laboratorio_id: UUID, nuclei: Sequence[NucleoNuovo], *, autore: str, now: datetime
) -> Elenco:
    """Reads at once all that is needed to check a list."""
    nuove, rifiuti = await prepara_persone(session, _righe_persone(nuclei), autore=autore, now=now)
    esistenti = {m.persona_id for nucleo in nuclei for m in nucleo.membri if m.persona_id is not None}
    codici = {(c.ente_proprietario, c.contratto_codice) for nucleo in nuclei for c in nucleo.contratti}
    note = await queries_persone.persone(session, esistenti, lock=True)
    appartenenze = await queries.appartenenze(session, esistenti)
    contratti: dict[tuple[str, str], list[Periodo]] = {}
    for contratto in await queries.contratti_con_codice(session, codici):
        chiave = (contratto.ente_proprietario, contratto.contratto_codice)
        contratti.setdefault(chiave, []).append(Periodo(contratto.dal, contratto.al))
    return Elenco(
        note=note,
        nuove=nuove,
        conosciute=await queries_persone.conosciute(session, laboratorio_id, esistenti),
        periodi={chi: [Periodo(m.dal, m.al) for m in membri] for chi, membri in appartenenze.items()},
        contratti=contratti,
        errori=list(rifiuti.items()),
    )


def _persona_del_membro(elenco: Elenco, riga: str, membro: MembroNuovo) -> Persona | None:
    """The person of a row: new, or known to the lab and active. None when the row was already refused."""
    if membro.persona_id is None:
        return elenco.nuove.get(riga)
    persona = elenco.note.get(membro.persona_id)
    if persona is None:
        raise NotFound("La persona non esiste.", field="persona_id")
    verifica_attiva(StatoPersona(persona.stato))
    if persona.persona_id not in elenco.conosciute:
        raise PersonaDiAltroLaboratorio("La persona non è seguita da questo laboratorio.", field="persona_id")
    return persona


def componi(elenco: Elenco, numero: int, corpo: NucleoNuovo, nucleo: Nucleo) -> Bozza:
    """Makes the rows of one household; what is wrong goes among the errors of the list."""
    bozza = Bozza(nucleo, [], [], [])
    try:
        verifica_membri([membro.ruolo for membro in corpo.membri])
    except Refusal as refusal:
        elenco.errori.append((f"nuclei.{numero}", refusal))
    for m, membro in enumerate(corpo.membri):
        riga = f"nuclei.{numero}.membri.{m}"
        try:
            persona = _persona_del_membro(elenco, riga, membro)
            if persona is None:
                continue
            periodi = elenco.periodi.setdefault(persona.persona_id, [])
            verifica_senza_sovrapposizioni([*periodi, Periodo(membro.dal)])
        except Refusal as refusal:
            elenco.errori.append((riga, refusal))
            continue
        periodi.append(Periodo(membro.dal))
        bozza.persone.append(persona)
        bozza.membri.append(
            Membro(
                membro_id=uuid7(),
                nucleo_id=nucleo.nucleo_id,
                persona_id=persona.persona_id,
                ruolo=membro.ruolo.value,
                dal=membro.dal,
                al=None,
            )
        )
    for c, contratto in enumerate(corpo.contratti):
        try:
            periodo = verifica_periodo(contratto.dal, contratto.al)
            altri = elenco.contratti.setdefault((contratto.ente_proprietario, contratto.contratto_codice), [])
            if any(periodo.incontra(altro) for altro in altri):
                raise contratto_assegnato()
        except Refusal as refusal:
            elenco.errori.append((f"nuclei.{numero}.contratti.{c}", refusal))
            continue
        altri.append(periodo)
        bozza.contratti.append(Contratto(contratto_id=uuid7(), nucleo_id=nucleo.nucleo_id, **contratto.model_dump()))
    return bozza


async def registra_nuclei(
    session: AsyncSession, laboratorio_id: UUID, nuclei: Sequence[NucleoNuovo], *, autore: str, now: datetime
) -> NucleiCreati:
    """Register households with their people and contracts: all of them, or none with the defects of each row.

    Args:
        laboratorio_id: the lab that follows them.
        nuclei: up to 500 households.
        autore: subject of the operator.
        now: platform instant.

    Returns:
        The ids, in the order of the list; within each, people in the order they were told.

    Raises:
        NotFound: there is no such lab.
        LaboratorioNonAttivo: the lab is not open.
        ElencoRespinto: what is wrong, row by row (duplicates, periods, contracts, people of other labs).

    Source: DOMAIN laboratori, household with members over time and tenancy contracts with landlord.
    """
    laboratorio = await laboratorio_attivo(session, laboratorio_id, istante=now)
    elenco = await leggi_elenco(session, laboratorio_id, nuclei, autore=autore, now=now)
    bozze = [
        componi(
            elenco,
            numero,
            corpo,
            Nucleo(nucleo_id=uuid7(), versione=1, laboratorio_id=laboratorio_id, creato_il=now, creato_da=autore),
        )
        for numero, corpo in enumerate(nuclei)
    ]
    _respingi(elenco.errori, len(nuclei))
    await _scrivi(session, laboratorio, elenco, bozze, nuclei, autore=autore, now=now)
    return NucleiCreati(
        items=[NucleoCreato(nucleo_id=b.nucleo.nucleo_id, persone=[p.persona_id for p in b.persone]) for b in bozze]
    )


def _respingi(errori: list[tuple[str, Refusal]], quanti: int) -> None:
    if not errori:
        return
    items: list[dict[str, str]] = []
    for riga, refusal in errori:
        campo = f"{riga}.{refusal.field}" if refusal.field else riga
        items.append({"campo": campo, "messaggio": refusal.detail})
        items.extend({"campo": f"{riga}.{voce['campo']}", "messaggio": voce["messaggio"]} for voce in refusal.items)
    raise ElencoRespinto(
        f"L'elenco di {quanti} nuclei ha {len(errori)} difetti: non ne è stato scritto nessuno.",
        remedy="Correggere le righe elencate in errori e ripetere.",
        items=items[:DIFETTI_MASSIMI],
    )


async def _scrivi(
    session: AsyncSession,
    laboratorio: Laboratorio,
    elenco: Elenco,
    bozze: Sequence[Bozza],
    nuclei: Sequence[NucleoNuovo],
    *,
    autore: str,
    now: datetime,
) -> None:
    """Writes a checked list and its events."""
    legami = {
        persona.persona_id: PersonaLaboratorio(
            persona_id=persona.persona_id, laboratorio_id=laboratorio.laboratorio_id, conosciuta_il=now
        )
        for persona in elenco.nuove.values()
    }
    eventi: list[Event] = []
    async with rifiuti_del_database(session, VINCOLI):
        session.add_all(elenco.nuove.values())
        session.add_all(bozza.nucleo for bozza in bozze)
        await session.flush()
        session.add_all(legami.values())
        for bozza, corpo in zip(bozze, nuclei, strict=True):
            session.add_all(bozza.membri)
            session.add_all(bozza.contratti)
            eventi.append(evento_nucleo(bozza.nucleo, laboratorio.progetto_id, bozza.membri, bozza.contratti))
            for persona, membro in zip(bozza.persone, corpo.membri, strict=True):
                if not membro.presa_in_carico:
                    continue
                legame = legami.get(persona.persona_id) or await queries_persone.legame(
                    session, persona.persona_id, laboratorio.laboratorio_id
                )
                if legame is not None and legame.presa_in_carico_il is None:
                    nucleo_id = bozza.nucleo.nucleo_id if membro.dal <= giorno_civile(now) else None
                    eventi.append(
                        segna_presa_in_carico(persona, legame, laboratorio, nucleo_id=nucleo_id, autore=autore, now=now)
                    )
    await emit(session, *eventi, now=now)


def evento_nucleo(
    nucleo: Nucleo, progetto_id: UUID | None, membri: Sequence[Membro], contratti: Sequence[Contratto]
) -> NucleoAggiornato:
    """Make the event that tells the whole state of a household."""
    return NucleoAggiornato(
        nucleo_id=nucleo.nucleo_id,
        versione=nucleo.versione,
        progetto_id=progetto_id,
        membri=[MembroNucleo(persona_id=m.persona_id, dal=m.dal, al=m.al) for m in membri],
        contratti=[
            ContrattoNucleo(
                contratto_codice=c.contratto_codice, ente_proprietario=c.ente_proprietario, dal=c.dal, al=c.al
            )
            for c in contratti
        ],
    )
