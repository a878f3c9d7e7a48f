"""``radrum retention``."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.retention import RecordClass
from app.storage.models import Consultation, RetentionDecision
from tests.services.old_records import Matter, put, put_people

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from tests.cli.conftest import Run

DECISION = ("--reference", "KS 2026/17", "--on", "2026-01-15")


@pytest.fixture(autouse=True)
def filled(engine: Engine) -> None:
    with Session(engine) as session:
        put_people(session)
        put(session, [Matter(began=4000), Matter(began=4000, case=1), Matter(began=3)], {1: -1})


def records(engine: Engine) -> list[int]:
    with Session(engine) as session:
        return list(session.scalars(select(Consultation.id).order_by(Consultation.id)))


def test_without_a_decision_nothing_is_done(run: Run, engine: Engine) -> None:
    said = [run("retention", "run", *more) for more in (("--dry-run",), ())]

    sentence = "No rule is in force: nothing is destroyed without a decision (radrum retention decide).\n"
    assert said == [(0, sentence, "")] * 2
    assert records(engine) == [1, 2, 3]


def test_a_decision_is_entered_looked_at_and_followed(run: Run, engine: Engine) -> None:
    entered = run("retention", "decide", "skane", "consultations", *DECISION)
    looked = run("retention", "run", "--dry-run")
    there = records(engine)
    done = run("retention", "run")

    assert entered[0] == 0
    assert entered[1].splitlines() == [
        "In force: skane keeps consultations for 60 months, by KS 2026/17.",
        "See what would go: radrum retention run --dry-run",
    ]
    header, row = looked[1].splitlines()
    assert header.split("  ")[0] == "organisation"
    assert row.split()[:2] == ["skane", "consultations"]
    assert row.split()[3] == "1"
    assert row.endswith("KS 2026/17")
    assert there == [1, 2, 3]
    assert done[:2] == (0, "skane: 1 of consultations destroyed, by KS 2026/17.\n")
    assert records(engine) == [2, 3]


def test_a_rule_is_ended(run: Run, engine: Engine) -> None:
    run("retention", "decide", "skane", "consultations", "--months", "12", *DECISION)

    ended = run("retention", "end", "skane", "consultations")
    again = run("retention", "end", "skane", "consultations")

    assert ended[:2] == (0, "Ended: nothing more of consultations is destroyed in skane.\n")
    assert again == (1, "", "radrum: no decision about consultations is in force in skane\n")
    with Session(engine) as session:
        rule = session.scalars(select(RetentionDecision)).one()
        assert (rule.record_class, rule.keep_months) == (RecordClass.CONSULTATIONS, 12)
        assert rule.ended_at is not None
        assert rule.ended_at <= datetime.now(UTC)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("nowhere", "notes", *DECISION), "ORGANISATION: found nowhere; allowed: "),
        (("skane", "notes", "--reference", "KS 1", "--on", "i går"), "--on: found i går; allowed: a day"),
        (("skane", "notes", "--months", "0", *DECISION), "keep_months: found 0; allowed: 1 to 1200 months"),
        (("skane", "notes", "--reference", " ", "--on", "2026-01-15"), "reference: found 0 characters"),
        (("skane", "notes", "--reference", "KS 1", "--on", "2999-01-15"), "decided_on: found 2999-01-15"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(run: Run, arguments: tuple[str, ...], sentence: str) -> None:
    code, out, err = run("retention", "decide", *arguments)

    assert (code, out) == (1, "")
    assert sentence in err
