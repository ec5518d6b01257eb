"""Child processes: started so that they die with their parent, stopped politely, found again after a crash."""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from deploy.local.errors import StartFailed

LOG_LIMIT_BYTES = 32 * 1024 * 1024
POLL_S = 0.02


def bound_to_parent(command: Sequence[str], stop_signal: signal.Signals) -> list[str]:
    """The same command, made to receive `stop_signal` when the process that starts it dies.

    The kernel ties this to the *thread* that starts the child: start children from the main thread only.
    """
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        return list(command)
    return [setpriv, "--pdeathsig", stop_signal.name.removeprefix("SIG"), "--", *command]


@dataclass
class Child:
    """One child process in a session of its own (Ctrl-C at the terminal reaches only the parent).

    Args:
        name: how people know it.
        command: what to run.
        log: the file its output goes to.
        env: its whole environment.
        cwd: its working folder.
        stop_signal: what asks it to end politely, also when the parent dies.
        stop_timeout_s: seconds it is given to do so before it is killed.
        prefix: words put before everything else (how root becomes somebody else).
    """

    name: str
    command: Sequence[str]
    log: Path
    env: Mapping[str, str]
    cwd: Path
    stop_signal: signal.Signals = signal.SIGTERM
    stop_timeout_s: float = 15.0
    prefix: Sequence[str] = ()
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def pid(self) -> int | None:
        """The process id, or None when it was never started."""
        return None if self.process is None else self.process.pid

    @property
    def returncode(self) -> int | None:
        """The exit code (negative: the signal that ended it), or None while it runs or was never started."""
        return None if self.process is None else self.process.poll()

    @property
    def alive(self) -> bool:
        """True while the process runs."""
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Start the process; its output is appended to the log, which is turned over when it has grown too long."""
        if self.alive:
            return
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT_BYTES:
            self.log.replace(self.log.with_suffix(".old.log"))
        command = [*self.prefix, *bound_to_parent(self.command, self.stop_signal)]
        descriptor = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            self.process = subprocess.Popen(
                command,
                cwd=self.cwd,
                env=dict(self.env),
                stdin=subprocess.DEVNULL,
                stdout=descriptor,
                stderr=descriptor,
                start_new_session=True,
            )
        except OSError as error:
            raise StartFailed(f"{self.name}: {error}") from error
        finally:
            os.close(descriptor)

    def wait(self) -> None:
        """Wait until the process ends by itself."""
        if self.process is not None:
            self.process.wait()

    def ask_to_stop(self) -> None:
        """Send the polite signal; does nothing when the process is not running."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(self.stop_signal)

    def stop(self) -> None:
        """End the process politely, and by force when it does not end in time."""
        self.ask_to_stop()
        if self.process is not None:
            try:
                self.process.wait(self.stop_timeout_s)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self) -> None:
        """End the process at once (SIGKILL) and wait until it is gone."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def tail(self, lines: int = 15) -> str:
        """The last lines of the log."""
        return tail(self.log, lines)

    def why_it_ended(self) -> str:
        """A sentence with the exit code or the signal."""
        code = self.returncode
        if code is None:
            return "is running"
        if code < 0:
            return f"was ended by {signal.Signals(-code).name}"
        return f"ended with exit code {code}"


def tail(log: Path, lines: int = 15) -> str:
    """The last lines of a file, or an empty text when there is none."""
    try:
        with log.open("rb") as stream:
            stream.seek(max(0, log.stat().st_size - 16_384))
            text = stream.read().decode("utf-8", "replace")
    except FileNotFoundError:
        return ""
    return "\n".join(text.splitlines()[-lines:])


def wait_gone(processes: Iterable[psutil.Process], timeout_s: float) -> list[psutil.Process]:
    """Wait until the processes have ended; return those that have not after `timeout_s` seconds."""
    _, alive = psutil.wait_procs(list(processes), timeout=timeout_s)
    return alive


def end_processes_in(folder: Path) -> int:
    """End by force every process whose working folder is `folder`; return how many there were.

    A PostgreSQL backend that is busy outlives a killed postmaster and blocks the next start.
    """
    real = str(folder.resolve())
    found = [process for process in psutil.process_iter() if _working_folder(process) == real]
    for process in found:
        _signal(process, signal.SIGKILL)
    wait_gone(found, 5)
    return len(found)


def _working_folder(process: psutil.Process) -> str | None:
    try:
        return process.cwd()
    except (psutil.Error, OSError):
        return None


def _signal(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return


class Register:
    """The list, on disk, of the processes of a run: what the next run needs to end them after a crash."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, children: Iterable[Child]) -> None:
        """Remember the running children, each with the instant it was created (a process id alone is used again)."""
        rows = []
        for child in children:
            if child.pid is not None and child.alive:
                try:
                    created = psutil.Process(child.pid).create_time()
                except psutil.NoSuchProcess:
                    continue
                rows.append({"name": child.name, "pid": child.pid, "created": created})
        draft = self.path.with_suffix(".new")
        draft.write_text(json.dumps(rows), "utf-8")
        draft.replace(self.path)

    def clear(self) -> None:
        """Forget the run."""
        self.path.unlink(missing_ok=True)

    def end_orphans(self, *, timeout_s: float = 8.0) -> list[str]:
        """End what an earlier run left running: politely first, then by force. Return the names."""
        orphans = self._orphans()
        for _, process in orphans:
            _signal(process, signal.SIGTERM)
        for process in wait_gone([process for _, process in orphans], timeout_s):
            _signal(process, signal.SIGKILL)
        wait_gone([process for _, process in orphans], 5)
        self.clear()
        return [name for name, _ in orphans]

    def _orphans(self) -> list[tuple[str, psutil.Process]]:
        try:
            rows = json.loads(self.path.read_text("utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            return []
        orphans = []
        for row in rows:
            try:
                process = psutil.Process(int(row["pid"]))
                same = abs(process.create_time() - float(row["created"])) < 1.0
            except (psutil.Error, KeyError, TypeError, ValueError):
                continue
            if same and process.status() != psutil.STATUS_ZOMBIE:
                orphans.append((str(row["name"]), process))
        return orphans


def wait_until_ready(child: Child, ready: Callable[[], bool], *, timeout_s: float) -> None:
    """Poll until `ready` answers True.

    Raises:
        StartFailed: the process ended first, or `timeout_s` seconds went by; the message has the last log lines.
    """
    deadline = time.monotonic() + timeout_s
    while not ready():
        if not child.alive:
            raise StartFailed(f"{child.name} {child.why_it_ended()}:\n{child.tail()}")
        if time.monotonic() > deadline:
            raise StartFailed(f"{child.name} did not become ready in {timeout_s:.0f} s:\n{child.tail()}")
        time.sleep(POLL_S)
