"""What commands change is in the read and change log, as the same is from the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.storage.models import AuditEntry
from tests.cli.test_rota import DAY, FILE, NEXT_DAY

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from tests.cli.conftest import Run

PERIOD = ("--from", DAY, "--to", NEXT_DAY)
COVER = ("rota", "cover", "skane", "--stands-in", "Gamma", *PERIOD)
TOKEN = ("token", "add", "Statistik", "--organisation", "skane")
CLOSED = ("hours", "skane", DAY, "--closed", "--because", "\u00d6vning")


@pytest.fixture
def staffed(run: Run, tmp_path: Path) -> Run:
    (tmp_path / "staff.csv").write_text(FILE, encoding="utf-8")
    assert run("staff", "import", str(tmp_path / "staff.csv"))[0] == 0
    return run


def log(engine: Engine) -> list[tuple[str, str, str]]:
    """What was noted, of which table, and the fields."""
    with Session(engine) as session:
        found = session.scalars(select(AuditEntry).order_by(AuditEntry.sequence))
        return [(one.what.value, (one.record or "").partition(":")[0], one.fields) for one in found]


@pytest.mark.parametrize(
    ("before", "command", "noted"),
    [
        ((), COVER, ("changed_rota", "cover", "added")),
        (COVER, ("rota", "withdraw", "cover", "1"), ("changed_rota", "cover", "withdrawn")),
        ((), ("rota", "temporary", "skane", "Beta", *PERIOD), ("changed_rota", "temporary_schedule", "added")),
        ((), ("rota", "absence", "Beta", *PERIOD), ("changed_rota", "absence", "added")),
        ((), ("rota", "pause", "Beta"), ("changed_rota", "staff", "pause")),
        (("rota", "pause", "Beta"), ("rota", "resume", "Beta"), ("changed_rota", "staff", "pause")),
        ((), CLOSED, ("changed_rota", "line", "hours")),
        (CLOSED, ("hours", "skane", DAY, "--usual"), ("changed_rota", "line", "hours")),
        ((), ("staff", "remove", "Beta"), ("changed_staff", "staff", "rota")),
        ((), TOKEN, ("changed_account", "api_token", "added")),
        (TOKEN, ("token", "revoke", "Statistik"), ("changed_account", "api_token", "revoked")),
    ],
    ids=lambda one: " ".join(one[:2]) if one else "",
)
def test_a_change_by_command_is_noted(
    staffed: Run, engine: Engine, before: tuple[str, ...], command: tuple[str, ...], noted: tuple[str, str, str]
) -> None:
    if before:
        staffed(*before)
    known = len(log(engine))

    assert staffed(*command)[0] == 0

    assert log(engine)[known:] == [noted]


@pytest.mark.parametrize(
    "command",
    [
        ("rota", "resume", "Beta"),
        ("rota", "withdraw", "cover", "7"),
        ("hours", "skane", DAY, "--usual"),
        ("staff", "remove", "Gamma", "--rota", "skane"),
        ("token", "revoke", "Statistik"),
    ],
    ids=" ".join,
)
def test_what_changes_nothing_is_not_noted(staffed: Run, engine: Engine, command: tuple[str, ...]) -> None:
    known = log(engine)

    staffed(*command)

    assert log(engine) == known


def test_each_person_of_a_file_is_noted_with_what_changed(staffed: Run, engine: Engine, tmp_path: Path) -> None:
    added = log(engine)
    (tmp_path / "staff.csv").write_text(FILE.replace("070-174 06 41", "070-174 06 49"), encoding="utf-8")

    staffed("staff", "import", str(tmp_path / "staff.csv"))

    assert [one[:2] for one in added] == [("changed_staff", "staff")] * 4
    assert {one[2] for one in added} == {"alias,competences,languages,name,phone,rota"}
    assert log(engine)[len(added) :] == [("changed_staff", "staff", "phone")]
