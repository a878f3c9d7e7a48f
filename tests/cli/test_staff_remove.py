"""People are taken off duty, and rotas that have nobody are named."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run

TODAY = datetime.now(UTC).date()
SOON, LATER = TODAY + timedelta(days=10), TODAY + timedelta(days=20)
FILE = f"""name,alias,phone,competences,languages,rota,from
Påhittad Alfa,Övning Alfa,070-174 06 40,,,skane|skane-backup,2024-11-25
Påhittad Beta,Övning Beta,070-174 06 41,,,skane,2024-11-25
Påhittad Gamma,Övning Gamma,070-174 06 42,,,skane,{LATER}
Påhittad Alfa,Övning Alfa,070-174 06 43,,,nationell,2024-11-25
"""


@pytest.fixture
def staffed(run: Run, tmp_path: Path) -> Run:
    """The command, on a database with three people in Skåne and one elsewhere."""
    (tmp_path / "staff.csv").write_text(FILE, encoding="utf-8")
    assert run("staff", "import", str(tmp_path / "staff.csv"))[0] == 0
    return run


def about_skane(out: str) -> list[str]:
    return [line for line in out.splitlines() if "skane" in line and "vastmanland" not in line]


def rotas_of(alias: str, run: Run) -> str:
    """The column of the list."""
    row = next(line for line in run("staff", "list")[1].splitlines() if line.startswith("skane") and alias in line)
    return re.split(r"\s{2,}", row)[3]


def test_whoever_is_removed_is_off_duty_and_those_who_are_left_are_named(staffed: Run) -> None:
    code, out, err = staffed("staff", "remove", "övning beta")

    assert (code, err) == (0, "")
    assert out.splitlines()[0].startswith("Övning Beta (skane) is out of rota skane from ")
    assert out.splitlines()[0].endswith("; left in it: Övning Alfa.")
    assert rotas_of("Övning Beta", staffed) == "-"


def test_a_rota_left_without_anybody_is_said_with_what_that_means(staffed: Run) -> None:
    staffed("staff", "remove", "Övning Alfa", "--line", "skane")

    _, out, _ = staffed("staff", "remove", "Övning Beta", "--from", str(SOON))

    assert about_skane(out) == [
        f"Övning Beta (skane) is out of rota skane from {SOON} on; left in it: nobody.",
        f"nobody in rota skane from {SOON} on until {LATER}: callers of skane reach nobody",
        "nobody in rota skane-backup: callers of skane whom the first rota doesn't answer have no second chance",
    ]


def test_only_the_rota_that_is_named_is_left(staffed: Run) -> None:
    _, out, _ = staffed("staff", "remove", "Övning Alfa", "--rota", "skane-backup")

    assert about_skane(out)[0].startswith("Övning Alfa (skane) is out of rota skane-backup from")
    assert rotas_of("Övning Alfa", staffed) == "skane"


def test_whoever_was_to_join_later_never_does(staffed: Run) -> None:
    _, out, _ = staffed("staff", "remove", "Övning Gamma")

    assert out.splitlines()[0].endswith("; left in it: Övning Alfa, Övning Beta.")
    assert rotas_of("Övning Gamma", staffed) == "-"


def test_a_second_time_changes_nothing_and_says_so(staffed: Run) -> None:
    staffed("staff", "remove", "Övning Beta")

    code, out, _ = staffed("staff", "remove", "Övning Beta")

    assert code == 0
    assert out.splitlines()[0].endswith("nothing was changed.")


def test_whoever_was_removed_comes_back_with_a_later_from(staffed: Run, tmp_path: Path) -> None:
    staffed("staff", "remove", "Övning Beta")
    (tmp_path / "staff.csv").write_text(FILE.replace("skane,2024-11-25", f"skane,{SOON}"), encoding="utf-8")

    staffed("staff", "import", str(tmp_path / "staff.csv"))

    assert rotas_of("Övning Beta", staffed) == "skane"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["Nobody"], 1, "nobody has the alias 'Nobody'; radrum staff list shows all"),
        (["Övning Beta", "--line", "nationell"], 1, "nobody in nationell has the alias"),
        (["Övning Alfa"], 1, "one person each of nationell and skane; allowed: one of them: add --line KEY"),
        (["Övning Beta", "--line", "malmo"], 1, "there is no line malmo; the lines are nationell, skane"),
        (["Övning Beta", "--rota", "malmo"], 1, "there is no rota malmo; the rotas are nationell,"),
        (["Övning Beta", "--from", "2024-12-01"], 1, "from: found 2024-12-01; allowed: a day from 20"),
        (["Övning Beta", "--from", "2100-01-01"], 1, "to 2099-12-31"),
        (["Övning Beta", "--line", "skane", "--rota", "skane"], 2, "give --line or --rota, not both"),
    ],
    ids=["unknown", "another line", "two organisations", "no line", "no rota", "passed", "too far", "both"],
)
def test_what_cannot_be_done_is_said_in_one_sentence(staffed: Run, arguments: list[str], code: int, said: str) -> None:
    ended, out, err = staffed("staff", "remove", *arguments)

    assert (ended, out, err.count("\n")) == (code, "", 1)
    assert said in err


def test_rotas_without_anybody_end_the_import_and_the_list(run: Run, tmp_path: Path) -> None:
    rows = FILE.splitlines()
    (tmp_path / "staff.csv").write_text("\n".join([rows[0], rows[1].replace("skane|", "")]), encoding="utf-8")

    imported = run("staff", "import", str(tmp_path / "staff.csv"))[1]
    listed = run("staff", "list")[1]

    assert [line for line in imported.splitlines() if line.startswith("nobody")] == listed.splitlines()[2:]
    assert about_skane(imported) == ["nobody in rota skane: callers of skane reach skane-backup alone"]
    assert "nobody in rota nationell: callers of nationell reach nobody" in listed
