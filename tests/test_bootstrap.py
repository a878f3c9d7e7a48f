"""The two commands of a newcomer, on a checkout whose virtual environment holds stand-ins for the real programs."""

from __future__ import annotations

import importlib
import os
import platform
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.ports import reserved_port
from tests.support.signals import hearing_signals

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent

RADRUM = """#!{python}
import http.server, os, pathlib, signal, sys, time
name = sys.argv[1]
log = pathlib.Path("log")
def note(text):
    with log.open("a") as file:
        file.write(text + "\\n")
def stop(*_):
    note(f"{{name}} stopped")
    sys.exit(0)
if name == os.environ.get("FAILS"):
    sys.exit("radrum: that was wrong")
signal.signal(signal.SIGTERM, stop)
note(" ".join(sys.argv[1:]))
if name == os.environ.get("DIES"):
    time.sleep(1)
    sys.exit(3)
while name == "serve" and not {{"jobs", "simulator"}} <= set(log.read_text().split()):
    time.sleep(0.05)
if name == "serve":
    class Ready(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
        def log_message(self, *_):
            pass
    http.server.HTTPServer(("127.0.0.1", {port}), Ready).serve_forever()
while name in ("jobs", "simulator"):
    time.sleep(0.05)
"""


@dataclass(frozen=True, slots=True)
class Checkout:
    folder: Path
    port: int
    simulator_port: int

    def start(self, *arguments: str, **environ: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            hearing_signals("bootstrap.py", *arguments),
            cwd=self.folder,
            env={**os.environ, **environ},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, **environ: str) -> tuple[int, str, str]:
        with self.start(*arguments, **environ) as process:
            out, err = process.communicate(timeout=180)
        return process.returncode, out, err

    def module(self, name: str) -> Any:  # noqa: ANN401 - a module that mypy doesn't know
        """A module of this checkout's ``tools``, and not of the one that is tested."""
        ours = {name: sys.modules.pop(name) for name in list(sys.modules) if name.partition(".")[0] == "tools"}
        sys.path.insert(0, str(self.folder))
        try:
            return importlib.import_module(f"tools.{name}")
        finally:
            sys.path.remove(str(self.folder))
            for theirs in [name for name in sys.modules if name.partition(".")[0] == "tools"]:
                del sys.modules[theirs]
            sys.modules.update(ours)

    def log(self) -> list[str]:
        return (self.folder / "log").read_text().splitlines()


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A checkout that is set up already: ``make run`` has nothing to install."""
    port, simulator_port = reserved_port(), reserved_port()
    for name in ("bootstrap.py", "tools", "pyproject.toml", "requirements"):
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    _program(programs / "radrum", RADRUM.format(python=sys.executable, port=port))
    _program(programs / "python", f"#!/bin/sh\necho 127.0.0.1:{port} 127.0.0.1:{simulator_port} practice\n")
    _program(programs / "pip", f"#!{programs}/python\n")
    (tmp_path / ".venv" / "pyvenv.cfg").write_text(f"version = {platform.python_version()}\n")
    checkout = Checkout(tmp_path, port, simulator_port)
    environment = checkout.module("environment")
    environment.STAMP.write_text(environment.stamp("run"))
    return checkout


@pytest.fixture
def running(checkout: Checkout) -> Iterator[subprocess.Popen[str]]:
    """``bootstrap.py run``, up and ready."""
    with checkout.start("run") as process:
        assert process.stdout
        assert any("radrum call skane" in line for line in process.stdout)
        yield process
        process.terminate()


def test_run_prepares_starts_and_says_where(checkout: Checkout, running: subprocess.Popen[str]) -> None:
    log = checkout.log()

    assert running.poll() is None
    assert log[:3] == ["check", "db upgrade", "demo"]
    assert set(log[3:]) == {"serve", "jobs", "simulator"}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_every_part(checkout: Checkout, running: subprocess.Popen[str], number: signal.Signals) -> None:
    running.send_signal(number)

    assert running.wait(timeout=120) == 0
    assert {"serve stopped", "jobs stopped", "simulator stopped"} <= set(checkout.log())


def test_when_it_is_killed_the_parts_stop_all_the_same(checkout: Checkout, running: subprocess.Popen[str]) -> None:
    running.kill()

    give_up = time.monotonic() + 120
    while len(checkout.log()) < 9 and time.monotonic() < give_up:
        time.sleep(0.05)
    assert {"serve stopped", "jobs stopped", "simulator stopped"} <= set(checkout.log())


def test_when_a_part_dies_the_others_are_stopped(checkout: Checkout) -> None:
    code, _, err = checkout.run("run", DIES="jobs")

    assert code == 1
    assert "radrum jobs ended with exit code 3" in err
    assert {"serve stopped", "simulator stopped"} <= set(checkout.log())


def test_a_wrong_configuration_starts_nothing(checkout: Checkout) -> None:
    code, _, err = checkout.run("run", FAILS="check")

    assert code == 1
    assert err.startswith("radrum: that was wrong\n")
    assert not (checkout.folder / "log").exists()


@pytest.mark.parametrize(
    ("part", "how"),
    [("port", "RADRUM_BIND=127.0.0.1:8700 make run"), ("simulator_port", "bind of [simulator] in config.toml")],
)
def test_an_address_in_use_is_said_with_what_to_do(checkout: Checkout, part: str, how: str) -> None:
    port = getattr(checkout, part)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()

        code, _, err = checkout.run("run")

    reason = "Address already in use): is Rådrum running already? Stop it, or choose another:"
    assert code == 1
    assert err == f"127.0.0.1:{port} can't be used ({reason} {how}\n"
    assert checkout.log() == ["check"]


def test_a_virtual_environment_of_another_user_is_said_in_a_sentence(checkout: Checkout) -> None:
    (checkout.folder / ".venv" / "bin" / "python").chmod(0o644)

    code, _, err = checkout.run("run")

    assert code == 1
    assert len(err.splitlines()) == 1
    assert ".venv/bin/python was made by another user" in err


@pytest.mark.parametrize(
    ("environ", "command"),
    [
        ({}, ".venv/bin/radrum call skane     (in another terminal)\n"),
        (
            {"RADRUM_BIND": "127.0.0.1:8700", "HOME": "/"},
            "RADRUM_BIND=127.0.0.1:8700 .venv/bin/radrum call skane     (in another terminal)\n",
        ),
        ({"RADRUM_CONFIG": "a folder/x.toml"}, "RADRUM_CONFIG='a folder/x.toml' .venv/bin/radrum call skane "),
        (
            {"RADRUM_DATABASE_URL": "postgresql://x:password@y/z", "RADRUM_MODE": ""},
            "  .venv/bin/radrum call skane     (in another terminal, with the same RADRUM_DATABASE_URL)\n",
        ),
    ],
)
def test_the_command_that_is_shown_finds_this_deployment(
    checkout: Checkout, environ: dict[str, str], command: str
) -> None:
    said = checkout.module("running").welcome("http://127.0.0.1:8700", "practice", environ)

    assert command in said
    assert "password" not in said


def test_help_names_every_command(checkout: Checkout) -> None:
    code, out, _ = checkout.run("help")

    assert code == 0
    assert all(f"make {name} " in out for name in ("run", "test", "check", "lock", "help"))


def test_an_unknown_command_shows_the_help_and_fails(checkout: Checkout) -> None:
    code, out, _ = checkout.run("launch")

    assert code == 2
    assert "make run" in out


def test_a_changed_lock_file_is_installed_anew(checkout: Checkout) -> None:
    environment = checkout.module("environment")
    before = environment.stamp("run")

    with (checkout.folder / "requirements" / "run.txt").open("a") as file:
        file.write("# newer\n")

    assert environment.stamp("run") != before


def test_a_virtual_environment_that_was_moved_is_made_anew(checkout: Checkout) -> None:
    environment = checkout.module("environment")
    assert environment.venv_is_whole()

    (checkout.folder / ".venv" / "bin" / "pip").write_text("#!/somewhere/else/.venv/bin/python\n")

    assert not environment.venv_is_whole()


def test_a_virtual_environment_that_is_a_link_is_never_emptied(checkout: Checkout) -> None:
    mine, another = checkout.folder / ".venv", checkout.folder / "another"
    (mine / "bin" / "pip").write_text("#!/somewhere/else/.venv/bin/python\n")
    mine.rename(another)
    mine.symlink_to(another)
    before = sorted(another.rglob("*"))

    code, _, err = checkout.run("run")

    assert code == 1
    assert ".venv is a link" in err
    assert sorted(another.rglob("*")) == before


def test_lock_files_of_another_pyproject_are_found(checkout: Checkout) -> None:
    checking = checkout.module("checking")
    checking.assert_locked()
    project = checkout.folder / "pyproject.toml"

    project.write_text(project.read_text().replace('"click>=', '"leftpad",\n    "click>='))

    with pytest.raises(checking.Failed, match=r"requirements/run.txt .* make lock"):
        checking.assert_locked()


@pytest.mark.parametrize("text", ["see py" + "pi.org/simple", "in /" + "home/somebody/x", "in /" + "root/x"])
def test_names_of_machines_are_found(checkout: Checkout, text: str) -> None:
    git = shutil.which("git")
    assert git, "git is missing"
    (checkout.folder / "notes.txt").write_text(text)
    subprocess.run([git, "init", "-q"], cwd=checkout.folder, check=True)
    subprocess.run([git, "add", "notes.txt", "bootstrap.py"], cwd=checkout.folder, check=True)
    checking = checkout.module("checking")

    with pytest.raises(checking.Failed, match=r"home directory: notes\.txt$"):
        checking.assert_no_names_of_machines()


def _program(file: Path, text: str) -> None:
    file.write_text(text)
    file.chmod(0o755)
