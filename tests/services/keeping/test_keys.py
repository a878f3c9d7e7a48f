"""A new data key: everything is sealed anew, also when it is cut off in the middle, and calls go on."""

from __future__ import annotations

import base64
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import LargeBinary, select, text, type_coerce
from sqlalchemy.orm import Session

from app.domain.audit import What
from app.domain.phone import PhoneNumber
from app.services.keeping import keys
from app.storage.base import Base
from app.storage.models import AuditEntry, Staff
from app.storage.queries.sealed import sealed_columns
from app.storage.types import KeyMissing, keyring

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

    from app.services.keeping.keys import Rotation

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
OLD, NEW = b"o" * 32, b"n" * 32
STAFF = 30

ROTATING = """
import sys
from datetime import UTC, datetime
from sqlalchemy.orm import Session
from app.services.keeping import keys
from app.storage.engine import create_engine_for
from app.storage.types import keyring
keyring.load({"new": b"n" * 32, "old": b"o" * 32})
with Session(create_engine_for(sys.argv[1])) as session:
    for rotation in keys.rotate(session, datetime.now(UTC), at_once=4):
        if rotation.passed >= 12:
            print("in the middle", flush=True)
            sys.stdin.read()
        session.commit()
"""


@pytest.fixture(autouse=True)
def old_key() -> None:
    keyring.load({"old": OLD})


def add_staff(session: Session, first: int, number: int) -> None:
    for count in range(first, first + number):
        session.add(
            Staff(
                id=f"{count:04}",
                organisation="skane",
                alias=f"Övning {count}",
                name=f"Påhittad {count}",
                phone=PhoneNumber(f"+4670174064{count % 10}"),
                competences=[],
                languages=[],
                created_at=AT,
            )
        )
    session.commit()


def with_both_keys() -> None:
    keyring.load({"new": NEW, "old": OLD})


def rotated(session: Session, at_once: int = 7) -> Rotation:
    steps = []
    for rotation in keys.rotate(session, AT, at_once):
        session.commit()
        steps.append(rotation)
    return steps[-1]


def key_ids(session: Session) -> Sequence[str]:
    raw = (type_coerce(column, LargeBinary) for column in (Staff.name, Staff.phone))
    return [value.partition(b":")[0].decode() for row in session.execute(select(*raw)) for value in row]


def names(session: Session) -> set[str]:
    session.expire_all()
    return set(session.scalars(select(Staff.name)))


ALL_NAMES = {f"Påhittad {count}" for count in range(STAFF)}


def test_everything_is_sealed_anew_and_then_the_old_key_may_go(session: Session) -> None:
    add_staff(session, 0, STAFF)
    with_both_keys()
    before = keys.no_longer_needed(session)

    rotation = rotated(session)

    assert (before, keys.no_longer_needed(session)) == ((), ("old",))
    assert (rotation.of, rotation.passed, rotation.sealed_anew, rotation.problems) == (60, 60, 60, [])
    keyring.load({"new": NEW})
    assert names(session) == ALL_NAMES


def test_a_second_time_changes_nothing(session: Session) -> None:
    add_staff(session, 0, 3)
    with_both_keys()
    rotated(session)
    sealed = session.execute(text("SELECT name, phone FROM staff ORDER BY id")).all()

    again = rotated(session)

    assert (again.of, again.sealed_anew) == (0, 0)
    assert session.execute(text("SELECT name, phone FROM staff ORDER BY id")).all() == sealed


def test_a_rotation_is_noted_once_with_the_columns(session: Session) -> None:
    add_staff(session, 0, 3)
    with_both_keys()

    rotated(session)
    rotated(session)

    noted = session.execute(select(AuditEntry.what, AuditEntry.fields)).all()
    assert [tuple(one) for one in noted] == [(What.ROTATED_KEYS, "staff.name,staff.phone")]


