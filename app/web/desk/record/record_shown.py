"""A record as its page shows it: plain values, gathered before the transaction ends."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.domain.channels import BY_HAND
from app.domain.consultations import applies
from app.domain.lines import Audience
from app.domain.taxonomy import NOTE, NOTE_PRESS, GroupKey, GroupKind
from app.web import language
from app.web.desk.places import PlaceGroup, everywhere
from app.web.desk.record_answers import tokens_of
from app.web.desk.record_words import said
from app.web.desk.stale import digest
from app.web.forms import Option

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from app.domain.channels import Channel
    from app.domain.consultations import Answers, Form
    from app.domain.taxonomy import Group
    from app.services.record.consultations import Record
    from app.web.desk.record_answers import Tokens

Json = dict[str, Any]
COMPLETE_PRESS = "m"
"""The key that marks a record as complete; no group and no choice has it."""
ASIDES = {"numbers": "j", "danger": "w"}
"""The keys that show numbers and guidance beside a record; no group and no choice has them either."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of the page."""

    key: GroupKey
    kind: GroupKind
    label: str
    press: str
    is_required: bool
    applies: bool
    most: int
    tokens: list[str]
    """What stands in the page."""
    stored: list[str]
    """What the page's version of the record has."""
    words: str
    """The stored answer, to be read."""
    options: list[Option]
    errors: list[str]


@dataclass(frozen=True, slots=True)
class Page:
    """Everything of a record that its page shows, but for its call."""

    id: int
    line: str
    zone: ZoneInfo
    opened_at: Any
    channel: Channel
    is_held: bool
    is_complete: bool
    version: int
    asked: list[Asked]
    places: list[PlaceGroup]
    note: str | None
    note_stored: str
    """The digest of the note that the page's version has."""
    has_note: bool
    """Whether there is one: managers are told so, and no more."""
    note_applies: bool
    left: list[str]
    rules: Json
    errors: dict[str, list[str]] = field(default_factory=dict)

    @property
    def is_by_hand(self) -> bool:
        """Whether its day is known, and no hour."""
        return self.channel in BY_HAND

    @property
    def day(self) -> date:
        """On the line's wall clock."""
        on_the_wall: datetime = self.opened_at.astimezone(self.zone)
        return on_the_wall.date()

    @property
    def required(self) -> list[Asked]:
        """What a record can't be closed without."""
        return [one for one in self.asked if one.is_required]

    @property
    def rest(self) -> list[Asked]:
        """Everything else."""
        return [one for one in self.asked if not one.is_required]


def page_of(
    record: Record,
    zone: ZoneInfo,
    *,
    typed: Tokens | None = None,
    note: str | None = None,
    errors: Mapping[str, list[str]] | None = None,
) -> Page:
    """The page of a record. ``typed`` and ``note``: what somebody sent that isn't stored; it stays in the form."""
    one, form, found = record.consultation, record.form, dict(errors or {})
    stored = tokens_of(form, record.answers)
    shown = {**stored, **(typed or {})}
    return Page(
        id=one.id,
        line=form.line.name,
        zone=zone,
        opened_at=one.opened_at,
        channel=one.channel,
        is_held=one.held_at is not None,
        is_complete=one.closed_at is not None,
        version=one.version,
        asked=[_asked(form, record.answers, group, shown, stored, found) for group in form.taxonomy.groups.values()],
        places=list(_places(form, shown)),
        note=record.note if note is None or record.note is None else note,
        note_stored=digest(record.note),
        has_note=record.has_note,
        note_applies=applies(form, record.answers, NOTE),
        left=list(record.left),
        rules=rules_of(form),
        errors=found,
    )


def rules_of(form: Form) -> Json:
    """What a script needs to know of the taxonomy, to show what applies before the server has answered."""
    referred = form.taxonomy.referred
    is_for_all = referred is None or Audience.EXPOSED in form.line.serves
    return {
        "groups": {key: _rules(group) for key, group in form.taxonomy.groups.items()},
        "note": {"press": NOTE_PRESS},
        "complete": {"press": COMPLETE_PRESS},
        "asides": {part: {"press": press} for part, press in ASIDES.items()},
        "referred": None
        if is_for_all or referred is None
        else {
            "group": referred.group,
            "codes": sorted(referred.codes),
            "only": dict(referred.only),
            "keeps": sorted(referred.keeps),
        },
    }


def _rules(group: Group) -> Json:
    return {
        "kind": group.kind,
        "press": group.press,
        "applies": {other: sorted(codes) for other, codes in group.applies.items()},
        "alone": {code: sorted(choice.beside) for code, choice in group.choices.items() if choice.alone},
    }


def _asked(
    form: Form,
    answers: Answers,
    group: Group,
    shown: Tokens,
    stored: Tokens,
    errors: Mapping[str, list[str]],
) -> Asked:
    spoken, chosen = language.spoken(), shown[group.key]
    return Asked(
        key=group.key,
        kind=group.kind,
        label=group.labels[spoken],
        press=group.press,
        is_required=group.required,
        applies=applies(form, answers, group.key),
        most=group.most,
        tokens=chosen,
        stored=stored[group.key],
        words=said(form, group.key, stored[group.key], spoken),
        options=[
            Option(code, choice.labels[spoken], code in chosen, key=choice.press)
            for code, choice in group.choices.items()
            if not choice.retired or code in chosen
        ],
        errors=errors.get(group.key, []),
    )


def _places(form: Form, shown: Tokens) -> Iterator[PlaceGroup]:
    group = next((one for one in form.taxonomy.groups.values() if one.kind is GroupKind.PLACE), None)
    if group is None:
        return
    yield from everywhere(group, form.municipalities, form.line.catchment, shown[group.key])
