"""Opaque cursors: the sort key of the last item, signed, so that a caller cannot forge one."""

import base64
import binascii
import hashlib
import hmac
from typing import Any

import orjson

from chassis.errors import Invalid

_MAC_BYTES = 16


class CursorSigner:
    """Encodes and decodes the cursors of one service.

    Args:
        key: secret of at least 32 characters, the same on every replica.
    """

    def __init__(self, key: str) -> None:
        self._key = hashlib.sha256(b"cursor:" + key.encode()).digest()

    def _mac(self, payload: bytes, scope: str) -> bytes:
        return hmac.digest(self._key, scope.encode() + b"\0" + payload, "sha256")[:_MAC_BYTES]

    def encode(self, values: list[Any], scope: str) -> str:
        """A cursor for the sort key `values` of the list named `scope`."""
        payload = orjson.dumps(values)
        return base64.urlsafe_b64encode(self._mac(payload, scope) + payload).decode().rstrip("=")

    def decode(self, cursor: str, scope: str) -> list[Any]:
        """The sort key in a cursor.

        Raises:
            Invalid: the cursor is not one this service gave for this list.
        """
        try:
            raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise _forged() from None
        mac, payload = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(payload, scope)):
            raise _forged()
        values: list[Any] = orjson.loads(payload)
        return values


def _forged() -> Invalid:
    return Invalid(
        "Il cursore non e' stato rilasciato da questo elenco.",
        field="cursor",
        remedy="Ricominciare dalla prima pagina, senza cursore.",
    )
