"""The stage of one scenario: its people, its clock, its progress bars and its comparisons."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from rich.progress import Progress

from scenari.toolkit.http import Actor, Gateway, UnexpectedAnswer
from scenari.toolkit.report import Report

T = TypeVar("T")
ROMA = ZoneInfo("Europe/Rome")
Effect = Callable[[], Awaitable[T | None]]


class StageTimeout(AssertionError):
    """An effect that should follow by events did not come within its time."""


@dataclass(slots=True)
class Stage:
    """What a scenario's ``play`` receives.

    ``one_by_one`` asks for a request for each fact where the story could send a whole list: fault tests want many.
    """

    name: str
    gateway: Gateway
    report: Report
    progress: Progress
    in_flight: int = 16
    one_by_one: bool = False
    _section: str = "esito"
    _last: datetime | None = None
    _labels: set[str] = field(default_factory=set)

    def actor(self, *roles: str, subject: str, ente: str | None = None) -> Actor:
        """Return somebody with these roles; without roles, a visitor with no token."""
        return Actor(self.gateway, self.name, tuple(roles), subject, ente)

    @property
    def visitor(self) -> Actor:
        """Return somebody without a token."""
        return self.actor(subject="visitatore")

    async def at(self, instant: datetime | str) -> datetime:
        """Set the platform clock to an instant of the story; within a story it only goes forward.

        Played a second time, the story sets the same instants again and every step answers as the first time.

        Args:
            instant: an aware datetime, or ISO text; text without offset is Europe/Rome.

        Returns:
            The instant in UTC.

        Raises:
            ValueError: the instant is before the previous one of this story.
        """
        moment = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ROMA)
        moment = moment.astimezone(UTC)
        if self._last is not None and moment < self._last:
            message = f"{self.name}: la storia va solo avanti: {moment} viene prima di {self._last}"
            raise ValueError(message)
        await self._clock("PUT", {"adesso": moment.isoformat().replace("+00:00", "Z")})
        self._last = moment
        return moment

    async def now(self) -> datetime:
        """Return what the platform clock says, in UTC."""
        body = await self._clock("GET", None)
        return datetime.fromisoformat(str(body["adesso"])).astimezone(UTC)

    async def _clock(self, method: str, json: dict[str, str] | None) -> Any:
        token = await self.gateway.tokens.token(roles=("amministratore",), subject="regia", ente=None)
        headers = {"Authorization": f"Bearer {token}"}
        answer = await self.gateway.call(method, "/orologio", headers=headers, json=json)
        if not answer.is_success:
            raise UnexpectedAnswer(method, "/orologio", (200,), answer)
        return answer.json() if answer.content else None

    async def gather(self, label: str, jobs: Iterable[Callable[[], Awaitable[T]]]) -> list[T]:
        """Run many steps, at most ``in_flight`` at a time, with a progress bar.

        Args:
            label: what the bar says.
            jobs: functions without arguments that return an awaitable (use ``functools.partial``).

        Returns:
            The results in the order of the jobs.

        Raises:
            Exception: the first failure; the other steps are cancelled.
        """
        todo = list(jobs)
        bar = self.progress.add_task(f"{self.name}: {label}", total=len(todo))
        results: dict[int, T] = {}
        queue = iter(enumerate(todo))

        async def worker() -> None:
            for index, job in queue:
                results[index] = await job()
                self.progress.advance(bar)

        tasks = [asyncio.create_task(worker()) for _ in range(min(self.in_flight, len(todo)))]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.gather(*tasks, return_exceptions=True)
        return [results[index] for index in range(len(todo))]

    async def until(self, what: str, effect: Effect[T], *, timeout_s: float = 30.0) -> T:
        """Ask again, a little later each time, until an effect is there.

        Args:
            what: the effect, in words, for the error message.
            effect: returns the effect, or None (or False) when it is not there yet.
            timeout_s: how long to wait before giving up.

        Raises:
            StageTimeout: the effect did not come.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout_s
        pause = 0.01
        while True:
            found = await effect()
            if found is not None and found is not False:
                return found
            if loop.time() > deadline:
                message = f"{self.name}: non e' arrivato entro {timeout_s:.0f} s: {what}"
                raise StageTimeout(message)
            await asyncio.sleep(pause)
            pause = min(pause * 1.6, 0.25)

    def step(self, label: str) -> None:
        """Show a single step of the story as done, in the progress display."""
        bar = self.progress.add_task(f"{self.name}: {label}", total=1)
        self.progress.advance(bar)

    def section(self, title: str) -> None:
        """Name the table that the next comparisons belong to."""
        self._section = title

    def expect(self, label: str, expected: object, obtained: object) -> bool:
        """Compare an expected figure with the obtained one; a difference fails the run at its end."""
        return self.report.compare(self._section, label, expected=expected, obtained=obtained)

    def note(self, text: str) -> None:
        """Say something beside the tables, e.g. which figures are synthetic."""
        self.report.notes.append(text)
