"""Folders for the tests of local platforms."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def shared_folder() -> Iterator[Path]:
    """A closed folder right under the temporary folder, where any user may come (pytest's own is closed to others)."""
    folder = Path(tempfile.mkdtemp(prefix="quartieri-shared-"))
    yield folder
    shutil.rmtree(folder)
