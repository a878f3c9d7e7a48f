"""The record is saved field by field: what others did is merged or named, and never overwritten unseen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from app.domain.audit import What
from app.domain.calls import Source
from app.domain.consultations import Answers, Change, Chosen, Counted, Place, Placed, PlaceKind
from app.domain.errors import NotFound, RejectedInput
from app.domain.identities import IdentityKind
from app.domain.lines import LineKey, MunicipalityCode, OrganisationKey
from app.domain.municipalities import CountyCode
from app.domain.permissions import AccountId, Actor, Role
from app.domain.taxonomy import NOTE, Code, GroupKey
from app.services.notes import NoteRefusal
from app.services.record.consultations import Conflict, Edit, Record, Saved, complete, open_for, save
from app.storage.models import Account, AuditEntry, Consultation, ConsultationNote, ConsultationTag
from app.storage.queries.consultations import answers_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from app.domain.policy import Policy

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
PERSONAL_NUMBER = "18880101-0003"
"""Valid, and of nobody who lives."""
MALMO = Placed(GroupKey("place"), Place(PlaceKind.MUNICIPALITY, MunicipalityCode("1280"), CountyCode("12")))
THEME = GroupKey("theme")


def actor(name: str, role: Role = Role.SPECIALIST, line: str = "skane") -> Actor:
    return Actor(AccountId(name), None, OrganisationKey(line), frozenset({LineKey(line)}), frozenset({role}))


ALFA, BETA, MANAGER = actor("alfa"), actor("beta"), actor("chef", Role.MANAGER)
ELSEWHERE = actor("gamma", line="nationell")


def choose(key: str, *codes: str) -> Chosen:
    return Chosen(GroupKey(key), tuple(map(Code, codes)))


COMPLETE: tuple[Change, ...] = (
    choose("service", "SOC"),
    choose("type", "ARENDE"),
    choose("theme", "KONTROLL", "FYS"),
    choose("advice", "ORO"),
    MALMO,
)


SAVES_OF_NOTHING: tuple[tuple[Edit, int], ...] = (
    (Edit(), 0),
    (Edit(), 1),
    (Edit(), 999),
    (Edit((choose("service", "SOC"),), page="p"), 1),
    (Edit(note=f"född {PERSONAL_NUMBER}"), 1),
)
"""What somebody may send who wants to be told what stands there: each edit, and the version that it claims to know."""


def account(name: str) -> Account:
    return Account(
        id=name,
        email=f"{name}@example.se",
        alias=f"Övning {name}",
        organisation="skane",
        created_at=NOW,
        password="x",
        fs_uniquifier=name,
        fs_webauthn_user_handle=name,
    )


def consultation(number: int = 1, line: str = "skane") -> Consultation:
    return Consultation(id=number, organisation=line, line=line, source=Source.LIVE, opened_at=NOW)


@pytest.fixture
def record(session: Session) -> int:
    session.add_all([account("alfa"), account("beta"), consultation()])
    session.commit()
    return 1


@pytest.fixture
def saved(session: Session, policy: Policy, record: int) -> Callable[..., Saved]:
    """Saves what must be taken."""

    def save_it(*changes: Change, who: Actor = ALFA, seen: int = 0, note: str | None = None, page: str = "") -> Saved:
        done = save(session, policy, who, record, Edit(changes, note, page), seen, NOW)
        assert isinstance(done, Saved)
        session.commit()
        return done

    return save_it


def opened(session: Session, policy: Policy, who: Actor = ALFA) -> Record:
    session.expire_all()
    return open_for(session, policy, who, 1, LATER)


def test_what_was_saved_is_there(session: Session, policy: Policy, saved: Callable[..., Saved]) -> None:
    done = saved(*COMPLETE, Counted(GroupKey("exposed"), 3), note="situation - fråga - råd")

    record = opened(session, policy)

    assert done.version == record.consultation.version == 1
    assert record.answers == done.answers
    assert record.answers.chosen[THEME] == ("KONTROLL", "FYS")
    assert record.answers.place == MALMO.place
    assert record.answers.exposed == 3
    assert record.note == "situation - fråga - råd"
    assert record.left == done.left == ()
    assert record.consultation.taxonomy_version == policy.taxonomy.version


def test_a_new_record_has_everything_left(session: Session, policy: Policy, record: int) -> None:
    fresh = open_for(session, policy, ALFA, record, NOW)

    assert fresh.answers == Answers()
    assert fresh.note == ""
    assert fresh.left == ("service", "place", "type", "theme", "advice")


def test_answers_are_changed_and_taken_back(session: Session, policy: Policy, saved: Callable[..., Saved]) -> None:
    saved(*COMPLETE, note="en rad")

    done = saved(choose("theme", "PSYK"), Placed(GroupKey("place"), None), note="", seen=1)

    record = opened(session, policy)
    assert done.changed == ("place", "theme", NOTE)
    assert record.answers.chosen[THEME] == ("PSYK",)
    assert record.answers.place is None
    assert record.note == ""
    assert session.scalars(select(ConsultationNote)).all() == []


def test_another_field_is_merged_and_what_the_other_did_is_told(saved: Callable[..., Saved]) -> None:
    saved(choose("service", "SOC"), who=BETA)

    done = saved(choose("theme", "FYS"), note="mitt", seen=0)
    again = saved(choose("advice", "ORO"), who=BETA, seen=1)

    assert done.version == 2
    assert {*done.answers.chosen} == {"service", "theme"}
    assert [(one.field, one.by, one.at) for one in done.theirs] == [("service", "Övning beta", NOW)]
    assert done.note is None
    assert {one.field for one in again.theirs} == {"theme", NOTE}
    assert again.note == "mitt"


def test_the_same_field_is_a_conflict_that_says_which_who_and_when(
    session: Session, policy: Policy, saved: Callable[..., Saved]
) -> None:
    saved(choose("theme", "PSYK"), who=BETA, note="deras")

    done = save(session, policy, ALFA, 1, Edit((choose("theme", "FYS"), choose("service", "SOC")), "mitt"), 0, LATER)

    assert isinstance(done, Conflict)
    assert [(one.field, one.by, one.at) for one in done.theirs] == [
        ("theme", "Övning beta", NOW),
        (NOTE, "Övning beta", NOW),
    ]
    assert done.version == 1
    assert done.answers.chosen == {THEME: ("PSYK",)}
    assert done.note == "deras"
    session.commit()
    assert opened(session, policy).answers.chosen == {THEME: ("PSYK",)}


def test_whoever_has_seen_the_other_value_may_change_it(saved: Callable[..., Saved]) -> None:
    saved(choose("theme", "PSYK"), who=BETA)

    done = saved(choose("theme", "FYS"), seen=1)

    assert done.answers.chosen[THEME] == ("FYS",)


def test_the_same_value_is_no_conflict_and_no_change(saved: Callable[..., Saved]) -> None:
    saved(choose("theme", "PSYK"), who=BETA, note="samma")

    done = saved(choose("theme", "PSYK"), note="samma ", seen=0)

    assert done.changed == ()
    assert done.version == 1


def test_a_page_that_got_no_answer_sends_again_and_meets_no_conflict_with_itself(saved: Callable[..., Saved]) -> None:
    saved(note="första", page="a" * 32)

    done = saved(note="första och andra", page="a" * 32, seen=0)

    assert done.changed == (NOTE,)
    assert done.theirs == ()


def test_two_windows_of_one_person_are_two_pages(session: Session, policy: Policy, saved: Callable[..., Saved]) -> None:
    saved(note="i ena fönstret", page="one")

    done = save(session, policy, ALFA, 1, Edit(note="i andra", page="two"), 0, LATER)

    assert isinstance(done, Conflict)


def test_what_would_be_cleared_along_is_not_cleared_unseen(
    session: Session, policy: Policy, saved: Callable[..., Saved]
) -> None:
    """Another type of consultation takes the number of exposed persons away, which somebody else has just entered."""
    saved(choose("type", "ARENDE"))
    saved(Counted(GroupKey("exposed"), 4), who=BETA, seen=1)

    done = save(session, policy, ALFA, 1, Edit((choose("type", "GENERELL"),)), 1, LATER)

    assert isinstance(done, Conflict)
    assert [one.field for one in done.theirs] == ["exposed"]


def test_an_impossible_answer_stores_nothing(session: Session, policy: Policy, record: int) -> None:
    with pytest.raises(RejectedInput) as refused:
        save(session, policy, ALFA, record, Edit((choose("service", "SOC"), choose("theme", "NONE")), "text"), 0, NOW)

    session.commit()
    assert refused.value.problems[0].key == "theme"
    assert opened(session, policy).answers == Answers()


# --- the note --------------------------------------------------------------------------------------------------------


def test_a_note_with_a_personal_number_is_not_stored_and_the_other_fields_are(
    session: Session, policy: Policy, saved: Callable[..., Saved]
) -> None:
    saved(note="det som stod")

    done = saved(choose("service", "SOC"), note=f"flickan {PERSONAL_NUMBER} är orolig", seen=1)

    assert done.note_refused is NoteRefusal.PERSONAL_NUMBER
    assert [one.kind for one in done.identities] == [IdentityKind.PERSONNUMMER]
    assert done.changed == ("service",)
    assert opened(session, policy).note == "det som stod"


def test_what_merely_could_be_somebody_is_marked_and_stored(saved: Callable[..., Saved]) -> None:
    done = saved(note="ring 070-174 06 40, flickan heter Fiktiva")

    assert done.note_refused is None
    assert [one.kind for one in done.identities] == [IdentityKind.PHONE, IdentityKind.NAME]


def test_a_note_is_as_long_as_it_may_be_and_no_longer(saved: Callable[..., Saved]) -> None:
    longest = saved(note="å" * 500)
    longer = saved(note="å" * 501, seen=1)

    assert longest.changed == (NOTE,)
    assert longer.note_refused is NoteRefusal.TOO_LONG
    assert longer.changed == ()


def test_line_ends_are_one_and_control_characters_are_gone(
    session: Session, policy: Policy, saved: Callable[..., Saved]
) -> None:
    saved(note="ett\r\ntvå\rtre\x00\x1b[m\n\n")

    assert opened(session, policy).note == "ett\ntvå\ntre[m"


def test_of_somebody_whom_the_line_does_not_serve_no_note_is_kept(
    session: Session, policy: Policy, saved: Callable[..., Saved]
) -> None:
    saved(choose("service", "EJ_YRKES"))

    done = saved(note="något", seen=1)

    assert done.note_refused is NoteRefusal.NOT_ASKED
    assert opened(session, policy).note == ""


def test_a_note_that_stands_is_not_thrown_away_by_another_answer(
    session: Session, policy: Policy, saved: Callable[..., Saved]
) -> None:
    saved(note="något")

    with pytest.raises(RejectedInput) as refused:
        save(session, policy, ALFA, 1, Edit((choose("service", "EJ_YRKES"),)), 1, NOW)
    session.rollback()
    done = saved(choose("service", "EJ_YRKES"), note="", seen=1)

    assert refused.value.problems[0].key == "service"
    assert done.answers.chosen == {GroupKey("service"): ("EJ_YRKES",), GroupKey("type"): ("FEL",)}


def test_a_note_is_sealed_where_it_lies(session: Session, saved: Callable[..., Saved]) -> None:
    saved(note="hemligt")

    sealed = session.scalar(text("SELECT text FROM consultation_note"))

    assert bytes(sealed).startswith(b"test:")
    assert b"hemligt" not in bytes(sealed)


# --- who reads -------------------------------------------------------------------------------------------------------


def test_whoever_may_not_read_notes_gets_the_rest(
    session: Session, policy: Policy, saved: Callable[..., Saved]
) -> None:
    saved(*COMPLETE, note="hemligt")

    record = opened(session, policy, MANAGER)

    assert record.note is None
    assert record.answers.chosen[THEME] == ("KONTROLL", "FYS")


def test_lists_never_touch_the_notes(session: Session, engine: Engine, saved: Callable[..., Saved]) -> None:
    saved(*COMPLETE, note="hemligt")
    session.expunge_all()
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))

    found = answers_of(session, session.scalars(select(Consultation)).all())

    assert found[1].chosen[THEME] == ("KONTROLL", "FYS")
    assert not any("consultation_note" in one for one in asked)
    assert sum("consultation_tag" in one for one in asked) == 1


def test_every_read_and_every_change_is_in_the_log(
    session: Session, policy: Policy, saved: Callable[..., Saved]
) -> None:
    saved(choose("service", "SOC"), note="text")
    opened(session, policy, BETA)
    saved(choose("service", "SOC"), who=BETA, seen=1)  # no change, but the answer says what stands there
    session.commit()

    log = session.scalars(select(AuditEntry).order_by(AuditEntry.sequence)).all()

    assert [(one.account_id, one.what, one.record, one.fields) for one in log] == [
        ("alfa", What.CHANGED_RECORD, "consultation:1", "note,service"),
        ("beta", What.OPENED_RECORD, "consultation:1", ""),
        ("beta", What.OPENED_RECORD, "consultation:1", ""),
    ]


def test_whoever_saves_nothing_has_read_the_record(
    session: Session, policy: Policy, saved: Callable[..., Saved]
) -> None:
    saved(choose("service", "SOC"))

    told = [save(session, policy, BETA, 1, edit, seen, NOW) for edit, seen in SAVES_OF_NOTHING]

    assert all(isinstance(one, Saved) and one.answers.chosen == {"service": ("SOC",)} for one in told)
    log = session.scalars(select(AuditEntry).where(AuditEntry.account_id == "beta")).all()
    assert [(one.what, one.fields) for one in log] == [(What.OPENED_RECORD, "")] * len(told)


@pytest.mark.parametrize("number", [1, 99], ids=["another organisation's", "nobody's"])
def test_what_is_out_of_reach_is_not_found(session: Session, policy: Policy, record: int, number: int) -> None:
    del record
    for ask in (
        lambda: open_for(session, policy, ELSEWHERE, number, NOW),
        lambda: save(session, policy, ELSEWHERE, number, Edit(COMPLETE), 0, NOW),
        lambda: complete(session, policy, ELSEWHERE, number, NOW),
    ):
        with pytest.raises(NotFound):
            ask()


def test_a_record_of_a_line_that_is_gone_is_said_to_be_so(session: Session, policy: Policy) -> None:
    session.add(Consultation(id=7, organisation="skane", line="old", source=Source.LIVE, opened_at=NOW))
    session.flush()
    reader = Actor(AccountId("x"), None, OrganisationKey("skane"), frozenset({LineKey("old")}), frozenset())

    with pytest.raises(NotFound, match="the line old, which isn't configured any more"):
        open_for(session, policy, reader, 7, NOW)


# --- closing ---------------------------------------------------------------------------------------------------------


def test_a_record_closes_when_nothing_required_is_left(
    session: Session, policy: Policy, saved: Callable[..., Saved]
) -> None:
    saved(*COMPLETE[:-1])
    too_early = complete(session, policy, ALFA, 1, NOW)
    saved(COMPLETE[-1], seen=1)

    in_time = complete(session, policy, ALFA, 1, NOW)
    again = complete(session, policy, BETA, 1, LATER)

    assert list(too_early) == ["place"]
    assert list(in_time) == list(again) == []
    assert opened(session, policy).consultation.closed_at == NOW


def test_a_closed_record_that_loses_a_required_answer_is_open_again(
    session: Session, policy: Policy, saved: Callable[..., Saved]
) -> None:
    saved(*COMPLETE)
    complete(session, policy, ALFA, 1, NOW)
    saved(choose("gap", "RUTIN"), seen=1)
    still = opened(session, policy).consultation.closed_at

    saved(choose("theme"), seen=2)

    assert still == NOW
    assert opened(session, policy).consultation.closed_at is None


# --- races -----------------------------------------------------------------------------------------------------------


def raced(engine: Engine, policy: Policy, edits: list[tuple[Actor, Edit]]) -> list[Saved | Conflict]:
    """All of them at once, by a thread each, none of which has seen another's."""
    start, results = Barrier(len(edits)), []

    def run(who: Actor, edit: Edit) -> None:
        start.wait()
        with Session(engine) as session:
            done = save(session, policy, who, 1, edit, 0, NOW)
            session.commit()
            results.append(done)

    threads = [Thread(target=run, args=one) for one in edits]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_savers_of_different_fields_at_once_all_get_through(engine: Engine, policy: Policy, record: int) -> None:
    del record
    changes: list[Change] = [*COMPLETE, choose("role", "CHEF"), choose("level", "KOMMUN")]
    edits = [(actor(f"a{number}"), Edit((change,))) for number, change in enumerate(changes)]

    results = raced(engine, policy, [*edits, (BETA, Edit(note="en not"))])

    assert all(isinstance(one, Saved) for one in results)
    assert sorted(one.version for one in results) == list(range(1, 9))
    with Session(engine) as session:
        last = open_for(session, policy, ALFA, 1, LATER)
        assert last.left == ()
        assert last.note == "en not"
        assert len(last.answers.chosen) == 6


def test_of_savers_of_one_field_at_once_exactly_one_gets_through(engine: Engine, policy: Policy, record: int) -> None:
    del record
    codes = ["KONTROLL", "PSYK", "FYS", "SEX", "KONS", "BORT"]

    results = raced(engine, policy, [(actor(f"a{code}"), Edit((choose("theme", code),))) for code in codes])

    winners = [one for one in results if isinstance(one, Saved)]
    with Session(engine) as session:
        stored = session.scalars(select(ConsultationTag.code)).all()
    assert len(winners) == 1
    assert len(results) == len(codes)
    assert list(winners[0].answers.chosen[THEME]) == stored
