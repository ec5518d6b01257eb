"""Generated passwords and keys: one folder closed to others (0700), one file each (0600)."""

import os
import re
import secrets
from collections.abc import Callable
from pathlib import Path

_NAME = re.compile(r"^[a-z0-9][a-z0-9._-]{0,63}$")


def random_password() -> str:
    """A password of 192 random bits, safe inside a URL."""
    return secrets.token_urlsafe(24)


class Credentials:
    """Secrets of one platform, made the first time somebody asks for them and then always the same."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, name: str, make: Callable[[], str] = random_password) -> str:
        """The secret called `name`, generated when it does not exist yet.

        Raises:
            ValueError: the name is not a plain lower-case file name.
        """
        path = self.path(name)
        try:
            return path.read_text("utf-8")
        except FileNotFoundError:
            return self._create(path, make())

    def path(self, name: str) -> Path:
        """Where the secret is kept."""
        if not _NAME.match(name):
            raise ValueError(f"not a name of a secret: {name!r}")
        return self.folder / name

    def _create(self, path: Path, value: str) -> str:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(value)
            stream.flush()
            os.fsync(stream.fileno())
        try:
            os.link(draft, path)  # atomic, and never over a secret somebody else made meanwhile
        except FileExistsError:
            return path.read_text("utf-8")
        finally:
            draft.unlink()
        return value
