"""The gateway with four fake services, one for each test module."""

from collections.abc import AsyncIterator

import pytest

from tests.gateway.fakes import Platform, platform


@pytest.fixture(scope="module")
async def porta() -> AsyncIterator[Platform]:
    """The gateway and its fake services, on real sockets."""
    async with platform(cors_origins="https://www.comune.example.it") as running:
        yield running
