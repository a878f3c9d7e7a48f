"""``radrum rota``: final schedules, and what changes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from tests.cli.conftest import Run

STOCKHOLM = ZoneInfo("Europe/Stockholm")
FILE = """name;alias;phone;competences;languages;rota;from
Påhittad Alfa;Alfa;070-174 06 40;;;skane;2024-11-25
Påhittad Beta;Beta;070-174 06 41;;;skane-backup;2024-11-25
Påhittad Gamma;Gamma;070-174 06 42;;;skane-backup;2099-01-01
Påhittad Alfa;Alfa;070-174 06 43;;;skaraborg;2024-11-25
"""
NOBODY = "Nobody's duty changes by it, as things stand.\n"


def today() -> date:
    """By the host's clock, which the commands read; asked anew each time, as a long run sees midnight."""
    return datetime.now(STOCKHOLM).date()


def ordinary_day() -> str:
    """The next day with usual hours on which nothing is agreed yet: no holiday falls on the second week of November."""
    now = today()
    year = now.year + (now.month >= 11)
    day = next(
        day
        for day in (datetime(year, 11, 8, tzinfo=UTC) + n * timedelta(days=1) for n in range(7))
        if day.weekday() == 2
    )
    return str(day.date())


DAY = ordinary_day()
NEXT_DAY = str(datetime.fromisoformat(DAY).date() + timedelta(days=1))


@pytest.fixture
def staffed(run: Run, tmp_path: Path) -> Run:
    """Alfa alone in the rota of Skåne, Beta in its backup rota, Gamma in none yet; another Alfa in Skaraborg."""
    (tmp_path / "staff.csv").write_text(FILE, encoding="utf-8")
    code, _, err = run("staff", "import", str(tmp_path / "staff.csv"))
    assert code == 0, err
    return run


def cover(run: Run, *options: str) -> tuple[int | str | None, str, str]:
    return run("rota", "cover", "skane", "--from", DAY, "--to", NEXT_DAY, *options)


def shown(run: Run, *, line: str = "skane") -> list[str]:
    code, out, err = run("rota", "show", line, "--from", DAY, "--to", DAY)
    assert (code, err) == (0, "")
    return out.splitlines()


def test_a_day_is_shown_with_who_why_gaps_and_time(staffed: Run) -> None:
    assert shown(staffed) == [
        f"skane, {DAY} to {DAY} (included), Europe/Stockholm",
        "",
        "from                  to     on duty  tier     why",
        f"Wed {DAY} 09:00  16:00  Alfa     primary  skane · {DAY} · 1/1",
        f"                             Beta     backup   skane-backup · {DAY} · 1/1",
        "",
        "Somebody is on duty in all open hours.",
        "",
        "alias  time on duty",
        "Alfa   7:00",
        "Beta   7:00",
    ]


def test_a_fortnight_from_today_is_shown_by_default(staffed: Run) -> None:
    out = staffed("rota", "show", "skane")[1]

    assert out.startswith(f"skane, {today()} to {today() + timedelta(days=13)} (included)")


def test_a_closed_weekend_has_nobody_to_show(staffed: Run) -> None:
    saturday, sunday = (str(datetime.fromisoformat(DAY).date() + timedelta(days=days)) for days in (3, 4))

    out = staffed("rota", "show", "skane", "--from", saturday, "--to", sunday)[1]

    assert out.endswith("\n\nThe line is closed all that time.\n")


