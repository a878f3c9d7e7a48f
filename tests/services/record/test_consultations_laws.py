"""Whatever several open pages send, in whichever order and with answers lost: nothing is overwritten unseen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.domain.calls import Source
from app.domain.consultations import Answers, Chosen
from app.domain.lines import LineKey, OrganisationKey
from app.domain.permissions import AccountId, Actor, Role
from app.domain.taxonomy import Code, GroupKey
from app.services.record.consultations import Conflict, Edit, save
from app.storage.engine import create_engine_for
from app.storage.models import Consultation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.domain.policy import Policy

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
CODES = {"service": ["SOC", "POLIS"], "theme": ["FYS", "PSYK", "SEX"], "advice": ["ORO", "SIP"], "note": ["a", "b", ""]}


@dataclass(frozen=True, slots=True)
class Send:
    page: int
    field: str
    value: str
    answer_arrives: bool


@dataclass(slots=True)
class Page:
    """What one window shows."""

    name: str
    seen: int = 0
    shown: dict[str, str] = field(default_factory=dict)


SENDS = st.sampled_from(sorted(CODES)).flatmap(
    lambda key: st.builds(Send, st.integers(0, 2), st.just(key), st.sampled_from(CODES[key]), st.booleans())
)
_numbers = count(1)


@pytest.fixture(scope="module")
def database(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    file = tmp_path_factory.mktemp("laws") / "radrum.sqlite3"
    file.write_bytes(sqlite_template.read_bytes())
    engine = create_engine_for(f"sqlite:///{file}")
    with Session(engine) as session:
        yield session
    engine.dispose()


def _values(answers: Answers) -> dict[str, str]:
    return {str(key): codes[0] for key, codes in answers.chosen.items()}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(sends=st.lists(SENDS, max_size=12))
def test_no_page_overwrites_what_it_does_not_show(database: Session, policy: Policy, sends: list[Send]) -> None:
    number = next(_numbers)
    database.add(Consultation(id=number, organisation="skane", line="skane", source=Source.LIVE, opened_at=NOW))
    database.flush()
    pages = [Page(f"page {one}") for one in range(3)]
    stored: dict[str, str] = {}
    last_by: dict[str, str] = {}

    for send in sends:
        page = pages[send.page]
        who = Actor(
            AccountId(page.name),
            None,
            OrganisationKey("skane"),
            frozenset({LineKey("skane")}),
            frozenset({Role.SPECIALIST}),
        )
        change = () if send.field == "note" else (Chosen(GroupKey(send.field), (Code(send.value),)),)
        edit = Edit(change, send.value if send.field == "note" else None, page.name)
        done = save(database, policy, who, number, edit, page.seen, NOW)

        before = stored.get(send.field, "")
        had_seen = page.shown.get(send.field, "") == before or last_by.get(send.field) == page.name
        if isinstance(done, Conflict):
            assert before != send.value
        else:
            assert had_seen or before == send.value
            if before != send.value:
                stored[send.field], last_by[send.field] = send.value, page.name
        assert _values(done.answers) == {key: value for key, value in stored.items() if key != "note"}
        if send.answer_arrives:
            page.seen = done.version
            page.shown |= _values(done.answers)
            if done.note is not None:
                page.shown["note"] = done.note
            elif send.field == "note" and not isinstance(done, Conflict):
                page.shown["note"] = send.value
    database.rollback()
