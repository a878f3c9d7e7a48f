"""What an organisation wrote into the list of referrals, and about municipalities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.domain.lines import MunicipalityCode
from app.domain.referrals import ReferralKey
from app.storage.models import Account, Referral, SocialOffice
from app.storage.queries.scoped import visible

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from app.domain.permissions import Actor


def referrals_of(session: Session, actor: Actor) -> Mapping[ReferralKey, Referral]:
    """All that was changed or added, the retired ones too."""
    found = session.scalars(visible(select(Referral), Referral, actor))
    return {ReferralKey(one.key): one for one in found}


def held_referral(session: Session, actor: Actor, key: str) -> Referral | None:
    """The row, locked until the transaction ends."""
    query = visible(select(Referral).where(Referral.key == key), Referral, actor)
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).one_or_none()


def last_position(session: Session, actor: Actor) -> int:
    """The highest place that was given out; 0 when none was."""
    return session.scalar(visible(select(func.max(Referral.position)), Referral, actor)) or 0


def offices_of(session: Session, actor: Actor) -> Mapping[MunicipalityCode, SocialOffice]:
    """All that are filled in."""
    found = session.scalars(visible(select(SocialOffice), SocialOffice, actor))
    return {MunicipalityCode(one.municipality): one for one in found}


def held_offices(session: Session, actor: Actor, *codes: MunicipalityCode) -> Mapping[MunicipalityCode, SocialOffice]:
    """These rows, locked until the transaction ends; all of them when none is named."""
    query = visible(select(SocialOffice).order_by(SocialOffice.municipality), SocialOffice, actor)
    if codes:
        query = query.where(SocialOffice.municipality.in_(codes))
    found = session.scalars(query.with_for_update().execution_options(populate_existing=True))
    return {MunicipalityCode(one.municipality): one for one in found}


def alias_of(session: Session, account: str) -> str:
    """Who it is; empty when the account is gone."""
    return session.scalar(select(Account.alias).where(Account.id == account)) or ""
