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
    it is set, decides.

    Args:
        prefix: beginning of its name.
    """
    return Path(tempfile.mkdtemp(prefix=prefix, dir=MEMORY if _memory_is_plenty() else None))


def _memory_is_plenty() -> bool:
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK | os.X_OK):
        return False
    return min(shutil.disk_usage(MEMORY).free, psutil.virtual_memory().available) > _ENOUGH_BYTES
