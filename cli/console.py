"""What every command shares at the terminal: one console, and errors said in words instead of a traceback."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console

console = Console(highlight=False)
error_console = Console(stderr=True, highlight=False)


# What an installation without the `local` extra, such as the container image, does not have.
_ONLY_LOCAL = frozenset({"deploy", "scenari", "psutil"})


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
        error_console.print(str(error), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from None
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in _ONLY_LOCAL:
            raise
        error_console.print(
            "Questo comando vuole la piattaforma locale, che qui non e' installata: usa `make setup`.", soft_wrap=True
        )
        raise typer.Exit(1) from None
