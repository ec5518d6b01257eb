"""The whole platform as child processes of this one: `quartieri up`, `quartieri demo` and the end-to-end tests."""

import asyncio
import hashlib
import http.client
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.local.environment import AUDIENCE, External, service_environment, url
from deploy.local.errors import ChildDied, StartFailed
from deploy.local.home import Home
from deploy.local.issuer import Grant, Issuer
from deploy.local.nats import Nats
from deploy.local.ports import HOST, Ports, check_free
from deploy.local.postgres import Postgres
from deploy.local.processes import Child
from deploy.local.provision import SERVICES, provision, urls_of
from deploy.local.scratch import scratch_folder

READY_TIMEOUT_S = 90.0
FRONT = (*SERVICES, "gateway")  # the five that answer /readyz
PROCESSES = ("postgres", "nats", "issuer", *SERVICES, "gateway")
# -P: the working folder of the processes is not a place to import from.
COMMAND: tuple[str, ...] = (sys.executable, "-P", "-m", "cli")
SOURCE = Path(__file__).parents[2]


@dataclass
class LocalPlatform:
    """PostgreSQL, NATS, the issuer, four services and the gateway, in one folder and on given ports.

    An async context manager: `async with LocalPlatform.throwaway() as platform:`. Enter it in the main thread.

    Args:
        home: its folder.
        ports: of every process.
        environ: the operator's environment; `X_DATABASE_URL` and `NATS_URL` in it replace our own servers.
        durable: False turns off what protects the data from a loss of power.
        report: told each step of the start.
    """

    home: Home
    ports: Ports
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    durable: bool = True
    report: Callable[[str], None] = lambda _: None
    delete_at_end: bool = False
    children: dict[str, Child] = field(default_factory=dict, init=False)
    postgres: Postgres | None = field(default=None, init=False)
    nats: Nats | None = field(default=None, init=False)
    _expected_down: set[str] = field(default_factory=set, init=False)
    _tokens: dict[tuple[str, frozenset[str], str | None], tuple[float, str]] = field(default_factory=dict, init=False)

    @classmethod
    def throwaway(
        cls, *, environ: Mapping[str, str] | None = None, durable: bool = False, folder: Path | None = None
    ) -> "LocalPlatform":
        """A platform in a temporary folder, on free ports and always with servers of its own; deleted when it stops."""
        source = dict(os.environ if environ is None else environ)
        for name in ("NATS_URL", *(f"{service.upper()}_DATABASE_URL" for service in SERVICES)):
            source.pop(name, None)
        root = folder or (
            Path(tempfile.mkdtemp(prefix="quartieri-")) if durable else scratch_folder("quartieri-usa-e-getta-")
        )
        return cls(Home(root), Ports.free(), source, durable, delete_at_end=True)

    async def __aenter__(self) -> Self:
        try:
            await self.start()
        except BaseException:
            await self.stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    @property
    def external(self) -> External:
        """The servers given in place of ours."""
        return External.from_env(self.environ)

    @property
    def gateway_url(self) -> str:
        """Address of the public door."""
        return url(self.ports, "gateway")

    @property
    def issuer_url(self) -> str:
        """Address of the local issuer."""
        return url(self.ports, "issuer")

    @property
    def names(self) -> list[str]:
        """The processes of this platform, in the order they start."""
        absent = set()
        if not self.external.embedded_databases:
            absent.add("postgres")
        if self.external.nats_url:
            absent.add("nats")
        return [name for name in PROCESSES if name not in absent]

    async def start(self) -> None:
        """Bring everything up; all five front processes are ready when it returns.

        Raises:
            AnotherRun: another platform is using the folder.
            PortTaken: names the port and how to change it.
            StartFailed: a process did not start; says which and why.
        """
        self.home.prepare()
        self.home.lock()
        ended = self.home.register.end_orphans()
        if ended:
            self.report(f"chiusi i processi rimasti da un avvio interrotto: {', '.join(ended)}")
        check_free(self.ports, self.names)
        self.home.save_ports(self.ports)
        await self._start_servers()
        for name in ("issuer", "gateway"):  # they need no database: they get ready while it is migrated
            self._add(self._program(name))
        await self._migrate_if_needed()
        self.report("avvio dei servizi")
        for name in SERVICES:
            self._add(self._program(name))
        await self.wait_ready()

    async def _start_servers(self) -> None:
        self.report("avvio di PostgreSQL e NATS")
        if "postgres" in self.names:
            self.postgres = self._own_postgres()
            self.postgres.launch()
            self._took("postgres", self.postgres.child)
        if "nats" in self.names:
            self.nats = self._own_nats()
            self.nats.launch()
            self._took("nats", self.nats.child)
        for server in (self.postgres, self.nats):
            if server is not None:
                await asyncio.to_thread(server.wait_ready)
        if self.postgres is not None:
            await provision(self.postgres.admin_url(), self.external.embedded_databases, self._role_password)

    def environment(self) -> dict[str, str]:
        """The environment every process of this platform runs in."""
        postgres, nats = self._own_postgres(), self._own_nats()
        databases = {
            name: urls_of(postgres.admin_url(), name, self._role_password) for name in self.external.embedded_databases
        }
        return service_environment(self.environ, self.home, self.ports, databases, self.external.nats_url or nats.url)

    def _own_postgres(self) -> Postgres:
        return Postgres(
            self.home.postgres,
            port=self.ports.postgres,
            password=self.home.credentials.get("db-postgres"),
            log=self.home.log("postgres"),
            durable=self.durable,
        )

    def _own_nats(self) -> Nats:
        password = self.home.credentials.get("nats")
        return Nats(self.home.nats, port=self.ports.nats, password=password, log=self.home.log("nats"))

    async def _migrate_if_needed(self) -> None:
        stamp = self.stamp("migrated")
        wanted = _schema_fingerprint()
        if not self.external.databases and stamp.exists() and stamp.read_text("utf-8") == wanted:
            return
        self.report("migrazione delle basi dati")
        self._expected_down.add("migra")
        child = self._child("migra", [*COMMAND, "migra"])
        child.start()
        self._took("migra", child)
        await asyncio.to_thread(child.wait)
        if child.returncode != 0:
            raise StartFailed(f"La migrazione non e' riuscita ({child.why_it_ended()}):\n{child.tail(30)}")
        del self.children["migra"]
        stamp.write_text(wanted, "utf-8")

    def stamp(self, name: str) -> Path:
        """A file that says something was done to the databases; it is lost with them when they are our own."""
        return (self.home.postgres if self.postgres is not None else self.home.run) / name

    async def wait_ready(self, names: Sequence[str] = ("issuer", *FRONT), timeout_s: float = READY_TIMEOUT_S) -> None:
        """Wait until each process answers 200 to `/readyz`.

        Raises:
            StartFailed: one ended, or is not ready after `timeout_s` seconds; says which and why.
        """
        deadline = time.monotonic() + timeout_s
        waiting = list(names)
        while waiting:
            for name in list(waiting):
                child = self.children[name]
                if not child.alive:
                    raise StartFailed(f"{name} non e' partito: {child.why_it_ended()}\n{child.tail(30)}")
                if await asyncio.to_thread(_answers_ready, self.ports.of(name)):
                    waiting.remove(name)
            if waiting and time.monotonic() > deadline:
                tails = "\n".join(f"--- {name}\n{self.children[name].tail()}" for name in waiting)
                raise StartFailed(f"Non pronti dopo {timeout_s:.0f} s: {', '.join(waiting)}\n{tails}")
            if waiting:
                await asyncio.sleep(0.1)

    async def watch(self) -> None:
        """Return never, unless a process ends that nobody stopped.

        Raises:
            ChildDied: says which process, how it ended and its last log lines.
        """
        while True:
            for name, child in list(self.children.items()):
                if child.returncode is not None and name not in self._expected_down:
                    lines = child.tail() or "(nessuna riga)"
                    raise ChildDied(f"{name} {_how_it_ended(child)}. Ultime righe di {child.log}:\n{lines}")
            await asyncio.sleep(0.2)

    def kill(self, name: str) -> None:
        """End a process at once (SIGKILL), as a crash would; `watch` does not mind. Start it again with `restart`."""
        self._expected_down.add(name)
        self.children[name].kill()

    async def stop_one(self, name: str) -> None:
        """Stop one process politely; `watch` does not mind. Start it again with `restart`."""
        self._expected_down.add(name)
        await asyncio.to_thread(self.children[name].stop)

    async def restart(self, name: str, *, wait: bool = True) -> None:
        """Start again a process that was killed or stopped.

        Args:
            name: of the process.
            wait: until it is ready.
        """
        server = {"postgres": self.postgres, "nats": self.nats}.get(name)
        if server is not None:
            server.launch()
            self._took(name, server.child)
            if wait:
                await asyncio.to_thread(server.wait_ready)
        else:
            self._add(self._program(name))
            if wait:
                await self.wait_ready([name])
        self._expected_down.discard(name)

    async def stop(self) -> None:
        """Stop everything, in order: gateway, services, issuer, NATS, PostgreSQL. Leaves no process behind."""
        for group in (("gateway", "migra"), SERVICES, ("issuer",), ("nats",)):
            members = [self.children[name] for name in group if name in self.children]
            self._expected_down.update(group)
            for child in members:
                child.ask_to_stop()
            await asyncio.gather(*(asyncio.to_thread(child.stop) for child in members))
        self._expected_down.add("postgres")
        if self.postgres is not None:
            await asyncio.to_thread(self.postgres.stop)
        self.children.clear()
        if self.home.run.exists() and self.home.locked:
            self.home.register.clear()
            self.home.unlock()
        if self.delete_at_end:
            shutil.rmtree(self.home.root, ignore_errors=True)

    async def token(self, *, roles: Sequence[str], subject: str, ente: str | None = None) -> str:
        """A token for anybody, signed with the key of this platform; one is kept and given again while it is fresh."""
        key = (subject, frozenset(roles), ente)
        until, token = self._tokens.get(key, (0.0, ""))
        if until < time.monotonic():
            issuer = Issuer(self.home.credentials, url=self.issuer_url, audience=AUDIENCE)
            token = issuer.token(Grant(subject, list(roles), ente))
            self._tokens[key] = (time.monotonic() + 1_800, token)
        return token

    def _role_password(self, role: str) -> str:
        return self.home.credentials.get(f"db-{role.replace('_', '-')}")

    def _program(self, name: str) -> Child:
        if name == "issuer":
            return self._child(name, [sys.executable, "-P", "-m", "deploy.local.issuer_main"])
        return self._child(name, [*COMMAND, "serve", name, "--port", str(self.ports.of(name))])

    def _child(self, name: str, command: Sequence[str]) -> Child:
        return Child(name, command, self.home.log(name), self.environment(), self.home.root)

    def _add(self, child: Child) -> None:
        child.start()
        self._took(child.name, child)

    def _took(self, name: str, child: Child | None) -> None:
        assert child is not None
        self.children[name] = child
        self.home.register.write(self.children.values())


def _answers_ready(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _how_it_ended(child: Child) -> str:
    code = child.returncode
    if code is not None and code < 0:
        return f"e' stato terminato dal segnale {-code}"
    return f"e' terminato con codice {code}"


def _schema_fingerprint() -> str:
    """A digest of everything a migration reads: the same digest, the same schema."""
    digest = hashlib.sha256()
    for path in sorted(_schema_files()):
        digest.update(path.relative_to(SOURCE).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _schema_files() -> Iterator[Path]:
    yield from (SOURCE / "chassis").glob("*.py")
    for service in SERVICES:
        folder = SOURCE / "services" / service
        for pattern in ("migrations/**/*.py", "sql/*.sql", "models.py", "models/*.py"):
            yield from folder.glob(pattern)
