"""The practice cases: such as could have come about by hand."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.domain.cases import Reference
from app.services.practice_data.demo_cases import newest
from app.storage.models import Case, CaseEvent, CaseHandOver, Consultation, FollowUp
from tests.services.practice_data.cast import practice_data

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from sqlalchemy.orm import Session

    from app.domain.policy import Policy

NOW = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def filled(sqlite_template: Path, policy: Policy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    with practice_data(sqlite_template, tmp_path_factory.mktemp("cases"), policy, NOW) as session:
        yield session


def test_every_case_has_consultations_of_its_own_line_and_begins_with_the_first(filled: Session) -> None:
    cases = {one.id: one for one in filled.scalars(select(Case))}
    query = select(Consultation).where(Consultation.case_id.is_not(None)).order_by(Consultation.opened_at.desc())
    first = {one.case_id: one for one in filled.scalars(query)}

    assert first.keys() == cases.keys()
    assert all(Reference(one.reference).digits == one.reference for one in cases.values())
    assert all((one.line, one.opened_at) == (first[key].line, first[key].opened_at) for key, one in cases.items())
    assert min(Counter(one.line for one in cases.values()).values()) > 1
    assert max(Counter(filled.scalars(select(Consultation.case_id).where(Consultation.case_id > 0))).values()) > 1


def test_there_are_cases_through_all_the_time_that_calls_came(filled: Session) -> None:
    def quarters(instants: Iterable[datetime]) -> set[tuple[int, int]]:
        return {(at.year, (at.month + 2) // 3) for at in instants}

    held = select(Consultation.opened_at).where(Consultation.held_at.is_not(None), Consultation.line == "nationell")
    opened = select(Case.opened_at).where(Case.line == "nationell")

    assert quarters(filled.scalars(opened)) == quarters(filled.scalars(held))


def test_no_case_goes_on_when_it_is_over(filled: Session) -> None:
    held = select(Consultation.opened_at, Case.ended_at).join(Case, Case.id == Consultation.case_id)

    assert all(ended is None or at < ended for at, ended in filled.execute(held))


def test_there_is_one_to_try(filled: Session) -> None:
    case = newest(filled)

    assert case is not None
    assert case.ended_at is None
    assert case.opened_at == max(filled.scalars(select(Case.opened_at).where(Case.ended_at.is_(None))))


def test_whoever_has_a_case_held_it_or_had_it_handed_to_them(filled: Session) -> None:
    # Without the notes, whose key isn't on the ring any more.
    rows = filled.execute(select(CaseHandOver.case_id, CaseHandOver.from_id, CaseHandOver.to_id))
    handed = {one.case_id: one for one in rows}
    query = select(Consultation).where(Consultation.case_id.is_not(None)).order_by(Consultation.opened_at.desc())
    first = {one.case_id: one.staff_id for one in filled.scalars(query)}

    assert handed
    for case in filled.scalars(select(Case)):
        giver = handed[case.id].from_id if case.id in handed else case.staff_id
        assert first[case.id] == giver
        assert case.id not in handed or handed[case.id].to_id == case.staff_id


def test_what_is_over_says_why(filled: Session) -> None:
    ended = {one.id: one for one in filled.scalars(select(Case).where(Case.ended_at.is_not(None)))}
    told = {one.case_id: one for one in filled.scalars(select(CaseEvent))}

    assert told.keys() == ended.keys() > set()
    assert all((told[key].at, told[key].ended_as) == (one.ended_at, one.ended_as) for key, one in ended.items())
    assert all(one.ended_at is not None and one.ended_at <= NOW for one in ended.values())


def test_follow_ups_are_kept_here_and_open_there_and_none_is_open_in_a_case_that_is_over(filled: Session) -> None:
    promised = filled.scalars(select(FollowUp)).all()
    ended_cases = set(filled.scalars(select(Case.id).where(Case.ended_at.is_not(None))))

    is_open = [one for one in promised if one.ended_at is None]
    assert is_open
    assert len(promised) > len(is_open)
    assert not {one.case_id for one in is_open} & ended_cases
    assert len({one.case_id for one in is_open}) == len(is_open)
    assert all(one.ended_at >= one.promised_at for one in promised if one.ended_at)
