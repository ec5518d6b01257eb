"""Fixtures of the bandi tests."""

from tests.support.service import service_fixture

bandi = service_fixture("bandi")
