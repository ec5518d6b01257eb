"""`quartieri eventi`: what a service could not apply, tried again; what it published, published again."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID

from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import parking
from chassis.database import Database
from chassis.settings import load_settings
from cli.console import console
from cli.environ import service_environ


@asynccontextmanager
async def _transaction(service: str) -> AsyncIterator[AsyncSession]:
    settings = load_settings(service, service_environ(service))
    database = Database(settings.database_url.get_secret_value(), pool_size=1, application="quartieri-eventi")
    try:
        async with database.transaction() as session:
            yield session
    finally:
        await database.close()


async def list_parked(service: str) -> None:
    """Print the parked and dead events of a service, oldest first; never their content."""
    async with _transaction(service) as session:
        rows = await parking.listed(session)
    table = Table("evento", "tipo", "stato", "tentativi", "prossimo", "motivo", title=f"{service}: {len(rows)} eventi")
    for row in rows:
        table.add_row(
            str(row["event_id"]),
            row["subject"],
            row["stato"],
            str(row["tentativi"]),
            f"{row['next_at']:%Y-%m-%d %H:%M:%S}",
            row["motivo"],
        )
    console.print(table)


async def retry_parked(service: str, event: UUID | None) -> None:
    """Make one event, or all, due at once."""
    async with _transaction(service) as session:
        count = await parking.retry(session, event)
    console.print(f"{service}: {count} eventi saranno ritentati subito.")


async def replay_outbox(service: str, since: datetime) -> None:
    """Publish again what was written to the outbox from an instant on (UTC when it has no zone)."""
    instant = since if since.tzinfo else since.replace(tzinfo=UTC)
    async with _transaction(service) as session:
        count = await parking.replay(session, instant)
    console.print(f"{service}: {count} eventi saranno ripubblicati.")
