"""The service under test, one database for each module, at a day of the Lunattiva project."""

from datetime import UTC, datetime

import pytest_asyncio

from services.laboratori.main import SPEC
from tests.support.service import ServiceUnderTest, service_fixture

ADESSO = datetime(2019, 11, 20, 10, 0, tzinfo=UTC)

laboratori = service_fixture(SPEC.name)


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def a_giornata(request: object) -> None:
    """Every test that uses the service begins at the same instant of the platform."""
    names = getattr(request, "fixturenames", ())
    if "laboratori" in names:
        service: ServiceUnderTest = request.getfixturevalue("laboratori")  # type: ignore[attr-defined]
        service.set_clock(ADESSO)
