"""The commands that take in figures from elsewhere: population and history."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run

HEAD = "line;unit;first;last;number;source\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "figures.csv"


@pytest.fixture
def migrated(run: Run) -> Run:
    assert run("db", "upgrade")[0] == 0
    return run


def test_the_population_is_taken_in_for_each_organisation_or_one(migrated: Run, file: Path) -> None:
    file.write_text("kod;år;folkmängd\n1280;2025;365 000\n", encoding="utf-8-sig")

    code, out, err = migrated("population", "import", str(file))
    one = migrated("population", "import", str(file), "--organisation", "skane")

    assert (code, err) == (0, "")
    assert "skane: 1 added, 0 replaced, 0 unchanged." in out
    assert "nationell: 1 added, 0 replaced, 0 unchanged." in out
    assert one == (0, "skane: 0 added, 0 replaced, 1 unchanged.\n", "")


def test_every_mistake_is_said_with_its_row_and_column(migrated: Run, file: Path) -> None:
    file.write_text("code;year;population\n9999;2025;5\n1280;2025;many\n", encoding="utf-8")

    code, out, err = migrated("population", "import", str(file))

    assert (code, out) == (1, "")
    assert err == (
        "radrum: row 2: code: found '9999'; allowed: the code of a municipality (SCB), as 1280\n"
        "radrum: row 3: population: found 'many'; allowed: a whole number in digits, with spaces at most\n"
    )


def test_no_organisation_that_isnt_there_gets_any(migrated: Run, file: Path) -> None:
    file.write_text("code;year;population\n", encoding="utf-8")

    assert migrated("population", "import", str(file), "--organisation", "ystad")[0] == 1


def test_the_national_series_is_taken_in_listed_and_taken_away(migrated: Run, root: Path) -> None:
    shipped = str(root / "docs" / "examples" / "national-series.csv")

    assert migrated("history", "list")[1].startswith("Nothing was taken in yet")
    assert migrated("history", "import", shipped) == (0, "14 added, 0 replaced, 0 unchanged.\n", "")
    assert "2014-03-13/2014-12-31" in migrated("history", "list")[1]
    assert migrated("history", "remove", "nationell", "cases")[1] == (
        "Taken away: 7 figures of nationell that count cases.\n"
    )
    assert migrated("history", "remove", "nationell", "cases")[0] == 1


def test_a_figure_is_replaced_when_that_is_said(migrated: Run, file: Path) -> None:
    file.write_text(f"{HEAD}skane;cases;2015-01-01;2015-12-31;298;Rapport\n", encoding="utf-8")
    migrated("history", "import", str(file))
    file.write_text(f"{HEAD}skane;cases;2015-01-01;2015-12-31;299;Rapport\n", encoding="utf-8")

    refused = migrated("history", "import", str(file))
    done = migrated("history", "import", str(file), "--replace")

    assert refused[0] == 1
    assert "row 2: number: found 298 for this period already; allowed: " in refused[2]
    assert "--replace" in refused[2]
    assert done[1] == "0 added, 1 replaced, 0 unchanged.\n"


def test_a_wrong_header_names_the_columns(migrated: Run, file: Path) -> None:
    file.write_text("line;unit\n", encoding="utf-8")

    assert "the columns line, unit, first, last, number, source" in migrated("history", "import", str(file))[2]
