"""The hours of a project, indirect ones too: every report shows them, though unpaid."""

from dataclasses import astuple
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inclusione.documents.riepilogo import csv_riepilogo
from services.inclusione.queries import riepilogo as queries
from services.inclusione.rules.ore import OraNonValida
from services.inclusione.schemas.ore import RiepilogoOre, RiepilogoRiga
from services.inclusione.service.progetto import progetto_di


async def riepiloga_ore(session: AsyncSession, progetto_id: UUID, dal: date, al: date) -> RiepilogoOre:
    """The hours of a project between two days, by operator and service or kind of indirect work.

    Raises:
        NotFound: no such project here.
        OraNonValida: the period ends before it begins.
    """
    righe = [
        RiepilogoRiga(
            ente=riga.ente,
            diretta=riga.diretta,
            voce=riga.voce,
            persone=riga.persone,
            minuti=riga.minuti,
            minuti_firmati=riga.minuti_firmati,
            minuti_validati=riga.minuti_validati,
            costo=riga.costo_cent,
            indennita=riga.indennita_cent,
        )
        for riga in await _righe(session, progetto_id, dal, al)
    ]
    return RiepilogoOre(
        progetto_id=progetto_id,
        dal=dal,
        al=al,
        righe=righe,
        minuti_diretti=sum(riga.minuti for riga in righe if riga.diretta),
        minuti_indiretti=sum(riga.minuti for riga in righe if not riga.diretta),
        costo=sum(riga.costo for riga in righe),
        indennita=sum(riga.indennita for riga in righe),
    )


async def csv_ore(session: AsyncSession, progetto_id: UUID, dal: date, al: date) -> bytes:
    """The same as CSV.

    Raises:
        NotFound: no such project here.
        OraNonValida: the period ends before it begins.
    """
    return csv_riepilogo([astuple(riga) for riga in await _righe(session, progetto_id, dal, al)])


async def _righe(session: AsyncSession, progetto_id: UUID, dal: date, al: date) -> list[queries.RigaRiepilogo]:
    await progetto_di(session, progetto_id)
    if al < dal:
        raise OraNonValida("Il periodo finisce prima di cominciare.", field="al", remedy="Invertire i due giorni.")
    return list(await queries.ore_del_progetto(session, progetto_id, dal, al))
