"""The list of referrals and the municipalities' social services as pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from flask_babel import format_date, lazy_gettext

from app.domain.lines import MunicipalityCode
from app.domain.referrals import EMERGENCY, FOREIGN_MINISTRY, POLICE, Freshness, SocialOffice, dialled, freshness
from app.services.help import referrals, social_offices
from app.storage.base import db
from app.web import language
from app.web.desk.access import actor
from app.web.desk.places import PlaceGroup, far, near
from app.web.desk.wall_clocks import today
from app.web.setup import setup

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from app.domain.referrals import Referral, ReferralKey

Json = dict[str, Any]

FRESHNESS: Final = {
    Freshness.UNVERIFIED: lazy_gettext("To be verified"),
    Freshness.OLD: lazy_gettext("Verify again"),
}


@dataclass(frozen=True, slots=True)
class Trust:
    """How far an entry can be relied on, in words."""

    verified_on: str
    """A day; empty when it is to be verified."""
    warning: str
    """Empty for what was verified lately."""


@dataclass(frozen=True, slots=True)
class ShownReferral:
    """One entry of the list."""

    key: ReferralKey
    name: str
    number: str
    dialled: str
    hours: str
    whom: str
    note: str
    trust: Trust
    is_changed: bool
    is_shipped: bool


@dataclass(frozen=True, slots=True)
class ShownOffice:
    """What is known of one municipality."""

    code: MunicipalityCode
    name: str
    number: str
    dialled: str
    hours: str
    day_number: str
    day_dialled: str
    note: str
    trust: Trust
    is_empty: bool


@dataclass(frozen=True, slots=True)
class Finder:
    """The way to a municipality."""

    places: list[PlaceGroup]
    offices: list[Json]
    """All that are filled in, for the script that shows one at once."""
    filled: int
    """How many of the catchment are filled in ..."""
    of: int
    """... of how many."""
    chosen: ShownOffice | None


def entries(now: datetime) -> tuple[list[ShownReferral], list[ShownReferral]]:
    """The list in its order, and what was retired from it."""
    found = referrals.listed(db.session(), setup().policy.referrals, actor(), language.spoken())
    day = today(now)
    return [_entry(one, day) for one in found if not one.retired], [_entry(one, day) for one in found if one.retired]


def urgent(shown: Sequence[ShownReferral]) -> Json:
    """The entries whose numbers are said when somebody may be in danger, retired or not."""
    by_key = {one.key: one for one in shown}
    names = {"sos": EMERGENCY, "police": POLICE, "ministry": FOREIGN_MINISTRY}
    return {name: by_key[key] for name, key in names.items() if key in by_key}


def finder(code: str, now: datetime) -> Finder:
    """The municipalities, with the one that was asked for; an unknown code asks for none."""
    policy, day = setup().policy, today(now)
    known = policy.municipalities
    near_ones = social_offices.catchment(policy, actor())
    filled = social_offices.filled_in(db.session(), actor())
    asked = MunicipalityCode(code) if code in known.by_code else None
    chosen = filled.get(asked, SocialOffice(asked)) if asked else None
    return Finder(
        places=[near(known, near_ones, [code]), *far(known, near_ones, [code])],
        offices=[_json(office_shown(one, day)) for _, one in sorted(filled.items())],
        filled=len(filled.keys() & near_ones),
        of=len(near_ones),
        chosen=office_shown(chosen, day) if chosen else None,
    )


def office_shown(one: SocialOffice, day: date) -> ShownOffice:
    """One municipality's, with its name."""
    return ShownOffice(
        code=one.municipality,
        name=setup().policy.municipalities.by_code[one.municipality].name,
        number=one.number,
        dialled=dialled(one.number),
        hours=one.hours,
        day_number=one.day_number,
        day_dialled=dialled(one.day_number),
        note=one.note,
        trust=_trust(one.verified_on, day),
        is_empty=one.is_empty,
    )


def _entry(one: Referral, day: date) -> ShownReferral:
    words = one.words
    return ShownReferral(
        key=one.key,
        name=words.name or "",
        number=words.number or "",
        dialled=one.dialled,
        hours=words.hours or "",
        whom=words.whom or "",
        note=words.note or "",
        trust=_trust(one.verified_on, day),
        is_changed=one.version > 0,
        is_shipped=one.is_shipped,
    )


def _trust(verified_on: date | None, day: date) -> Trust:
    found = freshness(verified_on, day)
    return Trust(
        format_date(verified_on, "d MMMM y") if verified_on else "",
        str(FRESHNESS[found]) if found in FRESHNESS else "",
    )


def _json(one: ShownOffice) -> Json:
    texts = ("code", "number", "dialled", "hours", "day_number", "day_dialled", "note")
    found = {name: getattr(one, name) for name in texts}
    found |= {"warning": one.trust.warning, "verified": one.trust.verified_on}
    return {name: text for name, text in found.items() if text}
