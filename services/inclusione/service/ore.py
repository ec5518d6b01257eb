"""Hours: registered, signed, validated (all in bulk, refused one by one), annulled; paid once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound, Refusal
from chassis.ruoli import Ruolo
from chassis.tokens import Principal
from services.inclusione.models import Ora, Pip
from services.inclusione.queries import ore as queries
from services.inclusione.queries import pip as queries_pip
from services.inclusione.queries.ore import OraLetta
from services.inclusione.rules.ore import (
    verifica_passo,
)
from services.inclusione.rules.pip import MetodoFirma
from services.inclusione.rules.stati import StatoOra
from services.inclusione.schemas.ore import EsitoOre, RigaRifiutata


@dataclass(slots=True)
class Esiti:
    """What came of each row of a bulk request."""

    fatte: list[UUID]
    rifiutate: list[RigaRifiutata]

    def rifiuta(self, riga: int, ore_id: UUID | None, refusal: Refusal) -> None:
        """Adds a refused row."""
        self.rifiutate.append(
            RigaRifiutata(riga=riga, ore_id=ore_id, tipo=refusal.slug(), messaggio=refusal.detail[:2000])
        )

    def vista(self) -> EsitoOre:
        """The answer."""
        return EsitoOre(fatte=self.fatte, rifiutate=self.rifiutate)


async def di_chi_chiama(session: AsyncSession, bloccati: dict[UUID, Pip], principal: Principal) -> dict[UUID, Pip]:
    """Of the plans whose locks are held, those the caller works on: the operator's own, or of the lead's projects."""
    capofila = await queries_pip.capofila_dei_progetti(session, {pip.progetto_id for pip in bloccati.values()})
    operatore = principal.has(Ruolo.OPERATORE_ACCREDITATO)
    funzionario = principal.has(Ruolo.FUNZIONARIO_COMUNE)
    return {
        pip_id: pip
        for pip_id, pip in bloccati.items()
        if principal.ente is not None
        and (
            (operatore and pip.ente == principal.ente)
            or (funzionario and capofila.get(pip.progetto_id) == principal.ente)
        )
    }


def sconosciuto() -> NotFound:
    """Neither a plan nor an hour of the caller's."""
    return NotFound("Il piano o l'ora non esiste fra quelli di chi chiama.")


async def per_riga(
    session: AsyncSession,
    identita: Sequence[UUID],
    principal: Principal,
    passo: Callable[[OraLetta, Pip], None],
    esiti: Esiti,
    *,
    bloccati: dict[UUID, Pip],
) -> None:
    """Runs a step on each hour of a bulk request; a refused one leaves the others alone.

    Args:
        bloccati: the plans of the hours, under their locks.
    """
    piani = await di_chi_chiama(session, bloccati, principal)
    righe = await queries.ore_lette(session, identita)
    for posizione, ore_id in enumerate(identita):
        try:
            ora = righe.get(ore_id)
            pip = piani.get(ora.pip_id) if ora is not None else None
            if ora is None or pip is None:
                raise sconosciuto()
            passo(ora, pip)
        except Refusal as refusal:
            esiti.rifiuta(posizione, ore_id, refusal)
            continue
        esiti.fatte.append(ore_id)


async def firma_ore(
    session: AsyncSession, identita: Sequence[UUID], metodo: MetodoFirma, *, principal: Principal, now: datetime
) -> EsitoOre:
    """Records the person's signature on registered hours."""
    esiti = Esiti([], [])
    firmate: set[UUID] = set()

    def passo(ora: OraLetta, pip: Pip) -> None:
        del pip
        stato = StatoOra.FIRMATA if ora.ore_id in firmate else ora.stato
        verifica_passo(stato, StatoOra.FIRMATA, diretta=ora.diretta)
        firmate.add(ora.ore_id)

    bloccati = await queries_pip.blocca_piani(session, await queries.piani_delle_ore(session, identita))
    await per_riga(session, identita, principal, passo, esiti, bloccati=bloccati)
    await queries.segna_firmate(session, esiti.fatte, metodo.value, now)
    return esiti.vista()


async def elenca_ore(
    session: AsyncSession, pip_id: UUID, *, dopo: tuple[str, UUID] | None, limit: int
) -> Sequence[Ora]:
    """The hours of a plan, in order of time."""
    return await queries.ore_del_pip(session, pip_id, dopo=dopo, limit=limit)
