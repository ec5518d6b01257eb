"""The platform clock: the one source of domain time, passed down as `now`.

Infrastructure time (token expiry, retries, retention) stays real. In a local environment an administrator may set the
clock, so that the programmes of 2007-2021 are replayed at their true dates; it then runs on from there.
"""

from datetime import UTC, datetime, timedelta


def wall_clock() -> datetime:
    """The real instant, UTC: for what is kept so many real hours, whatever the platform says; never for the domain."""
    return datetime.now(UTC)


class Clock:
    """Tells the platform's time in UTC, with a precision of microseconds."""

    def __init__(self, offset: timedelta = timedelta(0)) -> None:
        self._offset = offset

    def now(self) -> datetime:
        """The present instant of the platform, timezone-aware UTC."""
        return datetime.now(UTC) + self._offset

    @property
    def offset(self) -> timedelta:
        """How far the platform is from real time; zero everywhere but in a local environment."""
        return self._offset

    def set(self, instant: datetime) -> timedelta:
        """Makes `instant` the present and returns the new offset. Callers have checked that they may."""
        self._offset = instant.astimezone(UTC) - datetime.now(UTC)
        return self._offset

    def set_offset(self, offset: timedelta) -> None:
        """Takes up an offset kept from an earlier run."""
        self._offset = offset
