"""Limits on points, tested together while attendances are evaluated."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.ids import uuid7
from services.puntiluna.queries import accrediti as queries
from services.puntiluna.queries import limiti as queries_limiti
from services.puntiluna.rules.accrediti import Presenza, Spettanza, StatoAccredito
from services.puntiluna.rules.tariffe import (
    AmbitoLimite,
    Limite,
    applica_limiti,
    giorno_di,
    limiti_applicabili,
    mese_di,
)
from services.puntiluna.service.allineamento import Lavoro


async def applica_limiti_ai_lavori(
    session: AsyncSession,
    lavori: Sequence[Lavoro],
    limiti: Iterable[Limite],
    *,
    now: datetime,
    gia_decisi: Sequence[Lavoro] = (),
) -> list[Lavoro]:
    """Test the points of attendances against all the limits at once, in order of confirmation; hard ones refuse.

    Args:
        session: the transaction.
        lavori: the attendances under evaluation; changed in place.
        limiti: all the limits.
        now: the platform's instant.
        gia_decisi: attendances decided in this transaction but not written yet: what they are due already counts.

    Returns:
        Those that a hard limit refused.

    Source: DOMAIN, puntiluna, "Limits by data, several at once".
    """
    interessati: list[tuple[Lavoro, list[Limite]]] = []
    for lavoro in sorted(lavori, key=_in_ordine):
        scelti = limiti_di(limiti, lavoro.presenza)
        if lavoro.dovuto and scelti:
            interessati.append((lavoro, scelti))
    await queries.blocca_chiavi(
        session, [chiave_limite(limite, lavoro.presenza) for lavoro, scelti in interessati for limite in scelti]
    )
    escluse = [lavoro.presenza.presenza_id for lavoro in (*lavori, *gia_decisi)]
    decisi: dict[str, int] = {}
    for lavoro in gia_decisi:
        for limite in limiti_di(limiti, lavoro.presenza) if lavoro.dovuto else []:
            chiave = chiave_limite(limite, lavoro.presenza)
            decisi[chiave] = decisi.get(chiave, 0) + lavoro.spettanza.punti_cent
    rifiutati: list[Lavoro] = []
    richiesti = {
        chiave_limite(limite, lavoro.presenza): (limite, lavoro.presenza)
        for lavoro, scelti in interessati
        for limite in scelti
    }
    consumi = await queries_limiti.consumi_limiti(session, richiesti, escluse=escluse)
    for chiave in consumi:
        consumi[chiave] += decisi.get(chiave, 0)
    avvisi: list[dict[str, Any]] = []
    for lavoro, scelti in interessati:
        punti = lavoro.spettanza.punti_cent
        esito = applica_limiti(punti, [(limite, consumi[chiave_limite(limite, lavoro.presenza)]) for limite in scelti])
        avvisi += [
            {
                "avviso_id": uuid7(),
                "limite_id": limite.limite_id,
                "presenza_id": lavoro.presenza.presenza_id,
                "versione_presenza": lavoro.presenza.versione,
                "rigido": limite.rigido,
                "punti_cent": punti,
                "avvisato_il": now,
            }
            for limite in (*esito.rifiutano, *esito.avvisano)
        ]
        if esito.rifiutano:
            lavoro.spettanza = oltre_limite(esito.rifiutano)
            rifiutati.append(lavoro)
        else:
            for limite in scelti:
                consumi[chiave_limite(limite, lavoro.presenza)] += punti
    await queries.scrivi_avvisi(session, avvisi)
    return rifiutati


def oltre_limite(rifiutano: Sequence[Limite]) -> Spettanza:
    """What an attendance is worth that hard limits refuse: nothing, and why."""
    ambiti = ", ".join(str(limite.ambito) for limite in rifiutano)
    return Spettanza(0, StatoAccredito.OLTRE_LIMITE, f"oltre il limite: {ambiti}")


def limiti_di(limiti: Iterable[Limite], p: Presenza) -> list[Limite]:
    """The limits to test together for an attendance."""
    return limiti_applicabili(
        limiti,
        progetto_id=p.progetto_id,
        attivita_id=p.attivita_id,
        nucleo_id=p.nucleo_id,
        giorno=giorno_di(p.inizio),
    )


def chiave_limite(limite: Limite, presenza: Presenza) -> str:
    """What a limit adds up, for this attendance: the key of its lock and of its running total."""
    soggetto: object = presenza.progetto_id
    if limite.ambito is AmbitoLimite.ATTIVITA:
        soggetto = presenza.attivita_id
    elif limite.ambito is AmbitoLimite.NUCLEO_MESE:
        soggetto = f"{presenza.nucleo_id}:{mese_di(presenza.inizio)}"
    elif limite.ambito is AmbitoLimite.PERSONA_GIORNO:
        soggetto = f"{presenza.persona_id}:{giorno_di(presenza.inizio)}"
    return f"limite:{limite.limite_id}:{soggetto}"


def _in_ordine(lavoro: Lavoro) -> tuple[datetime, str]:
    return lavoro.presenza.confermata_il, str(lavoro.presenza.presenza_id)
