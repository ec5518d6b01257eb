"""The road of every hour that becomes points: an attendance is held, then a fact is written with the state it makes.

The statements are built once, when the service starts, and go to the tables without the unit of work: two round trips.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from chassis.database import INSTANT
from services.laboratori.models import Attivita, Base, Laboratorio, Membro, Persona
from services.laboratori.rules.attivita import Fascia, StatoAttivita
from services.laboratori.rules.persone import StatoPersona
from services.laboratori.rules.presenze import TipoFatto

_PRESENZA = Base.metadata.tables["presenza"]
_FATTO = Base.metadata.tables["fatto_presenza"]
_CAMBIA = (
    "versione",
    "stato",
    "nucleo_id",
    "inizio",
    "fine",
    "minuti",
    "fascia",
    "diretta",
    "categoria_indiretta",
    "confermata_il",
    "confermata_da",
)
_DEL_FATTO = ("tipo", "motivo", "autore", "accaduto_il")


@dataclass(slots=True)
class PresenzaCorrente:
    """An attendance as its row tells it: plain values, changed freely and written by `scrivi_fatti`."""

    presenza_id: UUID
    versione: int
    stato: str
    laboratorio_id: UUID
    attivita_id: UUID
    persona_id: UUID
    iscrizione_id: UUID | None
    nucleo_id: UUID | None
    inizio: datetime
    fine: datetime
    minuti: int
    fascia: str | None
    diretta: bool | None
    categoria_indiretta: str | None
    registrata_il: datetime
    registrata_da: str
    confermata_il: datetime | None
    confermata_da: str | None


@dataclass(frozen=True, slots=True)
class NuovoFatto:
    """What a fact adds to the state it makes."""

    tipo: TipoFatto
    autore: str
    accaduto_il: datetime
    motivo: str | None = None


@dataclass(frozen=True, slots=True)
class PresenzaBloccata:
    """An attendance held for a new fact, with what the fact needs to know."""

    presenza: PresenzaCorrente
    stato_persona: StatoPersona
    nucleo_id: UUID | None
    progetto_id: UUID | None
    stato_attivita: StatoAttivita
    inizio_attivita: datetime
    fine_attivita: datetime
    fascia: Fascia
    diretta: bool
    categoria_indiretta: str | None


def _nucleo_alla_data(persona: sa.ColumnElement[UUID], inizio: sa.ColumnElement[datetime]) -> sa.ScalarSelect[UUID]:
    """The household of a person on the civil day of an instant."""
    giorno = sa.cast(sa.func.timezone("Europe/Rome", inizio), sa.Date)
    return (
        sa.select(col(Membro.nucleo_id))
        .where(
            col(Membro.persona_id) == persona,
            col(Membro.dal) <= giorno,
            sa.or_(col(Membro.al).is_(None), col(Membro.al) >= giorno),
        )
        .correlate_except(Membro)
        .scalar_subquery()
    )


_QUALI = _PRESENZA.c.presenza_id == sa.any_(sa.bindparam("presenze", type_=ARRAY(sa.Uuid)))
_TENUTE = (
    sa.select(Attivita)
    .where(col(Attivita.attivita_id).in_(sa.select(_PRESENZA.c.attivita_id).where(_QUALI)))
    .order_by(col(Attivita.attivita_id))
    .with_for_update(read=True, of=Attivita)
    .cte("tenute")
)
_PRESE = (
    sa.select(_PRESENZA)
    .where(_QUALI, _PRESENZA.c.attivita_id.in_(sa.select(_TENUTE.c.attivita_id)))
    .order_by(_PRESENZA.c.presenza_id)
    .with_for_update(key_share=True)
    .cte("prese")
)
_PERSONE = (
    sa.select(col(Persona.persona_id), col(Persona.stato))
    .where(col(Persona.persona_id).in_(sa.select(_PRESE.c.persona_id)))
    .order_by(col(Persona.persona_id))
    .with_for_update(key_share=True)
    .cte("persone")
)
_BLOCCA = (
    sa.select(
        *_PRESE.c,
        _PERSONE.c.stato.label("stato_persona"),
        _nucleo_alla_data(_PRESE.c.persona_id, _PRESE.c.inizio).label("nucleo_alla_data"),
        col(Laboratorio.progetto_id).label("progetto_id"),
        _TENUTE.c.stato.label("stato_attivita"),
        _TENUTE.c.inizio.label("inizio_attivita"),
        _TENUTE.c.fine.label("fine_attivita"),
        _TENUTE.c.fascia.label("fascia_attivita"),
        _TENUTE.c.diretta.label("diretta_attivita"),
        _TENUTE.c.categoria_indiretta.label("categoria_attivita"),
    )
    .select_from(_PRESE)
    .join(_PERSONE, _PERSONE.c.persona_id == _PRESE.c.persona_id)
    .join(_TENUTE, _TENUTE.c.attivita_id == _PRESE.c.attivita_id)
    .join(Laboratorio, col(Laboratorio.laboratorio_id) == _PRESE.c.laboratorio_id)
    .order_by(_PRESE.c.presenza_id)
)
_NUCLEI = sa.select(
    _PRESENZA.c.presenza_id, _nucleo_alla_data(_PRESENZA.c.persona_id, _PRESENZA.c.inizio).label("nucleo_alla_data")
).where(_QUALI)
_COLONNE = tuple(_PRESENZA.c.keys())


async def blocca_presenze(session: AsyncSession, presenze_id: Collection[UUID]) -> list[PresenzaBloccata]:
    """Attendances held by id and then their people held by id, with activity, project and household at their date.

    Order of the locks: the activities (shared: they do not change, others may confirm), the attendances, the people,
    each by id, so that two lists about the same people wait for each other instead of blocking each other for ever.

    The household is read as it was when the statement began: who seems to have none is asked for again under the
    locks, because a merge may have ended meanwhile and moved person and household together.
    """
    rows = (await session.execute(_BLOCCA, {"presenze": list(presenze_id)})).mappings().all()
    senza = [row["presenza_id"] for row in rows if row["nucleo_alla_data"] is None]
    trovati: dict[UUID, UUID | None] = {}
    if senza:
        trovati = {row[0]: row[1] for row in await session.execute(_NUCLEI, {"presenze": senza})}
    return [
        PresenzaBloccata(
            presenza=PresenzaCorrente(**{name: row[name] for name in _COLONNE}),
            stato_persona=StatoPersona(row["stato_persona"]),
            nucleo_id=row["nucleo_alla_data"] or trovati.get(row["presenza_id"]),
            progetto_id=row["progetto_id"],
            stato_attivita=StatoAttivita(row["stato_attivita"]),
            inizio_attivita=row["inizio_attivita"],
            fine_attivita=row["fine_attivita"],
            fascia=Fascia(row["fascia_attivita"]),
            diretta=row["diretta_attivita"],
            categoria_indiretta=row["categoria_attivita"],
        )
        for row in rows
    ]


async def nucleo_alla_presenza(session: AsyncSession, persona_id: UUID, inizio: datetime) -> UUID | None:
    """The household of a person on the civil day of an instant."""
    statement = sa.select(_nucleo_alla_data(sa.literal(persona_id), sa.literal(inizio, INSTANT)))
    found: UUID | None = await session.scalar(statement)
    return found


_NUOVA = (
    sa.update(_PRESENZA)
    .where(_PRESENZA.c.presenza_id == sa.bindparam("quale", type_=sa.Uuid))
    .values({name: sa.bindparam(f"nuovo_{name}", type_=_PRESENZA.c[name].type) for name in _CAMBIA})
    .returning(_PRESENZA)
    .cte("nuova")
)
_SCRIVI = sa.insert(_FATTO).from_select(
    ["presenza_id", "versione", "inizio", "fine", "nucleo_id", *_DEL_FATTO],
    sa.select(
        _NUOVA.c.presenza_id,
        _NUOVA.c.versione,
        _NUOVA.c.inizio,
        _NUOVA.c.fine,
        _NUOVA.c.nucleo_id,
        *(sa.bindparam(f"fatto_{name}", type_=_FATTO.c[name].type) for name in _DEL_FATTO),
    ),
)


async def scrivi_fatti(session: AsyncSession, coppie: Sequence[tuple[PresenzaCorrente, NuovoFatto]]) -> None:
    """Writes facts with the states they make, of attendances held by this transaction."""
    if not coppie:
        return
    values = [
        {"quale": presenza.presenza_id}
        | {f"nuovo_{name}": getattr(presenza, name) for name in _CAMBIA}
        | {f"fatto_{name}": getattr(fatto, name) for name in _DEL_FATTO}
        for presenza, fatto in coppie
    ]
    await session.execute(_SCRIVI, values[0] if len(values) == 1 else values)
