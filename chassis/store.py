"""Files kept outside the database: one small interface over a local folder and any S3-compatible store (obstore).

Keys are chosen by the services, never by who uploads. A file is written once and whole: who reads finds all of it or
nothing. What a transaction that failed leaves behind is the service's to find again and delete (docs/adr/0055).
"""

import logging
import os
import re
from collections.abc import AsyncIterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from chassis.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.ext.asyncio import AsyncSession

    from chassis.settings import ServiceSettings

_KEY = re.compile(r"[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*")
_PROBE = "prova-di-lettura"
_CONNECT_S, _ANSWER_S, _RETRY_S = 3, 20, 10
_SESSION_KEY = "quartieri.store"

log = logging.getLogger(__name__)


class ArchivioNonDisponibile(Unavailable):
    """The store of files does not answer."""

    title = "Archivio dei documenti non disponibile"


class MissingFile(Exception):
    """The store has nothing under a key that is in the database: something outside the platform removed it."""


class ObjectStore:
    """Files by key.

    Args:
        url: `file:///folder` or `s3://bucket/prefix`.
        endpoint: address of the S3-compatible service; none for Amazon's own.
        region: region of the bucket.
        access_key: with `secret_key`, what opens the bucket.
        secret_key: see `access_key`.
    """

    def __init__(
        self,
        url: str,
        *,
        endpoint: str | None = None,
        region: str = "us-east-1",
        access_key: str | None = None,
        secret_key: str | None = None,
    ) -> None:
        from obstore.store import LocalStore, S3Store  # it takes long to import, and few processes need it

        parts = urlsplit(url)
        self._folder: Path | None = None
        self._store: Any
        if parts.scheme == "file":
            self._folder = Path(unquote(parts.path))
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._store = LocalStore(self._folder)
        else:
            self._store = S3Store(
                parts.netloc,
                prefix=parts.path.strip("/") or None,
                config={"endpoint": endpoint} if endpoint else {},
                region=region,
                access_key_id=access_key or "",
                secret_access_key=secret_key or "",
                client_options={
                    "connect_timeout": timedelta(seconds=_CONNECT_S),
                    "timeout": timedelta(seconds=_ANSWER_S),
                    "allow_http": (endpoint or "").startswith("http://"),
                },
                retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=_RETRY_S)},
            )

    async def put(self, key: str, content: bytes | IO[bytes]) -> None:
        """Writes a file, whole; one that is there already under the key is replaced.

        Args:
            key: small letters, digits, `.`, `_`, `-`, in parts divided by `/`.
            content: bytes, or a file open for reading at its beginning (a large one is sent in pieces).

        Raises:
            ArchivioNonDisponibile: the store does not answer.
        """
        from obstore import put_async

        with _as_unavailable():
            await put_async(self._store, _checked(key), content)

    async def get(self, key: str) -> bytes:
        """Reads a file.

        Raises:
            MissingFile: there is none.
            ArchivioNonDisponibile: the store does not answer.
        """
        return b"".join([piece async for piece in self.stream(key)])

    async def stream(self, key: str) -> AsyncIterator[bytes]:
        """Reads a file in pieces.

        Raises:
            MissingFile: there is none.
            ArchivioNonDisponibile: the store does not answer.
        """
        from obstore import get_async
        from obstore.exceptions import NotFoundError

        with _as_unavailable():
            try:
                found = await get_async(self._store, _checked(key))
            except (NotFoundError, FileNotFoundError):
                raise MissingFile(key) from None
            async for piece in found.stream():
                yield bytes(piece)

    async def delete(self, key: str) -> None:
        """Removes a file; one that is not there is no error.

        Raises:
            ArchivioNonDisponibile: the store does not answer.
        """
        from obstore import delete_async
        from obstore.exceptions import NotFoundError

        with _as_unavailable():
            try:
                await delete_async(self._store, _checked(key))
            except (NotFoundError, FileNotFoundError):
                return

    async def is_ready(self) -> bool:
        """True if files can be read now, and in a folder written."""
        from obstore import head_async
        from obstore.exceptions import BaseError, NotFoundError

        if self._folder is not None:
            return os.access(self._folder, os.R_OK | os.W_OK | os.X_OK)
        try:
            await head_async(self._store, _PROBE)
        except (NotFoundError, FileNotFoundError):
            return True
        except (BaseError, OSError) as error:
            log.warning("store not ready", extra={"error": type(error).__name__})
            return False
        return True


def open_store(settings: "ServiceSettings") -> ObjectStore | None:
    """The store the settings name; None when they name none."""
    if settings.store_url is None:
        return None
    return ObjectStore(
        settings.store_url,
        endpoint=settings.store_endpoint,
        region=settings.store_region,
        access_key=settings.store_access_key.get_secret_value() if settings.store_access_key else None,
        secret_key=settings.store_secret_key.get_secret_value() if settings.store_secret_key else None,
    )


def session_info(store: ObjectStore | None) -> dict[str, Any]:
    """What a session carries so that `store_of` finds the store; jobs and use cases have nothing else in hand."""
    return {} if store is None else {_SESSION_KEY: store}


def store_of(session: "AsyncSession") -> ObjectStore:
    """The store of the process a session belongs to.

    Raises:
        ArchivioNonDisponibile: the process runs without one.
    """
    store = session.info.get(_SESSION_KEY)
    if not isinstance(store, ObjectStore):
        raise ArchivioNonDisponibile(
            "Questo servizio non ha un archivio dei documenti.",
            remedy="Chi gestisce la piattaforma imposti STORE_URL.",
        )
    return store


def _checked(key: str) -> str:
    if not _KEY.fullmatch(key) or ".." in key:
        raise ValueError(f"not a key of a file: {key!r}")
    return key


@contextmanager
def _as_unavailable() -> "Iterator[None]":
    from obstore.exceptions import BaseError

    try:
        yield
    except (BaseError, OSError) as error:
        log.warning("store failed", extra={"error": f"{type(error).__name__}: {error}"[:300]})
        raise ArchivioNonDisponibile(
            "L'archivio dei documenti non risponde: nulla e' stato scritto.",
            remedy="Ripetere la richiesta fra qualche secondo.",
            retry_after=5,
        ) from error
