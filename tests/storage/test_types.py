from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.calls import Outcome, Source
from app.domain.phone import PhoneNumber
from app.storage.models import Call, Staff
from app.storage.types import KeyMissing, Keyring, keyring

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sqlalchemy import Engine

PHONE = PhoneNumber("+46701740640")
NAME = "Övning Alfa Påhittad"
AT = datetime(2026, 11, 23, 8, 0, 0, 123456, tzinfo=UTC)
OLD, NEW = b"o" * 32, b"n" * 32


def staff(**changes: Any) -> Staff:  # noqa: ANN401 - column values
    values: dict[str, Any] = {
        "id": "alfa",
        "organisation": "skane",
        "alias": "Övning Alfa",
        "name": NAME,
        "phone": PHONE,
        "competences": ["law"],
        "languages": ["sv", "so"],
        "created_at": AT,
    }
    return Staff(**values | changes)


def call(**changes: Any) -> Call:  # noqa: ANN401 - column values
    values: dict[str, Any] = {
        "sid": "CA" + "0" * 32,
        "line": "skane",
        "organisation": "skane",
        "source": Source.PRACTICE,
        "started_at": AT,
        "last_heard_at": AT,
        "arrived": True,
        "outcome": Outcome.IN_PROGRESS,
    }
    return Call(**values | changes)


# --- instants --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "instant",
    [
        AT,
        AT.astimezone(ZoneInfo("Europe/Stockholm")),
        datetime(2026, 10, 25, 2, 30, fold=0, tzinfo=ZoneInfo("Europe/Stockholm")),
        datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Stockholm")),
        datetime(2026, 11, 23, 8, 0, tzinfo=timezone(timedelta(hours=-9, minutes=-30))),
    ],
    ids=["utc", "stockholm", "before the clock goes back", "after the clock went back", "half an hour west"],
)
def test_an_instant_comes_back_as_the_same_instant_in_utc(session: Session, instant: datetime) -> None:
    session.add(call(started_at=instant))
    session.commit()
    session.expire_all()

    stored = session.query(Call).one().started_at

    assert stored == instant.astimezone(UTC)
    assert stored.tzinfo is UTC


def test_a_naive_instant_is_refused(session: Session) -> None:
    session.add(call(started_at=AT.replace(tzinfo=None)))

    with pytest.raises(ValueError, match="needs a zone"):
        session.flush()


def test_instants_compare_as_instants_whatever_their_zone(session: Session) -> None:
    session.add(call())
    session.flush()

    found = session.query(Call).filter(Call.started_at <= AT.astimezone(ZoneInfo("Asia/Tokyo"))).count()
    missed = session.query(Call).filter(Call.started_at < AT.astimezone(ZoneInfo("America/New_York"))).count()

    assert (found, missed) == (1, 0)


# --- closed sets and JSON --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("column", ["outcome", "source", "verdict"])
def test_the_schema_knows_the_closed_sets(session: Session, column: str) -> None:
    session.add(call())
    session.flush()

    with pytest.raises(IntegrityError, match=f"ck_call_{column}"):
        session.execute(text(f"UPDATE call SET {column} = 'nonsense'"))  # noqa: S608 - a name of our own


def test_no_position_is_null_and_not_the_word_null(session: Session) -> None:
    session.add(call(position=None))
    session.flush()

    assert session.scalar(text("SELECT count(*) FROM call WHERE position IS NULL")) == 1


# --- sealed fields ---------------------------------------------------------------------------------------------------


def test_a_sealed_field_comes_back_as_it_was(session: Session) -> None:
    session.add(staff())
    session.commit()
    session.expire_all()

    stored = session.query(Staff).one()

    assert (stored.name, stored.phone) == (NAME, PHONE)


def test_neither_number_nor_name_is_anywhere_in_the_row(session: Session) -> None:
    session.add(staff())
    session.flush()

    row = session.execute(text("SELECT name, phone FROM staff")).one()

    assert b"0174064" not in bytes(row.phone)
    assert "Påhittad".encode() not in bytes(row.name)


