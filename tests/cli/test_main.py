"""The command as a whole: its help, its exit codes and what it says when something fails."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec

import click
import pytest
from click.testing import CliRunner

from app.cli import COMMANDS, main
from app.domain.errors import ConfigurationError, Problem, Unavailable

PYTHON_SAYS = "import sys; from app.cli import main; sys.argv[0] = 'radrum'; main()"


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> dict[str, BaseException]:
    """Put an error under "raises" to have the command ``radrum fails`` raise it."""
    told: dict[str, BaseException] = {}

    @click.command()
    def fails() -> None:
        raise told["raises"]

    monkeypatch.setitem(COMMANDS, "fails", (f"{__name__}:fails", ""))
    monkeypatch.setattr(sys.modules[__name__], "fails", fails, raising=False)
    return told


def test_the_help_lists_every_command_and_imports_none() -> None:
    says = "from app.cli import main; main(['--help'], standalone_mode=False); import sys; print(*sys.modules)"

    run = subprocess.run([sys.executable, "-c", says], capture_output=True, text=True, check=True)

    assert all(f"  {name} " in run.stdout for name in COMMANDS)
    assert not [module for module in run.stdout.split() if module.startswith(("app.cli.", "sqlalchemy", "flask"))]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_help(name: str) -> None:
    module, _, attribute = COMMANDS[name][0].partition(":")
    assert find_spec(module), f"{module} is missing"

    result = CliRunner().invoke(main, [name, "--help"])

    assert result.exit_code == 0
    assert result.output.startswith(f"Usage: radrum {name}")
    assert getattr(import_module(module), attribute).help


@pytest.mark.parametrize("name", COMMANDS)
def test_every_subcommand_has_a_help(name: str) -> None:
    module, _, attribute = COMMANDS[name][0].partition(":")
    command = getattr(import_module(module), attribute)
    subcommands = command.commands if isinstance(command, click.Group) else {}

    results = {sub: CliRunner().invoke(main, [name, sub, "--help"]) for sub in subcommands}

    assert [sub for sub, result in results.items() if result.exit_code] == []
    assert [sub for sub, subcommand in subcommands.items() if not subcommand.help] == []


def test_without_a_command_it_shows_its_help() -> None:
    result = CliRunner().invoke(main, [])

    assert result.exit_code == 2
    assert "Commands:" in result.output


def test_an_unknown_command_is_misuse() -> None:
    result = CliRunner().invoke(main, ["telegraph"])

    assert result.exit_code == 2
    assert "No such command 'telegraph'" in result.stderr


def test_an_error_of_ours_is_one_sentence_on_stderr(failing: dict[str, BaseException]) -> None:
    failing["raises"] = Unavailable("the database doesn't answer")

    result = CliRunner().invoke(main, ["fails"])

    assert (result.exit_code, result.stdout, result.stderr) == (1, "", "radrum: the database doesn't answer\n")


def test_every_problem_gets_a_line_of_its_own(failing: dict[str, BaseException]) -> None:
    problems = [Problem("config.toml", key, "nothing", "a word") for key in ("mode", "line")]
    failing["raises"] = ConfigurationError(problems)

    result = CliRunner().invoke(main, ["fails"])

    assert result.exit_code == 1
    assert result.stderr.splitlines() == [f"radrum: {problem}" for problem in problems]


def test_an_interrupt_exits_as_shells_expect(failing: dict[str, BaseException]) -> None:
    failing["raises"] = KeyboardInterrupt()

    result = CliRunner().invoke(main, ["fails"])

    assert result.exit_code == 130


def test_a_mistake_of_ours_keeps_its_traceback(failing: dict[str, BaseException]) -> None:
    failing["raises"] = ZeroDivisionError()

    result = CliRunner().invoke(main, ["fails"])

    assert isinstance(result.exception, ZeroDivisionError)


def test_a_reader_who_goes_away_is_no_error() -> None:
    radrum = subprocess.Popen(
        [sys.executable, "-c", PYTHON_SAYS, "--help"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert radrum.stdout
    radrum.stdout.close()

    assert radrum.stderr
    with radrum.stderr:
        said = radrum.stderr.read()

    assert (radrum.wait(timeout=60), said) == (1, b"")
