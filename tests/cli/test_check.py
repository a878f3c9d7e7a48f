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
    assert "Records      taxonomy version 1: 14 groups, 5 of them required, with 104 choices" in said
    assert "skane: Resurscentrum heder Skåne" in said
    assert "33 municipalities in Skåne län; professionals" in said
    assert "vastmanland (primary): 2 persons at a time, Mon-Fri; turns of 2 weeks, changing Mon 09:00" in said
    assert (
        "  overflow   the staff of nationell are rung after this line's own; whoever answers keeps the record" in said
    )
    assert "after this line's own, but only for callers who say that they are professionals; whoever" in said
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


def changed(config: Path, old: str, new: str) -> None:
    text = config.read_text(encoding="utf-8")
    assert old in text
    config.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_line_whose_overflow_is_closed_meanwhile_is_doubtful(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed(config.parent / "schedules" / "nationell.toml", '"09:00-16:00"', '"09:00-12:00", "12:30-16:00"')

    code = run_check()

    said = capsys.readouterr().err.splitlines()
    assert code == 0
    assert len(said) == 3
    assert "line.skane.overflow: nationell is closed at times when skane is open, first on Mon 2" in said[0]
    assert said[0].endswith("at 12:00: nobody is rung there then")


def test_a_line_that_overflows_to_one_for_fewer_municipalities_is_doubtful(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed(config, 'catchment = "all"', 'catchment = ["12", "14", "1980"]')

    code = run_check()

    [said] = capsys.readouterr().err.splitlines()
    assert code == 0
    assert "line.vastmanland.overflow: nationell doesn't serve Skinnskatteberg, Surahammar, Kungsör and 6 more" in said


def test_a_line_without_overflow_says_so(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace('overflow = "nationell"\n', ""), encoding="utf-8")

    run_check()

    said = capsys.readouterr()
    assert said.out.count("  overflow   none: callers whom nobody here answers are passed on to nobody") == 4
    assert said.err == ""


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
