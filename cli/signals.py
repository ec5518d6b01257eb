"""Ctrl-C and SIGTERM as an event, so that a command can stop what it has started in order."""

import asyncio
import ctypes
import os
import signal
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

_PR_SET_PDEATHSIG = 1
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def stop_event() -> asyncio.Event:
    """An event set by the first Ctrl-C, SIGTERM or hang-up. A second one is not needed: stopping has its own limits."""
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, asked.set)
    return asked


def end_with_parent() -> None:
    """Receive SIGTERM when the parent process dies, however it dies. Does nothing where the system cannot do it."""
    parent = os.getppid()
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    except (OSError, AttributeError):
        return
    if os.getppid() != parent:  # it died just before
        os.kill(os.getpid(), signal.SIGTERM)


async def until_stopped(
    work: Coroutine[Any, Any, T], watch: Callable[[], Awaitable[None]] | None = None
) -> tuple[bool, T | None]:
    """Do `work` until it is done or somebody asks to stop.

    Args:
        work: cancelled, and waited for, when a stop is asked.
        watch: never returns while all is well; what it raises ends the work and is raised here.

    Returns:
        Whether the work was done, and its result.
    """
    asked = stop_event()
    task = asyncio.create_task(work)
    others: list[asyncio.Future[Any]] = [asyncio.ensure_future(asked.wait())]
    if watch is not None:
        others.append(asyncio.ensure_future(watch()))
    try:
        await asyncio.wait([task, *others], return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return True, task.result()
        if watch is not None and others[1].done():
            error = others[1].exception()
            if error is not None:
                raise error
        return False, None
    finally:
        for other in [task, *others]:
            other.cancel()
        await asyncio.gather(task, *others, return_exceptions=True)
