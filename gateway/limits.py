"""Rate limits: one token bucket per client, in memory, bounded.

A bucket holds at most `burst` requests and refills at `rate` a second. The limit is per gateway process: with N
replicas behind a balancer a client may reach N times the figure.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple


class Verdict(NamedTuple):
    """What a bucket said: whole requests left, seconds until full, seconds to wait (0 when allowed)."""

    remaining: int
    reset_s: int
    retry_after_s: int


class Buckets:
    """Token buckets by client key.

    Args:
        rate: requests a second that come back, above 0.
        burst: requests a full bucket holds, at least 1.
        capacity: clients remembered; beyond it the one seen longest ago is forgotten (its bucket is full again).
        clock: monotonic seconds.
    """

    def __init__(
        self, rate: float, burst: int, *, capacity: int = 100_000, clock: Callable[[], float] = time.monotonic
    ) -> None:
        if rate <= 0 or burst < 1 or capacity < 1:
            raise ValueError("rate must be above 0, burst and capacity at least 1")
        self.rate = rate
        self.burst = burst
        self._capacity = capacity
        self._clock = clock
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._levels)

    def take(self, client: str) -> Verdict:
        """Takes one request from the client's bucket, if there is one."""
        level = self._level(client)
        if level < 1.0:
            self._levels.move_to_end(client)  # who insists must not be forgotten, or its bucket would be full again
            return Verdict(0, self._reset(level), max(1, math.ceil((1.0 - level) / self.rate)))
        level -= 1.0
        self._levels[client] = (level, self._clock())
        self._levels.move_to_end(client)
        if len(self._levels) > self._capacity:
            self._levels.popitem(last=False)
        return Verdict(int(level), self._reset(level), 0)

    def peek(self, client: str) -> Verdict:
        """What the bucket holds, taking nothing."""
        level = self._level(client)
        wait = 0 if level >= 1.0 else max(1, math.ceil((1.0 - level) / self.rate))
        return Verdict(int(level), self._reset(level), wait)

    def wait(self, client: str) -> int:
        """Seconds the client must wait; 0 when it may go on. Takes nothing."""
        if client not in self._levels:
            return 0
        return self.peek(client).retry_after_s

    def _level(self, client: str) -> float:
        kept = self._levels.get(client)
        if kept is None:
            return float(self.burst)
        return min(float(self.burst), kept[0] + (self._clock() - kept[1]) * self.rate)

    def _reset(self, level: float) -> int:
        return math.ceil((self.burst - level) / self.rate)
