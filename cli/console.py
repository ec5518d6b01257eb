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


# Errors of the local platform. The container image has none of it, so nothing here may import it.
_LOCAL_ERRORS = {
    "deploy.local.home": "AnotherRun",
    "deploy.local.ports": "PortTaken",
    "deploy.local.processes": "StartFailed",
}


def _said_in_words() -> tuple[type[Exception], ...]:
    """The errors shown without a traceback: what was never imported cannot have been raised."""
    return CommandError, *(
        getattr(sys.modules[name], error) for name, error in _LOCAL_ERRORS.items() if name in sys.modules
    )


@contextmanager
def ending_badly() -> Iterator[None]:
    """Turn the errors a person can act upon into a message and exit code 1; defects keep their traceback."""
    try:
        yield
    except _said_in_words() as error:
        error_console.print(str(error), style="red", markup=False)
        raise typer.Exit(1) from None
