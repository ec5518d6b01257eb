"""What people declare of an application: partners that they take part, commissioners that nothing ties them to it."""

from collections.abc import Iterable, Mapping, Sequence
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


async def dichiarano(stage: Stage, bando: str, commissari: Sequence[str], domande: Sequence[str]) -> None:
    """Have every commissioner declare no conflict of interest with some applications, before scoring them.

    Args:
        stage: the stage of the scenario.
        bando: code of the call.
        commissari: subjects of the commissioners.
        domande: ids of the applications, at most 500.
    """
    items = [{"domanda_id": domanda_id, "esito": "nessun_conflitto"} for domanda_id in domande]
    for name in commissari:
        commissioner = stage.actor("commissario", subject=name)
        path, body = f"/bandi/{bando}/dichiarazioni", {"dichiarazioni": items}
        await commissioner.post("bandi", path, body, step=f"dichiarazioni {bando} {name} {domande[0]}")
