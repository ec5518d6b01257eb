"""`quartieri token`: a token of the local issuer for one of the demo users."""

import os

from cli.console import CommandError


def print_token(name: str) -> None:
    """Print a token, alone on its line, good for an hour.

    Raises:
        CommandError: as `local_token`.
    """
    print(local_token(name))


def local_token(name: str) -> str:
    """Make a token of the local issuer for a demo user or program, good for an hour.

    Raises:
        CommandError: the environment is not local, there is no such user, or no platform was ever started here.
    """
    from deploy.local import users
    from deploy.local.environment import AUDIENCE, url
    from deploy.local.home import Home
    from deploy.local.issuer import KEY_NAME, Grant, Issuer

    if os.environ.get("QUARTIERI_ENV", "local") != "local":
        raise CommandError("`quartieri token` e' solo per la piattaforma locale: qui chiedi al tuo provider OIDC.")
    user, program = users.user(name), users.client(name)
    if user is None and program is None:
        known = ", ".join([found.sub for found in users.USERS] + [found.client_id for found in users.CLIENTS])
        raise CommandError(f"{name}: utente sconosciuto. Esistono: {known}.")
    home = Home.default()
    if not home.credentials.path(KEY_NAME).exists():
        raise CommandError(f"In {home.root} non c'e' ancora una piattaforma: avviala con `make run`.")
    issuer = Issuer(home.credentials, url=url(home.ports(), "issuer"), audience=AUDIENCE)
    if user is not None:
        grant = Grant(user.sub, user.roles, user.ente)
    else:
        assert program is not None
        grant = Grant(program.client_id, program.roles, program.ente, program.client_id)
    return issuer.token(grant)
