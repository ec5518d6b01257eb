"""The stories of calls and projects on a real bandi service, behind a stand-in for the gateway: twice the same."""

import io

import pytest
import sqlalchemy as sa
from rich.console import Console

from scenari import (
    bollate_rigenerare_competenze,
    contratti_di_quartiere_2007,
    contributi_cdq,
    laboratori_sociali_2014,
    lorenteggio_imprese,
    programmi_integrati_milano,
    quartieri_connessi,
)
from scenari.runner import run
from tests.scenari.test_gestione_sociale_erp_2017 import OneService, TestTokens
from tests.support.service import ServiceUnderTest, service_fixture

bandi = service_fixture("bandi")
STORIES = (
    bollate_rigenerare_competenze.NAME,
    contratti_di_quartiere_2007.NAME,
    contributi_cdq.NAME,
    laboratori_sociali_2014.NAME,
    lorenteggio_imprese.NAME,
    programmi_integrati_milano.NAME,
    quartieri_connessi.NAME,
)
PASSING = ("outbox", "risposta_idempotente", "registro_accessi", "orologio")


async def played(bandi: ServiceUnderTest, name: str) -> tuple[int, str]:
    """Play a story and return its outcome with what it printed."""
    console = Console(file=io.StringIO(), width=160)
    code = await run(
        [name],
        gateway_url="http://gateway.test",
        tokens=TestTokens(),
        progress=False,
        console=console,
        transport=OneService(bandi),
    )
    return code, console.file.getvalue()  # type: ignore[attr-defined]


async def state(bandi: ServiceUnderTest) -> dict[str, str]:
    """A digest of every table that tells what was done."""
    found = {}
    async with bandi.transaction() as session:
        names = await session.scalars(
            sa.text("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        )
        for name in sorted(set(names) - set(PASSING)):
            digest = sa.text(f"SELECT md5(string_agg(t::text, E'\\n' ORDER BY t::text)) FROM \"{name}\" t")
            found[name] = str(await session.scalar(digest))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", STORIES)
async def test_the_story_gives_the_figures_of_its_source_and_played_again_changes_nothing(
    bandi: ServiceUnderTest, name: str
) -> None:
    code, text = await played(bandi, name)
    print(text)
    assert code == 0, text
    before = await state(bandi)
    events = await bandi.emitted()
    code, text = await played(bandi, name)
    assert code == 0, text
    assert await state(bandi) == before
    assert await bandi.emitted() == events
