"""Many rows written at once: they cross to Postgres by its COPY protocol, inside the transaction of the session.

Bound one by one as parameters, the values of ten thousand rows took more time in the driver than in the database, and
as one JSON text more time in the database than to be stored (ADR 0051).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

_BEGIN = sa.text("SELECT 1")


async def insert_many(session: AsyncSession, table: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Writes rows into a table; a column that the rows do not name takes its default.

    Args:
        session: the transaction.
        table: a table, or the model of one.
        rows: they all name the same columns; a JSON column takes plain values, or an `orjson.Fragment` already written.

    Raises:
        sqlalchemy.exc.IntegrityError: a constraint refuses one of them.
        sqlalchemy.exc.DBAPIError: the database fails otherwise.
    """
    if not rows:
        return
    target: sa.Table = getattr(table, "__table__", table)
    columns = list(rows[0])
    documents = [isinstance(target.c[name].type, sa.JSON) for name in columns]
    await session.execute(_BEGIN)  # the driver opens its transaction at the first statement: COPY must be inside
    raw = await (await session.connection()).get_raw_connection()
    driver: Any = raw.driver_connection
    try:
        await driver.copy_records_to_table(target.name, columns=columns, records=_records(rows, columns, documents))
    except asyncpg.IntegrityConstraintViolationError as error:
        raise sa.exc.IntegrityError(f"COPY {target.name}", None, error) from error
    except asyncpg.PostgresError as error:
        raise sa.exc.DBAPIError(f"COPY {target.name}", None, error) from error


def _records(
    rows: Sequence[Mapping[str, Any]], columns: Sequence[str], documents: Sequence[bool]
) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        yield tuple(
            _json(row[name]) if document and row[name] is not None else row[name]
            for name, document in zip(columns, documents, strict=True)
        )


def _json(value: Any) -> str:
    return orjson.dumps(value, default=_plain).decode()


def _plain(value: object) -> str:
    """Write the driver's own kind of UUID, which is not the standard library's."""
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value)} cannot be written as JSON")
