"""Rendered files kept in memory: a bounded store where a newer version of a file takes the place of the older."""

from collections import OrderedDict

KEPT_BYTES = 64 * 1024 * 1024
"""What one process keeps, in bytes; the files asked for least recently leave first."""


class Rendered:
    """Files by name, each with the version it was rendered from.

    Args:
        most: how many bytes to keep; a file that alone is larger is not kept.
    """

    def __init__(self, most: int = KEPT_BYTES) -> None:
        self._most = most
        self._size = 0
        self._files: OrderedDict[str, tuple[str, bytes]] = OrderedDict()

    def get(self, name: str, version: str) -> bytes | None:
        """The file as rendered from that version, if it is still here."""
        found = self._files.get(name)
        if found is None or found[0] != version:
            return None
        self._files.move_to_end(name)
        return found[1]

    def put(self, name: str, version: str, data: bytes) -> None:
        """Keeps a file in the place of its older version."""
        if len(data) > self._most:
            return
        self._remove(name)
        self._files[name] = (version, data)
        self._size += len(data)
        while self._size > self._most:
            self._remove(next(iter(self._files)))

    def _remove(self, name: str) -> None:
        found = self._files.pop(name, None)
        if found is not None:
            self._size -= len(found[1])
