"""The embedded servers themselves: started, provisioned, killed, started again."""

import asyncpg
import nats
import pytest

from deploy.local import provision
from tests.support.infra import Infra


async def test_the_runtime_role_can_create_nothing_and_cannot_enter_other_databases(infra: Infra) -> None:
    mine, other = await infra.empty("bandi"), await infra.empty("laboratori")
    app = await asyncpg.connect(mine.urls.app)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await app.execute("CREATE TABLE intrusa (a int)")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await app.execute("CREATE SCHEMA intrusa")
    await app.close()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(provision.with_database(mine.urls.app, other.database))
    for clone in (mine, other):
        await infra.drop(clone)


async def test_conditions_are_reached_only_by_assuming_their_role(infra: Infra) -> None:
    clone = await infra.empty("laboratori")
    owner = await asyncpg.connect(clone.urls.owner)
    await owner.execute("CREATE TABLE condizione (a int); GRANT SELECT ON condizione TO laboratori_condizioni")
    await owner.close()
    app = await asyncpg.connect(clone.urls.app)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await app.fetch("SELECT * FROM condizione")
    async with app.transaction():
        await app.execute("SET LOCAL ROLE laboratori_condizioni")
        assert await app.fetch("SELECT * FROM condizione") == []
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await app.fetch("SELECT * FROM condizione")
    await app.close()
    await infra.drop(clone)


async def test_every_database_orders_text_by_code_point_on_every_machine(infra: Infra) -> None:
    clone = await infra.empty("bandi")
    app = await asyncpg.connect(clone.urls.app)
    row = await app.fetchrow("SELECT datlocprovider, datlocale FROM pg_database WHERE datname = current_database()")
    assert row is not None
    assert (row["datlocprovider"], row["datlocale"]) == (b"b", "C.UTF-8")
    ordered = await app.fetch("SELECT t FROM unnest(ARRAY['b', 'a', 'B', 'à']) t ORDER BY t")
    assert [found["t"] for found in ordered] == ["B", "a", "b", "à"]
    assert await app.fetchval("SELECT count(*) FROM pg_extension WHERE extname = 'btree_gist'") == 1
    await app.close()
    await infra.drop(clone)


async def test_provisioning_twice_changes_nothing(infra: Infra) -> None:
    for _ in range(2):
        await provision.provision(infra.admin_url, ["inclusione"], infra.password)
    urls = provision.urls_of(infra.admin_url, "inclusione", infra.password)
    for url in (urls.owner, urls.app):
        connection = await asyncpg.connect(url)
        assert await connection.fetchval("SELECT current_database()") == "inclusione"
        await connection.close()


async def test_nats_answers_with_jetstream_and_only_to_its_password(infra: Infra) -> None:
    client = await nats.connect(infra.nats_url)
    account = await client.jetstream().account_info()
    assert account.limits is not None
    await client.close()
    scheme, _, server = infra.nats_url.partition("://")
    with pytest.raises(nats.errors.Error):
        await nats.connect(f"{scheme}://quartieri:wrong@{server.rpartition('@')[2]}", allow_reconnect=False)


async def test_nats_starts_empty_after_its_folder_was_deleted(infra: Infra) -> None:
    client = await nats.connect(infra.nats_url)
    await client.jetstream().add_stream(name="PROVA", subjects=["prova.>"])
    await client.close()
    infra.nats.stop()
    infra.nats.delete()
    infra.nats.start()
    client = await nats.connect(infra.nats_url)
    assert await client.jetstream().streams_info() == []
    await client.close()
