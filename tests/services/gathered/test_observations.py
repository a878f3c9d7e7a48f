"""Notes on gaps and good examples: sealed, looked through as a record's note is, gathered for a year."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, text

from app.domain.audit import What
from app.domain.errors import NotFound, RejectedInput
from app.domain.lines import LineKey, OrganisationKey
from app.domain.municipalities import CountyCode
from app.domain.observations import Observation
from app.domain.permissions import AccountId, Actor, Role
from app.domain.taxonomy import Code
from app.services.gathered import observations
from app.services.gathered.observations import Noted, Year
from app.storage.models import AuditEntry

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.policy import Policy

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
WORDS = "Övning: en påhittad skola saknade rutin."
NOTE = Observation(NOW.date(), Code("RUTIN"), Code("SKOLA"), CountyCode("12"), WORDS)


def actor(organisation: str) -> Actor:
    reach = frozenset({LineKey(organisation)})
    return Actor(AccountId("alfa"), None, OrganisationKey(organisation), reach, frozenset({Role.SPECIALIST}))


ALFA, ELSEWHERE = actor("skane"), actor("nationell")


def add(session: Session, policy: Policy, note: Observation = NOTE, token: str = "a" * 32) -> bool:
    return observations.add(session, policy, ALFA, note, token, NOW)


def year(session: Session, policy: Policy, who: Actor = ALFA, of: int | None = None, code: str = "") -> Year:
    asked = Code(code) if code else None
    return observations.of_year(session, policy, who, of, asked, NOW, what=What.OPENED_RECORD)


def log(session: Session) -> list[tuple[str, str | None, str]]:
    rows = session.scalars(select(AuditEntry).order_by(AuditEntry.sequence))
    return [(one.what.value, one.record, one.fields) for one in rows]


def test_a_note_is_sealed_kept_once_and_read_back(session: Session, policy: Policy) -> None:
    assert add(session, policy)
    assert not add(session, policy)

    stored = session.execute(text("SELECT text FROM observation")).scalars().all()
    assert len(stored) == 1
    assert b"skola" not in bytes(stored[0])
    assert [one.observation for one in year(session, policy).noted] == [NOTE]


def test_a_year_is_gathered_by_code_and_whoever_reads_it_is_in_the_log(session: Session, policy: Policy) -> None:
    add(session, policy)
    add(session, policy, replace(NOTE, code=Code("GOTT"), service=None, county=None), "b" * 32)
    add(session, policy, replace(NOTE, noted_on=date(2025, 12, 31)), "c" * 32)

    everything, some = year(session, policy), year(session, policy, code="GOTT")

    assert (everything.year, everything.others) == (2026, [2026, 2025])
    assert {code: number for code, number in everything.counts.items() if number} == {"RUTIN": 1, "GOTT": 1}
    assert "INGEN" not in everything.counts
    assert [one.observation.code for one in some.noted] == ["GOTT"]
    assert some.counts == everything.counts
    assert log(session)[3:] == [("opened_record", "observation:year-2026", "code,county,service,text")] * 2
    assert year(session, policy, ELSEWHERE).noted == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": "Övning: 19121212-1212 ringde."},
        {"text": "x" * 501},
        {"text": " \n"},
        {"code": Code("INGEN")},
        {"code": Code("FINNS_EJ")},
        {"service": Code("FINNS_EJ")},
        {"county": CountyCode("99")},
    ],
    ids=str,
)
def test_what_mustnt_be_kept_is_refused(session: Session, policy: Policy, wrong: dict[str, Any]) -> None:
    with pytest.raises(RejectedInput):
        add(session, policy, replace(NOTE, **wrong))

    assert year(session, policy).noted == []


def test_a_change_is_stored_and_logged_by_its_fields_alone(session: Session, policy: Policy) -> None:
    add(session, policy)
    (before,) = year(session, policy).noted
    wanted = replace(before, observation=replace(NOTE, text=f"{WORDS} Det löste sig."))

    assert observations.save(session, policy, ALFA, before, NOW) is None
    assert observations.save(session, policy, ALFA, wanted, NOW) is None

    assert observations.noted(session, ALFA, before.id, NOW) == replace(wanted, version=2)
    assert ("changed_record", f"observation:{before.id}", "text") in log(session)


def test_whoever_saw_an_older_one_overwrites_and_deletes_nothing(session: Session, policy: Policy) -> None:
    add(session, policy)
    (seen,) = year(session, policy).noted
    observations.save(session, policy, ALFA, replace(seen, observation=replace(NOTE, code=Code("SENT"))), NOW)

    late = Noted(seen.id, seen.version, replace(NOTE, code=Code("ANM")))
    met, not_deleted = (
        observations.save(session, policy, ALFA, late, NOW),
        observations.delete(session, ALFA, seen.id, seen.version, NOW),
    )

    assert met is not None
    assert not_deleted is not None
    assert met.now.observation.code == "SENT"


def test_what_is_deleted_is_gone(session: Session, policy: Policy) -> None:
    add(session, policy)
    (one,) = year(session, policy).noted

    assert observations.delete(session, ALFA, one.id, one.version, NOW) is None

    assert year(session, policy).noted == []
    assert log(session)[-1] == ("erased", f"observation:{one.id}", "")


def test_another_organisations_note_is_not_there(session: Session, policy: Policy) -> None:
    add(session, policy)
    (theirs,) = year(session, policy).noted

    for attempt in (
        lambda: observations.noted(session, ELSEWHERE, theirs.id, NOW),
        lambda: observations.save(session, policy, ELSEWHERE, theirs, NOW),
        lambda: observations.delete(session, ELSEWHERE, theirs.id, theirs.version, NOW),
    ):
        with pytest.raises(NotFound):
            attempt()
