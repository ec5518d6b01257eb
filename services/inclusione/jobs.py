"""What time does: signed plans start on their first day."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.jobs import Jobs
from services.inclusione.service import pip

jobs = Jobs()


@jobs.every(seconds=2.0)
async def attiva_piani(session: AsyncSession, now: datetime) -> None:
    """Starts the signed plans whose first day has come."""
    await pip.attiva_piani(session, now=now)
