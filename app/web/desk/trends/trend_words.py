"""A change in words: how much, compared with what, and whether it is more than chance would give.

Each function takes a change and the words of what it is compared with, as they stand after "than": "the same quarter
last year". The sentences begin with a small letter and end without a full stop: the number itself comes before them.
"""

from __future__ import annotations

from math import isclose
from typing import TYPE_CHECKING, Final, assert_never

from flask_babel import gettext

from app.domain.comparing import Unjudged
from app.web.desk.number_words import DASH, HALF_A_PERCENT, MINUS, decimal, number, percent, rounded_percent

if TYPE_CHECKING:
    from app.domain.comparing import Change

_MANY_TIMES: Final = 3.0
"""From here on a percentage is hard to picture: three times as many are "200 % more"."""
_TEN: Final = 10
_HARDLY: Final = 1e-9


def said(change: Change, than: str, per: str = "") -> str:
    """In full, as "18 % more than the same quarter last year; more than chance would give"; ``ranged`` in brackets.

    ``per``: the words of a unit of exposure ("per open day"), where that isn't a day. They are said where the periods
    weren't equally long, so that rates are compared.
    """
    between = ranged(change)
    much = compared(change, than, per)
    return with_judgement(f"{much} ({between})" if between else much, change)


def said_briefly(change: Change, than: str) -> str:
    """The same without the range: for a cell of a table."""
    return with_judgement(compared(change, than), change)


def with_judgement(words: str, change: Change) -> str:
    """The words of a change, and what ``judged`` says of it."""
    judgement = judged(change)
    return f"{words}; {judgement}" if judgement else words


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
    if change.before >= _TEN:
        return _signed((change.ratio or 0.0) - 1)
    return ("" if not difference else "+" if more else MINUS) + number(difference)


def short_range(change: Change) -> str:
    """Beside a mark in a table, as "+8 to +29 %"; empty where ``short`` isn't a percentage."""
    if change.unjudged or change.before < _TEN:
        return ""
    low, high = change.interval
    least = round((low - 1) * 100)
    sign = "+" if least > 0 else MINUS if least else ""
    return str(gettext("%(low)s to %(high)s", low=f"{sign}{number(abs(least))}", high=_signed(high - 1)))


def judged(change: Change) -> str:
    """Whether it is more than chance, or why that isn't said; empty where there is no difference to judge."""
    if change.ratio is None or _is_equal(change.ratio):
        return ""
    if change.unjudged:
        return _why_not(change.unjudged)
    if change.is_too_few_to_say:
        return str(gettext("too few to say whether that is more than chance"))
    if change.ratio > 1:
        if change.is_more_than_chance:
            return str(gettext("more than chance would give"))
        return str(gettext("no more than chance would give"))
    if change.is_more_than_chance:
        return str(gettext("a larger difference than chance would give"))
    return str(gettext("no larger a difference than chance would give"))


def ranged(change: Change) -> str:
    """Between which changes the true one lies, as "with 95 % confidence between 8 % and 29 % more".

    Empty where nothing is said of chance, where there are too few, and where ``compared`` gives no percentage.
    """
    if (
        change.unjudged
        or change.is_too_few_to_say
        or not (change.now and change.before)
        or _is_equal(change.ratio or 0)
    ):
        return ""
    low, high = change.interval
    if high < 1:
        least, most = _share(1 - high), _bare(low)
    elif low >= _MANY_TIMES:
        least, most = _times(low), _bare(high)
    elif low > 1 and high < _MANY_TIMES:
        least, most = _share(low - 1), _bare(high)
    else:
        least, most = _bare(low), _bare(high)
    return str(gettext("with 95%% confidence between %(least)s and %(most)s", least=least, most=most))


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
        return str(gettext("%(times)s times as many", times=_times(ratio)))
    if ratio > 1:
        return str(gettext("%(percent)s more", percent=_share(ratio - 1)))
    return str(gettext("%(percent)s fewer", percent=_share(1 - ratio)))


def _times(ratio: float) -> str:
    return decimal(ratio) if ratio < _TEN else number(round(ratio))


def _signed(share: float) -> str:
    """As "+18 %"; without a sign where it is rounded to nothing."""
    written = percent(abs(share))
    return written if abs(share) < HALF_A_PERCENT else f"{'+' if share > 0 else MINUS}{written}"


def _why_not(reason: Unjudged) -> str:
    match reason:
        case Unjudged.SEASON:
            return str(gettext("the time of year plays a part"))
        case Unjudged.SEVERAL_AT_A_TIME:
            return str(gettext("several come at a time, so it isn't said whether chance would give that"))
        case Unjudged.OVERLAP:
            return str(gettext("some days are in both, so it isn't said whether chance would give that"))
        case _:  # pragma: no cover - every reason is above
            assert_never(reason)


def _share(share: float) -> str:
    return percent(share) if share >= 1 else rounded_percent(share)


def _is_equal(ratio: float) -> bool:
    return isclose(ratio, 1, abs_tol=_HARDLY)
