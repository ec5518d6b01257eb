"""Large bodies pass in little memory: the gateway runs in a process of its own and its peak is read."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from tests.gateway.fakes import MIB, FakeService, fake
from tests.support.tokens import ISSUER, make_token

SIZE = 50 * MIB
ALLOWED_GROWTH = 12 * MIB


def _peak(pid: int) -> int:
    """The process's greatest resident memory so far, in bytes."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("no VmHWM")


@asynccontextmanager
async def _gateway(bandi_port: int) -> AsyncIterator[tuple[httpx.AsyncClient, int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = os.environ | {
        "QUARTIERI_ENV": "local",
        "ISSUER_URL": ISSUER,
        "JWKS_URL": f"http://127.0.0.1:{bandi_port}/jwks",
        "PUBLIC_URL": "http://127.0.0.1",
        "LOG_LEVEL": "ERROR",
        "MAX_BODY_BYTES": str(100 * MIB),
        "BANDI_URL": f"http://127.0.0.1:{bandi_port}",
    }
    code = (
        "from gateway.server import serve; from gateway.settings import load_gateway_settings;"
        f"serve(load_gateway_settings(), port={port})"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, env=env)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False) as client:
        try:
            async with asyncio.timeout(20):
                while not await _answers(client):  # noqa: ASYNC110  # another process
                    await asyncio.sleep(0.05)
            yield client, process.pid
        finally:
            process.terminate()
            await process.wait()


async def _answers(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/readyz")).status_code == 200
    except httpx.TransportError:
        return False


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
async def test_fifty_megabytes_pass_each_way_in_a_few_megabytes_of_memory() -> None:
    async def upload() -> AsyncIterator[bytes]:
        piece = b"x" * 65_536
        for _ in range(SIZE // len(piece)):
            yield piece

    async with fake(FakeService("bandi")) as port, _gateway(port) as (client, pid):
        token = {"authorization": f"Bearer {make_token('u', ['residente'])}"}
        assert (await client.get("/rest/bandi/v1/eco", headers=token)).status_code == 200
        before = _peak(pid)
        received = 0
        async with client.stream("GET", "/rest/bandi/v1/flusso?50", headers=token) as answer:
            async for piece in answer.aiter_raw():
                received += len(piece)
        assert received == SIZE
        assert _peak(pid) - before < ALLOWED_GROWTH
        sent = await client.put("/rest/bandi/v1/eco", content=upload(), headers=token)
        assert sent.json()["corpo"] == SIZE
        assert _peak(pid) - before < ALLOWED_GROWTH
