"""The follow-up of a case: done, tried in vain, moved, or dropped. The number to ring is kept nowhere."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import abort, flash, redirect, url_for
from flask_babel import gettext

from app.domain.errors import Conflict, NotFound, RejectedInput
from app.domain.followups import FURTHEST_DAYS, FollowUpEnd, Moved
from app.domain.lines import LineKey
from app.domain.permissions import Permission
from app.domain.wall_clock import ONE_DAY
from app.services.case import cases, followup_lists, followups
from app.storage.base import db
from app.storage.engine import begin_read_only
from app.storage.models import FollowUp
from app.storage.queries.scoped import found
from app.web import language
from app.web.desk.access import actor, needs
from app.web.desk.blueprint import desk
from app.web.desk.case.case_follow_up_shown import Sent
from app.web.desk.case.follow_up_forms import DropForm, MoveForm
from app.web.desk.case.follow_up_words import closed_day
from app.web.desk.case.pages import page
from app.web.desk.wall_clocks import zone_of
from app.web.setup import setup

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from werkzeug import Response as Redirect

    Answer = Redirect | tuple[str, int]

_ONE = "/cases/<string(length=7):reference>/follow-up"
_IDS = "<int(max=2147483647):follow_up>"


@desk.get(f"{_ONE}/{_IDS}/done")
@desk.get(f"{_ONE}/{_IDS}/not-reached")
@desk.get(f"{_ONE}/{_IDS}/move")
@desk.get(f"{_ONE}/{_IDS}/drop")
@needs(Permission.SEE_CASES)
def back_to_follow_up(reference: str, follow_up: int) -> Redirect:
    """To the case, for whoever loads the address of a form again."""
    begin_read_only(db.session())
    _line_of(reference, follow_up)
    return _back(reference)


@desk.post(f"{_ONE}/{_IDS}/done")
@needs(Permission.FOLLOW_UP)
def follow_up_done(reference: str, follow_up: int) -> Answer:
    """The promise is kept."""
    _line_of(reference, follow_up)
    return _does(
        reference,
        lambda now: followups.end(db.session(), actor(), follow_up, FollowUpEnd.DONE, now),
        gettext("The follow-up is done."),
    )


@desk.post(f"{_ONE}/{_IDS}/not-reached")
@needs(Permission.FOLLOW_UP)
def follow_up_not_reached(reference: str, follow_up: int) -> Answer:
    """Tried in vain; it is still to be done."""
    _line_of(reference, follow_up)
    return _does(
        reference,
        lambda now: followups.not_reached(db.session(), actor(), follow_up, now),
        gettext("It is noted that nobody was reached. The follow-up is still to be done."),
    )


@desk.post(f"{_ONE}/{_IDS}/move")
@needs(Permission.FOLLOW_UP)
def move_follow_up(reference: str, follow_up: int) -> Answer:
    """Another day, for a reason."""
    line, form = _line_of(reference, follow_up), MoveForm.here(is_sent=True)
    if not form.validate_on_submit():
        return page(reference, follow=Sent(moving=form)), HTTPStatus.UNPROCESSABLE_ENTITY
    now, to = datetime.now(UTC), form.to.data
    try:
        followups.move(db.session(), setup().policy, actor(), follow_up, to, Moved(form.why.data), now)
    except RejectedInput:
        db.session.rollback()
        form.to.errors = [_why_not(line, to, now)]
        return page(reference, follow=Sent(moving=form)), HTTPStatus.UNPROCESSABLE_ENTITY
    except Conflict:
        return _over_already(reference)
    db.session.commit()
    flash(gettext("The follow-up is moved to %(day)s.", day=language.weekday(to)), "success")
    return _back(reference)


@desk.post(f"{_ONE}/{_IDS}/drop")
@needs(Permission.FOLLOW_UP)
def drop_follow_up(reference: str, follow_up: int) -> Answer:
    """It isn't to be done any more."""
    _line_of(reference, follow_up)
    form = DropForm.here(is_sent=True)
    if not form.validate_on_submit():
        return page(reference, follow=Sent(dropping=form)), HTTPStatus.UNPROCESSABLE_ENTITY
    return _does(
        reference,
        lambda now: followups.end(db.session(), actor(), follow_up, FollowUpEnd(form.how.data), now),
        gettext("The follow-up is dropped. The case is still open."),
    )


def _does(reference: str, change: Callable[[datetime], None], said: str) -> Answer:
    try:
        change(datetime.now(UTC))
    except Conflict:
        return _over_already(reference)
    db.session.commit()
    flash(said, "success")
    return _back(reference)


def _over_already(reference: str) -> Answer:
    db.session.rollback()
    words = gettext("Somebody has done or dropped this follow-up meanwhile. Nothing was changed now.")
    return page(reference, follow=Sent(refused=words)), HTTPStatus.CONFLICT


def _why_not(line: LineKey, to: date, now: datetime) -> str:
    today = now.astimezone(zone_of(line)).date()
    furthest = today + FURTHEST_DAYS * ONE_DAY
    if not today <= to <= furthest:
        first, last = map(language.date_words, (today, furthest))
        return str(gettext("Choose a day from %(first)s to %(last)s.", first=first, last=last))
    return closed_day(to, *followup_lists.open_days_near(db.session(), setup().policy, line, to, now))


def _line_of(reference: str, follow_up: int) -> LineKey:
    """The line of a follow-up of this case; nobody is led to one of another case."""
    try:
        case = cases.of_digits(db.session(), actor(), reference)
        one = found(db.session(), FollowUp, follow_up, actor())
    except NotFound:
        abort(HTTPStatus.NOT_FOUND)
    return LineKey(one.line) if one.case_id == case.id else abort(HTTPStatus.NOT_FOUND)


def _back(reference: str) -> Redirect:
    return redirect(url_for("desk.case", reference=reference, _anchor="follow-up"), code=HTTPStatus.SEE_OTHER)
