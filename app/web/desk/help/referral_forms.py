"""The forms of coordinators for the list of referrals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from app.domain.lines import MunicipalityCode
from app.domain.referrals import LONGEST, SocialOffice, Words
from app.services.csv_rows import tidy
from app.services.help.office_file import EARLIEST, NUMBER
from app.services.help.referrals import Typed

if TYPE_CHECKING:
    from datetime import date

    from wtforms import Field

_MOST_POSITION = 10_000
_LONGEST_VERSION = 9
_A_NUMBER = Regexp(
    rf"(?:{NUMBER.pattern})\Z",
    message=lazy_gettext("Write digits, with spaces and hyphens where you like: 08-465 004 00."),
)


def _tidied(text: str | None) -> str:
    return tidy(text or "")


def _text(label: object, name: str, *more: object, **how: Any) -> StringField:  # noqa: ANN401 - WTForms ships no types
    return StringField(label, [*more, Length(max=LONGEST[name])], filters=[_tidied], **how)


def _day() -> DateField:
    return DateField(
        lazy_gettext("Verified on"),
        [Optional()],
        description=lazy_gettext(
            "When somebody last checked that it is right. Without a day it is marked as to be verified."
        ),
    )


class _Verified(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    """What both forms have. ``today``: the last day on which something can have been verified."""

    version = HiddenField()
    today: date

    def validate_verified_on(self, field: Field) -> None:
        """A day that has come."""
        if field.data is not None and not EARLIEST <= field.data <= self.today:
            raise ValidationError(gettext("Give today or an earlier day."))

    @property
    def seen_version(self) -> int:
        """The version that the form showed; -1, which is nobody's, for what isn't one."""
        sent = str(self.version.data or "")
        return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) <= _LONGEST_VERSION else -1


class ReferralForm(_Verified):
    """One entry of the list."""

    name = _text(lazy_gettext("Name"), "name", InputRequired())
    number = _text(
        lazy_gettext("Number"),
        "number",
        InputRequired(),
        _A_NUMBER,
        description=lazy_gettext("As it is to be read out."),
        render_kw={"inputmode": "tel", "autocomplete": "off"},
    )
    hours = _text(lazy_gettext("Hours"), "hours", Optional())
    whom = _text(lazy_gettext("For whom"), "whom", Optional())
    note = TextAreaField(lazy_gettext("Note"), [Length(max=LONGEST["note"])], filters=[_tidied])
    verified_on = _day()
    position = IntegerField(
        lazy_gettext("Place in the list"),
        [InputRequired(), NumberRange(1, _MOST_POSITION)],
        description=lazy_gettext("The lowest comes first."),
        render_kw={"inputmode": "numeric"},
    )

    def typed(self) -> Typed:
        """What was filled in."""
        texts = (self.name.data, self.number.data, self.hours.data, self.whom.data, self.note.data)
        return Typed(Words(*texts), self.position.data, self.verified_on.data, self.seen_version)


class OfficeForm(_Verified):
    """One municipality's social services."""

    day_number = _text(
        lazy_gettext("Social services (socialtjänst), daytime"),
        "number",
        Optional(),
        _A_NUMBER,
        render_kw={"inputmode": "tel", "autocomplete": "off"},
    )
    number = _text(
        lazy_gettext("Social services on duty (socialjour)"),
        "number",
        Optional(),
        _A_NUMBER,
        render_kw={"inputmode": "tel", "autocomplete": "off"},
    )
    hours = _text(lazy_gettext("Hours of the socialjour"), "hours", Optional())
    note = TextAreaField(lazy_gettext("Note"), [Length(max=LONGEST["note"])], filters=[_tidied])
    verified_on = _day()

    def typed(self, code: str) -> SocialOffice:
        """What was filled in."""
        return SocialOffice(
            MunicipalityCode(code),
            self.number.data,
            self.hours.data,
            self.day_number.data,
            self.note.data,
            self.verified_on.data,
            self.seen_version,
        )
