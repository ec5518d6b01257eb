"""Partnerships: every partner of a draft accepts, with its own token, what the application says of it."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from scenari.toolkit.stage import Stage


async def aderiscono(stage: Stage, bozze: Iterable[Mapping[str, Any]]) -> int:
    """Have every partner accept, many at a time.

    Args:
        stage: the stage of the scenario.
        bozze: the drafts as the platform answered when they were opened.

    Returns:
        How many partners accepted.
    """
    asked = [(str(bozza["domanda_id"]), item) for bozza in bozze for item in bozza["adesioni"]]
    await stage.gather("adesioni dei partner", [partial(_accept, stage, *pair) for pair in asked])
    return len(asked)


async def _accept(stage: Stage, domanda_id: str, item: Mapping[str, Any]) -> None:
    ente = str(item["ente"])
    partner = stage.actor("proponente", subject=f"partner.{ente.lower()}", ente=ente)
    answer = {"esito": "accettata", "condizioni": item["condizioni"]}
    await partner.post("bandi", f"/domande/{domanda_id}/adesione", answer, step=f"adesione {domanda_id} {ente}")
