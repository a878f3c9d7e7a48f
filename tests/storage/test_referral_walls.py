"""What an organisation wrote into its list lies behind its wall, whatever is asked for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from app.domain.lines import LineKey, OrganisationKey
from app.domain.permissions import AccountId, Actor, Role
from app.storage.engine import configure_engine, engine_options
from app.storage.models import Referral, SocialOffice
from app.storage.scope import narrow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
SKANE = Actor(
    AccountId("somebody"),
    None,
    OrganisationKey("skane"),
    frozenset({LineKey("skane")}),
    frozenset({Role.COORDINATOR}),
)


def rows(organisation: str) -> list[Referral | SocialOffice]:
    referral = Referral(organisation=organisation, key="bris", position=1, retired=False)
    office = SocialOffice(organisation=organisation, municipality="1280", number="", hours="", day_number="", note="")
    for one in (referral, office):
        one.version, one.changed_at, one.changed_by_id = 1, AT, "somebody"
    return [referral, office]


@pytest.fixture
def walled(postgresql_url: str) -> Iterator[Engine]:
    """An engine of a role that is bound, on rows of two organisations."""
    engine = create_engine(postgresql_url, **engine_options(postgresql_url))
    configure_engine(engine, voice=True)
    with Session(engine) as session:
        session.add_all([*rows("skane"), *rows("nationell")])
        session.commit()
    yield engine
    engine.dispose()


def test_the_desk_sees_its_own_rows(walled: Engine) -> None:
    with Session(walled) as desk:
        narrow(desk, SKANE)

        seen = [desk.scalars(select(model.__table__.c.organisation)).all() for model in (Referral, SocialOffice)]

    assert seen == [["skane"], ["skane"]]


def test_nothing_is_written_into_anothers_list(walled: Engine) -> None:
    with Session(walled) as desk:
        narrow(desk, SKANE)
        row = rows("nationell")[0]
        row.key = "polisen"  # type: ignore[union-attr] # the first is a referral
        desk.add(row)

        with pytest.raises(ProgrammingError, match="row-level security"):
            desk.flush()
