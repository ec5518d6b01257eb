"""How many points would this give: attendances that may never be, evaluated like true ones and not registered."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from services.puntiluna.queries import accrediti as queries
from services.puntiluna.queries import limiti as queries_limiti
from services.puntiluna.rules.accrediti import Presenza, Spettanza, valuta
from services.puntiluna.rules.tariffe import Limite, applica_limiti
from services.puntiluna.service.limiti import chiave_limite, limiti_di, oltre_limite


@dataclass(frozen=True, slots=True)
class ProvaLimite:
    """A limit with what was counted within it before the attendance (hundredths)."""

    limite: Limite
    consumati_cent: int
    superato: bool


@dataclass(frozen=True, slots=True)
class PuntiSimulati:
    """What an attendance would give, and the limits it was tested against."""

    spettanza: Spettanza
    limiti: tuple[ProvaLimite, ...]


async def simula_punti(session: AsyncSession, presenze: Sequence[Presenza]) -> list[PuntiSimulati]:
    """Say what attendances would give, one after the other, by the tariffs of their day and all the limits together.

    Args:
        session: a transaction; nothing is written.
        presenze: the attendances, in order: what one gives counts in the limits of the next.

    Returns:
        For each its points, or the reason why none, and each limit tested.

    Source: DOMAIN, puntiluna, "Limits by data, several at once".
    """
    contesto = await queries.leggi_contesto(session, presenze)
    scelti = [limiti_di(contesto.limiti, presenza) for presenza in presenze]
    consumi = await queries_limiti.consumi_limiti(
        session,
        {
            chiave_limite(limite, presenza): (limite, presenza)
            for presenza, suoi in zip(presenze, scelti, strict=True)
            for limite in suoi
        },
        escluse=[],
    )
    simulati = []
    for presenza, suoi in zip(presenze, scelti, strict=True):
        spettanza = valuta(presenza, contesto.tariffe)
        prima = [(limite, consumi[chiave_limite(limite, presenza)]) for limite in suoi]
        esito = applica_limiti(spettanza.punti_cent, prima)
        superati = (
            {limite.limite_id for limite in (*esito.rifiutano, *esito.avvisano)} if spettanza.punti_cent else set()
        )
        if spettanza.punti_cent and esito.rifiutano:
            spettanza = oltre_limite(esito.rifiutano)
        for limite in suoi:
            consumi[chiave_limite(limite, presenza)] += spettanza.punti_cent
        prove = tuple(ProvaLimite(limite, consumati, limite.limite_id in superati) for limite, consumati in prima)
        simulati.append(PuntiSimulati(spettanza, prove))
    return simulati
