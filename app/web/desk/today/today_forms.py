"""The forms of the first page. They are sent without a script, and the whole page comes back with what is wrong."""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import TYPE_CHECKING

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import TimeInput

from app.domain.missed_calls import DealtAs
from app.domain.today import PauseReason
from app.domain.wall_clock import instant_at
from app.web import language
from app.web.desk.today.today_words import DEALT, REASONS

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])", re.ASCII)
_CHOOSE = lazy_gettext("Choose one.")


class _Form(FlaskForm):  # type: ignore[misc] # ships no types
    class Meta:
        csrf = False  # the application looks at every form itself


class PauseForm(_Form):
    """Why, and until when. ``seen``: the pause that the page showed."""

    reason = RadioField(
        lazy_gettext("Why"),
        choices=[SelectChoice(one.value, REASONS[one]) for one in PauseReason],
        validators=[InputRequired(_CHOOSE)],
    )
    until = StringField(
        lazy_gettext("Back at"),
        description=lazy_gettext("Until then nobody rings you; after it you are rung again by itself."),
        validators=[Optional()],
        widget=TimeInput(),
    )
    seen = HiddenField()

    def ends(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """When the pause ends. Notes at the field what is wrong with it."""
        typed = (self.until.data or "").strip()
        if not typed:
            return None
        found = _CLOCK.fullmatch(typed)
        today = now.astimezone(zone).date()
        ends = instant_at(today, time(int(found[1]), int(found[2])), zone) if found else None
        if ends is None or ends <= now:
            shown = language.clock(now, zone)
            self.until.errors = [gettext("Write a time of today after %(now)s, as hours and minutes.", now=shown)]
        return ends


class DealtForm(_Form):
    """What was done about one call."""

    dealt_as = SelectField(
        lazy_gettext("What was done"),
        choices=[
            SelectChoice("", lazy_gettext("Choose what was done")),
            *(SelectChoice(one.value, DEALT[one]) for one in DealtAs),
        ],
        validators=[InputRequired(_CHOOSE)],
    )


def seen_pause(token: str | None) -> int | None:
    """Which pause a page showed; none where it showed none, and for anything else."""
    is_number = token and token.isascii() and token.isdecimal() and len(token) < len(str(2**31))
    return int(token) if token and is_number else None
