"""The form of a note on the time axis."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Self

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, ValidationError

from app.domain.lines import LineKey
from app.domain.time_notes import AHEAD_DAYS, EARLIEST, LONGEST, TimeNote, refused
from app.services.numbers import time_notes as services
from app.web.desk.access import actor
from app.web.desk.record_words import FOUND
from app.web.desk.stale import digest
from app.web.desk.tokens import token_field, version_of
from app.web.setup import setup

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from wtforms import Field

    from app.services.numbers.time_notes import Noted

_WRITE = lazy_gettext("Write some words.")


class TimeNoteForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    """When, for which line, and what happened."""

    day = DateField(lazy_gettext("Day"), [InputRequired()])
    line = SelectField(lazy_gettext("Line"))
    text = StringField(
        lazy_gettext("What happened"),
        [InputRequired(_WRITE), Length(max=LONGEST, message=lazy_gettext("At most 120 characters."))],
        description=lazy_gettext(
            "As a new line, a change of law, a campaign: at most 120 characters. "
            "No names, numbers or addresses of anybody."
        ),
        render_kw={"autocomplete": "off"},
    )
    token = token_field()
    version = HiddenField()
    marked = HiddenField()
    """Which words the page has shown to be marked: they are kept when they are sent once more."""
    today: date

    def prepared(self, today: date) -> Self:
        """The form with what can be chosen."""
        policy, asker = setup().policy, actor()
        self.today = today
        whole = [SelectChoice("", lazy_gettext("The whole organisation"))]
        lines = [SelectChoice(key, line.name) for key, line in policy.lines.items() if key in asker.lines]
        self.line.choices = (whole if services.reaches_whole(policy, asker) else []) + lines
        return self

    def shows(self, noted: Noted) -> Self:
        """The form, filled in with what stands there."""
        one = noted.note
        self.day.data, self.line.data, self.text.data = one.day, one.line or "", one.text
        self.version.data = str(noted.version)
        return self

    def validate_day(self, field: Field) -> None:
        """Not long ago, and not far ahead."""
        if field.data is not None and not EARLIEST <= field.data <= self.today + timedelta(days=AHEAD_DAYS):
            raise ValidationError(
                gettext("Give a day from %(year)d on, and no later than in a year.", year=EARLIEST.year)
            )

    def validate_text(self, field: Field) -> None:
        """No number or address of anybody."""
        found = services.judged(setup().policy, field.data or "")
        if not found.text:
            raise ValidationError(str(_WRITE))
        if kinds := refused(found.marks):
            what = ", ".join(sorted(str(FOUND[kind]) for kind in kinds))
            raise ValidationError(gettext("Take out what could say who somebody is: %(what)s.", what=what))

    def asks(self) -> Sequence[str]:
        """What may be a name and hasn't been shown yet: then the page shows it and nothing is kept."""
        found = services.judged(setup().policy, self.text.data or "")
        if not found.marks or self.marked.data == digest(found.text):
            return ()
        self.marked.data = digest(found.text)
        return [f"{FOUND[one.kind]}: {found.text[one.begin : one.end]}" for one in found.marks]

    def typed(self) -> TimeNote:
        """What was filled in, once the form is valid."""
        return TimeNote(self.day.data, LineKey(self.line.data) if self.line.data else None, self.text.data)

    @property
    def seen_version(self) -> int:
        """The version that the form showed."""
        return version_of(self.version.data)
