"""Fixtures of the bandi tests."""

from tests.bandi.esempi import ENTI
from tests.support.service import service_fixture

bandi = service_fixture("bandi", enti=ENTI)
