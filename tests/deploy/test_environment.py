"""The environment contract: what compose, Kubernetes and the README name is what the processes read, and is enough."""

import re
from collections.abc import Iterator

import pytest

from chassis.settings import _OWN_FIELDS as OWN
from chassis.settings import ServiceSettings, load_settings
from deploy.local.home import VARIABLE as HOME_VARIABLE
from deploy.local.ports import Ports, variable
from gateway.settings import GatewaySettings, load_gateway_settings
from tests.deploy.manifests import PROCESSES, ROOT, SERVICES, compose, dotenv, of_kind

OVERLAYS = ("overlays/local", "overlays/production")
REFERENCE = re.compile(r"\$\(([A-Z_]+)\)")


def read_by(process: str) -> set[str]:
    """Every variable a process reads."""
    if process == "gateway":
        return {name.upper() for name in GatewaySettings.model_fields}
    names = set(ServiceSettings.model_fields) - {"service"}
    return {f"{process.upper()}_{name.upper()}" if name in OWN else name.upper() for name in names}


def accepted(process: str, environment: dict[str, str]) -> None:
    """Starts no process, but reads its settings as it would."""
    if process == "gateway":
        assert load_gateway_settings(environment).quartieri_env == "production"
    else:
        settings = load_settings(process, environment)
        assert settings.quartieri_env == "production"
        assert settings.database_url.get_secret_value().startswith(f"postgresql://{process}_app")


def filled_in() -> dict[str, str]:
    """A .env as its command and an operator would fill it."""
    return {name: value or "q" + "0" * 48 for name, value in dotenv().items()}


def interpolated(text: str) -> str:
    """A value of compose with the variables of .env put in."""
    values = filled_in()
    return re.sub(r"\$\{([A-Z_]+)[^}]*\}", lambda found: values[found[1]], text)


@pytest.mark.parametrize("name", [*PROCESSES, *(f"migra-{service}" for service in SERVICES)])
def test_each_container_of_compose_has_the_variables_it_needs_and_no_other(name: str) -> None:
    process = name.removeprefix("migra-")
    environment = {key: interpolated(value) for key, value in compose()["services"][name]["environment"].items()}
    assert environment.keys() <= read_by(process)
    accepted(process, environment)


def containers(folder: str) -> Iterator[tuple[str, dict[str, str], set[str]]]:
    """Each container of ours: its process, its environment as the cluster resolves it, and the names it is given."""
    maps = {name: item["data"] for name, item in of_kind(folder, "ConfigMap").items()}
    for kind in ("Deployment", "Job"):
        for name, item in of_kind(folder, kind).items():
            (container,) = item["spec"]["template"]["spec"]["containers"]
            environment: dict[str, str] = {}
            for source in container["envFrom"]:
                environment |= maps[source["configMapRef"]["name"]]
            own: dict[str, str] = {}
            helpers: set[str] = set()
            for entry in container.get("env", []):
                text = entry.get("value", "q" + "0" * 48)
                helpers |= set(REFERENCE.findall(text))
                assert set(REFERENCE.findall(text)) <= own.keys(), "a reference works only after its variable"
                own[entry["name"]] = REFERENCE.sub(lambda found: own[found[1]], text)  # noqa: B023  # used at once
            yield name.removesuffix("-migra"), environment | own, own.keys() - helpers


@pytest.mark.parametrize("folder", OVERLAYS)
def test_each_container_of_kubernetes_has_the_variables_it_needs_and_no_other(folder: str) -> None:
    seen = []
    for process, environment, given in containers(folder):
        assert given <= read_by(process), process
        accepted(process, environment)
        seen.append(process)
    assert sorted(seen) == sorted([*PROCESSES, *SERVICES])
    shared = next(item["data"] for name, item in of_kind(folder, "ConfigMap").items() if name.startswith("quartieri-"))
    assert shared.keys() <= {name for process in PROCESSES for name in read_by(process)}


@pytest.mark.parametrize("missing", ["ISSUER_URL", "JWKS_URL", "NATS_URL", "CURSOR_KEY", "BANDI_DATABASE_URL"])
def test_without_a_required_variable_a_service_names_it_and_does_not_start(missing: str) -> None:
    environment = {key: interpolated(value) for key, value in compose()["services"]["bandi"]["environment"].items()}
    del environment[missing]
    with pytest.raises(SystemExit, match=missing):
        load_settings("bandi", environment)


def documented() -> set[str]:
    """The variables of the README's configuration table; X stands for the name of a service."""
    text = (ROOT / "README.md").read_text("utf-8")
    table = text.split("## Configuration", 1)[1].split("\n## ", 1)[0]
    names = {name for row in re.findall(r"(?m)^\| (`[^|]*`) \|", table) for name in re.findall(r"`([A-Z_*]+)`", row)}
    each = {
        name.replace("X_", f"{service.upper()}_", 1) for name in names if name.startswith("X_") for service in SERVICES
    }
    return {name for name in names if not name.startswith("X_")} | each


def test_the_readme_documents_every_variable_and_no_other() -> None:
    wanted = {name for process in PROCESSES for name in read_by(process)}
    wanted |= {HOME_VARIABLE, *(variable(name) for name in Ports.__dataclass_fields__)}
    wanted |= {"TEST_INFRA", "TEST_POSTGRES_URL", "TEST_NATS_URL"}
    assert documented() == wanted
