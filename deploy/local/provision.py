"""Databases and roles of the services, made by the superuser; doing it again changes nothing.

Each service X has one database X, the role X_owner (migrations) and the role X_app (runtime: may use what it is
granted, may create nothing). The database `laboratori` has a third role, for the conditions of disadvantage, that its
runtime role must assume explicitly.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

SERVICES = ("bandi", "laboratori", "inclusione", "puntiluna")
CONDITIONS_ROLE = "laboratori_condizioni"

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@dataclass(frozen=True)
class DatabaseUrls:
    """Addresses of one database: as the owner (migrations) and as the runtime role."""

    owner: str
    app: str


def with_login(url: str, database: str, user: str, password: str) -> str:
    """The same server, another database, user and password."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(
        (parts.scheme, f"{quote(user, safe='')}:{quote(password, safe='')}@{host}", f"/{database}", "", "")
    )


def with_database(url: str, database: str) -> str:
    """The same server and login, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


async def provision(admin_url: str, services: Sequence[str], password: Callable[[str], str]) -> None:
    """Create what is missing of the roles and databases of `services`, and put every privilege right.

    Args:
        admin_url: any database of the server, as a superuser.
        services: names among SERVICES.
        password: gives the password of a role, always the same for the same role.
    """
    connection = await asyncpg.connect(admin_url)
    try:
        for service in services:
            await ensure_roles(connection, service, password)
            await ensure_database(connection, service, service)
    finally:
        await connection.close()
    for service in services:
        await ensure_privileges(with_database(admin_url, service), service)


async def ensure_roles(connection: Connection, service: str, password: Callable[[str], str]) -> None:
    """Create the login roles of a service, or give them again the password we know."""
    for role in (f"{service}_owner", f"{service}_app"):
        exists = await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role)
        verb = "ALTER" if exists else "CREATE"
        secret = await connection.fetchval("SELECT quote_literal($1::text)", password(role))
        await connection.execute(
            f'{verb} ROLE "{role}" WITH LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD {secret}'
        )
    if service == "laboratori":
        if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", CONDITIONS_ROLE):
            await connection.execute(f"CREATE ROLE {CONDITIONS_ROLE} WITH NOLOGIN")
        await connection.execute(f"GRANT {CONDITIONS_ROLE} TO laboratori_app WITH INHERIT FALSE, SET TRUE")


async def ensure_database(connection: Connection, database: str, service: str, *, template: str = "template0") -> None:
    """Create a database of a service when it does not exist; only its two roles may connect to it.

    Orderings are those of the `builtin` provider, C.UTF-8: the same on every machine, without ICU.
    """
    if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", database):
        await connection.execute(
            f'CREATE DATABASE "{database}" OWNER "{service}_owner" TEMPLATE "{template}" ENCODING UTF8 '
            "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'"
        )
    await connection.execute(f'REVOKE ALL ON DATABASE "{database}" FROM PUBLIC')
    await connection.execute(f'GRANT CONNECT, TEMPORARY ON DATABASE "{database}" TO "{service}_app"')


async def ensure_privileges(admin_url: str, service: str) -> None:
    """Extension and schema of one database: the owner owns it, the runtime role may only use it."""
    connection = await asyncpg.connect(admin_url)
    try:
        await connection.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        await connection.execute(f'ALTER SCHEMA public OWNER TO "{service}_owner"')
        await connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
        users = [f"{service}_app", *([CONDITIONS_ROLE] if service == "laboratori" else [])]
        for role in users:
            await connection.execute(f'GRANT USAGE ON SCHEMA public TO "{role}"')
    finally:
        await connection.close()


def urls_of(admin_url: str, service: str, password: Callable[[str], str], database: str | None = None) -> DatabaseUrls:
    """The addresses of a service's database (`database` when it is a clone with another name)."""
    name = database or service
    owner, app = f"{service}_owner", f"{service}_app"
    return DatabaseUrls(
        owner=with_login(admin_url, name, owner, password(owner)), app=with_login(admin_url, name, app, password(app))
    )
