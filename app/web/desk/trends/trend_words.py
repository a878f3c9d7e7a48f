"""A change in words: how much, compared with what, and whether it is more than chance would give.

Each function takes a change and the words of what it is compared with, as they stand after "than": "the same quarter
last year". The sentences begin with a small letter and end without a full stop: the number itself comes before them.
"""

from __future__ import annotations

from math import isclose, isinf
from typing import TYPE_CHECKING, Final

from flask_babel import gettext

from app.web.desk.number_words import DASH, MINUS, decimal, number, percent, rounded_percent

if TYPE_CHECKING:
    from app.domain.comparing import Change

_MANY_TIMES: Final = 3.0
"""From here on a percentage is hard to picture: three times as many are "200 % more"."""
_TEN: Final = 10
_HARDLY: Final = 1e-9


def said(change: Change, than: str, per: str = "") -> str:
    """In full, as "18 % more than the same quarter last year; more than chance would give".

    ``per``: the words of a unit of exposure ("per open day"), where that isn't a day. They are said where the periods
    weren't equally long, so that rates are compared.
    """
    judgement = judged(change)
    return f"{compared(change, than, per)}; {judgement}" if judgement else compared(change, than, per)


def compared(change: Change, than: str, per: str = "") -> str:
    """How much more or fewer, without a judgement. ``per``: as for ``said``."""
    if not change.now and not change.before:
        return str(gettext("none, as in %(than)s", than=than))
    if not change.before:
        return str(gettext("%(now)s, against none in %(than)s", now=number(change.now), than=than))
    if not change.now:
        return str(gettext("none, against %(before)s in %(than)s", before=number(change.before), than=than))
    ratio = change.ratio or 0.0
    much = _much(ratio, _per(change, per))
    if _is_equal(ratio) or ratio >= _MANY_TIMES:
        return str(gettext("%(many)s as %(than)s", many=much, than=than))
    return str(gettext("%(more)s than %(than)s", more=much, than=than))


def short(change: Change) -> str:
    """For a cell of a table, as "+18 %"; where there were fewer than ten before, the difference itself, as "+2"."""
    if not change.now and not change.before:
        return DASH
    more, difference = change.now >= change.before, abs(change.now - change.before)
    sign = "" if not difference else "+" if more else MINUS
    return sign + (number(difference) if change.before < _TEN else percent(difference / change.before))


def judged(change: Change) -> str:
    """Whether it is more than chance; empty where there is no difference to judge."""
    if change.ratio is None or _is_equal(change.ratio):
        return ""
    if change.is_too_few_to_say:
        return str(gettext("too few to say whether that is more than chance"))
    if change.ratio > 1:
        if change.is_more_than_chance:
            return str(gettext("more than chance would give"))
        return str(gettext("no more than chance would give"))
    if change.is_more_than_chance:
        return str(gettext("a larger difference than chance would give"))
    return str(gettext("no larger a difference than chance would give"))


def ranged(change: Change, than: str, per: str = "") -> str:
    """Between which changes the true one lies; empty where nothing was counted. ``per``: as for ``said``."""
    if change.ratio is None:
        return ""
    low, high = change.interval
    return str(
        gettext(
            "from %(low)s to %(high)s compared with %(than)s (95%% certain)",
            low=_much(low, "") if low else gettext("none at all"),
            high=gettext("any number more") if isinf(high) else _much(high, _per(change, per)),
            than=than,
        )
    )


def rounding() -> str:
    """What is said once beneath such sentences."""
    return str(
        gettext(
            "Percentages are rounded to whole ones. “More than chance” means: if nothing had changed, so great a "
            "difference would come about in at most one of twenty comparisons. It says nothing of why."
        )
    )


def _per(change: Change, per: str) -> str:
    return (per or str(gettext("per day"))) if change.compares_rates else ""


def _much(ratio: float, per: str) -> str:
    """As "18 % more", or "18 % more per day"."""
    return f"{_bare(ratio)} {per}".rstrip()


def _bare(ratio: float) -> str:
    if _is_equal(ratio):
        return str(gettext("as many"))
    if ratio >= _MANY_TIMES:
        times = decimal(ratio) if ratio < _TEN else number(round(ratio))
        return str(gettext("%(times)s times as many", times=times))
    if ratio > 1:
        return str(gettext("%(percent)s more", percent=_share(ratio - 1)))
    return str(gettext("%(percent)s fewer", percent=_share(1 - ratio)))


def _share(share: float) -> str:
    return percent(share) if share >= 1 else rounded_percent(share)


def _is_equal(ratio: float) -> bool:
    return isclose(ratio, 1, abs_tol=_HARDLY)
