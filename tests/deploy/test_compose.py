"""docker-compose.yml: valid, without default secrets, closed, and in the right order."""

import asyncio
import json
import re
import socket
import subprocess
import time
import urllib.request
from pathlib import Path
from typing import Any

import nats
import pytest
import yaml

from deploy.local.nats import binary as nats_binary
from deploy.local.ports import free_ports
from tests.deploy.manifests import PROCESSES, ROOT, SERVICES, compose, dotenv, kustomize, run, tool

FILES = ("docker-compose.yml", "deploy/docker/compose.osservabilita.yml")


def test_the_compose_files_agree_with_the_compose_specification() -> None:
    done = run(tool("check-jsonschema"), "--builtin-schema", "vendor.compose-spec", *FILES)
    assert done.returncode == 0, done.stdout


def interpolations(text: str) -> dict[str, tuple[str, str]]:
    """Each `${VARIABLE}` with its operator (`:?`, `:-` or nothing) and what follows it."""
    found = re.findall(r"\$\{([A-Z_]+)(?:(:[?-])([^}]*))?\}", text)
    return {name: (operator, rest) for name, operator, rest in found}


def test_no_secret_has_a_default_and_every_variable_is_in_the_example() -> None:
    known = dotenv()
    for file in FILES:
        for name, (operator, rest) in interpolations((ROOT / file).read_text("utf-8")).items():
            if re.search(r"PASSWORD|SECRET|KEYS?$|CLIENT_ID|ISSUER|JWKS|TOKEN_URL|PUBLIC_URL", name):
                assert operator == ":?", f"{name} must be required"
                assert rest, f"{name} must say what it is"
            else:
                assert operator == ":-", f"{name} must have a default"
            if file == FILES[0]:
                assert name in known, f"{name} is missing from .env.example"
    used = set(interpolations((ROOT / FILES[0]).read_text("utf-8")))
    assert set(known) == used, "the example speaks of a variable that compose does not read"


def test_no_secret_of_the_example_has_a_value() -> None:
    for name, value in dotenv().items():
        if re.search(r"PASSWORD|SECRET|_KEY", name):
            assert value == "", name


def test_the_command_of_the_example_gives_every_secret_a_different_random_value(tmp_path: Path) -> None:
    text = (ROOT / ".env.example").read_text("utf-8")
    command = next(line for line in text.splitlines() if "awk" in line).lstrip("# ")
    (tmp_path / ".env.example").write_text(text, "utf-8")
    subprocess.run(["sh", "-c", command], cwd=tmp_path, check=True)
    written = tmp_path / ".env"
    assert written.stat().st_mode & 0o777 == 0o600
    pairs = [line.split("=", 1) for line in written.read_text("utf-8").splitlines() if re.match(r"[A-Z_]+=", line)]
    generated = {name: value for name, value in pairs if dotenv()[name] == ""}
    assert set(generated) == {name for name in dotenv() if re.search(r"PASSWORD|SECRET|_KEY", name)}
    assert len(set(generated.values())) == len(generated)
    assert all(re.fullmatch(r"q[0-9a-f]{48}", value) for value in generated.values())
    assert all(value for _, value in pairs)


def test_only_the_gateway_is_published_and_the_overlay_publishes_to_this_machine_alone() -> None:
    published = {name for name, service in compose()["services"].items() if "ports" in service}
    assert published == {"gateway"}
    overlay = yaml.safe_load((ROOT / FILES[1]).read_text("utf-8"))
    for name, service in overlay["services"].items():
        assert name in {"grafana", "prometheus"}
        assert all(port.startswith("127.0.0.1:") for port in service["ports"])


def test_the_networks_keep_the_public_side_away_from_the_data() -> None:
    services, networks = compose()["services"], compose()["networks"]
    assert networks["dati"]["internal"] is True
    on = {network: {name for name, item in services.items() if network in item["networks"]} for network in networks}
    assert on["porta"] == {"gateway"}
    assert on["interna"] == {*PROCESSES, "prometheus"}
    assert on["dati"] == {*SERVICES, *(f"migra-{name}" for name in SERVICES), "postgres", "nats"}


def test_a_service_starts_after_its_migration_and_the_gateway_waits_for_nobody() -> None:
    services = compose()["services"]
    for name in SERVICES:
        wanted = {
            "postgres": {"condition": "service_healthy"},
            "nats": {"condition": "service_healthy"},
            f"migra-{name}": {"condition": "service_completed_successfully"},
        }
        assert services[name]["depends_on"] == wanted
        assert services[name]["command"][:3] == ["quartieri", "serve", name]
        assert services[f"migra-{name}"]["command"] == ["quartieri", "migra", name]
    assert "depends_on" not in services["gateway"]


def test_every_process_of_ours_is_watched_and_has_no_privilege() -> None:
    services = compose()["services"]
    for name in PROCESSES:
        assert "/readyz" in services[name]["healthcheck"]["test"][-1]
    for name in (*PROCESSES, *(f"migra-{service}" for service in SERVICES)):
        assert services[name]["read_only"] is True
        assert services[name]["cap_drop"] == ["ALL"]
        assert services[name]["security_opt"] == ["no-new-privileges:true"]
        owners = {key for key in services[name]["environment"] if key.endswith("_OWNER_DATABASE_URL")}
        assert bool(owners) == name.startswith("migra-"), "only migrations hold the owner's password"


