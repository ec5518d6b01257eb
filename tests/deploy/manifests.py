"""The deployment files as the tests read them."""

import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
KUBERNETES = ROOT / "deploy" / "k8s"
OBSERVABILITY = ROOT / "deploy" / "observability"
SERVICES = ("bandi", "laboratori", "inclusione", "puntiluna")
PROCESSES = ("gateway", *SERVICES)

Manifest = dict[str, Any]


def tool(name: str) -> str:
    """A program installed beside the interpreter by its wheel, or else on PATH."""
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.exists() else shutil.which(name)
    assert found is not None, f"{name} is not installed: make setup"
    return found


def run(*command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Runs a program from the repository's folder."""
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=environment or None)


@cache
def kustomize(folder: str) -> tuple[Manifest, ...]:
    """What `kubectl kustomize` makes of a folder of deploy/k8s."""
    done = run(tool("kubectl"), "kustomize", str(KUBERNETES / folder))
    assert done.returncode == 0, done.stderr[:2000]
    return tuple(yaml.safe_load_all(done.stdout))


def of_kind(folder: str, kind: str) -> dict[str, Manifest]:
    """The manifests of a kind, by name."""
    return {item["metadata"]["name"]: item for item in kustomize(folder) if item["kind"] == kind}


def pod_specs(folder: str) -> dict[str, Manifest]:
    """Every pod template, by `Kind/name`."""
    return {
        f"{item['kind']}/{item['metadata']['name']}": item["spec"]["template"]
        for item in kustomize(folder)
        if item["kind"] in {"Deployment", "StatefulSet", "Job"}
    }


@cache
def compose() -> Manifest:
    """docker-compose.yml with its anchors merged."""
    found: Manifest = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    return found


@cache
def dotenv() -> dict[str, str]:
    """Every variable .env.example speaks of, also those left commented out."""
    lines = [line.removeprefix("#") for line in (ROOT / ".env.example").read_text("utf-8").splitlines()]
    pairs = [
        line.split("=", 1) for line in lines if line[:1].isupper() and "=" in line and " " not in line.split("=")[0]
    ]
    return dict(pairs)
