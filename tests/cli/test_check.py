"""``radrum check`` says what the configuration means, or everything that is wrong with it."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

import pytest

from app.cli import main
from app.cli.check import summary
from app.settings import load_settings

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def config(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shipped configuration, which the command reads."""
    shutil.copy(root / "config.toml", tmp_path)
    for folder in ("callflows", "schedules"):
        shutil.copytree(root / folder, tmp_path / folder)
    monkeypatch.setenv("RADRUM_CONFIG", str(tmp_path / "config.toml"))
    return tmp_path / "config.toml"


def run_check() -> int | str | None:
    with pytest.raises(SystemExit) as end:
        main(["check"])
    return end.value.code


@pytest.mark.usefixtures("config")
def test_the_shipped_configuration_is_told_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    code = run_check()

    said = capsys.readouterr().out
    assert code == 0
    assert "Mode         practice" in said
    assert "skane: Resurscentrum heder Skåne" in said
    assert "33 municipalities in Skåne län; professionals" in said
    assert "vastmanland (primary): 2 persons at a time, Mon-Fri; turns of 2 weeks, changing Mon 09:00" in said
    assert "callflow regional:" in said
    assert "nobody who says that they are exposed is offered to be rung back" in said
    assert said.endswith("Everything was read, and nothing is wrong with it.\n")


def test_a_rota_of_a_part_of_the_day_is_told_with_its_hours(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    schedule = config.parent / "schedules" / "skane.toml"
    text = schedule.read_text(encoding="utf-8").replace('unit = "day"\nlength = 1', 'unit = "hour"\nlength = 4', 1)
    nights = text.replace('handover = "00:00"', 'handover = "22:00"\nwindow = "22:00-06:00"', 1)
    schedule.write_text(nights, encoding="utf-8")

    code = run_check()

    said = capsys.readouterr().out
    assert code == 0
    assert "2 persons at a time, Mon-Fri, 22:00-06:00 only; turns of 4 hours, changing 22:00" in said


def test_every_problem_is_told_and_nothing_else(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace('"dublin"', '"paris"').replace("Skövde kommun", ""), encoding="utf-8")

    code = run_check()

    said = capsys.readouterr()
    assert code == 1
    assert said.out == ""
    names, edges = "text in quotation marks, on one line, without { } < >", "with the region ie1: dublin"
    assert said.err.splitlines() == [
        f'radrum: config.toml: organisation.skaraborg.name: found ""; allowed: {names}',
        f'radrum: config.toml: twilio.edge: found "paris"; allowed: {edges}',
    ]


@pytest.mark.usefixtures("config")
def test_the_password_of_a_database_is_not_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RADRUM_DATABASE_URL", "postgresql://radrum:hush@db.example.se/radrum?password=hush@hush")

    run_check()

    said = capsys.readouterr().out
    assert "PostgreSQL, db.example.se/radrum\n" in said
    assert "hush" not in said


def summary_on(day: date, config: Path) -> str:
    now = datetime.combine(day, time(12), tzinfo=UTC)
    return "\n".join(summary(load_settings({"RADRUM_CONFIG": str(config)}), now))


def test_the_hours_of_this_week_are_told_in_runs_of_days(config: Path) -> None:
    file = config.parent / "schedules" / "skane.toml"
    text = file.read_text(encoding="utf-8")
    for day in ("tuesday", "wednesday"):
        text = text.replace(f'{day} = ["09:00-16:00"]', f'{day} = ["09:00-12:00", "13:00-16:00"]')
    file.write_text(text.replace('friday = ["09:00-16:00"]', 'saturday = ["10:00-11:00"]', 1), encoding="utf-8")

    said = summary_on(date(2026, 11, 18), config)

    assert "  this week  Mon-Fri 09:00-16:00, Sat-Sun closed (Europe/Stockholm)" in said
    lunch = "09:00-12:00 and 13:00-16:00"
    assert f"Mon 09:00-16:00, Tue-Wed {lunch}, Thu 09:00-16:00, Fri closed, Sat 10:00-11:00, Sun closed" in said


def test_the_next_closed_weekdays_are_told_with_their_reasons(config: Path) -> None:
    said = summary_on(date(2026, 12, 20), config)

    coming = (
        "Thu 2026-12-24 (Julafton), Fri 2026-12-25 (Juldagen), Thu 2026-12-31 (Nyårsafton), Fri 2027-01-01 (Nyårsdagen)"
    )
    assert f"  closed     {coming}\n" in said


def test_a_week_with_a_holiday_is_told_as_it_is(config: Path) -> None:
    said = summary_on(date(2026, 6, 17), config)

    assert "  this week  Mon-Thu 09:00-16:00, Fri-Sun closed (Europe/Stockholm)" in said
