"""PostgreSQL and NATS for the tests.

Embedded servers by default; containers with TEST_INFRA=containers and a Docker engine; or the given TEST_POSTGRES_URL
(as a superuser) and TEST_NATS_URL. Each service has a template database, migrated once per session and cloned per
module. Under pytest-xdist the workers share the PostgreSQL of the controller and have a nats-server each.
"""

import hashlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from deploy.local import provision
from deploy.local.nats import Nats
from deploy.local.ports import free_ports
from deploy.local.postgres import Postgres
from deploy.local.scratch import scratch_folder

TEMPLATE_LOCK = 0x5445_4D50  # "TEMP"


class InfraError(Exception):
    """The servers the tests were told to use cannot be had."""


@dataclass(frozen=True)
class Clone:
    """A database of one service for one module, as it is after the migrations."""

    service: str
    database: str
    urls: provision.DatabaseUrls

    @property
    def env(self) -> dict[str, str]:
        """The variables of the environment contract that name it."""
        prefix = self.service.upper()
        return {f"{prefix}_DATABASE_URL": self.urls.app, f"{prefix}_OWNER_DATABASE_URL": self.urls.owner}


class Infra:
    """The servers of a test session; each is started the first time it is asked for.

    Args:
        shared: what the xdist controller handed to this worker (`share()`), or nothing.
        durable: an embedded PostgreSQL on a disk, that waits for it at each commit (measurements).
    """

    def __init__(self, shared: dict[str, str] | None = None, *, durable: bool = False) -> None:
        self._folder: Path | None = None
        self._closing: list[Callable[[], Any]] = []
        self._admin_url: str | None = (shared or {}).get("admin_url")
        self._nats: Nats | None = None
        self._nats_url: str | None = None
        self._run = (shared or {}).get("run") or secrets.token_hex(4)
        self._owns_templates = shared is None
        self._clones = 0
        self._durable = durable

    def share(self) -> dict[str, str]:
        """What a worker needs to use the PostgreSQL of this process."""
        return {"admin_url": self.admin_url, "run": self._run}

    @property
    def admin_url(self) -> str:
        """The database `postgres` of the server, as a superuser."""
        if self._admin_url is None:
            self._admin_url = os.environ.get("TEST_POSTGRES_URL") or (
                self._container_postgres() if _containers() else self._embedded_postgres()
            )
        return self._admin_url

    @property
    def nats_url(self) -> str:
        """The NATS server with JetStream, empty when the session starts."""
        if self._nats_url is None:
            self._nats_url = os.environ.get("TEST_NATS_URL") or (
                self._container_nats() if _containers() else self._embedded_nats()
            )
        return self._nats_url

    @property
    def nats(self) -> Nats:
        """The embedded NATS server itself, for tests that stop it or delete its folder.

        Raises:
            InfraError: the server in use is not ours to stop.
        """
        _ = self.nats_url
        if self._nats is None:
            raise InfraError("this test stops NATS: it needs the embedded server, not a given one")
        return self._nats

    def store_url(self, clone: Clone) -> str:
        """Where the files of a service on this database are kept: a folder of its own."""
        return f"file://{self._own_folder()}/{clone.database}"

    def password(self, role: str) -> str:
        """Password of a database role: the same in every process that knows the superuser's address."""
        return hashlib.sha256(f"{self.admin_url}|{role}".encode()).hexdigest()

    async def clone(self, service: str) -> Clone:
        """A fresh database of a service, migrated; drop it with `drop`."""
        connection = await asyncpg.connect(self.admin_url)
        try:
            template = await self._template(connection, service)
            self._clones += 1
            database = f"t_{service}_{os.getpid()}_{self._clones}_{secrets.token_hex(3)}"
            await provision.ensure_database(connection, database, service, template=template)
        finally:
            await connection.close()
        return Clone(service, database, provision.urls_of(self.admin_url, service, self.password, database))

    async def empty(self, service: str) -> Clone:
        """A fresh database of a service with its roles and privileges, not migrated."""
        connection = await asyncpg.connect(self.admin_url)
        database = f"e_{service}_{os.getpid()}_{secrets.token_hex(4)}"
        try:
            await connection.execute("SELECT pg_advisory_lock($1)", TEMPLATE_LOCK)
            await provision.ensure_roles(connection, service, self.password)
            await provision.ensure_database(connection, database, service)
        finally:
            await connection.close()
        await provision.ensure_privileges(provision.with_database(self.admin_url, database), service)
        return Clone(service, database, provision.urls_of(self.admin_url, service, self.password, database))

    async def drop(self, clone: Clone) -> None:
        """Remove a clone, cutting whoever is still connected to it."""
        await self._drop_database(clone.database)

    async def _drop_database(self, database: str) -> None:
        connection = await asyncpg.connect(self.admin_url)
        try:
            await connection.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        finally:
            await connection.close()

    async def _template(self, connection: provision.Connection, service: str) -> str:
        """The migrated database every clone of a service is copied from, made by whoever comes first."""
        template = f"tpl_{service}_{self._run}"
        known = "SELECT datistemplate FROM pg_database WHERE datname = $1"
        if await connection.fetchval(known, template):
            return template
        await connection.execute("SELECT pg_advisory_lock($1)", TEMPLATE_LOCK)
        try:
            if not await connection.fetchval(known, template):
                await connection.execute(f'DROP DATABASE IF EXISTS "{template}" WITH (FORCE)')
                await provision.ensure_roles(connection, service, self.password)
                await provision.ensure_database(connection, template, service)
                await provision.ensure_privileges(provision.with_database(self.admin_url, template), service)
                await self._migrate(service, template)
                await connection.execute(f'ALTER DATABASE "{template}" WITH IS_TEMPLATE true ALLOW_CONNECTIONS false')
        finally:
            await connection.execute("SELECT pg_advisory_unlock($1)", TEMPLATE_LOCK)
        return template

    async def _migrate(self, service: str, database: str) -> None:
        from chassis.migrations import migrate
        from chassis.settings import load_settings

        clone = Clone(service, database, provision.urls_of(self.admin_url, service, self.password, database))
        await migrate(service, load_settings(service, {**base_env(), "NATS_URL": "nats://unused.invalid", **clone.env}))

    def _embedded_postgres(self) -> str:
        folder = self._own_folder()
        server = Postgres(
            folder / "postgres",
            port=free_ports(1)[0],
            password=secrets.token_urlsafe(24),
            log=folder / "postgres.log",
            durable=self._durable,
        )
        server.start()
        self._closing.append(server.stop)
        return server.admin_url()

    def _embedded_nats(self) -> str:
        folder = self._own_folder()
        self._nats = Nats(
            folder / "nats",
            port=free_ports(1)[0],
            password=secrets.token_urlsafe(24),
            log=folder / "nats.log",
            durable=False,
        )
        self._nats.start()
        self._closing.append(self._nats.stop)
        return self._nats.url

    def _container_postgres(self) -> str:
        from testcontainers.postgres import PostgresContainer

        container = PostgresContainer("postgres:18", driver=None).with_command("-c fsync=off -c max_connections=200")
        container.start()
        self._closing.append(container.stop)
        return str(container.get_connection_url())

    def _container_nats(self) -> str:
        from testcontainers.core.container import DockerContainer
        from testcontainers.core.waiting_utils import wait_for_logs

        container = DockerContainer("nats:2.12").with_command("-js").with_exposed_ports(4222)
        container.start()
        self._closing.append(container.stop)
        wait_for_logs(container, "Server is ready", timeout=60)
        return f"nats://{container.get_container_host_ip()}:{container.get_exposed_port(4222)}"

    def _own_folder(self) -> Path:
        if self._folder is None:
            self._folder = (
                Path(tempfile.mkdtemp(prefix="quartieri-misura-"))
                if self._durable
                else scratch_folder("quartieri-test-")
            )
        return self._folder

    async def drop_templates(self) -> None:
        """Remove the templates of this session (needed only on a server that outlives it)."""
        connection = await asyncpg.connect(self.admin_url)
        try:
            for service in provision.SERVICES:
                template = f"tpl_{service}_{self._run}"
                if await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", template):
                    await connection.execute(f'ALTER DATABASE "{template}" WITH IS_TEMPLATE false')
                    await connection.execute(f'DROP DATABASE "{template}" WITH (FORCE)')
        finally:
            await connection.close()

    @property
    def leaves_templates(self) -> bool:
        """True when the server in use was given and this process made templates on it."""
        return self._owns_templates and self._admin_url is not None and "TEST_POSTGRES_URL" in os.environ

    def close(self) -> None:
        """Stop what was started and remove its files."""
        while self._closing:
            self._closing.pop()()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)


def base_env() -> dict[str, str]:
    """The variables every service needs and no test depends on."""
    return {
        "QUARTIERI_ENV": "local",
        "ISSUER_URL": "http://issuer.test",
        "JWKS_URL": "http://issuer.test/jwks.json",
        "AUDIENCE": "quartieri",
        "CURSOR_KEY": "k" * 40,
        "PUNTILUNA_SIGNING_KEY": "s" * 40,
        "INCLUSIONE_IBAN_KEYS": "iban-keys-of-the-tests-" + "0" * 20,
        "LOG_LEVEL": "WARNING",
    }


def _containers() -> bool:
    if os.environ.get("TEST_INFRA", "embedded") != "containers":
        return False
    import docker

    try:
        docker.from_env().ping()
    except docker.errors.DockerException as error:
        raise InfraError(f"TEST_INFRA=containers, but no Docker engine answers: {error}") from error
    return True
