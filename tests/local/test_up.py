"""`quartieri up` as people meet it: twice in a row, killed, in odd folders, beside another one, as an ordinary user."""

import os
import pwd
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from deploy.local.ports import Ports
from tests.local.running import PROGRAM, assert_nothing_left, left_behind, permissions, up

pytestmark = pytest.mark.local


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_it_starts_and_stops_twice_and_leaves_no_process_and_no_changed_permission(home: Path) -> None:
    before = permissions(home.parent)
    for _ in range(2):
        with up(home) as run:
            assert set(run.children()) == {
                *("postgres", "nats", "issuer", "gateway"),
                *("bandi", "laboratori", "inclusione", "puntiluna"),
            }
            assert run.interrupt() == 0
        assert_nothing_left(home, run.ports)
        assert "fermata" in run.text
    assert permissions(home.parent) == before
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (home / "secrets").iterdir()}
    assert set(modes.values()) == {0o600}
    assert "issuer-key.pem" in modes


def test_sigterm_stops_it_as_ctrl_c_does(home: Path) -> None:
    with up(home) as run:
        assert run.interrupt(signal.SIGTERM) == 0
    assert_nothing_left(home, run.ports)


def test_after_kill_9_of_the_parent_every_child_ends_and_the_next_start_works(home: Path) -> None:
    ports = Ports.free()
    with up(home, ports=ports) as run:
        run.process.kill()
        run.wait_end()
        assert_nothing_left(home, ports)
    with up(home, ports=ports) as again:
        assert again.interrupt() == 0
    assert_nothing_left(home, ports)


def test_children_that_outlived_a_killed_parent_are_ended_by_the_next_start(home: Path) -> None:
    ports = Ports.free()
    with up(home, ports=ports) as run:
        children = run.children()
        stuck = children["bandi"]
        stuck.suspend()  # it cannot hear that its parent died
        run.process.kill()
        run.wait_end()
        with up(home, ports=ports) as again:
            assert "bandi" in again.text.split("avvio di PostgreSQL")[0]
            assert not stuck.is_running() or stuck.status() == psutil.STATUS_ZOMBIE
            assert again.interrupt() == 0
    assert_nothing_left(home, ports)


@pytest.mark.parametrize("victim", ["postgres", "nats", "issuer", "puntiluna", "gateway"])
def test_a_dead_child_is_named_and_stops_everything(home: Path, victim: str) -> None:
    with up(home) as run:
        run.children()[victim].kill()
        assert run.wait_end() == 1
    assert f"{victim} e' stato terminato dal segnale 9" in run.text
    assert str(home / "logs" / f"{victim}.log") in run.text.replace("\n", "")
    assert_nothing_left(home, run.ports)
    with up(home, ports=run.ports) as again:
        assert again.interrupt() == 0


def test_a_taken_port_is_named_with_the_option_that_changes_it_and_nothing_is_started(home: Path) -> None:
    ports = Ports.free()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", ports.laboratori))
        taken.listen()
        with up(home, ports=ports, ready=False) as run:
            assert run.wait_end() == 1
    said = " ".join(run.text.split())
    assert f"la porta {ports.laboratori} (laboratori) e' gia' occupata" in said
    assert "--port-laboratori" in said
    assert "PORT_LABORATORI" in said
    assert not (home / "postgres").exists()
    assert left_behind(home) == []


def test_a_second_run_in_the_same_folder_is_refused_and_does_not_disturb_the_first(home: Path) -> None:
    with up(home) as first:
        with up(home, ready=False) as second:
            assert second.wait_end() == 1
        assert f"processo {first.process.pid}" in " ".join(second.text.split())
        assert all(child.is_running() for child in first.children().values())
        assert first.interrupt() == 0
    assert_nothing_left(home, first.ports)


def test_a_long_path_with_spaces_closed_to_others_will_do(tmp_path: Path) -> None:
    closed = tmp_path / "closed to others"
    closed.mkdir(mode=0o700)
    home = closed / Path(*["a folder with quite a long name, e' proprio lungo"] * 8) / "home"
    assert len(str(home)) > 400
    home.parent.mkdir(parents=True)
    before = permissions(home.parent)
    with up(home) as run:
        assert run.interrupt() == 0
    assert_nothing_left(home, run.ports)
    assert permissions(home.parent) == before


def test_it_stops_when_the_process_that_started_it_is_killed(home: Path) -> None:
    starter = "import subprocess, sys; subprocess.run(sys.argv[1:], check=False)"
    with up(home, prefix=[sys.executable, "-c", starter], words=["--with-parent"]) as run:
        run.process.kill()
        run.wait_end()
        assert_nothing_left(home, run.ports)
        run.wait_said("fermata")


def _ordinary_user(folder: Path) -> list[str]:
    """Words that run a command as somebody who is not root and owns `folder`.

    That is `nobody` where it can run this interpreter; otherwise a user namespace of root's own.
    """
    if os.geteuid() != 0:
        return []
    nobody = pwd.getpwnam("nobody")
    words = ["setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups", "--"]
    program = ["sh", "-c", '"$0" "$@"', sys.executable, "-c", "import sys; open(sys.argv[1])", str(PROGRAM)]
    if subprocess.run([*words, *program], capture_output=True, check=False).returncode == 0:
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        return words
    return ["unshare", "-U", "--map-user=1000", "--map-group=1000", "--"]


def test_it_runs_as_an_ordinary_user_in_a_folder_closed_to_others(shared_folder: Path) -> None:
    prefix = _ordinary_user(shared_folder)
    home = shared_folder / "home"
    with up(home, prefix=prefix) as run:
        if prefix:
            assert {child.username() for child in run.children().values()} == {pwd.getpwuid(home.stat().st_uid).pw_name}
        assert run.interrupt() == 0
    assert_nothing_left(home, run.ports)
    assert stat.S_IMODE(shared_folder.stat().st_mode) == 0o700


def test_root_may_use_the_closed_folder_of_somebody_else(shared_folder: Path) -> None:
    _ordinary_user(shared_folder)
    before = permissions(shared_folder)
    home = shared_folder / "home"
    with up(home) as run:
        assert run.interrupt() == 0
    assert_nothing_left(home, run.ports)
    assert permissions(shared_folder) == before


def test_a_process_that_cannot_start_is_told_with_its_last_words(home: Path) -> None:
    home.mkdir()
    (home / "nats").mkdir()
    (home / "nats" / "store").write_text("a file where NATS wants a folder", "utf-8")
    with up(home, ready=False) as run:
        assert run.wait_end() == 1
    assert "nats ended with exit code 1" in run.text
    assert "[FTL]" in run.text
    assert_nothing_left(home, run.ports)
