"""What lists are looked for by: one form, of which each list has its part; and a name to keep that under."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from app.domain.finding import FOUND_BY, Sought, sought_of
from app.services.help.social_offices import catchment
from app.services.record.saved_views import LONGEST_NAME
from app.web import language
from app.web.desk.access import actor
from app.web.desk.lists.list_words import LABELS, label_of
from app.web.desk.places import PlaceGroup, far, near
from app.web.setup import setup

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from werkzeug.datastructures import MultiDict
    from wtforms import Field

_ANY = lazy_gettext("All")


def _choice(label: object = None) -> SelectField:
    """One of several, or none: what isn't sent isn't looked for."""
    return SelectField(label, default="")


class FilterForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    """All that a list can be looked for by."""

    line = _choice(LABELS["line"])
    first = DateField(LABELS["first"], [Optional()])
    last = DateField(LABELS["last"], [Optional()])
    state = _choice(LABELS["state"])
    staff = _choice(LABELS["staff"])
    municipality = _choice(LABELS["municipality"])
    service = _choice()
    type = _choice()
    theme = _choice()
    advice = _choice()
    gap = _choice()
    urgency = _choice()

    def validate_last(self, field: Field) -> None:
        """A period has a day."""
        first = self.first.data if "first" in self else None
        if field.data is not None and first is not None and field.data < first:
            raise ValidationError(gettext("Give the same day as the first one, or a later one."))

    @property
    def sought(self) -> Sought:
        """What was chosen."""
        days = {key: self.data[key].isoformat() for key in ("first", "last") if self.data.get(key)}
        return sought_of(self.data | days)

    @property
    def places(self) -> list[PlaceGroup]:
        """The municipalities, those of the lines first."""
        known, near_ones = setup().policy.municipalities, catchment(setup().policy, actor())
        chosen = [self.municipality.data or ""]
        return [near(known, near_ones, chosen), *far(known, near_ones, chosen)]


class NameForm(FlaskForm):  # type: ignore[misc] # as above
    """What a view is called."""

    name = StringField(
        lazy_gettext("Name"),
        [InputRequired(), Length(max=LONGEST_NAME)],
        description=lazy_gettext("Only you see it. Name no person."),
        render_kw={"autocomplete": "off"},
    )


def filter_form(
    fields: Collection[str],
    states: Mapping[str, object],
    people: Mapping[str, str],
    sought: Sought,
    sent: MultiDict[str, str] | None = None,
) -> FilterForm:
    """The part of the form that a list has, with what is looked for now, or with what was sent."""
    form = FilterForm(formdata=sent, data=_data(sought))
    for name in [field.short_name for field in form if field.short_name not in {*fields, "csrf_token"}]:
        del form[name]
    for name, options in _options(states, people).items():
        if name in form:
            form[name].choices = [("", _ANY), *options]
            form[name].label.text = label_of(name)
    return form


def within(sought: Sought, fields: Collection[str], states: Mapping[str, object], people: Mapping[str, str]) -> Sought:
    """What of it the list can be looked for by, as things are: an address may be old, or made up."""
    known = {name: {value for value, _ in options} for name, options in _options(states, people).items()}
    kept = sought.to_json()
    return sought_of({key: value for key, value in kept.items() if key in fields and value in known.get(key, {value})})


def _data(sought: Sought) -> dict[str, Any]:
    return {**sought.to_json(), "first": sought.first, "last": sought.last}


def _options(states: Mapping[str, object], people: Mapping[str, str]) -> dict[str, list[tuple[str, object]]]:
    policy, spoken = setup().policy, language.spoken()
    groups = {key: policy.taxonomy.groups[key] for key in FOUND_BY if key in policy.taxonomy.groups}
    return {
        "line": [(key, policy.lines[key].name) for key in sorted(actor().lines) if key in policy.lines],
        "state": list(states.items()),
        "staff": list(people.items()),
        "municipality": [(code, one.name) for code, one in policy.municipalities.by_code.items()],
        **{key: [(code, one.labels[spoken]) for code, one in group.choices.items()] for key, group in groups.items()},
    }
