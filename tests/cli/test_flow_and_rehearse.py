"""``radrum flow show`` and ``radrum rehearse`` on the shipped configuration."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result

from app.cli import main


@pytest.fixture(autouse=True)
def practice(monkeypatch: pytest.MonkeyPatch, root: Path, tmp_path: Path) -> Path:
    """A copy of the shipped configuration, with a database that isn't there yet; the file of that database."""
    shutil.copy(root / "config.toml", tmp_path)
    for folder in ("callflows", "schedules"):
        shutil.copytree(root / folder, tmp_path / folder)
    monkeypatch.setenv("RADRUM_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("RADRUM_DATABASE_URL", f"sqlite:///{tmp_path}/not-yet.sqlite3")
    return tmp_path / "not-yet.sqlite3"


def radrum(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


@pytest.mark.parametrize(
    ("name", "flow"), [("regional", "regional"), ("skane", "regional"), ("nationell", "nationell")]
)
def test_a_flow_is_drawn_with_what_is_proved_of_it(name: str, flow: str) -> None:
    result = radrum("flow", "show", name)

    comments, drawing = result.output.split("flowchart TD\n")
    assert result.exit_code == 0
    assert comments.startswith(f"%% {flow}: ")
    assert all(line.startswith("%% ") for line in comments.splitlines())
    assert 'n_hours{"hours<br/>open now?"}' in drawing


def test_a_flow_is_drawn_as_a_picture_of_its_own() -> None:
    result = radrum("flow", "show", "skane", "--svg")

    assert result.exit_code == 0
    picture = ET.fromstring(result.output)  # noqa: S314 - our own picture
    assert picture.tag == "{http://www.w3.org/2000/svg}svg"
    assert "every exit of its" in result.output


def test_a_flow_that_is_not_there_is_told_in_one_sentence() -> None:
    result = radrum("flow", "show", "nix")

    assert result.exit_code == 1
    assert result.stderr.startswith("radrum: there is no callflow nix; there are nationell, regional, regional-utsatta")
    assert len(result.stderr.splitlines()) == 1


def test_a_closed_line_is_rehearsed_on_the_wall_clock_of_the_line(practice: Path) -> None:
    result = radrum("rehearse", "skane", "--at", "2026-12-23T16:30")

    assert result.exit_code == 0
    assert "Wednesday 2026-12-23 16:30:00 +0100" in result.output
    assert "closed (efter stängning); opens Monday 2026-12-28 09:00" in result.output
    assert "Vi öppnar igen på måndag den 28 december klockan nio." in " ".join(result.output.split())
    assert "outcome       closed: the line was closed (efter stängning)" in result.output
    assert "are not known: there is no database" in result.output
    assert not practice.exists()


def test_an_instant_with_an_offset_is_that_instant() -> None:
    result = radrum("rehearse", "skane", "--at", "2026-12-23T14:59:59+00:00")

    assert "2026-12-23 15:59:59 +0100" in result.output
    assert "open until 16:00" in result.output


def test_a_wall_time_that_the_clock_jumps_over_means_the_jump() -> None:
    result = radrum("rehearse", "skane", "--at", "2026-03-29T02:30 ")

    assert "Sunday 2026-03-29 03:00:00 +0200" in result.stdout
    assert "02:30:00 doesn't exist that day" in result.stderr


def test_a_number_ends_with_its_hash_as_on_a_telephone() -> None:
    keys = "1,1,2,0701740612#,1"

    result = radrum("rehearse", "skane", "--at", "2026-11-23T10:00", "--press", keys, "--ring", "nobody")

    assert "caller presses    0701740612\n" in result.output


def test_keys_and_phones_are_rehearsed_as_told() -> None:
    result = radrum("rehearse", "skaraborg", "--at", "2026-11-23T10:00", "--press", "1, 2,3", "--ring", "nobody")

    assert "phone rings       whoever is on duty" in result.output
    assert "outcome       unanswered: nobody answered (ring:no_answer)" in result.output
    assert "Not used, because nothing asked for it: 3" in result.output


def test_phones_are_called_as_by_the_practice_call() -> None:
    told = ("rehearse", "skane", "--at", "2026-11-23T10:00", "--press", "1")

    assert radrum(*told, "--phones", "no-answer").output == radrum(*told, "--ring", "nobody").output
    assert radrum(*told, "--phones", "answer").output == radrum(*told).output


def test_while_all_phones_are_busy_the_caller_is_heard_to_wait() -> None:
    result = radrum("rehearse", "skane", "--at", "2026-11-23T10:00", "--press", "1", "--phones", "busy")

    assert "Alla rådgivare sitter i samtal just nu." in result.output
    assert "caller waits      12 seconds without a key" in result.output
    assert "outcome       unanswered: everybody on duty was busy (ring:all_busy)" in result.output


def test_of_a_call_that_another_line_answers_it_is_told_whose_record_it_is(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RADRUM_DATABASE_URL", sqlite_url)
    staff = Path(sqlite_url.removeprefix("sqlite:///")).with_name("staff.csv")
    staff.write_text(
        "name,alias,phone,competences,languages,rota,from\n"
        "Övning Ett,Ett,070-174 06 98,law,sv;en,nationell,2026-01-01\n",
        encoding="utf-8",
    )
    radrum("staff", "import", str(staff))

    result = radrum("rehearse", "skane", "--at", "2026-11-23T10:00", "--press", "9,1")

    assert "after them, overflow to nationell: Ett (primary)" in result.output
    assert "phone rings       Ett (primary: nationell" in result.output
    assert "caller hears      The call has ended." in result.output
    assert "record        of Nationellt centrum mot hedersrelaterat våld" in result.output


def test_long_words_stay_in_their_column() -> None:
    lines = radrum("rehearse", "skane", "--at", "2026-12-24T10:00").output.splitlines()

    assert max(map(len, lines)) <= 110
    assert any(line.startswith(" " * 20) for line in lines)


def test_without_an_instant_it_is_rehearsed_now() -> None:
    today = datetime.now(ZoneInfo("Europe/Stockholm")).year

    assert str(today) in radrum("rehearse", "skane").output.splitlines()[0]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("skne",), "radrum: there is no line skne; the lines are nationell, skane, skaraborg, vastmanland"),
        (("skane", "--at", "noon"), "radrum: --at: found 'noon'; allowed: an instant like 2026-11-23T10:00"),
        (("skane", "--at", "1999-12-23"), "radrum: --at: found 1999-12-23"),
        (
            ("skane", "--at", "0001-01-01T00:00+14:00"),
            "radrum: --at: found 0001-01-01 00:00:00+14:00; allowed: an instant of the years",
        ),
        (("skane", "--press", "1,x"), "radrum: --press: found 'x'; allowed: 0-9, * and #, comma"),
        (("skane", "--press", "1,,2"), "radrum: --press: found ''; allowed: 0-9, * and #, comma"),
    ],
)
def test_what_makes_no_sense_is_told_in_one_sentence(words: tuple[str, ...], sentence: str) -> None:
    result = radrum("rehearse", *words)

    assert result.exit_code == 1
    assert result.stderr.startswith(sentence)
    assert len(result.stderr.splitlines()) == 1


def test_a_database_that_is_not_set_up_is_as_good_as_none(practice: Path) -> None:
    practice.touch()

    result = radrum("rehearse", "skane", "--at", "2026-11-23T10:00")

    assert result.exit_code == 0
    assert "who is on duty and changes of hours are not known: the database" in result.output
    assert "outcome       answered: somebody took the call" in result.output


def test_a_database_without_staff_has_nobody_on_duty(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RADRUM_DATABASE_URL", sqlite_url)

    result = radrum("rehearse", "skane", "--at", "2026-11-23T10:00", "--press", "1,-")

    assert "on duty, in ringing order: nobody\nafter them, overflow to nationell: nobody" in result.output
    assert "outcome       unanswered: nobody is on duty (ring:nobody_on_duty)" in result.output
