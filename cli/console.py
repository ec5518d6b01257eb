"""What every command shares at the terminal: one console, and errors said in words instead of a traceback."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console

console = Console(highlight=False)
error_console = Console(stderr=True, highlight=False)


class CommandError(Exception):
    """Something the person at the terminal can put right; the message says what."""


def _said_in_words() -> tuple[type[Exception], ...]:
    """The errors shown without a traceback.

    The container image has nothing of the local platform, so its errors may not be imported here; if their module was
    never imported, none of them can have been raised.
    """
    local = sys.modules.get("deploy.local.errors")
    return (CommandError,) if local is None else (CommandError, local.LocalError)


@contextmanager
def ending_badly() -> Iterator[None]:
    """Turn the errors a person can act upon into a message and exit code 1; defects keep their traceback."""
    try:
        yield
    except _said_in_words() as error:
        error_console.print(str(error), style="red", markup=False)
        raise typer.Exit(1) from None