def test_one_image_serves_every_process_of_ours_and_is_built_here() -> None:
    ours = [compose()["services"][name] for name in (*PROCESSES, *(f"migra-{service}" for service in SERVICES))]
    assert len({service["image"] for service in ours}) == 1
    assert all(service["build"] == {"context": ".", "dockerfile": "deploy/docker/Dockerfile"} for service in ours)


def test_every_file_that_is_mounted_exists() -> None:
    mounts = [
        volume
        for service in compose()["services"].values()
        for volume in service.get("volumes", [])
        if volume.startswith("./")
    ]
    assert len(mounts) >= 6
    for mount in mounts:
        source, _, mode = mount.split(":")
        assert (ROOT / source).exists(), source
        assert mode == "ro"


def test_every_image_is_pinned_and_the_same_as_in_kubernetes() -> None:
    images = {service["image"] for service in compose()["services"].values()}
    assert all(":" in image and not image.endswith(":latest") for image in images)
    in_kubernetes = {
        container["image"]
        for item in kustomize("base")
        if item["kind"] == "StatefulSet"
        for container in item["spec"]["template"]["spec"]["containers"]
    }
    assert in_kubernetes <= images
    assert "postgres:18" in images


@pytest.mark.parametrize("config", ["deploy/docker/nats.conf", "deploy/k8s/overlays/local/nats.conf"])
@pytest.mark.parametrize("password", ["q12e45deadbeef", "q0"])
def test_nats_takes_its_configuration_asks_the_password_and_syncs_every_message(
    config: str, password: str, tmp_path: Path
) -> None:
    port, monitor = free_ports(2)
    stored_here = _with_store(config, tmp_path)
    command = [nats_binary(), "--config", stored_here, "--port", str(port), "--http_port", str(monitor)]
    environment = {"NATS_PASSWORD": password, "POD_NAME": "nats-0"}
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as server:
        try:
            state = _monitor(monitor)
            assert state["jetstream"]["config"]["sync_always"] is True
            assert _login(port, password) == b"PONG"
            assert _login(port, "sbagliata").startswith(b"-ERR")
        finally:
            server.terminate()


async def test_three_nodes_of_nats_keep_a_stream_together_with_the_configuration_of_kubernetes(tmp_path: Path) -> None:
    clients, routes, monitors = free_ports(3), free_ports(3), free_ports(3)
    servers: list[subprocess.Popen[bytes]] = []
    environment = {"NATS_PASSWORD": "q9"} | {
        f"NATS_ROUTE_{n}": f"nats://rotte:q9@127.0.0.1:{route}" for n, route in enumerate(routes)
    }
    try:
        for n in range(3):
            command = [
                nats_binary(), "--config", _with_store("deploy/k8s/base/nats/nats.conf", tmp_path / str(n)),
                "--port", str(clients[n]), "--http_port", str(monitors[n]),
                "--cluster", f"nats://127.0.0.1:{routes[n]}",
            ]  # fmt: skip
            env = environment | {"POD_NAME": f"nats-{n}"}
            servers.append(_spawn(command, env))
        deadline = time.monotonic() + 90
        meta: dict[str, Any] = {}
        while not (meta.get("leader") and meta["cluster_size"] == 3) and time.monotonic() < deadline:
            meta = _monitor(monitors[1])["jetstream"].get("meta", {})
            await asyncio.sleep(0.1)
        assert meta["cluster_size"] == 3
        client = await nats.connect(f"nats://quartieri:q9@127.0.0.1:{clients[1]}")
        js = client.jetstream(timeout=60)
        await js.add_stream(name="BANDI", subjects=["bandi.>"], num_replicas=3)
        await js.publish("bandi.prova", b"1")
        found = await js.stream_info("BANDI")
        assert found.cluster is not None
        assert len(found.cluster.replicas or []) == 2, "a leader and two followers"
        await client.close()
    finally:
        for server in servers:
            server.terminate()
            server.wait()


def _with_store(config: str, folder: Path) -> str:
    text = (ROOT / config).read_text("utf-8")
    assert text.count('"/data"') == 1
    folder.mkdir(exist_ok=True)
    copy = folder / "nats.conf"
    copy.write_text(text.replace('"/data"', json.dumps(str(folder / "store"))), "utf-8")
    return str(copy)


def _spawn(command: list[str], environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)


def _monitor(port: int) -> dict[str, Any]:
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/varz", timeout=10) as answer:
                found: dict[str, Any] = json.load(answer)
                return found
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def _login(port: int, password: str) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.settimeout(30)
        stream = connection.makefile("rb")
        stream.readline()
        greeting = {"user": "quartieri", "pass": password, "verbose": False, "pedantic": False}
        connection.sendall(b"CONNECT " + json.dumps(greeting).encode() + b"\r\nPING\r\n")
        return stream.readline().strip()
