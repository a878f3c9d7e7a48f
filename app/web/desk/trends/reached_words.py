"""Which municipalities turn to a line, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask_babel import gettext, lazy_gettext, ngettext

from app.domain.reach import Often
from app.web import language
from app.web.desk.number_words import decimal, number

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from app.services.numbers.equal_access import OfMunicipality, Reach

OFTEN: Final = {
    Often.NEVER: lazy_gettext("never"),
    Often.ONCE: lazy_gettext("once"),
    Often.SEVERAL: lazy_gettext("several times"),
    Often.REGULARLY: lazy_gettext("regularly"),
}
SIGNS: Final = {Often.NEVER: "○", Often.ONCE: "◔", Often.SEVERAL: "◑", Often.REGULARLY: "●"}
"""Told apart without colour, on paper too."""


@dataclass(frozen=True, slots=True)
class Row:
    """One municipality in words."""

    name: str
    county: str
    held: str
    rate: str
    often: str
    sign: str
    last: str
    quiet: str
    is_silent: bool


def sentences(reach: Reach) -> list[str]:
    """What a manager says of it, one fact each. Of a period before anything was counted only that is said."""
    since = reach.counted_since
    if since is None:
        return [str(gettext("Nothing is counted here yet."))]
    uncounted = str(gettext("Before %(day)s nothing was counted here.", day=language.date_words(since)))
    if not reach.is_counted:
        return [uncounted]
    said = [uncounted] if since > reach.period.first else []
    return [*said, *_of_the_period(reach), *_until_now(reach)]


def _of_the_period(reach: Reach) -> Iterator[str]:
    yield gettext(
        "%(consultations)s for %(some)s of %(all)s.",
        consultations=_consultations(reach.for_municipalities),
        some=number(reach.with_any),
        all=_municipalities(len(reach.rows)),
    )
    if reach.apart.total:
        yield gettext(
            "%(apart)s besides, for none of these municipalities or for one that isn't known: %(all)s in all.",
            apart=_consultations(reach.apart.total),
            all=number(reach.held),
        )
    yield gettext(
        "In the period %(never)s never turned to the line, %(once)s once, %(several)s several times and"
        " %(regularly)s regularly.",
        never=_municipalities(reach.as_often(Often.NEVER)),
        once=number(reach.as_often(Often.ONCE)),
        several=number(reach.as_often(Often.SEVERAL)),
        regularly=number(reach.as_often(Often.REGULARLY)),
    )


def _until_now(reach: Reach) -> Iterator[str]:
    yield gettext(
        "%(silent)s silent for at least %(months)s, up to %(until)s.",
        silent=ngettext(
            "%(count)s municipality has been",
            "%(count)s municipalities have been",
            len(reach.silent),
            count=number(len(reach.silent)),
        ),
        months=months_words(reach.silent_months),
        until=language.date_words(reach.until),
    )
    yield gettext(
        "%(some)s of %(all)s have turned to the line at least once since %(day)s.",
        some=number(reach.reached),
        all=_municipalities(len(reach.rows)),
        day=language.date_words(reach.since),
    )


def row_of(one: OfMunicipality, silent: Collection[str]) -> Row:
    """One municipality in words."""
    rate = one.per_10_000
    return Row(
        name=one.municipality.name,
        county=one.municipality.county_name,
        held=number(one.held),
        rate=gettext("not known") if rate is None else decimal(rate),
        often=str(OFTEN[one.often]),
        sign=SIGNS[one.often],
        last=language.month_words(one.last) if one.last else gettext("not yet"),
        quiet=number(one.quiet_months),
        is_silent=one.municipality.code in silent,
    )


def apart_of(reach: Reach) -> list[list[str]]:
    """Why consultations are for none of the municipalities, and how many; with the sum that makes it whole."""
    apart = reach.apart
    rows = [
        (gettext("For the municipalities of the table"), reach.for_municipalities),
        (gettext("For municipalities outside the line's area"), apart.elsewhere),
        (gettext("The county is known, the municipality isn't"), apart.county),
        (gettext("For a whole county"), apart.whole_county),
        (gettext("Abroad"), apart.abroad),
        (gettext("Noted as not known"), apart.unknown),
        (gettext("Nothing noted about the place"), apart.not_noted),
        (gettext("All held consultations"), reach.held),
    ]
    return [[str(words), number(count)] for words, count in rows]


def population_words(reach: Reach) -> str:
    """Of which year the inhabitants are, and of how many municipalities they are known."""
    years = reach.population_years
    if not years:
        return str(gettext("Nobody has taken in how many people live in each municipality."))
    known = sum(one.population is not None for one in reach.rows)
    return str(
        gettext(
            "Inhabitants of %(year)s, the newest year that was taken in, for %(known)s of %(all)s.",
            year=" / ".join(map(str, years)),
            known=number(known),
            all=_municipalities(len(reach.rows)),
        )
    )


def months_words(count: int) -> str:
    """So many months."""
    return str(ngettext("%(num)d month", "%(num)d months", count))


def _consultations(count: int) -> str:
    return str(ngettext("%(count)s consultation", "%(count)s consultations", count, count=number(count)))


def _municipalities(count: int) -> str:
    return str(ngettext("%(count)s municipality", "%(count)s municipalities", count, count=number(count)))
