"""Names of services as people type them."""

from collections.abc import Sequence

from cli.console import CommandError

SERVICES = ("bandi", "laboratori", "inclusione", "puntiluna")


def checked(names: Sequence[str], also: str | None = None) -> list[str]:
    """The named services, all of them when none is named.

    Raises:
        CommandError: one does not exist; the message lists those that do.
    """
    unknown = [name for name in names if name not in SERVICES]
    if unknown:
        known = [*SERVICES, *([also] if also else [])]
        raise CommandError(f"{', '.join(unknown)}: non esiste. Esistono: {', '.join(known)}.")
    return list(names) or list(SERVICES)
