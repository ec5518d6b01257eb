"""A temporary folder for a platform or a test session that nobody will keep."""

import os
import shutil
import tempfile
from pathlib import Path

import psutil

MEMORY = Path("/dev/shm")  # noqa: S108  # a folder of our own is made in it, closed to others
_ENOUGH_BYTES = 4 * 2**30


def scratch_folder(prefix: str) -> Path:
    """Make a temporary folder, in memory where there is plenty of it.

    A database clone is some three hundred small files: 60 ms in memory, half a second on a busy disk. TMPDIR, when
    it is set, decides. What processes that were killed left of theirs is removed: nobody else would.

    Args:
        prefix: beginning of its name; the process id follows.
    """
    parent = MEMORY if _memory_is_plenty() else Path(tempfile.gettempdir())
    _remove_left_behind(parent, prefix)
    return Path(tempfile.mkdtemp(prefix=f"{prefix}{os.getpid()}-", dir=parent))


def _remove_left_behind(parent: Path, prefix: str) -> None:
    for folder in parent.glob(f"{prefix}*-*"):
        pid = folder.name.removeprefix(prefix).partition("-")[0]
        if pid.isdigit() and not psutil.pid_exists(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)


def _memory_is_plenty() -> bool:
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK | os.X_OK):
        return False
    return min(shutil.disk_usage(MEMORY).free, psutil.virtual_memory().available) > _ENOUGH_BYTES
