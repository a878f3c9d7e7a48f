"""What can be filled in about a request to be rung back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TimeField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, ValidationError
from wtforms.widgets import PasswordInput

from app.domain.callbacks import Closing, SafeHours
from app.domain.phone import typed_number
from app.web.desk.callback.callback_words import CLOSINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from wtforms import Field

    from app.domain.phone import PhoneNumber
    from app.services.callback.callback_list import Colleague

_BETWEEN_DIGITS = re.compile(r"[\s()/.-]|^\+")
_BY_HAND = (Closing.NOT_REACHED, Closing.WRONG_NUMBER, Closing.NO_LONGER_WANTED)


class ClosingForm(FlaskForm):  # type: ignore[misc] # the library has no types
    """Why it is over."""

    closing = RadioField(
        lazy_gettext("Why is it over?"),
        validators=[InputRequired(lazy_gettext("Choose why it is over."))],
        choices=[SelectChoice(one.value, CLOSINGS[one]) for one in (Closing.TALKED, *_BY_HAND)],
    )

    def offers(self, *, was_reached: bool) -> None:
        """Leave out what can't be."""
        kept = (Closing.TALKED, *_BY_HAND) if was_reached else _BY_HAND
        self.closing.choices = [SelectChoice(one.value, CLOSINGS[one]) for one in kept]


class PassingForm(FlaskForm):  # type: ignore[misc] # as above
    """To whom it is handed."""

    colleague = SelectField(
        lazy_gettext("Colleague"),
        validators=[InputRequired(lazy_gettext("Choose a colleague."))],
        choices=[],
        validate_choice=False,
    )

    def validate_colleague(self, field: SelectField) -> None:
        """One of those who are offered: somebody else can't open it."""
        if field.data not in {choice.value for choice in field.choices if choice.value}:
            raise ValidationError(gettext("This colleague can't open it: choose one of the list."))

    def offers(self, colleagues: Sequence[Colleague]) -> None:
        """Those who know the subject first."""
        groups = {True: str(lazy_gettext("Know the subject best")), False: str(lazy_gettext("Others"))}
        has_groups = any(one.knows_it for one in colleagues)
        people = [
            SelectChoice(one.staff_id, one.alias, optgroup=groups[one.knows_it] if has_groups else None)
            for one in colleagues
        ]
        self.colleague.choices = [SelectChoice("", lazy_gettext("Choose a colleague")), *people]


class _SafeForm(FlaskForm):  # type: ignore[misc] # as above
    """The hours in which it is safe to ring, and that the person said so."""

    begins = TimeField(lazy_gettext("Safe from"), render_kw={"class": "short"})
    ends = TimeField(lazy_gettext("Safe until"), render_kw={"class": "short"})
    is_sure = BooleanField(
        lazy_gettext("The person told me so, and knows what the phone shows"),
        description=lazy_gettext(
            "Our number shows on the phone and stays in its list of calls. Nobody whom they fear holds it in these"
            " hours."
        ),
    )

    def has_hours(self) -> bool:
        """Whether hours and the confirmation are there; what isn't says so."""
        for field in (self.begins, self.ends):
            if field.data is None:
                field.errors = [lazy_gettext("Write a time of day, as 09:30.")]
        if self.begins.data and self.ends.data and self.begins.data >= self.ends.data:
            self.ends.errors = [lazy_gettext("The end has to come after the beginning, on the same day.")]
        if not self.is_sure.data:
            self.is_sure.errors = [lazy_gettext("Without this it isn't safe to ring.")]
        return not self.errors


class ExposedForm(_SafeForm):
    """That it is an exposed person or a relative, and whether they can be rung."""

    seen = HiddenField()
    safe = RadioField(
        lazy_gettext("May we ring?"),
        validators=[InputRequired(lazy_gettext("Choose whether we may ring."))],
        choices=[
            SelectChoice("no", lazy_gettext("No, or nobody knows: never ring")),
            SelectChoice("hours", lazy_gettext("Yes, the person has said that it is safe between these hours")),
        ],
    )

    def validate(self, extra_validators: object = None) -> bool:
        """Hours and the confirmation are needed where it is safe, and nowhere else."""
        if self.safe.data != "hours":
            self.begins.process(None)
            self.ends.process(None)
            return bool(super().validate(extra_validators))
        is_valid = bool(super().validate(extra_validators))
        return self.has_hours() and is_valid

    @property
    def hours(self) -> SafeHours | None:
        """When it is safe; ``None``: never. Of a form that is valid."""
        return SafeHours(self.begins.data, self.ends.data) if self.safe.data == "hours" else None


class _Forgetful(PasswordInput):  # type: ignore[misc] # as above
    """A number to be typed that no page shows again, not even one that says what else is to be mended."""

    input_type = "tel"


class ByHandForm(_SafeForm):
    """Whom to ring back, and when. ``is_fine``: whether a number is one that we would ring."""

    record = HiddenField()
    number = StringField(
        lazy_gettext("Number"),
        [InputRequired(lazy_gettext("Write the number that the person wants to be rung on."))],
        widget=_Forgetful(),
        description=lazy_gettext(
            "It is sealed at once and never shown again. Read it back to the person before you send."
        ),
        render_kw={"class": "short", "autocomplete": "off"},
    )
    is_fine: Callable[[PhoneNumber], bool]

    def validate_number(self, field: Field) -> None:
        """A number that we would ring."""
        number = _phone(field.data)
        if number is None or not self.is_fine(number):
            raise ValidationError(
                gettext("We can't ring that number. Write a Swedish one with its area code, as 070-174 06 05.")
            )

    def validate(self, extra_validators: object = None) -> bool:
        """All of it is needed."""
        is_valid = bool(super().validate(extra_validators))
        is_whole = self.has_hours() and is_valid
        if not is_whole and not self.number.errors:
            self.number.errors = [gettext("Write the number once more: it isn't kept until all is right.")]
        return is_whole

    @property
    def phone(self) -> PhoneNumber | None:
        """What was typed, as a number; ``None`` when it can't be one."""
        return _phone(self.number.data)

    @property
    def hours(self) -> SafeHours:
        """When it is safe. Of a form that is valid."""
        return SafeHours(self.begins.data, self.ends.data)


def _phone(typed: str | None) -> PhoneNumber | None:
    """With or without what people put between digits."""
    return typed_number(_BETWEEN_DIGITS.sub("", (typed or "").strip()))
