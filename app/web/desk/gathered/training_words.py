"""The words of training occasions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_babel import lazy_gettext

from app.domain.consultations import OF_A_COUNTY
from app.domain.taxonomy import Code, GroupKind
from app.domain.training import TrainingKind
from app.web import language
from app.web.setup import setup

if TYPE_CHECKING:
    from app.domain.consultations import Place

KINDS: Final = {
    TrainingKind.LECTURE: lazy_gettext("Lecture"),
    TrainingKind.WORKSHOP: lazy_gettext("Workshop"),
    TrainingKind.WEBINAR: lazy_gettext("Webinar"),
    TrainingKind.OTHER: lazy_gettext("Other"),
}


def place_words(place: Place) -> str:
    """The municipality, the county, or what it is instead."""
    known = setup().policy.municipalities
    if place.municipality is not None:
        return known.by_code[place.municipality].name
    question = next(one for one in setup().policy.taxonomy.groups.values() if one.kind is GroupKind.PLACE)
    label = question.label_of(Code(place.kind.value), language.spoken())
    if place.kind in OF_A_COUNTY and place.county is not None:
        return f"{known.county_names.get(place.county, place.county)} ({label})"
    return label
