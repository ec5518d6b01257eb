"""After the story: whoever has the right role but another organisation gets nothing of other people's objects."""

import re
from typing import Any

import httpx
import pytest

from deploy.local.platform import LocalPlatform
from scenari.runner import in_order, known_scenarios
from tests.contract.test_roles import Line, matrix
from tests.support.story import connect, fingerprint, some_ids, theatre

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

# These act on the whole platform: the matrix binds the other roles of their routes. A `valutatore` is a funder or an
# evaluator: by the law of the house they read aggregates of every project (a line's amounts), and no person's records.
UNBOUND = {"amministratore", "valutatore"}
# An office of calls is bound to its own calls in bandi; elsewhere it reads what its programmes have become.
UNBOUND_ELSEWHERE = UNBOUND | {"funzionario_bandi"}
REFUSED = {403, 404}


async def real_path(connection: Any, line: Line) -> str | None:
    """The route's path on real objects; None where the story leaves none."""
    path = line.path
    for parameter in re.findall(r"\{(\w+)\}", path):
        found = await some_ids(connection, parameter, 1)
        if not found:
            return None
        path = path.replace("{" + parameter + "}", found[0])
    return path


async def test_a_stranger_with_the_right_role_gets_nothing_of_others(told: LocalPlatform) -> None:
    async with theatre(told, in_flight=16) as stage:
        known = known_scenarios()
        await stage.play(*(scenario.name for scenario in in_order(list(known), known)))  # objects of every kind
    before = await fingerprint(told)
    tried, wrong, without = 0, [], []
    async with httpx.AsyncClient(base_url=told.gateway_url, timeout=30) as client:
        for line in matrix():
            if not line.owned:
                continue
            connection = await connect(told, line.service)
            path = await real_path(connection, line)
            await connection.close()
            if path is None:
                without.append(line.route)
                continue
            unbound = UNBOUND if line.service == "bandi" else UNBOUND_ELSEWHERE
            for role in sorted(line.roles - unbound):
                token = await told.token(roles=[role], subject="estraneo", ente="COMUNE-ESTRANEO")
                answer = await client.request(
                    line.method,
                    f"/rest/{line.service}{path}",
                    json={} if line.method != "GET" else None,
                    headers={"Authorization": f"Bearer {token}"},
                )
                tried += 1
                if answer.status_code not in REFUSED:
                    wrong.append((role, line.method, path, answer.status_code, answer.text[:120]))
    assert not wrong, wrong
    assert tried > 60, (tried, without)
    assert len(without) < 12, without
    assert await fingerprint(told) == before
