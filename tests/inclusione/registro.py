"""The registry of people as a test answers for it."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from chassis.errors import Forbidden
from chassis.peers import Anagrafica, Identity


class RegistroFinto:
    """Says who is behind a `sub`, and the names of those it knows; remembers what it was asked for.

    Args:
        persone: the person behind each `sub`.
    """

    def __init__(self, persone: dict[str, UUID]) -> None:
        self.persone = persone
        self.scopi: list[str] = []

    async def identity_of(self, sub: str) -> Identity:
        """The person behind a `sub`, as the real one does."""
        if sub not in self.persone:
            raise Forbidden("Il tuo accesso non e' ancora collegato a una persona registrata.")
        return Identity(self.persone[sub], None)

    async def names_of(self, people: Sequence[UUID], *, purpose: str) -> dict[UUID, Anagrafica]:
        """The names of the people it knows."""
        self.scopi.append(purpose)
        note = set(self.persone.values())
        return {
            persona: Anagrafica(persona, "Anna", "Bianchi", date(1980, 2, 3), "BNCNNA80B43F205X")
            for persona in people
            if persona in note
        }
