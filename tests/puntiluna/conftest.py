"""The service under test, one database for each module."""

from tests.support.service import service_fixture

puntiluna = service_fixture("puntiluna")
