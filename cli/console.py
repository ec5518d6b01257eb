"""What every command shares at the terminal: one console, and errors said in words instead of a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console

console = Console(highlight=False)
error_console = Console(stderr=True, highlight=False)


class CommandError(Exception):
    """Something the person at the terminal can put right; the message says what."""


@contextmanager
def ending_badly() -> Iterator[None]:
    """Turn the errors a person can act upon into a message and exit code 1; defects keep their traceback."""
    from deploy.local.home import AnotherRun
    from deploy.local.ports import PortTaken
    from deploy.local.processes import StartFailed

    try:
        yield
    except (CommandError, AnotherRun, PortTaken, StartFailed) as error:
        error_console.print(str(error), style="red", markup=False)
        raise typer.Exit(1) from None
