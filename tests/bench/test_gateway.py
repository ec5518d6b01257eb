"""The gateway against nginx, forwarding the same upstream in the same run."""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.local.platform import LocalPlatform
from deploy.local.ports import free_ports
from tests.bench.report import Report, Row
from tests.support.tokens import AUDIENCE, ISSUER

pytestmark = pytest.mark.bench

HERE = Path(__file__).parent
ROUNDS = 9
SECONDS = 1.0
CONNECTIONS = 32
PROMISE = 0.5
UNLIMITED = {"RATE_LIMIT_PER_SECOND": "1000000", "RATE_LIMIT_BURST": "1000000"}
NGINX = """
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  upstream service {{ server 127.0.0.1:{upstream}; keepalive 64; }}
  server {{
    listen 127.0.0.1:{port};
    keepalive_requests 10000000;
    location /rest/bandi/ {{ proxy_pass http://service/; proxy_http_version 1.1; proxy_set_header Connection ""; }}
  }}
}}
"""


@dataclass(frozen=True)
class Bench:
    """What is measured: ports of the servers, and the header that carries the token."""

    upstream: int
    gateway: int
    nginx: int | None
    headers: str

    def load(self, port: int, path: str, *, connections: int = CONNECTIONS, rate: float = 0.0) -> dict[str, float]:
        """Asks for a path as fast as it is answered, or at a rate."""
        arguments = [str(port), path, str(connections), str(SECONDS), str(rate)]
        done = subprocess.run(
            [sys.executable, str(HERE / "load.py"), *arguments],
            input=self.headers,
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        told: dict[str, float] = json.loads(done.stdout)
        assert told["wrong"] == 0, f"{told['wrong']} answers were not 200"
        return told

    def against_nginx(self, report: Report, what: str, path: str, note: str, *, promised: bool) -> None:
        """Alternates short rounds of nginx and gateway; the median is robust to what else the machine does."""
        self.load(self.gateway, path)
        ratios: list[float] = []
        figures: list[float] = []
        floors: list[float] = []
        for _ in range(ROUNDS):
            if self.nginx is not None:
                floors.append(self.load(self.nginx, path)["rate"])
            figures.append(self.load(self.gateway, path)["rate"])
            if floors:
                ratios.append(figures[-1] / floors[-1])
        figure = f"{statistics.median(figures):,.0f} requests/s"
        promise = f">= {PROMISE}x nginx" if promised else ""
        if not ratios:
            report.add(Row(what, figure, "nginx is not installed", promise=promise, note="not compared"))
            return
        ratio = statistics.median(ratios)
        spread = f"{ratio:.2f}x ({min(ratios):.2f}-{max(ratios):.2f})"
        floor = f"nginx {statistics.median(floors):,.0f} requests/s"
        report.add(Row(what, figure, floor, spread, promise, ratio >= PROMISE if promised else None, note))


@contextlib.contextmanager
def _process(arguments: list[str], **options: Any) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(arguments, text=True, **options)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


@contextlib.contextmanager
def _nginx(folder: Path, upstream: int) -> Iterator[int | None]:
    """nginx forwarding to `upstream`; gives its port, or None where it is not installed."""
    if not shutil.which("nginx"):
        yield None
        return
    (port,) = free_ports(1)
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, upstream=upstream, port=port))
    with _process(["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder)]):
        yield port


async def _answering(url: str) -> None:
    async with httpx.AsyncClient(trust_env=False) as client, asyncio.timeout(30):
        while True:
            with contextlib.suppress(httpx.TransportError):
                if (await client.get(url)).status_code < 500:
                    return
            await asyncio.sleep(0.05)


@pytest.fixture(scope="module")
async def bench(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Bench]:
    """The upstream, the gateway with everything on, and nginx where it is installed."""
    folder = tmp_path_factory.mktemp("bench")
    upstream, gateway = free_ports(2)
    root = HERE.parent.parent
    env = os.environ | {
        "PYTHONPATH": str(root),
        "QUARTIERI_ENV": "local",
        "ISSUER_URL": ISSUER,
        "AUDIENCE": AUDIENCE,
        "JWKS_URL": f"http://127.0.0.1:{upstream}/jwks",
        "PUBLIC_URL": f"http://127.0.0.1:{gateway}",
        "BANDI_URL": f"http://127.0.0.1:{upstream}",
        "LOG_LEVEL": "INFO",
        **UNLIMITED,
    }
    serve = (
        "from gateway.server import serve; from gateway.settings import load_gateway_settings;"
        f"serve(load_gateway_settings(), port={gateway})"
    )
    with contextlib.ExitStack() as stack:
        service = stack.enter_context(
            _process([sys.executable, "-m", "tests.bench.servizio", str(upstream)], env=env, stdout=subprocess.PIPE)
        )
        assert service.stdout is not None
        token = service.stdout.readline().strip()
        log = stack.enter_context((folder / "gateway.log").open("w"))
        stack.enter_context(_process([sys.executable, "-c", serve], env=env, stderr=log))
        nginx = stack.enter_context(_nginx(folder, upstream))
        for port, path in ((upstream, "/v1/bandi"), (gateway, "/readyz"), (nginx, "/rest/bandi/v1/bandi")):
            if port is not None:
                await _answering(f"http://127.0.0.1:{port}{path}")
        yield Bench(upstream, gateway, nginx, f"Authorization: Bearer {token}")


def test_throughput_against_nginx_before_a_service_without_its_database(bench: Bench, report: Report) -> None:
    note = "token check, limits, metrics, access log on; nginx: one worker, keep-alive to the service, nothing on"
    what = "gateway forwarding a FastAPI service without a database, ten items"
    bench.against_nginx(report, what, "/rest/bandi/v1/bandi", note, promised=True)


async def test_throughput_against_nginx_before_the_real_service(tmp_path: Path, report: Report) -> None:
    async with LocalPlatform.throwaway(environ={**os.environ, **UNLIMITED}) as platform:
        token = await platform.token(roles=["amministratore"], subject="misura")
        with _nginx(tmp_path, platform.ports.bandi) as nginx:
            real = Bench(platform.ports.bandi, platform.ports.gateway, nginx, f"Authorization: Bearer {token}")
            what = "gateway forwarding the platform's own bandi, its list of calls"
            note = "the service with its token check and its database, as it runs"
            await asyncio.to_thread(real.against_nginx, report, what, "/rest/bandi/v1/bandi", note, promised=True)


def test_throughput_against_nginx_before_an_answer_that_costs_nothing(bench: Bench, report: Report) -> None:
    note = "no service of the platform is like this: it shows the gateway's own ceiling"
    what = "gateway forwarding an answer that costs nothing"
    bench.against_nginx(report, what, "/rest/bandi/v1/costante", note, promised=False)


def test_latency_added_at_fifty_requests_a_second(bench: Bench, report: Report) -> None:
    direct = bench.load(bench.upstream, "/v1/bandi", connections=4, rate=50)
    through = bench.load(bench.gateway, "/rest/bandi/v1/bandi", connections=4, rate=50)
    report.add(
        Row(
            "latency through the gateway, 50 requests/s",
            f"p50 {through['p50_ms']:.2f} ms, p99 {through['p99_ms']:.2f} ms",
            f"the service itself: p50 {direct['p50_ms']:.2f} ms, p99 {direct['p99_ms']:.2f} ms",
            f"+{through['p50_ms'] - direct['p50_ms']:.2f} ms at p50",
        )
    )
