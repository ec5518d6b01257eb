"""The style of the house, kept by a test: where a linter has no rule, this has."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SERVICES = ("bandi", "laboratori", "inclusione", "puntiluna")
ROLES = {
    "main",
    "api",
    "consumers",
    "jobs",
    "service",
    "queries",
    "models",
    "schemas",
    "documents",
    "events",
    "rules",
    "migrations",
    "sql",
}
LONGEST = 400


def tracked(pattern: str) -> list[Path]:
    """The files of the project, as git knows them."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", pattern],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def product_files() -> list[Path]:
    """Python files of the product, migrations and tests left out."""
    return [
        path
        for path in tracked("*.py")
        if "migrations" not in path.parts and path.relative_to(ROOT).parts[0] != "tests"
    ]


def lines_with(pattern: str, paths: list[Path]) -> list[str]:
    """Where a pattern stands, as `file:line: text`."""
    wanted = re.compile(pattern)
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if wanted.search(line)
    ]


def test_no_file_outgrows_its_role() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {count}"
        for path in product_files()
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    ]
    assert not long


def test_a_service_holds_only_the_rooms_of_the_house() -> None:
    for service in SERVICES:
        folder = ROOT / "services" / service
        rooms = {path.stem for path in folder.iterdir() if path.name not in {"__init__.py", "__pycache__"}}
        assert rooms <= ROLES, f"{service}: {rooms - ROLES}"
        assert ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")))


def test_no_room_is_called_utils() -> None:
    stray = {"utils", "util", "helpers", "helper", "core", "common", "misc", "manager", "src"}
    assert not [path for path in product_files() if stray & {*path.relative_to(ROOT).parts[:-1], path.stem}]


def test_nothing_is_left_for_later() -> None:
    left = r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b|NotImplemented" r"Error|pytest\.(skip|mark\.skip)\b"
    assert not lines_with(left, tracked("*.py"))


def test_domain_time_is_passed_in() -> None:
    files = [path for path in product_files() if path.relative_to(ROOT).parts[0] == "services"]
    assert not lines_with(r"datetime\.(now|utcnow|today)\(|date\.today\(|time\.time\(|\bnow\(\)(?!`)", files)


def test_money_is_never_a_float() -> None:
    files = [path for path in product_files() if path.relative_to(ROOT).parts[0] == "services"]
    assert not lines_with(r"(?<![\w.])float\b|sa\.Float|\bFloat\(", [path for path in files if "jobs" not in path.stem])


def test_every_select_and_lock_stands_in_queries() -> None:
    layers = {"service", "api", "consumers"}
    files = [
        path
        for path in product_files()
        if path.relative_to(ROOT).parts[0] == "services" and layers & set(path.relative_to(ROOT).with_suffix("").parts)
    ]
    assert not lines_with(r"\bselect\(|with_for_update|sa\.text\(", files)


def public_definitions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """Public functions and classes at the top of a module, and public methods of public classes."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) or node.name.startswith("_"):
            continue
        if "summary=" in "".join(ast.unparse(decorator) for decorator in node.decorator_list):
            continue  # a route says it in Italian, to its callers
        yield node
        if isinstance(node, ast.ClassDef) and not node.bases:  # what overrides a base is described there
            for item in node.body:
                if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef) and not item.name.startswith("_"):
                    yield item


@pytest.mark.parametrize("folder", ["chassis", "services", "gateway", "deploy", "cli", "scenari"])
def test_every_public_piece_says_what_it_does(folder: str) -> None:
    silent = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in product_files()
        if path.relative_to(ROOT).parts[0] == folder
        for node in public_definitions(path)
        if ast.get_docstring(node) is None
    ]
    assert not silent


def test_every_module_says_what_it_holds() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in product_files()
        if path.read_text(encoding="utf-8").strip() and not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert not silent


def test_every_test_says_its_fact_in_a_sentence() -> None:
    terse = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in tracked("tests/*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and len(node.name.split("_")) < 5
        and ast.get_docstring(node) is None
    ]
    assert not terse


def test_the_project_speaks_of_itself_alone() -> None:
    paths = [path for path in tracked("*") if path.suffix not in {".png", ".ico", ".svg"}]
    texts = [path for path in paths if b"\x00" not in path.read_bytes()[:4096]]
    machine = r"(^|[^A-Za-z0-9_.-])/(wo" r"rk|fa" r"rm|ro" r"ot)/[A-Za-z.]"
    registry = r"(index|registry)[-_]" r"url\s*=|find-" r"links\s|://[a-z0-9.-]*(registry|hosted|py" r"pi)[a-z0-9.-]*"
    assert not [line for line in lines_with(machine, texts) if "test_tidy" not in line]
    assert not [line for line in lines_with(registry, texts) if "no-emit" not in line]