def test_whoever_is_killed_in_the_middle_has_lost_nothing_and_the_next_goes_on(
    database_url: str, session: Session
) -> None:
    add_staff(session, 0, STAFF)
    session.rollback()
    command = [sys.executable, "-c", ROTATING, database_url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as killed:
        assert killed.stdout
        assert killed.stdout.readline() == "in the middle\n"
        killed.kill()

    with_both_keys()
    after_the_kill = set(key_ids(session)), names(session)
    rotation = rotated(session)

    assert after_the_kill == ({"new", "old"}, ALL_NAMES)
    assert rotation.of == 2 * STAFF - 8
    assert set(key_ids(session)) == {"new"}
    assert names(session) == ALL_NAMES


def test_what_others_write_meanwhile_is_neither_lost_nor_forgotten(engine: Engine, session: Session) -> None:
    """A process that wasn't restarted seals with the old key still."""
    add_staff(session, 0, 10)
    with_both_keys()

    for rotation in keys.rotate(session, AT, at_once=3):
        session.commit()
        if rotation.passed == 13:  # ten names and the first three phones
            keyring.load({"old": OLD, "new": NEW})
            with Session(engine) as late:
                for one in ("0001", "0009"):
                    late.get_one(Staff, one).phone = PhoneNumber("+46701740699")
                late.commit()
            with_both_keys()

    assert keys.no_longer_needed(session) == ()
    assert rotated(session).sealed_anew == 1
    assert keys.no_longer_needed(session) == ("old",)
    phones = session.scalars(select(Staff.phone).where(Staff.id.in_(["0001", "0009"])))
    assert list(phones) == [PhoneNumber("+46701740699")] * 2


def test_a_value_that_no_key_opens_stays_and_is_told_in_one_sentence(session: Session) -> None:
    add_staff(session, 0, 3)
    keyring.load({"lost": b"l" * 32})
    add_staff(session, 10, 2)
    with_both_keys()

    rotation = rotated(session)

    assert rotation.sealed_anew == 6
    assert len(rotation.problems) == 2
    assert all(problem.startswith("the data key lost, which sealed a value of staff.") for problem in rotation.problems)
    assert sorted(set(key_ids(session))) == ["lost", "new"]


def test_another_key_by_the_old_ones_name_is_told(session: Session) -> None:
    add_staff(session, 0, 2)
    keyring.load({"new": NEW, "old": b"x" * 32})

    rotation = rotated(session)

    assert rotation.sealed_anew == 0
    assert "RADRUM_DATA_KEYS has another key by that name" in rotation.problems[0]


def test_without_any_key_it_does_not_begin(session: Session) -> None:
    keyring.load({})

    with pytest.raises(KeyMissing, match="set RADRUM_DATA_KEYS"):
        rotated(session)


def test_every_column_of_bytes_that_looks_sealed_is_known() -> None:
    known = {f"{column.table.name}.{column.name}" for column in sealed_columns()}
    by_name = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(getattr(column.type, "impl_instance", None), LargeBinary)
    }

    assert {"staff.name", "staff.phone", "callback_request.number"} <= known
    assert known == by_name


def test_the_command_says_what_it_did_and_which_key_may_go(
    database_url: str,
    session: Session,
    root: object,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from app.cli import main  # noqa: PLC0415 - here alone

    add_staff(session, 0, 2)
    session.rollback()
    given = ",".join(f"{name}:{base64.b64encode(key).decode()}" for name, key in {"new": NEW, "old": OLD}.items())
    monkeypatch.setenv("RADRUM_CONFIG", f"{root}/config.toml")
    monkeypatch.setenv("RADRUM_DATABASE_URL", database_url)
    monkeypatch.setenv("RADRUM_DATA_KEYS", given)

    ends = []
    for _ in range(2):
        with pytest.raises(SystemExit) as end:
            main(["keys", "rotate"])
        ends.append(end.value.code)
    said = capsys.readouterr().out

    assert ends == [0, 0]
    assert "4 values are sealed anew, with the data key new." in said
    assert "The data key old is no longer needed here" in said
    assert "Everything is sealed with the data key new already." in said


def test_the_command_fails_with_a_sentence_where_a_key_is_missing(
    database_url: str,
    session: Session,
    root: object,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from app.cli import main  # noqa: PLC0415 - here alone

    add_staff(session, 0, 2)
    session.rollback()
    monkeypatch.setenv("RADRUM_CONFIG", f"{root}/config.toml")
    monkeypatch.setenv("RADRUM_DATABASE_URL", database_url)
    monkeypatch.setenv("RADRUM_DATA_KEYS", f"new:{base64.b64encode(NEW).decode()}")

    with pytest.raises(SystemExit) as end:
        main(["keys", "rotate"])

    assert end.value.code == 1
    assert "the data key old, which sealed a value of staff.name, is not configured" in capsys.readouterr().err
