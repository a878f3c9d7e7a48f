"""The form of a training occasion."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from babel.numbers import format_decimal
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, IntegerField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.domain.taxonomy import Code, GroupKind
from app.domain.training import (
    EARLIEST,
    LEAST_MINUTES,
    MOST_MINUTES,
    MOST_PARTICIPANTS,
    Occasion,
    TrainingKind,
)
from app.services.gathered.training import SERVICE, Noted
from app.services.help import social_offices
from app.web import language
from app.web.desk.access import actor
from app.web.desk.gathered.training_words import KINDS
from app.web.desk.places import everywhere
from app.web.desk.record_answers import place_of, place_token
from app.web.desk.tokens import token_field, version_of
from app.web.setup import setup

if TYPE_CHECKING:
    from datetime import date

    from wtforms import Field

_HOURS = re.compile(r"([0-9]{1,2})(?:[.,]([0-9]{1,2}))?", re.ASCII)
_CHOOSE = lazy_gettext("Choose one.")


class TrainingForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    """When, what, for whom, where, and how many."""

    held_on = DateField(lazy_gettext("Day"), [InputRequired()])
    kind = RadioField(
        lazy_gettext("Form"),
        choices=[SelectChoice(one.value, KINDS[one]) for one in TrainingKind],
        validators=[InputRequired(_CHOOSE)],
    )
    participants = IntegerField(
        lazy_gettext("Participants"),
        [InputRequired(), NumberRange(1, MOST_PARTICIPANTS)],
        description=lazy_gettext("How many, never who: from 1 to %(most)d.", most=MOST_PARTICIPANTS),
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    hours = StringField(
        lazy_gettext("Length in hours"),
        [InputRequired()],
        description=lazy_gettext("How long it was, as 1.5 or 2."),
        render_kw={"inputmode": "decimal", "autocomplete": "off"},
    )
    services = SelectMultipleField(
        lazy_gettext("For whom"),
        validators=[InputRequired(lazy_gettext("Choose at least one."))],
        widget=ListWidget(),
        option_widget=CheckboxInput(),
    )
    place = SelectField(
        lazy_gettext("Place"),
        validators=[InputRequired(lazy_gettext("Choose a place of the list."))],
        description=lazy_gettext("The area of the participants' service: a municipality, or a county."),
    )
    token = token_field()
    version = HiddenField()
    today: date

    def prepared(self, today: date, before: Noted | None = None) -> Self:
        """The form with what can be chosen. ``before``: what stands there, whose retired codes may stay."""
        policy = setup().policy
        self.today = today
        spoken, stored = language.spoken(), before.occasion if before else None
        group = policy.taxonomy.groups[SERVICE]
        kept = stored.services if stored else ()
        self.services.choices = [
            SelectChoice(code, choice.labels[spoken])
            for code, choice in group.choices.items()
            if not choice.retired or code in kept
        ]
        question = next(one for one in policy.taxonomy.groups.values() if one.kind is GroupKind.PLACE)
        catchment = social_offices.catchment(policy, actor())
        parts = everywhere(question, policy.municipalities, catchment, ())
        self.place.choices = [SelectChoice("", "")] + [
            SelectChoice(one.value, one.label, optgroup=part.label) for part in parts for one in part.options
        ]
        return self

    def shows(self, noted: Noted) -> Self:
        """The form, filled in with what stands there."""
        one = noted.occasion
        self.held_on.data, self.kind.data, self.participants.data = one.held_on, one.kind.value, one.participants
        self.hours.data, self.services.data = hours_words(one.minutes), list(one.services)
        self.place.data, self.version.data = place_token(one.place), str(noted.version)
        return self

    def validate_held_on(self, field: Field) -> None:
        """A day that has come."""
        if field.data is not None and not EARLIEST <= field.data <= self.today:
            raise ValidationError(gettext("Give today or an earlier day, not before %(year)d.", year=EARLIEST.year))

    def validate_hours(self, field: Field) -> None:
        """A number of hours."""
        if not LEAST_MINUTES <= minutes_of(field.data or "") <= MOST_MINUTES:
            raise ValidationError(gettext("Write a number from 0.25 to 40, as 1.5."))

    def typed(self) -> Occasion:
        """What was filled in, once the form is valid."""
        return Occasion(
            held_on=self.held_on.data,
            participants=self.participants.data,
            minutes=minutes_of(self.hours.data),
            kind=TrainingKind(self.kind.data),
            services=tuple(Code(str(one.value)) for one in self.services.choices if one.value in self.services.data),
            place=place_of(self.place.data),
        )

    @property
    def seen_version(self) -> int:
        """The version that the form showed."""
        return version_of(self.version.data)


def minutes_of(text: str) -> int:
    """Hours as people write them, in minutes; 0 for what is no number."""
    found = _HOURS.fullmatch(text.strip())
    return round(Decimal(f"{found[1]}.{found[2] or 0}") * 60) if found else 0


def hours_words(minutes: int) -> str:
    """1,5: as the language writes it."""
    return str(format_decimal(Decimal(minutes) / 60, format="0.##", locale=language.locale()))
