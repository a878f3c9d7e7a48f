"""What can be filled in about a request to be rung back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, TimeField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, ValidationError

from app.domain.callbacks import Closing, SafeHours
from app.web.desk.callback_words import CLOSINGS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.callback_list import Colleague

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


class ExposedForm(FlaskForm):  # type: ignore[misc] # as above
    """That it is an exposed person or a relative, and whether they can be rung."""

    safe = RadioField(
        lazy_gettext("May we ring?"),
        validators=[InputRequired(lazy_gettext("Choose whether we may ring."))],
        choices=[
            SelectChoice("no", lazy_gettext("No, or nobody knows: never ring")),
            SelectChoice("hours", lazy_gettext("Yes, the person has said that it is safe between these hours")),
        ],
    )
    begins = TimeField(lazy_gettext("Safe from"), render_kw={"class": "short"})
    ends = TimeField(lazy_gettext("Safe until"), render_kw={"class": "short"})
    is_sure = BooleanField(
        lazy_gettext("The person told me so, and knows what the phone shows"),
        description=lazy_gettext(
            "Our number shows on the phone and stays in its list of calls. Nobody whom they fear holds it in these"
            " hours."
        ),
    )

    def validate(self, extra_validators: object = None) -> bool:
        """Hours and the confirmation are needed where it is safe, and nowhere else."""
        if self.safe.data != "hours":
            self.begins.process(None)
            self.ends.process(None)
            return bool(super().validate(extra_validators))
        is_valid = bool(super().validate(extra_validators))
        for field in (self.begins, self.ends):
            if field.data is None:
                field.errors = [lazy_gettext("Write a time of day, as 09:30.")]
        if self.begins.data and self.ends.data and self.begins.data >= self.ends.data:
            self.ends.errors = [lazy_gettext("The end has to come after the beginning, on the same day.")]
        if not self.is_sure.data:
            self.is_sure.errors = [lazy_gettext("Without this it isn't safe to ring.")]
        return is_valid and not self.errors

    @property
    def hours(self) -> SafeHours | None:
        """When it is safe; ``None``: never. Of a form that is valid."""
        return SafeHours(self.begins.data, self.ends.data) if self.safe.data == "hours" else None
