"""The service under test, and a guide that walks its story."""

import pytest

from tests.inclusione.storia import Storia
from tests.support.service import ServiceUnderTest, service_fixture

inclusione = service_fixture("inclusione")


@pytest.fixture
def storia(inclusione: ServiceUnderTest) -> Storia:
    """A fresh project, operator and measure on the service of this module."""
    return Storia(inclusione)