def test_a_cover_is_shown_listed_and_withdrawn(staffed: Run) -> None:
    agreed = cover(staffed, "--stands-in", "gamma", "--instead-of", "alfa")
    with_it = shown(staffed)[3]
    listed = staffed("rota", "list", "skane")[1].splitlines()
    withdrawn = staffed("rota", "withdraw", "cover", "1")
    without_it = shown(staffed)[3]

    assert agreed == (
        0,
        f"cover 1: Gamma instead of Alfa in the rota skane, from {DAY} 00:00 to {NEXT_DAY} 00:00.\n",
        "",
    )
    assert " ".join(with_it.split()) == f"Wed {DAY} 09:00 16:00 Gamma primary skane · cover · instead of Alfa"
    assert [line.split(maxsplit=6) for line in listed] == [
        ["kind", "id", "from", "to", "what"],
        ["cover", "1", DAY, "00:00", NEXT_DAY, "00:00", "Gamma instead of Alfa in the rota skane"],
    ]
    assert withdrawn == (0, "cover 1 is withdrawn: Gamma instead of Alfa in the rota skane.\n", "")
    assert "Alfa" in without_it
    assert staffed("rota", "list", "skane")[1] == "Nothing lies over the rotas of skane: they hold as they are.\n"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--stands-in", "Gamma"], "Gamma beside the others in the rota skane"),
        (["--instead-of", "Beta", "--rota", "skane-backup"], "nobody instead of Beta in the rota skane-backup"),
    ],
)
def test_a_cover_adds_or_removes(staffed: Run, options: list[str], said: str) -> None:
    assert cover(staffed, *options)[1].startswith(f"cover 1: {said}, from")


def test_a_cover_for_somebody_who_is_not_on_duty_is_said_to_change_nothing(staffed: Run) -> None:
    assert cover(staffed, "--stands-in", "Alfa", "--instead-of", "Gamma")[1].endswith(NOBODY)


def test_a_gap_is_said_as_soon_as_it_is_made(staffed: Run) -> None:
    staffed("rota", "absence", "Beta", "--line", "skane", "--from", DAY, "--to", NEXT_DAY)

    out = staffed("rota", "temporary", "skane", "--nobody", "--from", f"{DAY}T10:00", "--to", f"{DAY}T12:00")[1]

    gap = f"nobody is on duty for skane from {DAY} 10:00 to {DAY} 12:00"
    assert out.splitlines() == [
        f"temporary 1: nobody instead of the rota skane, from {DAY} 10:00 to {DAY} 12:00.",
        gap,
    ]
    assert [line for line in shown(staffed) if "nobody" in line] == [f"Wed {DAY} 10:00  12:00  nobody", gap]


def test_of_many_gaps_the_first_are_said_and_the_others_counted(staffed: Run) -> None:
    staffed(
        "rota", "temporary", "skane", "--nobody", "--rota", "skane-backup", "--from", str(today()), "--to", NEXT_DAY
    )

    lines = staffed("rota", "absence", "Alfa", "--line", "skane", "--to", NEXT_DAY)[1].splitlines()

    gaps = [line for line in lines if line.startswith("nobody is on duty for skane from")]
    assert 1 <= len(gaps) <= 10
    assert (lines[-1].startswith("and so ")) == (len(gaps) == 10)


def test_a_gap_that_is_left_by_what_is_withdrawn_is_said(staffed: Run) -> None:
    staffed("rota", "absence", "Alfa", "--line", "skane", "--from", DAY, "--to", NEXT_DAY)
    staffed("rota", "absence", "Beta", "--from", DAY, "--to", NEXT_DAY)
    cover(staffed, "--stands-in", "Gamma", "--instead-of", "Alfa")

    out = staffed("rota", "withdraw", "cover", "1")[1]

    assert out.splitlines()[1:] == [f"nobody is on duty for skane from {DAY} 09:00 to {DAY} 16:00"]


def test_who_is_taken_off_the_rotas_and_stands_in_all_the_same_is_named(staffed: Run) -> None:
    staffed("rota", "temporary", "skane", "Beta", "--from", DAY, "--to", NEXT_DAY)
    cover(staffed, "--stands-in", "Alfa", "--instead-of", "Beta")

    out = staffed("staff", "remove", "Beta")[1]

    still = "Beta is still to answer: Beta instead of the rota skane (radrum rota withdraw temporary 1)"
    assert [line for line in out.splitlines() if "still" in line] == [still]


def test_who_is_away_stays_on_duty_in_a_temporary_schedule_and_that_is_said(staffed: Run) -> None:
    staffed("rota", "temporary", "skane", "Gamma", "Alfa", "--from", DAY, "--to", NEXT_DAY)

    out = staffed("rota", "absence", "Gamma", "--from", DAY, "--to", NEXT_DAY)[1]

    assert out.splitlines() == [
        f"absence 1: Gamma is away, from {DAY} 00:00 to {NEXT_DAY} 00:00.",
        NOBODY.strip(),
        "Gamma stays on duty for skane: a temporary schedule names them (radrum rota list skane).",
    ]


