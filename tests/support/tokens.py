"""Tokens for the tests: made by the local issuer's own code with a key of this session."""

from typing import Any

from deploy.local.tokens import SigningKey, jwks, mint

ISSUER = "http://issuer.test"
AUDIENCE = "quartieri"
KEY = SigningKey.generate()


def make_token(sub: str, roles: list[str], ente: str | None = None, **changed: Any) -> str:
    """A token signed with the session's key; `changed` spoils or adds claims."""
    return mint(KEY, issuer=ISSUER, audience=AUDIENCE, sub=sub, roles=roles, ente=ente, **changed)


async def fetch_test_jwks(url: str) -> dict[str, Any]:
    """Stands for the issuer's JWKS address."""
    del url
    return jwks([KEY])
