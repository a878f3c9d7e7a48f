"""What can be filled in about a follow-up: to which day it is moved and why, and why it is dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from app.domain.followups import FURTHEST_DAYS, FollowUpEnd, Moved
from app.domain.wall_clock import ONE_DAY
from app.web.desk.case.case_words import MOVES
from app.web.desk.case.follow_up_words import DROPS

if TYPE_CHECKING:
    from datetime import date


_A_DAY = lazy_gettext("Choose a day, as 2026-12-10.")


class _Day(DateField):  # type: ignore[misc] # the library has no types
    """A day, whose own words for one that can't be read say what is allowed."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_A_DAY) from None


class MoveForm(FlaskForm):  # type: ignore[misc] # as above
    """To which day, and why."""

    to = _Day(
        lazy_gettext("To which day"),
        validators=[InputRequired(_A_DAY)],
        description=lazy_gettext("A day on which the line is open."),
    )
    why = SelectField(
        lazy_gettext("Why"),
        validators=[InputRequired(lazy_gettext("Choose why."))],
        choices=[
            SelectChoice("", lazy_gettext("Choose why")),
            *(SelectChoice(one.value, MOVES[one]) for one in Moved),
        ],
    )

    @classmethod
    def here(cls, *, is_sent: bool) -> MoveForm:
        """By names of its own: the page of a case has other forms. As it was sent, or empty."""
        return cls(prefix="move-") if is_sent else cls(formdata=None, prefix="move-")

    def between(self, today: date) -> None:
        """Say in the page which days can be chosen."""
        self.to.render_kw = {"min": today.isoformat(), "max": (today + FURTHEST_DAYS * ONE_DAY).isoformat()}


class DropForm(FlaskForm):  # type: ignore[misc] # as above
    """Why it isn't to be done any more."""

    how = RadioField(
        lazy_gettext("Why is it dropped?"),
        validators=[InputRequired(lazy_gettext("Choose why it is dropped."))],
        choices=[
            SelectChoice(one.value, DROPS[one]) for one in (FollowUpEnd.NOT_REACHED, FollowUpEnd.NO_LONGER_WANTED)
        ],
    )

    @classmethod
    def here(cls, *, is_sent: bool) -> DropForm:
        """The same."""
        return cls(prefix="drop-") if is_sent else cls(formdata=None, prefix="drop-")
