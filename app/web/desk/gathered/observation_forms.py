"""The form of a note on a gap or a good example."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from app.domain.municipalities import CountyCode
from app.domain.observations import GAP, SERVICE, Observation, about
from app.domain.taxonomy import Code
from app.services.notes import judged
from app.web import language
from app.web.desk.places import counties
from app.web.desk.record_words import FOUND, REFUSED
from app.web.desk.stale import digest
from app.web.desk.tokens import token_field, version_of
from app.web.setup import setup

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from app.services.gathered.observations import Noted

_NONE = SelectChoice("", lazy_gettext("none in particular"))


class ObservationForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    """What was seen, and in words; for which service and county, if it matters."""

    code = RadioField(lazy_gettext("What it is about"), validators=[InputRequired(lazy_gettext("Choose one."))])
    note = TextAreaField(lazy_gettext("Note"), [InputRequired(lazy_gettext("Write some words."))])
    service = SelectField(lazy_gettext("Service"))
    county = SelectField(lazy_gettext("County"))
    token = token_field()
    version = HiddenField()
    marked = HiddenField()
    """Which words the page has shown to be marked: they are kept when they are sent once more."""

    def prepared(self, before: Noted | None = None) -> Self:
        """The form with what can be chosen. ``before``: what stands there, whose retired codes may stay."""
        groups, spoken = setup().policy.taxonomy.groups, language.spoken()
        code, service = (before.observation.code, before.observation.service) if before else (None, None)
        self.code.choices = [
            SelectChoice(one, choice.labels[spoken])
            for one, choice in about(groups[GAP]).items()
            if not choice.retired or one == code
        ]
        self.service.choices = [_NONE] + [
            SelectChoice(one, choice.labels[spoken])
            for one, choice in groups[SERVICE].choices.items()
            if not choice.retired or one == service
        ]
        self.county.choices = [_NONE, *(SelectChoice(*pair) for pair in counties(setup().policy.municipalities))]
        return self

    def shows(self, noted: Noted) -> Self:
        """The form, filled in with what stands there."""
        one = noted.observation
        self.code.data, self.service.data, self.county.data = one.code, one.service or "", one.county or ""
        self.note.data, self.version.data = one.text, str(noted.version)
        return self

    def refuses(self) -> Sequence[str]:
        """What in the words could say who somebody is and hasn't been shown; notes at the field what stops them."""
        found = judged(self.note.data or "", setup().policy.municipalities.words)
        if found.refused:
            self.note.errors = [REFUSED[found.refused]]
        elif not found.text.strip():
            self.note.errors = [lazy_gettext("Write some words.")]
        if self.note.errors or not found.marks or self.marked.data == digest(found.text):
            return ()
        self.marked.data = digest(found.text)
        return [f"{FOUND[one.kind]}: {found.text[one.begin : one.end]}" for one in found.marks]

    def typed(self, day: date) -> Observation:
        """What was filled in, once the form is valid."""
        service = Code(self.service.data) if self.service.data else None
        county = CountyCode(self.county.data) if self.county.data else None
        return Observation(day, Code(self.code.data), service, county, self.note.data)

    @property
    def seen_version(self) -> int:
        """The version that the form showed."""
        return version_of(self.version.data)