def test_neither_number_nor_name_is_anywhere_in_the_sqlite_files(sqlite_url: str, tmp_path: Path) -> None:
    from app.storage.engine import create_engine_for  # noqa: PLC0415 - as the other tests use the fixture

    engine = create_engine_for(sqlite_url)
    with Session(engine) as session:
        session.add(staff())
        session.commit()

        while_open = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    engine.dispose()

    after = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for kept in (while_open, after):
        assert "Övning Alfa".encode() in kept
        assert b"701740640" not in kept
        assert "Påhittad".encode() not in kept


def test_a_value_without_its_key_stays_shut(session: Session) -> None:
    session.add(staff())
    session.commit()
    session.expire_all()
    keyring.load({"another": NEW})

    with pytest.raises(KeyMissing, match=r"data key test, .* staff\.(name|phone), .* RADRUM_DATA_KEYS"):
        session.query(Staff).one()


def test_a_value_moved_to_another_column_stays_shut(session: Session) -> None:
    session.add(staff())
    session.flush()
    session.execute(text("UPDATE staff SET name = phone"))
    session.expire_all()

    with pytest.raises(KeyMissing, match=r"staff\.name doesn't open"):
        session.query(Staff).one()


def test_nothing_is_stored_while_there_is_no_key_and_the_error_names_nobody(engine: Engine) -> None:
    keyring.load({})

    with Session(engine) as session:
        session.add(staff())
        with pytest.raises(KeyMissing) as refused:
            session.flush()

    assert "RADRUM_DATA_KEYS" in str(refused.value)
    assert "Alfa" not in str(refused.value)


def test_the_newest_key_seals_and_all_of_them_open() -> None:
    ring = Keyring()
    ring.load({"old": OLD})
    sealed_before = ring.seal("hemligt", "t.c")

    ring.load({"new": NEW, "old": OLD})
    sealed_after = ring.seal("hemligt", "t.c")

    assert sealed_before.startswith(b"old:")
    assert sealed_after.startswith(b"new:")
    assert ring.open(sealed_before, "t.c") == ring.open(sealed_after, "t.c") == "hemligt"


def test_the_same_text_is_never_sealed_alike() -> None:
    ring = Keyring()
    ring.load({"k": NEW})

    assert len({ring.seal("hemligt", "t.c") for _ in range(20)}) == 20


@given(plain=st.text(), cut=st.integers(min_value=0, max_value=200), keys=st.just({"k": NEW}))
def test_a_value_that_was_cut_short_stays_shut(plain: str, cut: int, keys: Mapping[str, bytes]) -> None:
    ring = Keyring()
    ring.load(keys)
    sealed = ring.seal(plain, "t.c")

    assert ring.open(sealed, "t.c") == plain
    if cut < len(sealed):
        with pytest.raises(KeyMissing):
            ring.open(sealed[:cut], "t.c")


def test_a_key_is_named_by_its_id_and_garbage_is_not_repeated() -> None:
    ring = Keyring()
    ring.load({"k": NEW})

    for sealed, called in ((b"old-2024:abc", "the data key old-2024, "), (b"\xff\x1b[31m:abc", "the data key, ")):
        with pytest.raises(KeyMissing, match="RADRUM_DATA_KEYS") as refused:
            ring.open(sealed, "t.c")

        assert str(refused.value).startswith(called)


@given(garbage=st.binary(max_size=80))
def test_garbage_stays_shut(garbage: bytes) -> None:
    ring = Keyring()
    ring.load({"k": NEW})

    with pytest.raises(KeyMissing):
        ring.open(b"k:" + garbage, "t.c")


def test_a_key_of_another_deployment_does_not_open() -> None:
    mine, theirs = Keyring(), Keyring()
    mine.load({"k": os.urandom(32)})
    theirs.load({"k": os.urandom(32)})

    with pytest.raises(KeyMissing):
        theirs.open(mine.seal("hemligt", "t.c"), "t.c")
