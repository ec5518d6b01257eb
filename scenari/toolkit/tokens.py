"""Tokens of the right role for the people of a scenario."""

from collections.abc import Sequence
from typing import Protocol


class TokenSource(Protocol):
    """Where a scenario gets a bearer token for one of its people."""

    async def token(self, *, roles: Sequence[str], subject: str, ente: str | None) -> str:
        """Return a token that is valid now for that subject, those roles and that organisation."""
        ...
