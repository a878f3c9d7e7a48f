"""The practice records: such as could have been filled in by hand, in about the published mix, about nobody."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from app.domain.consultations import Answers, Change, Chosen, Counted, Form, Placed, apply, required_left
from app.domain.identities import identities
from app.domain.lines import LineKey
from app.domain.taxonomy import GroupKey
from app.services.practice_data.demo_records import LEFT_TO_DO, NOTE, HeldCall, fill_in
from app.storage.models import Consultation, ConsultationNote
from app.storage.queries.consultations import answers_of
from app.storage.types import keyring
from tests.services.practice_data.cast import practice_data

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sqlalchemy.orm import Session

    from app.domain.policy import Policy

NOW = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
AGE = GroupKey("age")
BEGAN = datetime(2025, 3, 3, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def filled(sqlite_template: Path, policy: Policy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    with practice_data(sqlite_template, tmp_path_factory.mktemp("records"), policy, NOW) as session:
        yield session


@pytest.fixture(scope="module")
def held(filled: Session) -> list[Consultation]:
    query = select(Consultation).where(Consultation.held_at.is_not(None), Consultation.call_id.is_not(None))
    return list(filled.scalars(query.order_by(Consultation.opened_at)))


@pytest.fixture(scope="module")
def answers(filled: Session, held: list[Consultation]) -> Mapping[int, Answers]:
    return {key: value for some in range(0, len(held), 500) for key, value in _some(filled, held[some : some + 500])}


def _some(session: Session, records: list[Consultation]) -> list[tuple[int, Answers]]:
    return list(answers_of(session, records).items())


def form_of(policy: Policy, line: str) -> Form:
    return Form(policy.taxonomy, policy.municipalities, policy.lines[LineKey(line)])


def by_hand(form: Form, answers: Answers) -> Answers:
    """Each answer given, one after the other."""
    changes: list[Change] = [Chosen(key, codes) for key, codes in answers.chosen.items()]
    changes += [Placed(GroupKey("place"), answers.place), Counted(GroupKey("exposed"), answers.exposed)]
    filled_in = Answers()
    for change in sorted(changes, key=lambda one: list(form.taxonomy.groups).index(one.group)):
        filled_in = apply(form, filled_in, change)
    return filled_in


def test_every_record_could_have_been_filled_in_by_hand(
    held: list[Consultation], answers: Mapping[int, Answers], policy: Policy
) -> None:
    for record in held:
        form = form_of(policy, record.line)
        assert by_hand(form, answers[record.id]) == answers[record.id]
        assert (required_left(form, answers[record.id]) == ()) == (record.closed_at is not None)
        assert record.closed_at is None or record.opened_at < record.closed_at <= NOW


def test_something_is_left_to_do_on_every_line(held: list[Consultation], policy: Policy) -> None:
    for line in policy.lines:
        of_line = [one for one in held if one.line == line]
        assert {one.closed_at for one in of_line[-LEFT_TO_DO - 1 :]} == {None}
        assert {one.version for one in of_line[-LEFT_TO_DO:]} == {0}
        assert of_line[-LEFT_TO_DO - 1].version == 1
        assert sum(one.closed_at is None for one in of_line) <= LEFT_TO_DO + 3


@pytest.mark.parametrize(
    ("group", "code", "share"),
    [
        ("service", "SOC", 0.5),
        ("service", "SKOLA", 0.24),
        ("service", "HSV", 0.08),
        ("service", "POLIS", 0.05),
        ("gender", "F", 0.8),
        ("gender", "M", 0.13),
        ("theme", "KONTROLL", 0.6),
        ("theme", "PSYK", 0.4),
        ("theme", "FYS", 0.3),
        ("gap", "RUTIN", 0.25),
        ("gap", "SAMV_INT", 0.2),
        ("gap", "KUNSKAP", 0.35),
    ],
)
def test_the_mix_is_about_the_published_one(
    answers: Mapping[int, Answers], group: str, code: str, share: float
) -> None:
    given = [one.chosen[GroupKey(group)] for one in answers.values() if GroupKey(group) in one.chosen]

    assert sum(code in codes for codes in given) / len(given) == pytest.approx(share, abs=0.06)
    assert len(given) > 1000


def test_more_than_half_are_under_eighteen(answers: Mapping[int, Answers]) -> None:
    ages = Counter(str(one.chosen[AGE][0]) for one in answers.values() if AGE in one.chosen)

    assert sum(ages[code] for code in ("0_11", "12_14", "15_17")) / ages.total() == pytest.approx(0.56, abs=0.03)


def test_skane_hears_most_from_its_large_towns(held: list[Consultation]) -> None:
    towns = Counter(one.municipality for one in held if one.line == "skane" and one.municipality)

    assert [code for code, _ in towns.most_common(3)] == ["1280", "1283", "1281"]
    assert len(towns) > 20


def test_a_line_for_professionals_has_no_record_of_anybody_else(
    held: list[Consultation], answers: Mapping[int, Answers]
) -> None:
    by_exposed = {one.line for one in held if "EJ_YRKES" in answers[one.id].chosen.get(GroupKey("service"), ())}

    assert by_exposed == {"skaraborg", "vastmanland"}


def test_the_only_note_says_that_it_is_made_up(filled: Session) -> None:
    keyring.load({"demo": b"d" * 32})

    notes = set(filled.scalars(select(ConsultationNote.text)))

    assert notes == {NOTE}
    assert identities(NOTE) == ()
    assert 0 < (filled.scalar(select(func.count()).select_from(ConsultationNote)) or 0) < 500


def test_one_call_more_changes_no_record_before_the_newest(policy: Policy) -> None:
    form = form_of(policy, "skane")
    calls = [
        HeldCall(
            number,
            LineKey("skane"),
            BEGAN + timedelta(hours=number),
            BEGAN + timedelta(hours=number + 1),
            by_exposed=False,
        )
        for number in range(20)
    ]

    assert fill_in(form, calls, NOW)[:10] == fill_in(form, calls[:15], NOW)[:10]


def test_who_was_referred_on_leaves_no_details(policy: Policy) -> None:
    form = form_of(policy, "skane")
    calls = [HeldCall(number, LineKey("skane"), BEGAN, BEGAN, by_exposed=True) for number in range(5)]

    [first, half_done] = fill_in(form, calls, NOW)

    assert required_left(form, first.answers) == ()
    assert first.answers.place is None
    assert by_hand(form, first.answers) == first.answers
    assert by_hand(form, half_done.answers) == half_done.answers


def test_a_record_that_would_be_closed_in_the_future_is_half_done(policy: Policy) -> None:
    form = form_of(policy, "skane")
    calls = [HeldCall(number, LineKey("skane"), NOW, NOW, by_exposed=False) for number in range(9)]

    records = fill_in(form, calls, NOW)

    assert all(one.closed_at is None and list(one.answers.chosen) == ["service"] for one in records)


def test_without_calls_there_are_no_records(policy: Policy) -> None:
    assert fill_in(form_of(policy, "skane"), [], NOW) == []
