"""The environment of the commands that work on a service's database."""

import os

from cli.names import checked


def service_environ(service: str) -> dict[str, str]:
    """The process's own variables; where they name no database, those of the local platform started in this folder.

    Raises:
        CommandError: there is no such service.
    """
    checked([service])
    environ = dict(os.environ)
    if environ.get(f"{service.upper()}_DATABASE_URL") or environ.get("QUARTIERI_ENV", "local") != "local":
        return environ
    from deploy.local.home import Home
    from deploy.local.platform import LocalPlatform

    home = Home.default()
    if not home.postgres.is_dir():
        return environ
    return LocalPlatform(home, home.ports()).environment()
