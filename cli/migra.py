"""`quartieri migra`: migrations of one or more services, in this one process."""

from collections.abc import Sequence

from cli.console import console
from cli.environ import service_environ
from cli.names import checked


async def migrate_all(names: Sequence[str]) -> None:
    """Bring the databases of the named services (all, when none is named) to the schema of this build."""
    from chassis.migrations import migrate
    from chassis.settings import load_settings

    for service in checked(names):
        revision = await migrate(service, load_settings(service, service_environ(service)))
        console.print(f"{service}: {revision}")
