"""The commands that fill and change the database: db upgrade, demo, staff, hours."""

from __future__ import annotations

import io
import re
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from app.storage.migrations import head

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run

# The commands read the host's clock.
DAY, NEXT_DAY = (str(datetime.now(UTC).date() + timedelta(days=days)) for days in (30, 31))
FILE = """name;alias;phone;competences;languages;rota;from
Påhittad Alfa;Övning Alfa;070-174 06 40;juridik polis;sv;skane;2024-11-25
Påhittad Beta;Övning Beta;070-174 06 41;;;skane-backup;2024-11-25
"""


def test_the_database_is_upgraded_again_and_again(run: Run) -> None:
    for _ in range(2):
        code, out, err = run("db", "upgrade")

        assert (code, err) == (0, "")
        assert f"is at revision {head()}" in out


def test_practice_data_is_filled_in_once(run: Run) -> None:
    first = run("demo")
    again = run("demo")

    assert first[0] == again[0] == 0
    assert "32 invented staff and" in first[1]
    assert again[1].startswith("The database has staff already; nothing was changed.\n")
    _, _, sign_ins = first[1].partition("\n")
    assert again[1].endswith(f"changed.\n{sign_ins}")
    assert re.search(r"/sign-in with the password [a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4} as:\n", sign_ins)
    for organisation in ("skane", "nationell"):
        for name in ("specialist", "specialist2", "coordinator", "manager", "administrator"):
            assert f"\n    {name}@{organisation}.example " in sign_ins
        # Two colleagues, and each somebody of the staff.
        aliases = re.findall(rf"specialist2?@{organisation}.example +\((.+)\)", sign_ins)
        assert len(set(aliases)) == 2
        assert not any("specialist" in alias for alias in aliases)


def test_practice_data_in_a_live_database_are_announced_while_they_are_filled_in(live: Run) -> None:
    first = live("demo")
    again = live("demo")

    assert first[0] == again[0] == 0
    assert "32 invented staff and" in first[1]
    assert first[2].startswith("radrum: this database is live: invented staff are being put on duty in it")
    assert again[2] == ""
    assert "password" not in first[1] + again[1]
    assert live("user", "list")[1] == ""


def test_staff_come_from_a_file_and_are_listed_without_their_numbers(run: Run, tmp_path: Path) -> None:
    (tmp_path / "staff.csv").write_text(FILE, encoding="utf-8-sig")

    nobody = run("staff", "list")
    imported = run("staff", "import", str(tmp_path / "staff.csv"))
    listed = run("staff", "list")

    assert nobody[1].startswith("There is nobody yet: radrum staff import FILE.csv\nnobody in rota nationell: ")
    assert imported[0] == 0
    assert imported[1].startswith("2 added, 0 updated, 0 unchanged; 2 new rota memberships.\n")
    assert listed[1].splitlines()[:3] == [
        "organisation  alias        phone  rotas         competences  languages",
        "skane         Övning Alfa  …40    skane         law police   sv",
        "skane         Övning Beta  …41    skane-backup  -            -",
    ]


def test_staff_come_from_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(FILE.encode())))

    assert run("staff", "import", "-")[1].startswith("2 added, 0 updated, 0 unchanged; 2 new rota memberships.\n")


def test_a_file_with_mistakes_is_refused_with_all_of_them(run: Run, tmp_path: Path) -> None:
    (tmp_path / "staff.csv").write_text(FILE.replace("skane;", "malmo;").replace("06 41", "06 40"), encoding="utf-8")

    code, out, err = run("staff", "import", str(tmp_path / "staff.csv"))

    assert (code, out) == (1, "")
    assert [line.split(": found")[0] for line in err.splitlines()] == ["radrum: row 2: rota"]
    assert run("staff", "list")[1].startswith("There is nobody yet")


def test_a_file_in_another_encoding_is_refused_with_its_row(run: Run, tmp_path: Path) -> None:
    (tmp_path / "staff.csv").write_bytes(FILE.encode("latin-1"))

    code, _, err = run("staff", "import", str(tmp_path / "staff.csv"))

    assert code == 1
    assert err.startswith("radrum: row 2: encoding: found a byte that isn't UTF-8")


