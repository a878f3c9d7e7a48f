"""The form that a record is opened by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from app.domain.channels import BY_HAND, DAYS_BACK, days_open
from app.web.desk.record_words import CHANNELS
from app.web.desk.tokens import token_field
from app.web.desk.wall_clocks import zone_of
from app.web.setup import setup

if TYPE_CHECKING:
    from datetime import datetime

    from app.domain.permissions import Actor

_CHOOSE = lazy_gettext("Choose one.")


class OpeningForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    """Line, how it took place, and the day."""

    line = RadioField(lazy_gettext("Line"), validators=[InputRequired(_CHOOSE)])
    channel = RadioField(
        lazy_gettext("How it took place"),
        choices=[SelectChoice(one.value, CHANNELS[one]) for one in BY_HAND],
        validators=[InputRequired(_CHOOSE)],
    )
    day = DateField(
        lazy_gettext("Day"),
        [InputRequired()],
        description=lazy_gettext("The day on which it took place: today, or up to %(days)d days ago.", days=DAYS_BACK),
    )
    token = token_field()

    def prepared(self, asking: Actor, now: datetime) -> Self:
        """The form for its reader: with their lines, and today. Whoever has one line isn't asked for it."""
        lines = [line for key, line in setup().policy.lines.items() if key in asking.lines]
        self.line.choices = [SelectChoice(line.key, line.name) for line in lines]
        if len(lines) == 1:
            self.line.data = lines[0].key
            self.line.raw_data = [lines[0].key]
        if lines and not self.is_submitted():
            self.day.data = days_open(now, zone_of(lines[0].key))[1]
        return self

    def refuse_day(self) -> None:
        """Note at the day what is allowed."""
        words = gettext("Give today, or a day of the last %(days)d days.", days=DAYS_BACK)
        self.day.errors = [words]
