"""The scenarios driven from a test: a transport that counts what was cut, and a digest of the state they leave."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx
from rich.progress import Progress

from deploy.local import provision
from deploy.local.platform import LocalPlatform
from scenari.runner import in_order, known_scenarios
from scenari.toolkit import Gateway, Report, Stage

CUT = frozenset({502, 503, 504})
# Tables that tell how the work was done, not what was done: reading again, or the passing of a day, writes to them.
PASSING = frozenset(
    {
        "alembic_version",
        "evento_parcheggiato",
        "flusso",
        "inbox",
        "orologio",
        "outbox",
        "radice_firmata",
        "registro_accessi",
    }
)


class CountingTransport(httpx.AsyncHTTPTransport):
    """Counts the requests under way and those that a crash cut off."""

    in_flight = 0
    cut = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.in_flight += 1
        try:
            answer = await super().handle_async_request(request)
        except httpx.TransportError:
            self.cut += 1
            raise
        finally:
            self.in_flight -= 1
        if answer.status_code in CUT:
            self.cut += 1
        return answer


@asynccontextmanager
async def theatre(
    platform: LocalPlatform, *, in_flight: int, patience_s: float = 120.0, one_by_one: bool = True
) -> AsyncIterator["Theatre"]:
    """A client of the platform's gateway that can play scenarios, by default with a request for each fact."""
    limits = httpx.Limits(max_connections=in_flight * 2, max_keepalive_connections=in_flight * 2)
    transport = CountingTransport(limits=limits)
    gateway = Gateway(platform.gateway_url, platform, patience_s=patience_s, concurrency=in_flight, transport=transport)
    try:
        yield Theatre(gateway, transport, in_flight, one_by_one)
    finally:
        await gateway.close()


class Theatre:
    """Plays scenarios and keeps the client's journal."""

    def __init__(self, gateway: Gateway, transport: CountingTransport, in_flight: int, one_by_one: bool) -> None:
        self.gateway = gateway
        self.transport = transport
        self._in_flight = in_flight
        self._one_by_one = one_by_one

    async def play(self, *names: str) -> list[Report]:
        """Plays the named scenarios without those they require; every figure must be the expected one."""
        reports = []
        known = known_scenarios()
        for name in names:
            report = Report(known[name].title)
            with Progress(disable=True) as progress:
                stage = Stage(
                    name, self.gateway, report, progress, in_flight=self._in_flight, one_by_one=self._one_by_one
                )
                await known[name].play(stage)
            assert report.rows
            assert not report.differences, report.differences
            reports.append(report)
        return reports


def required_by(name: str) -> list[str]:
    """What must be played before a scenario."""
    return [scenario.name for scenario in in_order([name], known_scenarios()) if scenario.name != name]


async def connect(platform: LocalPlatform, service: str) -> "asyncpg.Connection[Any]":
    """A superuser's connection to a service's database."""
    assert platform.postgres is not None
    return await asyncpg.connect(provision.with_database(platform.postgres.admin_url(), service))


NATURAL_KEYS = {"codice": ("bando", "misura"), "numero": (), "protocollo": ()}


async def some_ids(connection: "asyncpg.Connection[Any]", parameter: str, many: int) -> list[str]:
    """Ids of real objects for a parameter of a path: keys of the table whose primary key has the parameter's name."""
    if parameter in NATURAL_KEYS:
        for table in NATURAL_KEYS[parameter]:
            if await connection.fetchval("SELECT to_regclass($1)", table):
                return [row[0] for row in await connection.fetch(f"SELECT {parameter} FROM {table} LIMIT $1", many)]
        return ["1"]
    table = await connection.fetchval(
        """SELECT c.table_name FROM information_schema.table_constraints c
           JOIN information_schema.key_column_usage k USING (constraint_schema, constraint_name)
           WHERE c.constraint_type = 'PRIMARY KEY' AND c.table_schema = 'public' AND k.column_name = $1
           ORDER BY (SELECT count(*) FROM information_schema.key_column_usage o
                     WHERE o.constraint_name = c.constraint_name), length(c.table_name) LIMIT 1""",
        parameter,
    )
    if table is None:
        return []
    rows = await connection.fetch(f'SELECT DISTINCT "{parameter}" FROM "{table}" ORDER BY 1 LIMIT $1', many)
    return [str(row[0]) for row in rows]


async def fingerprint(platform: LocalPlatform, services: Sequence[str] = provision.SERVICES) -> dict[str, str]:
    """A digest of every row of every domain table: equal digests, equal states."""
    found: dict[str, str] = {}
    for service in services:
        connection = await connect(platform, service)
        try:
            tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            for name in sorted(row["tablename"] for row in tables if row["tablename"] not in PASSING):
                found[f"{service}.{name}"] = await connection.fetchval(
                    f"SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') "
                    f'FROM "{name}" t'
                )
            found[f"{service}: events"] = str(await connection.fetchval("SELECT count(*) FROM outbox"))
        finally:
            await connection.close()
    return found
