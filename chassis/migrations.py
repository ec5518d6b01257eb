"""Migrations: Alembic under an advisory lock, SQL functions by hash, then the runtime role's privileges.

Services never migrate: they check that the schema is at the version they were built for.
"""

import asyncio
import hashlib
import importlib
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command, context
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from chassis import tables
from chassis.database import async_url
from chassis.settings import ServiceSettings
from chassis.tables import chassis_metadata

LOCK_KEY = 0x5155_4152  # "QUAR"


class SchemaVersionError(RuntimeError):
    """The database is not at the version of this build."""


def package_folder(service: str) -> Path:
    """The folder of a service's package."""
    module = importlib.import_module(f"services.{service}")
    return Path(str(module.__file__)).parent


def service_metadata(service: str) -> sa.MetaData:
    """The metadata of a service's own tables."""
    metadata: sa.MetaData = importlib.import_module(f"services.{service}.models").Base.metadata
    return metadata


def alembic_config(service: str) -> Config:
    """Alembic's configuration of a service, without an ini file."""
    config = Config()
    config.set_main_option("script_location", str(package_folder(service) / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["service"] = service
    return config


def head(service: str) -> str:
    """The newest revision of this build."""
    found = ScriptDirectory.from_config(alembic_config(service)).get_current_head()
    if found is None:
        raise SchemaVersionError(f"{service} has no migration")
    return found


def run_env(service: str) -> None:
    """What a service's `migrations/env.py` calls: runs Alembic on the connection it was handed."""
    connection: Connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=[service_metadata(service), chassis_metadata],
        compare_type=True,
        compare_server_default=False,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


async def migrate(service: str, settings: ServiceSettings, *, revision: str = "head") -> str:
    """Brings a service's database to a revision, installs its SQL functions and grants the runtime role its rights.

    Args:
        service: the service's name.
        settings: with the owner's address.
        revision: an Alembic revision; downgrades are asked for by naming an older one.

    Returns:
        The revision the database is at.
    """
    engine = _engine(settings.migration_url)
    runtime_role = str(make_url(async_url(settings.database_url.get_secret_value())).username)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_migrate, service, runtime_role, revision)
        return await current_revision(engine) or ""
    finally:
        await engine.dispose()


def migrate_blocking(service: str, settings: ServiceSettings) -> str:
    """`migrate` for callers without an event loop."""
    return asyncio.run(migrate(service, settings))


def _migrate(connection: Connection, service: str, runtime_role: str, revision: str) -> None:
    connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY})
    config = alembic_config(service)
    config.attributes["connection"] = connection
    present = MigrationContext.configure(connection).get_current_revision()
    going_down = revision not in ("head", present) and _is_older(config, revision, present)
    if going_down:
        command.downgrade(config, revision)
    else:
        command.upgrade(config, revision)
        _install_sql(connection, service)
    _grant(connection, service, runtime_role)


def _is_older(config: Config, revision: str, present: str | None) -> bool:
    if present is None:
        return False
    script = ScriptDirectory.from_config(config)
    newer_ones = {item.revision for item in script.walk_revisions("base", present)}
    return revision == "base" or script.get_revision(revision).revision in newer_ones


def _install_sql(connection: Connection, service: str) -> None:
    """Installs each `sql/*.sql` of the service whose content changed since it was last installed."""
    known = {row.nome: row.impronta for row in connection.execute(sa.select(tables.installed_sql))}
    for path in sorted((package_folder(service) / "sql").glob("*.sql")):
        text = path.read_text(encoding="utf-8")
        digest = hashlib.sha256(text.encode()).hexdigest()
        if known.get(path.name) == digest:
            continue
        _execute_script(connection, text)
        connection.execute(sa.delete(tables.installed_sql).where(tables.installed_sql.c.nome == path.name))
        connection.execute(sa.insert(tables.installed_sql).values(nome=path.name, impronta=digest))


def _execute_script(connection: Connection, text: str) -> None:
    """Runs several statements at once, which a prepared statement cannot."""
    adapted: Any = connection.connection.dbapi_connection
    adapted.run_async(lambda driver: driver.execute(text))


def _grant(connection: Connection, service: str, runtime_role: str) -> None:
    """Gives the runtime role what it needs: no DDL, and neither UPDATE nor DELETE on immutable tables.

    A table whose info names `role` belongs to that role alone.
    """
    if connection.scalar(sa.text("SELECT current_user")) == runtime_role:
        return
    role = _quoted(runtime_role)
    connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA public TO {role}")
    connection.exec_driver_sql(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}")
    present = set(sa.inspect(connection).get_table_names())
    if "alembic_version" in present:
        connection.exec_driver_sql(f"GRANT SELECT ON alembic_version TO {role}")
    for metadata in (service_metadata(service), chassis_metadata):
        for table in metadata.sorted_tables:
            if table.name not in present:
                continue
            grantee = _quoted(str(table.info["role"])) if "role" in table.info else role
            rights = "SELECT, INSERT" if table.info.get("immutable") else "SELECT, INSERT, UPDATE, DELETE"
            connection.exec_driver_sql(f"REVOKE ALL ON {_quoted(table.name)} FROM {role}")
            if grantee != role:
                connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA public TO {grantee}")
            connection.exec_driver_sql(f"GRANT {rights} ON {_quoted(table.name)} TO {grantee}")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _engine(url: str) -> AsyncEngine:
    return create_async_engine(async_url(url), poolclass=NullPool, connect_args={"timeout": 10})


async def current_revision(engine: AsyncEngine) -> str | None:
    """The revision a database is at; None if it was never migrated."""

    def read(connection: Connection) -> Any:
        return MigrationContext.configure(connection).get_current_revision()

    async with engine.connect() as connection:
        found: str | None = await connection.run_sync(read)
    return found


async def check_version(service: str, engine: AsyncEngine) -> None:
    """Refuses to start on a database that is not at this build's revision.

    Raises:
        SchemaVersionError: says both revisions and the command to run.
    """
    found, wanted = await current_revision(engine), head(service)
    if found != wanted:
        raise SchemaVersionError(
            f"the database of {service} is at {found or 'no revision'}, this build needs {wanted}: "
            f"run `quartieri migra {service}`"
        )
