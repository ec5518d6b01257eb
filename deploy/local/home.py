"""The folder of a local platform: what is in it, and the lock that lets one platform at a time use it."""

import fcntl
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from deploy.local.credentials import Credentials
from deploy.local.errors import AnotherRun
from deploy.local.ports import Ports
from deploy.local.processes import Register

VARIABLE = "QUARTIERI_HOME"
DEFAULT = ".quartieri"


@dataclass
class Home:
    """Paths of one platform. The folder is made closed to others; one that exists already is left as it is."""

    root: Path
    _lock: int | None = field(default=None, init=False, repr=False)

    @classmethod
    def default(cls) -> "Home":
        """QUARTIERI_HOME, or `.quartieri` in the working folder."""
        return cls(Path(os.environ.get(VARIABLE) or DEFAULT).resolve())

    def prepare(self) -> None:
        """Make the folders that are missing."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in (self.logs, self.run):
            folder.mkdir(mode=0o700, exist_ok=True)

    @property
    def credentials(self) -> Credentials:
        """Generated passwords and keys."""
        return Credentials(self.root / "secrets")

    @property
    def logs(self) -> Path:
        """One file for each process."""
        return self.root / "logs"

    @property
    def run(self) -> Path:
        """What is known of the run: lock, processes, what has been done already."""
        return self.root / "run"

    @property
    def postgres(self) -> Path:
        """The PostgreSQL cluster."""
        return self.root / "postgres"

    @property
    def nats(self) -> Path:
        """The NATS configuration and store."""
        return self.root / "nats"

    @property
    def files(self) -> Path:
        """The documents people uploaded."""
        return self.root / "documenti"

    @property
    def register(self) -> Register:
        """The processes of the run."""
        return Register(self.run / "processes.json")

    def log(self, name: str) -> Path:
        """The log of one process."""
        return self.logs / f"{name}.log"

    def save_ports(self, ports: Ports) -> None:
        """Remember the ports of this run, for the commands given beside it."""
        (self.run / "ports.json").write_text(json.dumps(asdict(ports)), "utf-8")

    def ports(self) -> Ports:
        """The ports of the last run in this folder; the usual ones when there was none."""
        try:
            return Ports(**json.loads((self.run / "ports.json").read_text("utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            return Ports.from_env()

    def lock(self) -> None:
        """Take the folder for this process, until it ends (however it ends) or calls `unlock`.

        Raises:
            AnotherRun: somebody else has it; the message has its process id.
        """
        descriptor = os.open(self.run / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            owner = os.read(descriptor, 32).decode("ascii", "replace").strip() or "?"
            os.close(descriptor)
            raise AnotherRun(
                f"Un'altra piattaforma (processo {owner}) sta usando {self.root}: fermala, "
                f"oppure indica un'altra cartella con {VARIABLE}."
            ) from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode("ascii"))
        self._lock = descriptor

    @property
    def locked(self) -> bool:
        """True while this process has the folder."""
        return self._lock is not None

    def unlock(self) -> None:
        """Give the folder back."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None
