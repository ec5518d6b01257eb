"""The store of files: the same promises of a local folder and of an S3-compatible service."""

import asyncio
import io
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from chassis.settings import SettingsError, load_settings
from chassis.store import ArchivioNonDisponibile, MissingFile, ObjectStore, open_store, session_info, store_of
from deploy.local.ports import free_ports
from services.bandi.main import create_app
from tests.support.infra import Infra, base_env
from tests.support.service import ServiceUnderTest, service_settings

ENVIRONMENT = {**base_env(), "BANDI_DATABASE_URL": "postgresql://x@y/z", "NATS_URL": "nats://unused.invalid"}
BUCKET = {"STORE_REGION": "eu-south-1", "STORE_ACCESS_KEY": "chiave", "STORE_SECRET_KEY": "segreto"}


def opened(**more: str) -> ObjectStore:
    """The store a service would open with these variables."""
    store = open_store(load_settings("bandi", {**ENVIRONMENT, **more}))
    assert store is not None
    return store


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """An S3-compatible server of this machine with the bucket `documenti`."""
    from moto.server import ThreadedMotoServer

    (port,) = free_ports(1)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    address = f"http://127.0.0.1:{port}"
    httpx.put(f"{address}/documenti", headers={"Host": f"127.0.0.1:{port}"}).raise_for_status()
    yield address
    server.stop()


@pytest_asyncio.fixture(params=["cartella", "s3"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[ObjectStore]:
    """Each kind of store, empty."""
    if request.param == "cartella":
        yield opened(STORE_URL=f"file://{tmp_path}/documenti")
    else:
        endpoint = request.getfixturevalue("s3_server")
        yield opened(STORE_URL=f"s3://documenti/{tmp_path.name.replace('_', '-')}", STORE_ENDPOINT=endpoint, **BUCKET)


async def test_what_was_put_is_read_back_whole_and_as_a_stream(store: ObjectStore) -> None:
    content = os.urandom(300_000)
    await store.put("domande/01a/file.bin", content)
    assert await store.get("domande/01a/file.bin") == content
    assert b"".join([piece async for piece in store.stream("domande/01a/file.bin")]) == content
    assert await store.is_ready()


async def test_an_open_file_larger_than_a_piece_is_put_whole(store: ObjectStore) -> None:
    content = os.urandom(11 * 2**20)
    await store.put("grande", io.BytesIO(content))
    assert await store.get("grande") == content


async def test_a_second_put_replaces_and_an_empty_file_is_a_file(store: ObjectStore) -> None:
    await store.put("uno", b"prima")
    await store.put("uno", b"")
    assert await store.get("uno") == b""


async def test_a_file_that_is_not_there_is_said_missing_and_may_be_deleted_again(store: ObjectStore) -> None:
    with pytest.raises(MissingFile):
        await store.get("mai/scritto")
    await store.put("breve", b"x")
    await store.delete("breve")
    await store.delete("breve")
    with pytest.raises(MissingFile):
        await store.get("breve")


@pytest.mark.parametrize(
    "key", ["", "/assoluta", "../fuori", "a/../b", "a//b", "Maiuscola", "spazio interno", "a/", "è"]
)
async def test_a_key_that_could_leave_the_folder_is_a_defect_of_the_caller(tmp_path: Path, key: str) -> None:
    store = opened(STORE_URL=f"file://{tmp_path}/documenti")
    with pytest.raises(ValueError, match="not a key"):
        await store.put(key, b"x")
    assert list((tmp_path / "documenti").iterdir()) == []


async def test_a_store_that_does_not_answer_is_a_503_in_italian_and_not_ready() -> None:
    (port,) = free_ports(1)
    store = opened(STORE_URL="s3://documenti", STORE_ENDPOINT=f"http://127.0.0.1:{port}", **BUCKET)
    with pytest.raises(ArchivioNonDisponibile) as refused:
        async with asyncio.timeout(30):
            await store.put("uno", b"x")
    assert refused.value.status == 503
    assert "nulla e' stato scritto" in refused.value.detail
    assert refused.value.retry_after == 5


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ({"STORE_URL": "ftp://host/cartella"}, "STORE_URL"),
        ({"STORE_URL": "file://relativa"}, "STORE_URL"),
        ({"STORE_URL": "s3://documenti"}, "STORE_ACCESS_KEY"),
        (
            {
                "STORE_URL": "s3://documenti",
                "STORE_ENDPOINT": "http://archivio.example.org",
                "QUARTIERI_ENV": "production",
            }
            | {"ISSUER_URL": "https://a.example.org", "JWKS_URL": "https://a.example.org/k"}
            | BUCKET,
            "STORE_ENDPOINT",
        ),
    ],
)
def test_a_wrong_store_is_named_at_start(more: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        load_settings("bandi", {**ENVIRONMENT, **more})


def test_a_service_that_keeps_files_does_not_start_without_a_store() -> None:
    with pytest.raises(SettingsError, match="STORE_URL"):
        create_app(load_settings("bandi", ENVIRONMENT))


class Session:
    """What a session shows of itself."""

    def __init__(self, info: dict[str, Any]) -> None:
        self.info = info


def test_a_process_without_a_store_says_so() -> None:
    assert open_store(load_settings("bandi", ENVIRONMENT)) is None
    with pytest.raises(ArchivioNonDisponibile, match="non ha un archivio"):
        store_of(Session(session_info(None)))  # type: ignore[arg-type]  # only `info` is looked at


async def test_a_session_finds_the_store_and_a_service_without_its_folder_stays_ready(
    infra: Infra, tmp_path: Path
) -> None:
    clone = await infra.clone("bandi")
    folder = tmp_path / "documenti"
    settings = service_settings(clone, STORE_URL=f"file://{folder}")
    async with ServiceUnderTest("bandi", create_app, settings) as service:
        async with service.transaction() as session:
            await store_of(session).put("uno", b"due")
        assert (folder / "uno").read_bytes() == b"due"
        state = (await service.get("/readyz")).json()
        assert (state["stato"], state["dipendenze"]["archivio"]) == ("attivo", True)
        (folder / "uno").unlink()
        folder.rmdir()
        answer = await service.get("/readyz")
        assert (answer.status_code, answer.json()["stato"]) == (200, "degradato")
        assert answer.json()["dipendenze"]["archivio"] is False
    await infra.drop(clone)
