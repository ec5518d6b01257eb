"""Identifiers: UUID version 7, so that keys made later sort later and indexes stay compact."""

from uuid import UUID

import uuid_utils


def uuid7() -> UUID:
    """A new UUIDv7 (RFC 9562) as a standard-library UUID."""
    return UUID(int=uuid_utils.uuid7().int)
