"""Account numbers (encrypted) and payment files."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.inclusione.models import (
    Contributo,
    Flusso,
    FlussoRiga,
    IbanPersona,
    Liquidazione,
    PersonaCancellata,
    PersonaUnita,
    Pip,
    Segreto,
)
from services.inclusione.rules.pagamento import EsitoPagamento


@dataclass(frozen=True, slots=True)
class RigaDelFlusso:
    """A payment of a file, with the encrypted account it goes to; None when it was erased since."""

    riga: FlussoRiga
    segreto: Segreto | None


async def ultimo_iban(session: AsyncSession, persone: Collection[UUID], enti: Collection[str]) -> IbanPersona | None:
    """The account of a person under any of their ids: the last one written by some organisations.

    Args:
        enti: who wrote it; the empty name is the person.
    """
    return await session.scalar(
        sa.select(IbanPersona)
        .where(col(IbanPersona.persona_id).in_(persone), col(IbanPersona.ente).in_(enti))
        .order_by(col(IbanPersona.registrato_il).desc(), col(IbanPersona.versione).desc())
        .limit(1)
    )


async def segreto(session: AsyncSession, segreto_id: UUID) -> Segreto | None:
    """An encrypted account number."""
    return await session.get(Segreto, segreto_id)


async def stesse_di(session: AsyncSession, persone: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """For each person, the ids that are or were theirs."""
    legami = {riga.assorbita_id: riga.persona_id for riga in await session.scalars(sa.select(PersonaUnita))}

    def radice(persona: UUID) -> UUID:
        visti = {persona}
        while (sopra := legami.get(persona)) is not None and sopra not in visti:
            persona = sopra
            visti.add(persona)
        return persona

    gruppi: dict[UUID, set[UUID]] = {}
    for assorbita in legami:
        gruppi.setdefault(radice(assorbita), set()).add(assorbita)
    return {persona: {persona, radice(persona)} | gruppi.get(radice(persona), set()) for persona in persone}


async def iban_di(session: AsyncSession, persone: Collection[UUID]) -> dict[UUID, IbanPersona]:
    """The last account registered under each of some ids."""
    found = await session.scalars(
        sa.select(IbanPersona)
        .where(col(IbanPersona.persona_id).in_(persone))
        .ext(distinct_on(col(IbanPersona.persona_id)))
        .order_by(col(IbanPersona.persona_id), col(IbanPersona.versione).desc())
    )
    return {riga.persona_id: riga for riga in found}


async def conti_di(session: AsyncSession, persone: Collection[UUID]) -> Sequence[IbanPersona]:
    """The last account each organisation (and the person, whose name is empty) wrote under each of some ids."""
    found = await session.scalars(
        sa.select(IbanPersona)
        .where(col(IbanPersona.persona_id).in_(persone))
        .ext(distinct_on(col(IbanPersona.persona_id), col(IbanPersona.ente)))
        .order_by(col(IbanPersona.persona_id), col(IbanPersona.ente), col(IbanPersona.versione).desc())
    )
    return found.all()


async def cancellate(session: AsyncSession, persone: Collection[UUID]) -> set[UUID]:
    """Which of some people were erased."""
    found = await session.scalars(
        sa.select(col(PersonaCancellata.persona_id)).where(col(PersonaCancellata.persona_id).in_(persone))
    )
    return set(found)


async def dimentica_iban(session: AsyncSession, persone: Collection[UUID]) -> None:
    """Erases the accounts of people, every version of them."""
    segreti = list(
        await session.scalars(sa.select(col(IbanPersona.segreto_id)).where(col(IbanPersona.persona_id).in_(persone)))
    )
    await session.execute(sa.delete(IbanPersona).where(col(IbanPersona.persona_id).in_(persone)))
    await session.execute(sa.delete(Segreto).where(col(Segreto.segreto_id).in_(segreti)))


async def da_cifrare_di_nuovo(
    session: AsyncSession, chiave_id: str, dopo: UUID | None, limit: int
) -> Sequence[Segreto]:
    """Account numbers under other keys than the current one, under their locks, in order of id."""
    statement = sa.select(Segreto).where(col(Segreto.chiave_id) != chiave_id)
    if dopo is not None:
        statement = statement.where(col(Segreto.segreto_id) > dopo)
    found = await session.scalars(
        statement.order_by(col(Segreto.segreto_id))
        .limit(limit)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.all()


async def sotto_altre_chiavi(session: AsyncSession, chiave_id: str) -> int:
    """How many account numbers are under other keys than the current one."""
    total = await session.scalar(
        sa.select(sa.func.count()).select_from(Segreto).where(col(Segreto.chiave_id) != chiave_id)
    )
    return int(total or 0)


async def segreti_per_chiave(session: AsyncSession) -> dict[tuple[str, ...], int]:
    """How many account numbers are under each key."""
    rows = await session.execute(sa.select(col(Segreto.chiave_id), sa.func.count()).group_by(col(Segreto.chiave_id)))
    return {(row[0],): row[1] for row in rows}


async def da_inviare(session: AsyncSession, lotto_id: UUID) -> list[tuple[Liquidazione, str]]:
    """The payments of a batch that no file holds, or that the bank sent back, each with the operator it is of.

    The batch's lock is held.
    """
    inviata = sa.exists().where(
        col(FlussoRiga.liquidazione_id) == col(Liquidazione.liquidazione_id),
        col(FlussoRiga.esito) != EsitoPagamento.RESPINTO,
    )
    found = await session.execute(
        sa.select(Liquidazione, sa.func.coalesce(col(Pip.ente), col(Contributo.ente)))
        .outerjoin(Pip, col(Pip.pip_id) == col(Liquidazione.pip_id))
        .outerjoin(Contributo, col(Contributo.contributo_id) == col(Liquidazione.contributo_id))
        .where(
            col(Liquidazione.lotto_id) == lotto_id,
            col(Liquidazione.importo_cent) > col(Liquidazione.quota_morosita_cent),
            ~inviata,
        )
        .order_by(col(Liquidazione.liquidazione_id))
    )
    return [(row[0], row[1]) for row in found]


async def flussi(session: AsyncSession, lotto_id: UUID) -> Sequence[Flusso]:
    """The files of a batch, from the first."""
    found = await session.scalars(
        sa.select(Flusso).where(col(Flusso.lotto_id) == lotto_id).order_by(col(Flusso.numero)).limit(1000)
    )
    return found.all()


async def flusso(session: AsyncSession, flusso_id: UUID) -> Flusso | None:
    """A payment file."""
    return await session.get(Flusso, flusso_id)


async def righe_del_flusso(session: AsyncSession, flusso_id: UUID) -> list[RigaDelFlusso]:
    """The payments of a file with the accounts they went to, in order."""
    rows = await session.execute(
        sa.select(FlussoRiga, Segreto)
        .outerjoin(
            IbanPersona,
            sa.and_(
                col(IbanPersona.persona_id) == col(FlussoRiga.iban_persona_id),
                col(IbanPersona.versione) == col(FlussoRiga.iban_versione),
            ),
        )
        .outerjoin(Segreto, col(Segreto.segreto_id) == col(IbanPersona.segreto_id))
        .where(col(FlussoRiga.flusso_id) == flusso_id)
        .order_by(col(FlussoRiga.liquidazione_id))
    )
    return [RigaDelFlusso(row[0], row[1]) for row in rows]


async def righe_bloccate(session: AsyncSession, flusso_id: UUID) -> dict[UUID, FlussoRiga]:
    """The payments of a file under their locks."""
    found = await session.scalars(
        sa.select(FlussoRiga)
        .where(col(FlussoRiga.flusso_id) == flusso_id)
        .order_by(col(FlussoRiga.liquidazione_id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {riga.liquidazione_id: riga for riga in found}
