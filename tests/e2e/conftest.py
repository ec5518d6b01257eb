"""One platform for the tests that need the story told; whoever needs it first tells it."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from deploy.local.platform import LocalPlatform
from tests.support.story import required_by, theatre

STORY = "lunattiva"
KILLED = "test_the_story_survives_kill_9_of_any_process"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The story under kill -9 comes first: told a second time it would find everything done and nothing to lose."""
    items.sort(key=lambda item: item.name != KILLED and "e2e" in item.path.parts)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def platform() -> AsyncIterator[LocalPlatform]:
    """A throw-away platform, durable as a real one."""
    async with LocalPlatform.throwaway(durable=True) as running:
        yield running


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def told(platform: LocalPlatform) -> LocalPlatform:
    """The same platform after the story; if it was told already, telling it again changes nothing."""
    async with theatre(platform, in_flight=16) as stage:
        await stage.play(*required_by(STORY), STORY)
    return platform
