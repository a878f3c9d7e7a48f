"""What the first page shows, part by part, for whoever reads it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from app.domain.callflow.words import spoken_closure
from app.domain.permissions import Permission, allowed
from app.domain.skills import Language
from app.domain.today import CallPart
from app.services.callback import callback_list
from app.services.line import missed_calls
from app.services.record import record_pages
from app.services.today import own_state
from app.services.today.today_calls import calls_of_today, day_began
from app.services.today.today_duty import duty_now
from app.storage.queries.callbacks import count_open
from app.storage.queries.today import to_complete
from app.web import language
from app.web.desk.today.today_follow_ups import follow_ups_today
from app.web.desk.today.today_forms import DealtForm, PauseForm

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.lines import LineKey
    from app.domain.permissions import Actor
    from app.domain.policy import Policy
    from app.services.callback.callback_list import Waiting
    from app.services.line.missed_calls import Dealt, MissedCall
    from app.services.record.record_pages import Listed
    from app.services.today.own_state import OwnState, PauseChanged
    from app.services.today.today_calls import CallShown
    from app.services.today.today_duty import DutyNow, LineNow
    from app.web.desk.today.today_follow_ups import FollowUpsToday

MOST_TASKS, MOST_OLDEST, MOST_ENDED = 10, 5, 25


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody sent that wasn't taken: it stands in the page that says why."""

    pause: PauseForm | None = None
    changed: PauseChanged | None = None
    call: int | None = None
    dealt: DealtForm | None = None
    already: Dealt | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """A call that nobody took, with the form that says what was done."""

    call: MissedCall
    form: DealtForm | None
    """``None`` where the reader may not say it."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A list whose beginning is shown, and how long it is."""

    first: Sequence[object]
    count: int

    @property
    def others(self) -> int:
        """How many aren't shown."""
        return self.count - len(self.first)


@dataclass(frozen=True, slots=True)
class Today:
    """The whole page."""

    now: datetime
    zone: ZoneInfo | None
    clock: str
    lines: Sequence[LineNow]
    closures: Mapping[LineKey, str]
    names: Mapping[str, str]
    zones: Mapping[str, ZoneInfo]
    only: LineKey | None
    """The line in reach, if it is one alone: then not every row names it."""
    me: OwnState | None
    alone_on: str
    """The lines of which nobody but the reader is left."""
    takes_calls: bool
    keeps_rota: bool
    pause: PauseForm
    going_on: Sequence[CallShown]
    ended: Counted
    later: Sequence[CallShown]
    tasks: Counted
    later_tasks: Sequence[Task]
    is_sent_later: bool
    """Whether what was sent, and not taken, is of one of these."""
    dealt: Sequence[Dealt]
    records: Counted | None
    callbacks: Counted | None
    promises: FollowUpsToday
    typed: Typed = field(default_factory=Typed)


def shown(session: Session, policy: Policy, actor: Actor, now: datetime, typed: Typed) -> Today:
    """The page for its reader."""
    since = day_began(policy, actor, now)
    duty = duty_now(session, policy, actor, now)
    calls = calls_of_today(session, actor, since)
    ended = [one for one in calls if one.part is CallPart.ENDED]
    tasks = _tasks(session, actor, now, typed)
    me = _me(duty, actor, now)
    zone = duty.lines[0].zone if duty.lines else None
    return Today(
        now=now,
        zone=zone,
        clock=language.clock(now, zone) if zone else "",
        lines=duty.lines,
        closures=_closures(policy, duty),
        names=_names(policy, calls),
        zones=_zones(policy, calls, zone),
        only=duty.lines[0].line.key if len(duty.lines) == 1 else None,
        me=me,
        alone_on=", ".join(policy.lines[key].name for key in me.rests_with) if me else "",
        takes_calls=allowed(actor, Permission.TAKE_CALLS),
        keeps_rota=allowed(actor, Permission.EDIT_ROTA),
        pause=typed.pause or PauseForm(formdata=None),
        going_on=[one for one in calls if one.part is not CallPart.ENDED],
        ended=Counted(ended[:MOST_ENDED], len(ended)),
        later=ended[MOST_ENDED:],
        tasks=Counted(tasks[:MOST_TASKS], len(tasks)),
        later_tasks=tasks[MOST_TASKS:],
        is_sent_later=typed.call in {one.call.id for one in tasks[MOST_TASKS:]},
        dealt=missed_calls.dealt_since(session, actor, since),
        records=_records(session, actor),
        callbacks=_callbacks(session, actor, now),
        promises=follow_ups_today(session, policy, actor, now),
        typed=typed,
    )


def _names(policy: Policy, calls: Sequence[CallShown]) -> Mapping[str, str]:
    """Of all lines, those too that have gone from the configuration and left calls."""
    found: dict[str, str] = {one.line: one.line for one in calls}
    return found | {key: line.name for key, line in policy.lines.items()}


def _zones(policy: Policy, calls: Sequence[CallShown], usual: ZoneInfo | None) -> Mapping[str, ZoneInfo]:
    found: dict[str, ZoneInfo] = {one.line: usual or ZoneInfo("UTC") for one in calls}
    return found | {key: schedule.hours.zone for key, schedule in policy.schedules.items()}


def _me(duty: DutyNow, actor: Actor, now: datetime) -> OwnState | None:
    if actor.staff_id is None or not allowed(actor, Permission.TAKE_CALLS):
        return None
    return own_state.own_state(duty, actor.staff_id, now)


def _closures(policy: Policy, duty: DutyNow) -> Mapping[LineKey, str]:
    """Why a line is closed, in words that follow "closed"."""
    words = policy.words.in_language(Language(language.spoken()))
    closed = ((one.line.key, one.opening.closed) for one in duty.lines)
    return {key: spoken_closure(words, why) for key, why in closed if why}


def _tasks(session: Session, actor: Actor, now: datetime, typed: Typed) -> Sequence[Task]:
    may = allowed(actor, Permission.DEAL_WITH_CALLS)
    waiting = missed_calls.to_deal_with(session, actor, now)
    return [Task(one, _form(one, typed) if may else None) for one in waiting]


def _form(one: MissedCall, typed: Typed) -> DealtForm:
    if typed.dealt and typed.call == one.id:
        return typed.dealt
    return DealtForm(formdata=None, prefix=f"call-{one.id}-")


def _records(session: Session, actor: Actor) -> Counted | None:
    if actor.staff_id is None or not allowed(actor, Permission.WRITE_RECORDS):
        return None
    mine: Sequence[Listed] = record_pages.untagged(session, actor)[:MOST_OLDEST]
    return Counted(mine, to_complete(session, actor))


def _callbacks(session: Session, actor: Actor, now: datetime) -> Counted | None:
    if not allowed(actor, Permission.RING_BACK):
        return None
    waiting: Sequence[Waiting] = callback_list.work_list(session, actor, now, MOST_OLDEST)
    return Counted(waiting, count_open(session, actor))
