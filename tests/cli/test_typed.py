"""How the command is written where somebody may paste it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from app.cli.typed import beside, command, command_elsewhere, instant
from app.domain.lines import LineKey

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.policy import Policy


@pytest.mark.parametrize(
    ("started_as", "on_path", "shown"),
    [
        ("{here}/.venv/bin/radrum", "", ".venv/bin/radrum"),
        (".venv/bin/radrum", "", ".venv/bin/radrum"),
        ("{here}/.venv/bin/radrum", "{here}/.venv/bin", ".venv/bin/radrum"),
        ("{elsewhere}/bin/radrum", "", "{elsewhere}/bin/radrum"),
        ("{elsewhere}/bin/radrum", "{elsewhere}/bin", "radrum"),
        ("/usr/lib/python3/pytest", "", "radrum"),
    ],
)
def test_the_command_is_shown_so_that_it_can_be_pasted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, started_as: str, on_path: str, shown: str
) -> None:
    where = {"here": str(tmp_path / "here"), "elsewhere": str(tmp_path / "elsewhere")}
    for program in ("here/.venv/bin/radrum", "elsewhere/bin/radrum"):
        file = tmp_path / program
        file.parent.mkdir(parents=True)
        file.touch(mode=0o755)
    monkeypatch.chdir(where["here"])
    monkeypatch.setenv("PATH", on_path.format(**where))
    monkeypatch.setattr("sys.argv", [started_as.format(**where)])

    assert command() == shown.format(**where)


def test_from_another_terminal_it_takes_what_says_which_deployment_and_no_secret() -> None:
    environ = {"RADRUM_BIND": "127.0.0.1:8700", "RADRUM_CONFIG": "a b.toml", "RADRUM_SECRET_KEY": "x", "HOME": "/"}

    assert command_elsewhere(environ) == "RADRUM_CONFIG='a b.toml' RADRUM_BIND=127.0.0.1:8700 radrum"
    assert command_elsewhere({}) == "radrum"


@pytest.mark.parametrize("length", range(60, 104))
def test_no_number_is_broken_across_lines(length: int) -> None:
    words = f"{'x' * length} ring 114 14 eller 08-405 50 05."

    lines = beside("says  ", words)

    assert " ".join(line.removeprefix("says").strip() for line in lines) == words
    assert sum(line.count("114 14") + line.count("08-405 50 05") for line in lines) == 2


def test_nothing_to_say_leaves_the_start_alone() -> None:
    assert beside("hangs up  ", "") == ["hangs up"]


@pytest.mark.parametrize(
    ("written", "meant", "said"),
    [
        ("2026-11-23T10:00", "2026-11-23T09:00Z", ""),
        ("2026-11-23", "2026-11-22T23:00Z", ""),
        ("2026-03-29T02:30", "2026-03-29T01:00Z", "doesn't exist that day: the clock jumps over it, to 03:00:00"),
        ("2026-10-25T02:30", "2026-10-25T00:30Z", "the first is meant; the second is 2026-10-25T02:30:00+01:00"),
        ("2026-10-25T02:30+01:00", "2026-10-25T01:30Z", ""),
        ("2026-10-25T03:00", "2026-10-25T02:00Z", ""),
    ],
)
def test_a_time_on_the_wall_that_never_comes_or_comes_twice_is_said(
    policy: Policy, capsys: pytest.CaptureFixture[str], written: str, meant: str, said: str
) -> None:
    at = instant("--at", written, policy.schedules[LineKey("skane")].hours)

    told = capsys.readouterr().err
    assert at == datetime.fromisoformat(meant)
    assert said in told
    assert bool(told) == bool(said)
