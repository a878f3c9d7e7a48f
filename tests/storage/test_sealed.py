"""Whether the data keys open what is stored."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from app.domain.phone import PhoneNumber
from app.storage.models import Staff
from app.storage.queries.sealed import require_keys
from app.storage.types import KeyMissing, keyring

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

OLD, NEW = b"o" * 32, b"n" * 32


def add_staff(session: Session, number: int) -> None:
    session.add(
        Staff(
            id=str(number),
            organisation="skane",
            alias=f"Övning {number}",
            name="Påhittad Alfa",
            phone=PhoneNumber(f"+467017406{number}"),
            competences=[],
            languages=[],
            created_at=datetime(2026, 11, 23, tzinfo=UTC),
        )
    )
    session.flush()


def test_without_staff_any_keys_will_do(session: Session) -> None:
    keyring.load({})

    require_keys(session)


def test_every_key_that_sealed_a_phone_is_needed(session: Session) -> None:
    keyring.load({"old": OLD})
    add_staff(session, 40)
    keyring.load({"new": NEW, "old": OLD})
    add_staff(session, 41)

    require_keys(session)
    keyring.load({"new": NEW})

    with pytest.raises(KeyMissing, match=r"^the data key old, .* RADRUM_DATA_KEYS$"):
        require_keys(session)


def test_another_key_by_the_same_name_is_found_out(session: Session) -> None:
    keyring.load({"k": OLD})
    add_staff(session, 40)
    keyring.load({"k": NEW})

    with pytest.raises(KeyMissing, match="its key, the data key k: RADRUM_DATA_KEYS has another key by that name"):
        require_keys(session)


def test_one_damaged_phone_is_no_missing_key(session: Session) -> None:
    for number in (40, 41):
        add_staff(session, number)
    session.execute(text("UPDATE staff SET phone = name WHERE id = '40'"))

    require_keys(session)
