"""A case as its pages show it: in words, gathered before the transaction ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from flask_babel import gettext

from app.domain.consultations import Form
from app.domain.taxonomy import GroupKey
from app.services.case.case_events import AskedBack, Handed, Opened, Promised, Talked, Turned
from app.web import language
from app.web.desk import ages
from app.web.desk.case import case_words
from app.web.desk.record_answers import tokens_of
from app.web.desk.record_words import said
from app.web.desk.wall_clocks import zone_of
from app.web.setup import setup

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from app.domain.lines import LineKey
    from app.services.case.case_events import Event
    from app.services.case.case_pages import Beside, Head, OneCase

BESIDE = (GroupKey("type"), GroupKey("advice"))
"""What of a consultation stands beside another record of the same case."""
OLDEST_FIRST = "oldest"


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that happened."""

    at: datetime
    kind: str
    """Which look it has."""
    words: str
    who: str = ""
    record: int | None = None
    tags: Sequence[tuple[str, str]] = ()
    """What was answered: each question with its answer in words."""
    note: str = ""
    is_note_hidden: bool = False
    """There is a note, which the reader may not read."""


@dataclass(frozen=True, slots=True)
class Page:
    """One case."""

    head: Head
    line: str
    zone: ZoneInfo
    state: str
    age: str
    exposed: int | None
    rows: Sequence[Row]
    is_oldest_first: bool
    handed: Row | None
    """By which hand-over the responsible one has it."""


@dataclass(frozen=True, slots=True)
class Side:
    """The case of a record, beside it."""

    head: Head
    line: str
    zone: ZoneInfo
    state: str
    others: Sequence[Row]
    may_leave: bool


def page_of(one: OneCase, now: datetime, order: str) -> Page:
    """The page of a case, the latest first unless ``order`` says otherwise."""
    zone = zone_of(one.head.line)
    rows = [_row(event, form_of(one.head.line)) for event in one.events]
    handed = [row for row in rows if row.kind == "handed"]
    is_oldest_first = order == OLDEST_FIRST
    return Page(
        head=one.head,
        line=line_name(one.head.line),
        zone=zone,
        state=state_of(one.head, zone),
        age=ages.ago(one.head.opened_at, now, zone),
        exposed=one.exposed,
        rows=rows if is_oldest_first else rows[::-1],
        is_oldest_first=is_oldest_first,
        handed=handed[-1] if handed else None,
    )


def side_of(one: Beside) -> Side:
    """What stands beside a record."""
    zone, form = zone_of(one.head.line), form_of(one.head.line)
    return Side(
        head=one.head,
        line=line_name(one.head.line),
        zone=zone,
        state=state_of(one.head, zone),
        others=[_talked(talk, form, BESIDE) for talk in one.others],
        may_leave=one.may_leave,
    )


def line_name(line: LineKey) -> str:
    """What people call it; its key where it isn't configured any more."""
    known = setup().policy.lines.get(line)
    return known.name if known else line


def form_of(line: LineKey) -> Form:
    """What the records of a line are filled in by. ``zone_of`` has looked whether the line is configured."""
    policy = setup().policy
    return Form(policy.taxonomy, policy.municipalities, policy.lines[line])


def state_of(head: Head, zone: ZoneInfo) -> str:
    """Open, or ended when and why."""
    if head.ended_at is None or head.ended_as is None:
        return str(gettext("Open"))
    when, why = language.day_and_clock(head.ended_at, zone), case_words.ENDS[head.ended_as]
    return str(gettext("Ended %(when)s: %(why)s", when=when, why=why))


def _row(event: Event, form: Form) -> Row:
    zone = zone_of(form.line.key)
    match event:
        case Opened():
            return Row(event.at, "opened", gettext("The case was opened"))
        case Talked():
            return _talked(event, form)
        case AskedBack():
            return Row(event.at, "asked", case_words.asked_back(event, zone))
        case Promised():
            return Row(event.at, "promised", case_words.promised(event), event.alias)
        case Handed():
            return _handed(event)
        case Turned():
            return Row(event.at, "turned", case_words.turned(event), event.alias)
        case _:  # pragma: no cover - every kind is above
            assert_never(event)


def _talked(one: Talked, form: Form, groups: Sequence[GroupKey] = ()) -> Row:
    return Row(
        at=one.at,
        kind="talked",
        words=gettext("Consultation"),
        who=one.alias,
        record=one.record,
        tags=list(_tags(one, form, groups)),
        note=one.note or "",
        is_note_hidden=one.has_note and one.note is None,
    )


def _tags(one: Talked, form: Form, groups: Sequence[GroupKey]) -> Iterator[tuple[str, str]]:
    spoken = language.spoken()
    tokens = tokens_of(form, one.answers)
    for key in groups or form.taxonomy.groups:
        if tokens.get(key):
            yield form.taxonomy.groups[key].labels[spoken], said(form, key, tokens[key], spoken)


def _handed(one: Handed) -> Row:
    words = gettext(
        "Handed over from %(giver)s to %(taker)s: %(why)s",
        giver=one.giver,
        taker=one.taker,
        why=case_words.HAND_OVERS[one.reason],
    )
    return Row(one.at, "handed", words, note=one.note or "", is_note_hidden=one.has_note and one.note is None)
