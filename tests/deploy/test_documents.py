"""What the README, the guides and the decisions say: links that lead somewhere, commands and names that exist."""

import re
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from cli.main import app
from deploy.local.users import CLIENTS, USERS
from tests.deploy.manifests import ROOT, run
from tests.deploy.test_observability import rules

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
DECISIONS = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))


def named(path: Path) -> str:
    """A page as the test's name."""
    return str(path.relative_to(ROOT))


def anchors(path: Path) -> set[str]:
    """The anchors of a page's headings."""
    headings = re.findall(r"(?m)^#+ (.+)$", path.read_text("utf-8"))
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_of_a_page_leads_to_a_file_that_exists(page: Path) -> None:
    text = re.sub(r"(?s)```.*?```", "", page.read_text("utf-8"))
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if link.startswith(("http://", "https://")):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), f"{link} leads nowhere"
        assert not anchor or anchor in anchors(target), f"{link}: no such heading"


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_make_task_and_quartieri_command_a_page_names_exists(page: Path) -> None:
    text = page.read_text("utf-8")
    tasks = set(re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8")))
    assert set(re.findall(r"(?:^|`)make ([a-z][a-z-]+)", text, re.MULTILINE)) <= tasks
    commands = get_command(app).commands  # type: ignore[attr-defined]  # the top command is a group
    words = set(re.findall(r"(?:^|`|/|-- |exec \w+ )quartieri ([a-z]+)(?: ([a-z][a-z-]*))?", text, re.MULTILINE))
    for first, second in words:
        assert first in commands, f"quartieri {first}"
        inner = getattr(commands[first], "commands", None)
        assert inner is None or not second or second in inner, f"quartieri {first} {second}"


def test_the_help_of_every_command_answers() -> None:
    commands = get_command(app).commands  # type: ignore[attr-defined]  # the top command is a group
    assert {"up", "demo", "serve", "migra", "token", "eventi", "registro"} <= set(commands)
    for name in commands:
        assert CliRunner().invoke(app, [name, "--help"]).exit_code == 0, name


@pytest.mark.parametrize("page", DECISIONS, ids=named)
def test_a_decision_tells_context_choice_and_consequence(page: Path) -> None:
    text = page.read_text("utf-8")
    number = page.name[:4]
    assert re.match(rf"# {number}\. \S", text)
    assert re.findall(r"(?m)^## (.+)$", text) == ["Context", "Choice", "Consequence"]
    assert len(text.splitlines()) < 60, "short"


def test_no_two_decisions_have_the_same_number_and_each_one_referred_to_exists() -> None:
    numbers = [page.name[:4] for page in DECISIONS]
    assert len(set(numbers)) == len(numbers) >= 20
    files = run("git", "ls-files", "*.py", "*.md", "*.sql", "*.yml", "*.yaml").stdout.split()
    named_in = {
        number: file
        for file in files
        if (ROOT / file).exists()
        for number in re.findall(r"\bADR (\d{4})\b", (ROOT / file).read_text("utf-8"))
    }
    assert {number: file for number, file in named_in.items() if number not in numbers} == {}


def test_the_readme_lists_the_demo_users_as_they_are() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    for user in USERS:
        assert f"| `{user.sub}` | {', '.join(user.roles)} | {user.ente or ''} | {user.what} |" in text
    for client in CLIENTS:
        row = f"| `{client.client_id}` (program) | {', '.join(client.roles)} | {client.ente} | {client.what} |"
        assert (row in text) == (client.ente is not None)


def test_the_operators_guide_tells_the_remedy_of_every_alert() -> None:
    text = (ROOT / "docs" / "operatori.md").read_text("utf-8")
    listed = re.findall(r"(?m)^\| `(\w+)` \| (?:grave|avviso) \| (.+) \|$", text)
    assert dict(listed) == {rule["alert"]: rule["annotations"]["rimedio"] for rule in rules() if "alert" in rule}


def test_the_command_that_fills_the_example_is_the_same_everywhere() -> None:
    example = (ROOT / ".env.example").read_text("utf-8")
    command = next(line for line in example.splitlines() if "awk" in line).lstrip("# ")
    for page in ("README.md", "docs/operatori.md"):
        assert command in (ROOT / page).read_text("utf-8"), page
