"""Why a local platform cannot start or go on, in words for the person at the terminal.

Nothing is imported here: the command catches these also where the `local` extra is not installed.
"""


class LocalError(Exception):
    """Something the person at the terminal can put right; the message says what."""


class StartFailed(LocalError):
    """A process of the platform could not be started; the message says which and why."""


class PortTaken(LocalError):
    """A port the platform needs belongs to somebody else; the message names it and how to choose another."""


class AnotherRun(LocalError):
    """Another platform is using the folder."""


class ChildDied(LocalError):
    """A process of the running platform ended by itself; the message says which and why."""
