"""The words of the yearly figures: what is counted, by what, and what each row is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_babel import lazy_gettext

from app.domain.calls import Outcome
from app.domain.lines import MunicipalityCode
from app.domain.public_statistics import REST, AgeGroup, Dimension, Unit
from app.domain.taxonomy import Code, GroupKey
from app.web.desk.record_words import OUTCOMES

if TYPE_CHECKING:
    from app.domain.policy import Policy

CAVEAT: Final = lazy_gettext(
    "The figures show what reached a line, and can't be used to describe how common honour-related violence and"
    " oppression is in a municipality or a county."
)
TABLES: Final = {
    (Unit.HELD, Dimension.SERVICE): lazy_gettext("Held consultations by the caller's service"),
    (Unit.HELD, Dimension.TYPE): lazy_gettext("Held consultations by type"),
    (Unit.HELD, Dimension.THEME): lazy_gettext("Held consultations by theme"),
    (Unit.HELD, Dimension.MUNICIPALITY): lazy_gettext("Held consultations by the service's municipality"),
    (Unit.EXPOSED, Dimension.AGE): lazy_gettext("Exposed persons by age"),
    (Unit.CALLS, Dimension.OUTCOME): lazy_gettext("Calls by what became of them"),
}
"""The tables by what a year is divided into, in their order."""
HEADS: Final = {
    Dimension.SERVICE: lazy_gettext("Service"),
    Dimension.TYPE: lazy_gettext("Type of consultation"),
    Dimension.THEME: lazy_gettext("Theme"),
    Dimension.MUNICIPALITY: lazy_gettext("Municipality"),
    Dimension.AGE: lazy_gettext("Age of the youngest"),
    Dimension.OUTCOME: lazy_gettext("Outcome"),
}
_RESTS: Final = {
    Dimension.SERVICE: lazy_gettext("All the rest: other, unknown, not noted, and what is withheld"),
    Dimension.TYPE: lazy_gettext("All the rest: other, unknown, not noted, and what is withheld"),
    Dimension.MUNICIPALITY: lazy_gettext(
        "All the rest: outside the line's area, unknown, not noted, and what is withheld"
    ),
    Dimension.AGE: lazy_gettext("All the rest: unknown, not noted, and what is withheld"),
    Dimension.OUTCOME: lazy_gettext("All the rest: failed with us, and what is withheld"),
}
_AGES: Final = {
    AgeGroup.UNDER_18: lazy_gettext("Under 18"),
    AgeGroup.FROM_18: lazy_gettext("18 and over"),
}


def label(policy: Policy, dimension: Dimension, code: str, language: str) -> str:
    """What a row is called; a code that nobody knows any more stands for itself."""
    if code == REST:
        return str(_RESTS[dimension])
    match dimension:
        case Dimension.YEAR | Dimension.QUARTER:
            return code
        case Dimension.AGE:
            return str(_AGES[AgeGroup(code)])
        case Dimension.OUTCOME:
            return str(OUTCOMES[Outcome(code)])
        case Dimension.MUNICIPALITY:
            found = policy.municipalities.by_code.get(MunicipalityCode(code))
            return found.name if found else code
    return policy.taxonomy.groups[GroupKey(dimension)].label_of(Code(code), language)
