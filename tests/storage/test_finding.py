"""Pages of a list: every row exactly once, whatever comes in meanwhile, and the same rows as by looking at each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from app.domain.calls import Source
from app.domain.consultations import PlaceKind
from app.domain.finding import Key, RecordState, Sought
from app.domain.lines import LineKey, MunicipalityCode, StaffId
from app.domain.taxonomy import Code, GroupKey
from app.storage.models import Consultation, ConsultationTag
from app.storage.queries import finding, lists
from app.storage.queries.finding import Count, Looked, OfLine
from tests.services.on_duty import hire
from tests.services.today_cast import actor

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

BEGAN = datetime(2026, 11, 2, 9, tzinfo=UTC)
ALFA = actor(lines=("skane", "second"))
THEME, GAP = GroupKey("theme"), GroupKey("gap")
MANY_EXAMPLES = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)

row = st.fixed_dictionaries(
    {
        "line": st.sampled_from(["skane", "skane", "second", "elsewhere"]),
        "hour": st.integers(0, 30),
        "is_held": st.sampled_from([True, True, True, False]),
        "staff": st.sampled_from(["alfa", "beta"]),
        "is_closed": st.booleans(),
        "municipality": st.sampled_from([None, "1280", "1281"]),
        "theme": st.sampled_from([None, "FYS", "PSYK"]),
        "gap": st.sampled_from([None, "RUTIN"]),
    }
)
rows = st.lists(row, max_size=14)
sought = st.builds(
    Sought,
    state=st.sampled_from(["", *RecordState]),
    staff=st.sampled_from([None, StaffId("alfa")]),
    municipality=st.sampled_from([None, MunicipalityCode("1280")]),
    tags=st.dictionaries(st.just(THEME), st.just(Code("FYS"))) | st.just({THEME: Code("FYS"), GAP: Code("RUTIN")}),
)
most_tried = st.sampled_from([2, 3, 5_000])


@pytest.fixture
def cast(session: Session) -> Session:
    hire(session, "alfa")
    hire(session, "beta")
    session.commit()
    return session


def add(session: Session, given_: dict[str, Any]) -> None:
    at = BEGAN + timedelta(hours=given_["hour"])
    code, closed = given_["municipality"], at if given_["is_closed"] else None
    record = Consultation(organisation="skane", line=given_["line"], source=Source.PRACTICE, opened_at=at)
    record.held_at, record.staff_id = (at, given_["staff"]) if given_["is_held"] else (None, None)
    record.closed_at = closed
    record.place = PlaceKind.MUNICIPALITY if code else None
    record.municipality, record.county = (str(code), "12") if code else (None, None)
    session.add(record)
    session.flush()
    for kind in ("theme", "gap"):
        if given_[kind]:
            tag = ConsultationTag(consultation_id=record.id, kind=kind, code=given_[kind], position=1)
            session.add(tag)
    session.flush()


def emptied(session: Session) -> None:
    session.rollback()
    session.execute(delete(ConsultationTag))
    session.execute(delete(Consultation))
    session.expunge_all()


def looked(what: Sought) -> Looked:
    lines = ("second", "skane")
    return lists.records(what, ALFA, tuple(OfLine(LineKey(line)) for line in lines))


def fits(session: Session, what: Sought, record: Consultation) -> bool:
    """As somebody would say who looks at each record."""
    tags = session.scalars(select(ConsultationTag).where(ConsultationTag.consultation_id == record.id))
    has = {(tag.kind, tag.code) for tag in tags}
    is_complete = record.closed_at is not None
    return (
        record.held_at is not None
        and record.line in ALFA.lines
        and what.staff in {None, record.staff_id}
        and what.municipality in {None, record.municipality}
        and what.state in {"", RecordState.COMPLETE if is_complete else RecordState.TO_COMPLETE}
        and {*what.tags.items()} <= has
    )


def naive(session: Session, what: Sought) -> list[int]:
    """The ids of all that fit, the newest first."""
    order = (Consultation.opened_at.desc(), Consultation.id.desc())
    return [one.id for one in session.scalars(select(Consultation).order_by(*order)) if fits(session, what, one)]


def ids(keys: tuple[Key, ...]) -> list[int]:
    return [key.id for key in keys]


@MANY_EXAMPLES
@given(given_=rows, what=sought, most=st.integers(1, 4), tried=most_tried)
def test_all_pages_together_are_what_fits_in_its_order(
    cast: Session, given_: list[dict[str, Any]], what: Sought, most: int, tried: int
) -> None:
    emptied(cast)
    for one in given_:
        add(cast, one)
    found: list[int] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(finding, "MOST_TRIED", tried)

        before, goes_on = None, True
        while goes_on:
            page = finding.older(cast, finding.ways(cast, looked(what)), before, most)
            assert len(page.keys) == most or not page.is_full or page.goes_on is None
            found += ids(page.keys)
            before, goes_on = page.goes_on, page.goes_on is not None

    assert found == naive(cast, what)


@MANY_EXAMPLES
@given(given_=rows, meanwhile=rows, what=sought, most=st.integers(1, 4))
def test_whatever_comes_in_meanwhile_nothing_that_was_there_is_missed_or_shown_twice(
    cast: Session, given_: list[dict[str, Any]], meanwhile: list[dict[str, Any]], what: Sought, most: int
) -> None:
    emptied(cast)
    for one in given_:
        add(cast, one)
    there = naive(cast, what)
    found: list[int] = []
    late = iter(meanwhile)

    before, goes_on = None, True
    while goes_on:
        page = finding.older(cast, finding.ways(cast, looked(what)), before, most)
        found += ids(page.keys)
        before, goes_on = page.goes_on, page.goes_on is not None
        if one_more := next(late, None):
            add(cast, one_more)

    assert [one for one in found if one in there] == there
    assert len(found) == len(set(found))


@MANY_EXAMPLES
@given(given_=rows, what=sought, most=st.integers(1, 4), tried=most_tried)
def test_the_way_back_shows_what_lies_between(
    cast: Session, given_: list[dict[str, Any]], what: Sought, most: int, tried: int
) -> None:
    emptied(cast)
    for one in given_:
        add(cast, one)
    everything = naive(cast, what)
    found: list[int] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(finding, "MOST_TRIED", tried)

        after: Key | None = Key(BEGAN - timedelta(hours=1), 0)
        while after is not None:
            page = finding.newer(cast, finding.ways(cast, looked(what)), after, most)
            found = ids(page.keys) + found
            after = page.goes_on

    assert found == everything


@MANY_EXAMPLES
@given(given_=rows, what=sought, tried=most_tried, counted=st.sampled_from([3, 1_000]))
def test_what_is_counted_is_there_and_all_of_it_where_it_says_so(
    cast: Session, given_: list[dict[str, Any]], what: Sought, tried: int, counted: int
) -> None:
    emptied(cast)
    for one in given_:
        add(cast, one)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(finding, "MOST_TRIED", tried)
        patch.setattr(finding, "MOST_COUNTED", counted)

        number = finding.count(cast, finding.ways(cast, looked(what)))

    everything = len(naive(cast, what))
    assert number in {None, Count(min(everything, counted), is_all=everything <= counted)}


@pytest.mark.parametrize("line", ["skane", "second"])
def test_the_order_of_tags_follows_their_record(cast: Session, line: str) -> None:
    add(cast, {"line": "skane", "hour": 1, "is_held": True, "staff": "alfa", "is_closed": False} | TAGGED)
    record = cast.scalars(select(Consultation)).one()

    record.line, record.opened_at = line, BEGAN + timedelta(hours=5)
    cast.commit()

    assert [(tag.line, tag.opened_at) for tag in cast.scalars(select(ConsultationTag))] == [(line, record.opened_at)]


TAGGED = {"municipality": None, "theme": "FYS", "gap": None}
