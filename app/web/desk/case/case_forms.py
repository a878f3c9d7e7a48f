"""What can be filled in about a case: to whom it goes and why, that it is over, that it isn't after all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, ValidationError

from app.domain.cases import CaseEnd, HandOver, Reopening
from app.domain.consultations import LONGEST_NOTE
from app.domain.lines import StaffId
from app.services.case.cases import HandingOver
from app.web import language
from app.web.desk.case.case_words import ENDS, HAND_OVERS, REOPENINGS
from app.web.setup import setup

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from zoneinfo import ZoneInfo

    from app.domain.errors import RejectedInput
    from app.domain.lines import LineKey
    from app.services.case.hand_overs import Taker

_CANT_HAVE_IT = lazy_gettext("This colleague can't have it: choose one of the list.")


class HandOverForm(FlaskForm):  # type: ignore[misc] # the library has no types
    """To whom, why, and what the next one has to know."""

    to = SelectField(
        lazy_gettext("To whom"),
        validators=[InputRequired(lazy_gettext("Choose a colleague."))],
        choices=[],
        validate_choice=False,
    )
    reason = SelectField(
        lazy_gettext("Why"),
        validators=[InputRequired(lazy_gettext("Choose why."))],
        choices=[
            SelectChoice("", lazy_gettext("Choose why")),
            *(SelectChoice(one.value, HAND_OVERS[one]) for one in HandOver),
        ],
    )
    note = TextAreaField(
        lazy_gettext("What the next one has to know"),
        description=lazy_gettext("At most 500 characters. No names, no numbers of persons, as in every note."),
        render_kw={"rows": 4},
    )

    def validate_to(self, field: SelectField) -> None:
        """One of those who are offered: nobody else could open it."""
        if field.data not in {choice.value for choice in field.choices if choice.value}:
            raise ValidationError(_CANT_HAVE_IT)

    def validate_note(self, field: TextAreaField) -> None:
        """No longer than a record's note."""
        signs = len((field.data or "").replace("\r\n", "\n").strip())
        if signs > LONGEST_NOTE:
            raise ValidationError(gettext("It is %(signs)d characters long; 500 is the most.", signs=signs))

    def offers(self, takers: Sequence[Taker], whose: StaffId, lines: Collection[LineKey], zone: ZoneInfo) -> None:
        """Everybody else; who isn't there, and who reaches some of the lines alone, are said to be so."""
        people = [SelectChoice(one.staff_id, _taker(one, lines, zone)) for one in takers if one.staff_id != whose]
        self.to.choices = [SelectChoice("", lazy_gettext("Choose a colleague")), *people]

    def asked(self, whose: StaffId) -> HandingOver:
        """Of a form that is valid."""
        return HandingOver(StaffId(self.to.data), HandOver(self.reason.data), self.note.data or "", whose)

    def refuse(self, refused: RejectedInput) -> None:
        """Say by the field what the service wouldn't take."""
        keys = {one.key for one in refused.problems}
        if "note" in keys:
            words = lazy_gettext("A personal identity number stands in it. Take it out: no note keeps one.")
            self.note.errors = [words]
        if "to" in keys:
            self.to.errors = [_CANT_HAVE_IT]
        if "cases" in keys:
            self.form_errors.append(gettext("You can hand over your own cases alone. Nothing was handed over."))


class EndForm(FlaskForm):  # type: ignore[misc] # as above
    """Why it is over."""

    how = RadioField(
        lazy_gettext("Why is it over?"),
        validators=[InputRequired(lazy_gettext("Choose why it is over."))],
        choices=[SelectChoice(one.value, ENDS[one]) for one in CaseEnd],
    )


class ReopenForm(FlaskForm):  # type: ignore[misc] # as above
    """Why it isn't."""

    why = RadioField(
        lazy_gettext("Why is it opened again?"),
        validators=[InputRequired(lazy_gettext("Choose why it is opened again."))],
        choices=[SelectChoice(one.value, REOPENINGS[one]) for one in Reopening],
    )


def _taker(one: Taker, lines: Collection[LineKey], zone: ZoneInfo) -> str:
    hints = []
    if one.absent_until is not None:
        hints.append(gettext("away until %(when)s", when=language.day_and_clock(one.absent_until, zone)))
    if not one.lines.issuperset(lines):
        known = setup().policy.lines
        names = ", ".join(known[line].name if line in known else line for line in sorted(one.lines))
        hints.append(gettext("%(lines)s alone", lines=names))
    return f"{one.alias} ({'; '.join(hints)})" if hints else one.alias
