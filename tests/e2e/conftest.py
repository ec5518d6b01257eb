"""One platform for the tests that need the story told; whoever needs it first tells it."""

from collections.abc import AsyncIterator

import pytest_asyncio

from deploy.local.platform import LocalPlatform
from tests.support.story import required_by, theatre

STORY = "lunattiva"


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
