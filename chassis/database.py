"""Postgres through SQLAlchemy async + asyncpg: engines, column types, a metadata per service, transactions.

One request, one event, one run of a job = one transaction.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import registry
from sqlmodel import SQLModel

from chassis.errors import Unavailable

INSTANT = sa.DateTime(timezone=True)
CENT = sa.BigInteger

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

LOCK_TIMEOUT_MS = 5_000
STATEMENT_TIMEOUT_MS = 30_000
POOL_WAIT_S = 3.0
PREPARED_STATEMENTS = 500  # of one connection: more than any service has, so that none is prepared twice


def service_base() -> type[SQLModel]:
    """A base class for the tables of one service, with metadata of its own (SQLModel's own is global)."""

    class Base(SQLModel, registry=registry(metadata=sa.MetaData(naming_convention=NAMING_CONVENTION))):
        """Base of one service's tables."""

    return Base


def one_of(column: str, values: type[StrEnum]) -> sa.CheckConstraint:
    """A CHECK that keeps a text column to the values of an enum (text + CHECK instead of a native enum)."""
    listed = ", ".join(f"'{value.value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=f"{column}_ammesso")


def async_url(url: str) -> str:
    """The same address with the asyncpg driver named, whatever spelling of `postgresql://` was given."""
    for prefix in ("postgresql+asyncpg://", "postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+asyncpg://" + url.removeprefix(prefix)
    raise ValueError("l'indirizzo della base dati deve cominciare con postgresql://")


def _nothing(session: AsyncSession) -> None:
    """What follows a commit unless somebody asks for more."""


class Database:
    """The connection pool of one service and the transactions made on it.

    `after_commit` is called with the session of each transaction that was committed.
    """

    def __init__(
        self, url: str, *, pool_size: int = 10, application: str = "quartieri", info: dict[str, Any] | None = None
    ) -> None:
        self.engine: AsyncEngine = create_async_engine(
            async_url(url),
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=POOL_WAIT_S,
            pool_pre_ping=False,
            pool_use_lifo=True,  # the connection used last has its plans and its process warm
            hide_parameters=True,  # an error's text ends in logs: it must not carry names or tax codes
            connect_args={
                "timeout": 5,
                "prepared_statement_cache_size": PREPARED_STATEMENTS,
                "server_settings": {
                    "application_name": application,
                    "timezone": "UTC",
                    "lock_timeout": str(LOCK_TIMEOUT_MS),
                    "statement_timeout": str(STATEMENT_TIMEOUT_MS),
                    "idle_in_transaction_session_timeout": "60000",
                },
            },
        )
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False, info=info or {})
        self.after_commit: Callable[[AsyncSession], None] = _nothing

    def session(self) -> AsyncSession:
        """A new session; whoever opens it commits or rolls back and closes it."""
        return self._sessions()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A session that commits when the block ends well and rolls back otherwise."""
        async with self._sessions() as session:
            async with session.begin():
                yield session
            self.after_commit(session)

    async def close(self) -> None:
        """Closes every pooled connection."""
        await self.engine.dispose()


_TRANSIENT = {
    "40001",  # serialization failure
    "40P01",  # deadlock
    "53300",  # too many connections
    "55P03",  # lock not available within lock_timeout
    "57014",  # statement timeout
    "57P01",  # shutting down
    "57P02",  # crash of another backend
    "57P03",  # starting up
    "25P03",  # idle in transaction
    "08000",
    "08003",
    "08006",
}
_RETRYABLE = {"40001", "40P01"}


def sqlstate(error: BaseException) -> str | None:
    """The five-character code Postgres gave, wherever in the chain of causes it stands."""
    seen: BaseException | None = error
    while seen is not None:
        code = getattr(getattr(seen, "orig", seen), "sqlstate", None)
        if isinstance(code, str):
            return code
        seen = seen.__cause__
    return None


def constraint_name(error: BaseException) -> str | None:
    """The name of the constraint that refused the statement, if one did."""
    seen: BaseException | None = error
    while seen is not None:
        for source in (seen, getattr(seen, "orig", None), getattr(getattr(seen, "orig", None), "__cause__", None)):
            name = getattr(source, "constraint_name", None)
            if isinstance(name, str):
                return name
        seen = seen.__cause__
    return None


def is_retryable(error: BaseException) -> bool:
    """True for a deadlock or a serialization failure: the same transaction, run again, may succeed."""
    return sqlstate(error) in _RETRYABLE


def as_unavailable(error: BaseException) -> Unavailable | None:
    """The 503 to answer when the database is away, overloaded or waited for too long; None for any other error."""
    away = isinstance(error, sa.exc.TimeoutError | ConnectionError | TimeoutError | OSError)
    lost = isinstance(error, sa.exc.DBAPIError) and (error.connection_invalidated or sqlstate(error) in _TRANSIENT)
    interface = isinstance(error, sa.exc.InterfaceError)
    if away or lost or interface or sqlstate(error) in _TRANSIENT:
        return Unavailable(
            "La base dati non risponde in tempo: nulla e' stato scritto.",
            remedy="Ripetere la richiesta fra qualche secondo, con la stessa Idempotency-Key.",
            retry_after=2,
        )
    return None


def table_options(**info: Any) -> dict[str, Any]:
    """Options for `__table_args__`; `immutable=True` takes UPDATE and DELETE from the runtime role."""
    return {"info": info}
