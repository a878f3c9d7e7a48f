"""The decisions by which old records are destroyed: which are in force, and what was destroyed under them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError

from app.domain.errors import Conflict, NotFound
from app.domain.permissions import Permission
from app.domain.register import SWEDEN
from app.domain.retention import (
    EARLIEST,
    LONGEST_MONTHS,
    LONGEST_REFERENCE,
    PROPOSED_MONTHS,
    SHORTEST_MONTHS,
    Decision,
    RecordClass,
)
from app.services.csv_rows import tidy
from app.services.keeping import retention_rules as services
from app.storage.base import db
from app.storage.engine import begin_read_only
from app.web.desk.access import actor, needs
from app.web.desk.blueprint import desk

if TYPE_CHECKING:
    from werkzeug import Response
    from wtforms import Field

CLASSES: Final = {
    RecordClass.NOTES: lazy_gettext("Notes"),
    RecordClass.CALLBACKS: lazy_gettext("Call-backs"),
    RecordClass.CASES: lazy_gettext("Cases and follow-ups"),
    RecordClass.CONSULTATIONS: lazy_gettext("Consultations"),
    RecordClass.CALLS: lazy_gettext("Calls and events"),
    RecordClass.TRAININGS: lazy_gettext("Training occasions"),
    RecordClass.OBSERVATIONS: lazy_gettext("Gaps and good examples"),
}
MEANT: Final = {
    RecordClass.NOTES: lazy_gettext("What was noted in words; the rest of the record stays."),
    RecordClass.CALLBACKS: lazy_gettext("Who was to be rung back, and the tries. Numbers are erased long before."),
    RecordClass.CASES: lazy_gettext("Cases that have ended, with their follow-ups and hand-overs."),
    RecordClass.CONSULTATIONS: lazy_gettext("Everything in a record. One that is in a case waits for the case to go."),
    RecordClass.CALLS: lazy_gettext("Calls, whom they rang, and their log. The call of a record waits for it to go."),
    RecordClass.TRAININGS: lazy_gettext("What was held for professionals, and how many took part."),
    RecordClass.OBSERVATIONS: lazy_gettext("Notes that belong to no record, with their words."),
}


def _tidied(text: str | None) -> str:
    return tidy(text or "")


class DecisionForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    """A decision to destroy. ``today``: the last day on which it can have been made."""

    today: date
    reference = StringField(
        lazy_gettext("Decision (gallringsbeslut)"),
        [DataRequired(lazy_gettext("Nothing is destroyed without a decision.")), Length(max=LONGEST_REFERENCE)],
        description=lazy_gettext("Its number and name, as KS 2026/17, 12 §."),
        filters=[_tidied],
    )
    decided_on = DateField(lazy_gettext("Decided on"), [InputRequired(lazy_gettext("Give the day of the decision."))])
    keep_months = IntegerField(
        lazy_gettext("Keep for how many months"),
        [
            InputRequired(lazy_gettext("Write a number of months.")),
            NumberRange(
                SHORTEST_MONTHS,
                LONGEST_MONTHS,
                lazy_gettext("Write a whole number from %(min)s to %(max)s."),
            ),
        ],
        description=lazy_gettext("Counted from the last thing that happened to a record."),
        render_kw={"inputmode": "numeric"},
    )

    def validate_decided_on(self, field: Field) -> None:
        """A day that has come."""
        if field.data is not None and not EARLIEST <= field.data <= self.today:
            raise ValidationError(gettext("Give today or an earlier day."))

    def typed(self) -> Decision:
        """What was filled in."""
        return Decision(self.keep_months.data, self.reference.data, self.decided_on.data)


@desk.get("/retention")
@needs(Permission.SET_RETENTION)
def retention() -> str:
    """Every class of records with its rule, and what was destroyed."""
    begin_read_only(db.session())
    return render_template(
        "desk/retention.html",
        rules=services.rules(db.session(), actor()),
        destroyed=services.destructions(db.session(), actor()),
        classes=CLASSES,
        meant=MEANT,
        proposed=PROPOSED_MONTHS,
        zone=SWEDEN,
    )


@desk.get("/retention/<record_class>")
@needs(Permission.SET_RETENTION)
def retention_rule(record_class: str) -> str:
    """A form for one decision."""
    begin_read_only(db.session())
    kind = _kind(record_class)
    return _form(kind, DecisionForm(keep_months=PROPOSED_MONTHS[kind]))


@desk.post("/retention/<record_class>")
@needs(Permission.SET_RETENTION)
def decide_retention(record_class: str) -> Response | tuple[str, int]:
    """The decision is in force."""
    now, kind, form = datetime.now(UTC), _kind(record_class), DecisionForm()
    form.today = now.astimezone(SWEDEN).date()
    if not form.validate():
        return _form(kind, form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        services.enter(db.session(), actor(), actor().organisation, kind, form.typed(), now)
    except Conflict:
        db.session.rollback()
        form.form_errors.append(gettext("Somebody else has just entered another decision. Look at that first."))
        return _form(kind, form), HTTPStatus.CONFLICT
    db.session.commit()
    said = gettext("In force: %(kind)s. What is old enough is destroyed from the coming night on.", kind=CLASSES[kind])
    flash(said, "success")
    return redirect(url_for("desk.retention"), code=HTTPStatus.SEE_OTHER)


@desk.post("/retention/<record_class>/end")
@needs(Permission.SET_RETENTION)
def end_retention(record_class: str) -> Response:
    """Nothing more is destroyed under it."""
    kind = _kind(record_class)
    try:
        services.end(db.session(), actor(), actor().organisation, kind, datetime.now(UTC))
    except NotFound:
        flash(gettext("No decision is in force here any more."), "warning")
    else:
        db.session.commit()
        flash(gettext("Ended: nothing more is destroyed here. %(kind)s stay.", kind=CLASSES[kind]), "success")
    return redirect(url_for("desk.retention"), code=HTTPStatus.SEE_OTHER)


def _kind(name: str) -> RecordClass:
    if name not in set(RecordClass):
        abort(HTTPStatus.NOT_FOUND)
    return RecordClass(name)


def _form(kind: RecordClass, form: DecisionForm) -> str:
    rule = services.rules(db.session(), actor())[kind]
    return render_template(
        "desk/retention_rule.html", form=form, kind=kind, name=CLASSES[kind], meant=MEANT[kind], rule=rule
    )