@pytest.mark.parametrize("begins", [b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1")], ids=["xlsx", "xls"])
def test_a_workbook_is_refused_in_one_sentence(run: Run, tmp_path: Path, begins: bytes) -> None:
    (tmp_path / "staff.xlsx").write_bytes(begins + bytes(range(256)) * 20)

    code, _, err = run("staff", "import", str(tmp_path / "staff.xlsx"))

    assert (code, err.count("\n")) == (1, 1)
    assert "found a workbook; allowed: a CSV file in UTF-8 (in Excel: Save as, CSV UTF-8)" in err


def test_what_excel_calls_unicode_text_is_taken_in(run: Run, tmp_path: Path) -> None:
    (tmp_path / "staff.txt").write_bytes(FILE.replace(";", "\t").encode("utf-16"))

    assert run("staff", "import", str(tmp_path / "staff.txt"))[1].startswith("2 added")


def test_of_many_problems_the_first_are_printed_and_the_others_counted(run: Run, tmp_path: Path) -> None:
    rows = "".join(f"Påhittad;Övning {number};112;;;skane;2024-11-25\n" for number in range(60))
    (tmp_path / "staff.csv").write_text(FILE.splitlines()[0] + "\n" + rows, encoding="utf-8")

    lines = run("staff", "import", str(tmp_path / "staff.csv"))[2].splitlines()

    assert len(lines) == 51
    assert lines[-1] == "radrum: and 10 more"


def test_a_file_that_is_not_there_is_named(run: Run) -> None:
    code, _, err = run("staff", "import", "nowhere.csv")

    assert code == 2
    assert "nowhere.csv" in err


def test_a_day_is_closed_listed_and_opened_as_usual_again(run: Run) -> None:
    closed = run("hours", "skane", DAY, "--closed", "--because", "utbildning")
    moved = run("hours", "skane", NEXT_DAY, "--open", "13:00-14:00", "--open", "15:00-16:00", "--because", "möte")
    listed = run("hours", "skane", "--list")
    alone = run("hours", "skane")
    usual = run("hours", "skane", DAY, "--usual")
    afterwards = run("hours", "skane", "--list")

    hears = "Whoever rings while it is closed hears: Vi har stängt på grund av"
    coming = [f"{DAY}  closed  (utbildning)", f"{NEXT_DAY}  13:00-14:00, 15:00-16:00  (möte)"]
    assert closed[:2] == (0, f"{coming[0]}\n{hears} utbildning.\n")
    assert moved[:2] == (0, f"{coming[1]}\n{hears} möte.\n")
    assert listed[1].splitlines() == alone[1].splitlines() == coming
    assert usual[:2] == (0, f"{DAY}  usual hours\n")
    assert afterwards[1].splitlines() == coming[1:]
    assert run("hours", "skane", DAY, "--usual")[1] == f"{DAY}  had usual hours already\n"
    assert run("hours", "nationell", "--list")[1] == "nationell keeps its usual hours from today on.\n"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["skane", DAY], 2, "exactly one of"),
        (["skane", DAY, "--closed", "--open", "13:00-14:00"], 2, "exactly one of"),
        (["skane", "--closed"], 2, "which DATE?"),
        (["skane", DAY, "--list"], 2, "takes no date"),
        (["skane", "tomorrow", "--closed"], 2, "tomorrow"),
        (["skane", DAY, "--closed"], 1, "because: found nothing"),
        (["skane", DAY, "--open", "9-", "--because", "x"], 1, "open: found '9-'"),
        (["skane", DAY, "--closed", "--because", "ring 0701740605"], 1, "because: found a long number"),
        (["malmo", DAY, "--closed", "--because", "x"], 1, "there is no line malmo"),
    ],
    ids=[
        "nothing asked",
        "both",
        "no date",
        "date and list",
        "no such date",
        "no reason",
        "no hours",
        "phone",
        "no line",
    ],
)
def test_what_cannot_be_done_with_hours_is_said(run: Run, arguments: list[str], code: int, said: str) -> None:
    ended, out, err = run("hours", *arguments)

    assert (ended, out) == (code, "")
    assert said in err


@pytest.mark.parametrize("arguments", [["demo"], ["staff", "list"], ["hours", "skane", "--list"]], ids=" ".join)
def test_a_database_that_was_never_upgraded_is_refused_with_what_to_do(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.setenv("RADRUM_DATABASE_URL", f"sqlite:///{tmp_path}/new.sqlite3")

    code, out, err = run(*arguments)

    assert (code, out) == (1, "")
    assert err.endswith("run `radrum db upgrade`\n")


def test_a_database_that_does_not_answer_is_named_in_one_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RADRUM_DATABASE_URL", "postgresql://radrum:hush@127.0.0.1:1/radrum")

    for arguments in (["demo"], ["db", "upgrade"]):
        code, out, err = run(*arguments)

        assert (code, out) == (1, "")
        assert err.count("\n") == 1
        assert "127.0.0.1:1/radrum doesn't answer" in err
        assert "hush" not in err
