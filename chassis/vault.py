"""Short secrets kept encrypted at rest: AES-256-GCM under keys of the environment, replaced without stopping.

Each text is bound to the place it is kept in, so that a row copied over another cannot be read there. The first key of
the ring encrypts; the others only decrypt what has not been written again yet.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SHORTEST_SECRET = 32
_NONCE = 12


class VaultError(Exception):
    """A sealed text cannot be opened: its key is gone, or it was changed or moved. The text is never in the message."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """An encrypted text and the name of the key that opens it."""

    key_id: str
    data: bytes


class Keyring:
    """The keys of one purpose, the current one first.

    Args:
        secrets: random secrets of 32 characters or more; each makes a key.
        purpose: what is kept under them; another purpose gives other keys.

    Raises:
        ValueError: no secret, one too short, or the same twice; no secret is in the message.
    """

    def __init__(self, secrets: Sequence[str], *, purpose: str) -> None:
        if not secrets:
            raise ValueError("at least one key is needed")
        if any(len(secret) < SHORTEST_SECRET or len(set(secret)) == 1 for secret in secrets):
            raise ValueError(f"every key is a random secret of {SHORTEST_SECRET} characters or more")
        made = [_derive(secret, purpose) for secret in secrets]
        self._keys = dict(made)
        self.current = made[0][0]
        if len(self._keys) != len(secrets):
            raise ValueError("the same key stands there twice")

    @classmethod
    def parse(cls, text: str, *, purpose: str) -> "Keyring":
        """Reads the keys of an environment variable: secrets separated by commas, the current one first."""
        return cls([secret.strip() for secret in text.split(",") if secret.strip()], purpose=purpose)

    def seal(self, text: str, *, place: bytes) -> Sealed:
        """Encrypts a text under the current key.

        Args:
            place: where it will be kept, for instance the id of its row.
        """
        nonce = os.urandom(_NONCE)
        return Sealed(self.current, nonce + AESGCM(self._keys[self.current]).encrypt(nonce, text.encode(), place))

    def open(self, sealed: Sealed, *, place: bytes) -> str:
        """Decrypts what `seal` gave for the same place.

        Raises:
            VaultError: its key is not in the ring, or it was changed or moved.
        """
        key = self._keys.get(sealed.key_id)
        if key is None:
            raise VaultError(f"no key {sealed.key_id} in the ring")
        try:
            return AESGCM(key).decrypt(sealed.data[:_NONCE], sealed.data[_NONCE:], place).decode()
        except InvalidTag as error:
            raise VaultError(f"what key {sealed.key_id} sealed was changed or moved") from error


def _derive(secret: str, purpose: str) -> tuple[str, bytes]:
    made = HKDF(hashes.SHA256(), 40, salt=None, info=f"vault {purpose}".encode()).derive(secret.encode())
    return made[32:].hex(), made[:32]
