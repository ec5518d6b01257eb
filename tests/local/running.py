"""Runs `quartieri up` (with stand-ins for the services) as a person would, and looks at what it leaves behind."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from deploy.local.ports import Ports, accepts, variable

PROGRAM = Path(__file__).with_name("fake_up.py")
READY_TEXT = "Ctrl-C ferma tutto."
PATIENCE_S = 60.0


@dataclass
class Run:
    """One running platform."""

    process: subprocess.Popen[bytes]
    home: Path
    ports: Ports
    output: Path

    @property
    def text(self) -> str:
        """What it has printed so far."""
        return self.output.read_text("utf-8", "replace")

    def children(self) -> dict[str, psutil.Process]:
        """Its processes by name."""
        rows = json.loads((self.home / "run" / "processes.json").read_text("utf-8"))
        return {row["name"]: psutil.Process(row["pid"]) for row in rows}

    def wait_ready(self) -> None:
        """Wait for the table of addresses."""
        deadline = time.monotonic() + PATIENCE_S
        while READY_TEXT not in self.text:
            assert self.process.poll() is None, self.text
            assert time.monotonic() < deadline, self.text
            time.sleep(0.05)

    def wait_said(self, words: str) -> None:
        """Wait for some words of a platform that is no child of ours, so that its end cannot be waited for."""
        deadline = time.monotonic() + PATIENCE_S
        while words not in self.text:
            assert time.monotonic() < deadline, self.text
            time.sleep(0.05)

    def interrupt(self, number: signal.Signals = signal.SIGINT) -> int:
        """Ask it to stop; return its exit code."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_S)

    def wait_end(self) -> int:
        """Wait until it ends by itself; return its exit code."""
        return self.process.wait(PATIENCE_S)


@contextmanager
def up(
    home: Path,
    *,
    ports: Ports | None = None,
    prefix: Sequence[str] = (),
    words: Sequence[str] = (),
    environ: dict[str, str] | None = None,
    ready: bool = True,
    program: Sequence[str] = (str(PROGRAM),),
) -> Iterator[Run]:
    """Start a platform in `home`; whatever happens, nothing of it outlives the block."""
    chosen = ports or Ports.free()
    env = {
        **os.environ,
        **{variable(name): str(port) for name, port in asdict(chosen).items()},
        "QUARTIERI_HOME": str(home),
        "PYTHONPATH": str(PROGRAM.parents[2]),
        **(environ or {}),
    }
    output = home.parent / f"{home.name}.{time.monotonic_ns()}.out"
    with output.open("wb") as stream:
        process = subprocess.Popen(
            [*prefix, sys.executable, *program, *words], env=env, stdout=stream, stderr=subprocess.STDOUT
        )
    run = Run(process, home, chosen, output)
    try:
        if ready:
            run.wait_ready()
        yield run
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                process.kill()


def left_behind(home: Path) -> list[str]:
    """Living processes that work in the folder or were started from it."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.status() == psutil.STATUS_ZOMBIE:
                continue
            where = Path(process.cwd())
        except (psutil.Error, OSError):
            continue
        if where == home or home in where.parents:
            found.append(f"{process.pid} {process.name()}")
    return found


def assert_nothing_left(home: Path, ports: Ports, within_s: float = 20.0) -> None:
    """Fail unless every process and listener of the platform is gone within some seconds."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if not left_behind(home) and not any(accepts(port) for port in asdict(ports).values()):
            return
        time.sleep(0.1)
    raise AssertionError(f"left behind: {left_behind(home)}")


def permissions(folder: Path) -> list[tuple[str, int, int, int]]:
    """Mode and owner of a folder and of every folder above it."""
    found = []
    for path in (folder, *folder.parents):
        about = path.stat()
        found.append((str(path), stat.S_IMODE(about.st_mode), about.st_uid, about.st_gid))
    return found
