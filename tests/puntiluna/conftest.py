"""The service under test, one database for each module; laboratori answers as the test says."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from chassis.peers import Identity
from tests.support.service import ServiceUnderTest, service_fixture

puntiluna = service_fixture("puntiluna")


class Identita:
    """Laboratori's answers: who residents are, and which operators follow no household."""

    def __init__(self) -> None:
        self.persone: dict[str, Identity] = {}
        self.estranei: set[str] = set()

    async def identity_of(self, sub: str) -> Identity:
        """The person and household of a resident."""
        return self.persone[sub]

    async def follows(self, sub: str, nucleo_id: UUID) -> bool:
        """Whether an operator follows a household."""
        return bool(nucleo_id) and sub not in self.estranei

    async def follows_person(self, sub: str, persona_id: UUID) -> Identity | None:
        """A person that an operator follows, with their household if the test told one."""
        if sub in self.estranei:
            return None
        return next((i for i in self.persone.values() if i.persona_id == persona_id), Identity(persona_id, None))


@pytest.fixture(autouse=True)
def identita(request: pytest.FixtureRequest) -> Iterator[Identita]:
    """Laboratori's answers, where the service is under test."""
    finta = Identita()
    if "puntiluna" not in request.fixturenames:
        yield finta
        return
    servizio: ServiceUnderTest = request.getfixturevalue("puntiluna")
    servizio.app.state.identita = finta
    yield finta
    del servizio.app.state.identita
