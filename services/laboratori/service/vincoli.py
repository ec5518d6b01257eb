"""What the database refuses, said as the rule it guards."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.database import constraint_name
from chassis.errors import Refusal


@asynccontextmanager
async def rifiuti_del_database(
    session: AsyncSession, refusals: Mapping[str, Callable[[], Refusal]]
) -> AsyncIterator[None]:
    """Turns the violation of a named constraint into its refusal; the transaction is lost either way.

    Args:
        session: flushed at the end of the block, so that its violations come out here.
        refusals: what makes the refusal of each constraint the block may meet.

    Raises:
        Refusal: the one named after the violated constraint.
    """
    try:
        yield
        await session.flush()
    except IntegrityError as error:
        refusal = refusals.get(constraint_name(error) or "")
        if refusal is None:
            raise
        raise refusal() from error
