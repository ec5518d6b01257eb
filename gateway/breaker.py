"""A circuit breaker per service: a service that keeps failing is left alone for a while instead of being queued for."""

import math
import time
from collections.abc import Callable
from enum import StrEnum


class State(StrEnum):
    """Whether calls go through."""

    CLOSED = "closed"
    HALF_OPEN = "half_open"
    OPEN = "open"


class Breaker:
    """Opens after `threshold` consecutive failures; then lets one probe through at a time.

    Only failures to reach the service or to get an answer in time count: a service that answers 500 is alive.
    Each failed probe doubles the pause, from `pause_s` up to `max_pause_s`.
    """

    def __init__(
        self,
        *,
        threshold: int = 5,
        pause_s: float = 1.0,
        max_pause_s: float = 15.0,
        probe_timeout_s: float = 5.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._threshold = threshold
        self._first_pause_s = pause_s
        self._max_pause_s = max_pause_s
        self._probe_timeout_s = probe_timeout_s
        self._clock = clock
        self._failures = 0
        self._pause_s = pause_s
        self._open_until: float | None = None
        self._probe_since: float | None = None

    @property
    def state(self) -> State:
        """The present state."""
        if self._open_until is None:
            return State.CLOSED
        return State.OPEN if self._clock() < self._open_until else State.HALF_OPEN

    def admit(self) -> int:
        """Asks to make a call. Returns 0 when it may go on, else the seconds to wait before asking again."""
        if self._open_until is None:
            return 0
        now = self._clock()
        if now < self._open_until:
            return max(1, math.ceil(self._open_until - now))
        if self._probe_since is not None and now - self._probe_since < self._probe_timeout_s:
            return 1
        self._probe_since = now
        return 0

    def succeeded(self) -> None:
        """The service answered: the circuit closes."""
        self._failures = 0
        self._pause_s = self._first_pause_s
        self._open_until = None
        self._probe_since = None

    def failed(self) -> None:
        """The service could not be reached, broke the connection or was too late."""
        now = self._clock()
        if self._open_until is not None:
            if now < self._open_until:
                return  # a call admitted before the circuit opened: the pause already runs
            self._pause_s = min(self._pause_s * 2, self._max_pause_s)
        else:
            self._failures += 1
            if self._failures < self._threshold:
                return
        self._open_until = now + self._pause_s
        self._probe_since = None

    def abandoned(self) -> None:
        """The call ended without telling anything about the service, e.g. the client left."""
        self._probe_since = None
