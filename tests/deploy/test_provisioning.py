"""The init script of the containers makes the same roles and databases as the embedded run."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from deploy.local import provision
from deploy.local.ports import free_ports
from deploy.local.postgres import Postgres, binary

pytestmark = pytest.mark.slow

SCRIPT = Path(__file__).parents[2] / "deploy" / "docker" / "postgres" / "10-quartieri.sh"
# Every character that has a meaning for the shell, for psql or in an SQL string, but none that a URL gives one.
AWKWARD = "p'\"\\$(x)`;--"


def password(role: str) -> str:
    """The password of a role."""
    return f"{role}{AWKWARD}"


@pytest.fixture(name="server")
def _server(tmp_path: Path) -> Iterator[Postgres]:
    server = Postgres(
        tmp_path / "pg", port=free_ports(1)[0], password="superuser", log=tmp_path / "pg.log", durable=False
    )
    server.start()
    yield server
    server.stop()


def run_script(server: Postgres, **changed: str) -> "subprocess.CompletedProcess[str]":
    """Runs the script against a server, as an operator would against an existing one."""
    passwords = {
        f"{service}_{role}_password".upper(): password(f"{service}_{role}")
        for service in provision.SERVICES
        for role in ("owner", "app")
    }
    env = {
        "PATH": f"{Path(binary('psql')).parent}:{os.environ['PATH']}",
        "PGHOST": "127.0.0.1",
        "PGPORT": str(server.port),
        "PGUSER": "postgres",
        "PGPASSWORD": server.password,
        **passwords,
    }
    env = {name: value for name, value in (env | changed).items() if value}
    return subprocess.run(["sh", str(SCRIPT)], env=env, capture_output=True, text=True, check=False)


async def catalogue(server: Postgres) -> dict[str, list[dict[str, Any]]]:
    """What the server says of our roles, memberships, databases, schemas and extensions."""
    found: dict[str, list[dict[str, Any]]] = {}
    connection = await asyncpg.connect(server.admin_url())
    for name, query in {
        "roles": "SELECT rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, "
        "rolbypassrls, rolconnlimit FROM pg_roles WHERE rolname !~ '^pg_' ORDER BY rolname",
        "memberships": "SELECT roleid::regrole::text AS role, member::regrole::text AS member, admin_option, "
        "inherit_option, set_option FROM pg_auth_members WHERE roleid::regrole::text !~ '^pg_' ORDER BY 1, 2",
        "databases": "SELECT datname, datdba::regrole::text AS owner, encoding, datlocprovider, datlocale, datcollate, "
        "datctype, (SELECT array_agg(a::text ORDER BY a::text) FROM unnest(datacl) a) AS acl FROM pg_database "
        "WHERE NOT datistemplate ORDER BY datname",
    }.items():
        found[name] = [dict(row) for row in await connection.fetch(query)]
    await connection.close()
    for service in provision.SERVICES:
        connection = await asyncpg.connect(server.admin_url(service))
        found[service] = [
            dict(row)
            for row in await connection.fetch(
                "SELECT nspname, nspowner::regrole::text AS owner, (SELECT array_agg(a::text ORDER BY a::text) "
                "FROM unnest(nspacl) a) AS acl, (SELECT array_agg(extname::text ORDER BY extname) FROM pg_extension) "
                "AS extensions FROM pg_namespace WHERE nspname = 'public'"
            )
        ]
        await connection.close()
    return found


async def test_the_script_makes_what_the_embedded_run_makes_and_doing_it_again_changes_nothing(
    server: Postgres, tmp_path: Path
) -> None:
    first = run_script(server)
    assert first.returncode == 0, first.stderr
    by_script = await catalogue(server)
    again = run_script(server)
    assert again.returncode == 0, again.stderr
    assert await catalogue(server) == by_script

    reference = Postgres(
        tmp_path / "reference", port=free_ports(1)[0], password="superuser", log=tmp_path / "r.log", durable=False
    )
    reference.start()
    try:
        await provision.provision(reference.admin_url(), provision.SERVICES, password)
        assert by_script == await catalogue(reference)
    finally:
        reference.stop()
    assert len(by_script["databases"]) == len(provision.SERVICES) + 1
    assert by_script["memberships"] == [
        {
            "role": "laboratori_condizioni",
            "member": "laboratori_app",
            "admin_option": False,
            "inherit_option": False,
            "set_option": True,
        }
    ]


async def test_every_role_enters_with_its_password_whatever_characters_it_has(server: Postgres) -> None:
    assert run_script(server).returncode == 0
    for service in provision.SERVICES:
        urls = provision.urls_of(server.admin_url(), service, password)
        for url in (urls.owner, urls.app):
            connection = await asyncpg.connect(url)
            assert await connection.fetchval("SELECT current_database()") == service
            await connection.close()


async def test_without_a_password_the_script_stops_and_names_the_variable(server: Postgres) -> None:
    done = run_script(server, BANDI_APP_PASSWORD="")
    assert done.returncode != 0
    assert "BANDI_APP_PASSWORD" in done.stderr
