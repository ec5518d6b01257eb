"""The environment contract of compose, proved without a container engine: the same variables, commands, init script and
NATS configuration start the whole platform on embedded servers, in production mode."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from deploy.local.nats import binary as nats_binary
from deploy.local.ports import free_ports
from deploy.local.postgres import Postgres, binary
from tests.deploy.manifests import PROCESSES, ROOT, SERVICES, compose
from tests.deploy.test_compose import _with_store
from tests.deploy.test_environment import filled_in, interpolated
from tests.deploy.test_observability import panels, rules, series

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

START_S = 60.0


@dataclass
class Containers:
    """What compose would run, run here."""

    folder: Path
    ports: dict[str, int]
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def environment(self, name: str) -> dict[str, str]:
        """The environment of a container, with the names of the network turned into addresses of this machine."""
        found = {key: interpolated(value) for key, value in compose()["services"][name]["environment"].items()}
        hosts = {f"{host}:{inner}": f"127.0.0.1:{self.ports[host]}" for host, inner in INNER_PORTS.items()}
        pattern = re.compile("|".join(rf"(?<=[/@]){re.escape(host)}" for host in hosts))
        return {key: pattern.sub(lambda match: hosts[match[0]], value) for key, value in found.items()}

    def start(self, name: str) -> None:
        """Starts a container's command, with its environment and nothing else of ours."""
        command = [sys.executable, "-P", "-m", "cli", *compose()["services"][name]["command"][1:]]
        if name in self.ports:
            command[-3:] = ["127.0.0.1", "--port", str(self.ports[name])]
        # Of the image's own variables, the one that points at a folder of the image.
        image = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "OPENAPI_FOLDER": str(ROOT / "docs" / "openapi")}
        environment = image | self.environment(name)
        with (self.folder / f"{name}.log").open("wb") as log:
            self.running[name] = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)

    def log(self, name: str) -> str:
        """The end of what a container wrote."""
        return (self.folder / f"{name}.log").read_text("utf-8")[-3000:]

    def get(self, name: str, path: str) -> tuple[int, bytes]:
        """Asks a process something, without a token."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.ports[name]}{path}", timeout=5) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()
        except OSError:
            return 0, b""

    def wait_ready(self, name: str) -> None:
        """Waits as the health check of compose does."""
        deadline = time.monotonic() + START_S
        while self.get(name, "/readyz")[0] != 200:
            assert self.running[name].poll() is None, self.log(name)
            assert time.monotonic() < deadline, self.log(name)
            time.sleep(0.2)

    def stop(self) -> None:
        """Ends what still runs."""
        for process in self.running.values():
            if process.poll() is None:
                process.kill()
            process.wait()


INNER_PORTS = {**dict.fromkeys(PROCESSES, 8000), "postgres": 5432, "nats": 4222}


@pytest.fixture(name="containers", scope="module")
def _containers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Containers]:
    folder = tmp_path_factory.mktemp("compose")
    ports = dict(zip(INNER_PORTS, free_ports(len(INNER_PORTS)), strict=True))
    containers = Containers(folder, ports)
    server = Postgres(
        folder / "postgres",
        port=ports["postgres"],
        password=filled_in()["POSTGRES_PASSWORD"],
        log=folder / "postgres.log",
        durable=False,
    )
    server.start()
    try:
        passwords = {name: value for name, value in filled_in().items() if name.endswith("_PASSWORD")}
        environment = {
            **passwords,
            "PATH": f"{Path(binary('psql')).parent}:{os.environ['PATH']}",
            "PGHOST": "127.0.0.1",
            "PGPORT": str(ports["postgres"]),
            "PGPASSWORD": server.password,
        }
        script = ROOT / "deploy" / "docker" / "postgres" / "10-quartieri.sh"
        subprocess.run(["sh", str(script)], env=environment, check=True)
        config = _with_store("deploy/docker/nats.conf", folder / "nats")
        nats = [nats_binary(), "--config", config, "--port", str(ports["nats"]), "--http_port", str(free_ports(1)[0])]
        containers.running["nats"] = subprocess.Popen(
            nats, env={"NATS_PASSWORD": passwords["NATS_PASSWORD"]}, stderr=subprocess.DEVNULL
        )
        for service in SERVICES:
            containers.start(f"migra-{service}")
            assert containers.running[f"migra-{service}"].wait(60) == 0, containers.log(f"migra-{service}")
        for name in PROCESSES:
            containers.start(name)
        for name in PROCESSES:
            containers.wait_ready(name)
        yield containers
    finally:
        containers.stop()
        server.stop()


def test_the_platform_stands_with_the_environment_of_compose_and_nothing_else(containers: Containers) -> None:
    status, body = containers.get("gateway", "/status")
    assert status == 200
    assert json.loads(body)["servizi"] == dict.fromkeys(SERVICES, "ok")
    status, body = containers.get("gateway", "/openapi.json")
    assert status == 200
    assert {path.split("/")[2] for path in json.loads(body)["paths"] if path.startswith("/rest/")} == set(SERVICES)
    assert containers.get("gateway", "/orologio")[0] == 404, "in production nobody sets the clock"


def test_what_is_scraped_has_every_series_of_the_rules_and_of_the_dashboards(containers: Containers) -> None:
    exposed: set[str] = {"up"} | {rule["record"] for rule in rules() if "record" in rule}
    for name in PROCESSES:
        status, body = containers.get(name, "/metrics")
        assert status == 200, name
        exposed |= set(re.findall(r"(?m)^# TYPE (\S+)", body.decode()))
    expressions = [rule["expr"] for rule in rules()]
    expressions += [target["expr"] for _, panel in panels() for target in panel["targets"]]
    used = {name for expression in expressions for name in series(expression)}
    assert len(used) > 15
    assert {
        name for name in used if name not in exposed and re.sub(r"_(bucket|sum|count)$", "", name) not in exposed
    } == set()


def test_every_process_ends_by_itself_and_well_when_the_engine_asks(containers: Containers) -> None:
    """The last test of the module: afterwards nothing runs."""
    for name in PROCESSES:
        containers.running[name].send_signal(signal.SIGTERM)
    for name in PROCESSES:
        grace = int(compose()["services"][name]["stop_grace_period"].removesuffix("s"))
        assert containers.running[name].wait(grace) in {0, -signal.SIGTERM}, containers.log(name)
        assert "Traceback" not in containers.log(name), containers.log(name)
