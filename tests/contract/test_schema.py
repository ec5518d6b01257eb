"""The migrations make exactly what the models say, can be run again, and leave each role its rights and no more.

`alembic check` does not see CHECK, EXCLUDE, functions or privileges: the whole schema is also compared with a golden
dump. After a wanted change write it anew: `QUARTIERI_SCRIVI_SCHEMA=1 pytest tests/contract/test_schema.py`.
"""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.ext.asyncio import create_async_engine

from chassis.database import async_url
from chassis.migrations import migrate, service_metadata
from chassis.tables import chassis_metadata
from deploy.local.postgres import binary
from tests.support.infra import Infra
from tests.support.service import service_settings

SERVICES = ("bandi", "laboratori", "inclusione", "puntiluna")
GOLDEN = Path(__file__).parent / "schema"
# What a dump says of the server rather than of the schema.
NOISE = re.compile(r"^(--|SET |SELECT pg_catalog|\\(un)?restrict|CREATE EXTENSION|COMMENT ON EXTENSION|\s*$)")


def dump(url: str) -> str:
    """The schema of a database as pg_dump writes it, without what belongs to the server."""
    command = [binary("pg_dump"), "--schema-only", "--no-owner", "--dbname", url]
    text = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    return "\n".join(line for line in text.splitlines() if not NOISE.match(line)) + "\n"


def differences(connection: sa.Connection, service: str) -> list[Any]:
    """What autogenerate would change."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    metadata = sa.MetaData()
    for source in (service_metadata(service), chassis_metadata):
        for table in source.sorted_tables:
            table.to_metadata(metadata)
    return [item for item in compare_metadata(context, metadata) if "alembic_version" not in str(item)]


@pytest.mark.parametrize("service", SERVICES)
async def test_the_migrations_make_what_the_models_say(service: str, infra: Infra) -> None:
    clone = await infra.clone(service)
    engine = create_async_engine(async_url(clone.urls.owner))
    async with engine.connect() as connection:
        found = await connection.run_sync(differences, service)
    await engine.dispose()
    await infra.drop(clone)
    assert not found


@pytest.mark.parametrize("service", SERVICES)
async def test_the_schema_is_the_golden_one(service: str, infra: Infra) -> None:
    clone = await infra.clone(service)
    text = dump(clone.urls.owner)
    await infra.drop(clone)
    golden = GOLDEN / f"{service}.sql"
    if os.environ.get("QUARTIERI_SCRIVI_SCHEMA"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("service", SERVICES)
async def test_migrating_again_changes_nothing_and_down_and_up_again_gives_the_same(service: str, infra: Infra) -> None:
    clone = await infra.empty(service)
    settings = service_settings(clone)
    revision = await migrate(service, settings)
    first = dump(clone.urls.owner)
    assert await migrate(service, settings) == revision
    assert dump(clone.urls.owner) == first
    await migrate(service, settings, revision="base")
    await migrate(service, settings)
    assert dump(clone.urls.owner) == first
    await infra.drop(clone)


@pytest.mark.parametrize("service", SERVICES)
async def test_the_runtime_role_can_neither_rewrite_immutable_tables_nor_change_the_schema(
    service: str, infra: Infra
) -> None:
    clone = await infra.clone(service)
    connection = await asyncpg.connect(clone.urls.app)
    try:
        immutable = [
            table.name
            for metadata in (service_metadata(service), chassis_metadata)
            for table in metadata.sorted_tables
            if table.info.get("immutable")
        ]
        assert "registro_accessi" in immutable
        for name in immutable:
            for statement in (f'DELETE FROM "{name}"', f'TRUNCATE "{name}"', f'DROP TABLE "{name}"'):
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await connection.execute(statement)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("CREATE TABLE intrusa (x int)")
    finally:
        await connection.close()
        await infra.drop(clone)