def test_an_absence_begins_now_unless_it_is_said(staffed: Run) -> None:
    out = staffed("rota", "absence", "Beta", "--to", DAY)[1]

    assert out.startswith(f"absence 1: Beta is away, from {today()}")


def test_who_pauses_takes_no_calls_until_they_resume(staffed: Run) -> None:
    paused = staffed("rota", "pause", "Beta", "--reason", "lunch")
    while_paused = shown(staffed)
    listed = staffed("rota", "list", "skane")[1]
    resumed = [staffed("rota", "resume", "Beta")[1] for _ in range(2)]

    assert paused[1].startswith("Beta takes no calls from now on, until further notice.\n")
    assert not any("Beta" in line for line in while_paused)
    assert listed.splitlines()[1].startswith("pause")
    assert resumed == ["Beta takes calls again.\n", "Beta takes calls already.\n"]


def test_a_pause_may_have_an_end(staffed: Run) -> None:
    assert staffed("rota", "pause", "Beta", "--to", DAY)[1].startswith(
        f"Beta takes no calls from now on, to {DAY} 00:00.\n"
    )


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["show", "malmo"], 1, "there is no line malmo"),
        (["show", "skane", "--from", NEXT_DAY, "--to", DAY], 1, f"to: found {DAY}; allowed: a day from {NEXT_DAY}"),
        (["show", "skane", "--from", "1999-01-01"], 1, "from: found 1999-01-01; allowed: a day of the years"),
        (["list", "malmo"], 1, "there is no line malmo"),
        (["cover", "skane", "--to", DAY, "--stands-in", "Beta"], 2, "--from"),
        (["cover", "skane", "--from", DAY, "--to", NEXT_DAY], 1, "stands-in, instead-of: found nobody"),
        (["cover", "skane", "--from", NEXT_DAY, "--to", DAY, "--stands-in", "Beta"], 1, "to: found"),
        (["cover", "skane", "--from", "soon", "--to", DAY, "--stands-in", "Beta"], 1, "--from: found 'soon'"),
        (["cover", "skane", "--from", DAY, "--to", NEXT_DAY, "--stands-in", "Zeta"], 1, "stands-in: found 'Zeta'"),
        (["cover", "skaraborg", "--from", DAY, "--to", NEXT_DAY, "--stands-in", "Beta"], 1, "an alias of skaraborg"),
        (["temporary", "skane", "--from", DAY, "--to", NEXT_DAY], 2, "or --nobody"),
        (["temporary", "skane", "Beta", "--nobody", "--from", DAY, "--to", NEXT_DAY], 2, "or --nobody"),
        (["absence", "Zeta", "--to", NEXT_DAY], 1, "alias: found 'Zeta'"),
        (["absence", "Alfa", "--to", NEXT_DAY], 1, "one person each of skane and skaraborg"),
        (["absence", "Beta", "--from", "2026-01-01", "--to", NEXT_DAY], 1, "from: found 2026-01-01T00:00+01:00"),
        (["pause", "Beta", "--to", "2026-01-01"], 1, "to: found 2026-01-01"),
        (["pause", "Beta", "--line", "malmo"], 1, "there is no line malmo"),
        (["withdraw", "cover", "7"], 1, "there is no cover 7 that could be withdrawn"),
        (["withdraw", "call", "7"], 2, "'call'"),
    ],
)
def test_what_cannot_be_done_is_said(staffed: Run, arguments: list[str], code: int, said: str) -> None:
    ended, out, err = staffed("rota", *arguments)

    assert (ended, out) == (code, "")
    assert said in err
    assert "Traceback" not in err


@pytest.mark.parametrize("name", ["show", "list", "cover", "temporary", "absence", "pause", "resume", "withdraw"])
def test_each_command_has_help(run: Run, name: str) -> None:
    code, out, _ = run("rota", name, "--help")

    assert code == 0
    assert "Usage:" in out
