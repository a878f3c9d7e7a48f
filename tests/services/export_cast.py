"""Who takes files out, in tests."""

from __future__ import annotations

from app.domain.lines import LineKey, OrganisationKey
from app.domain.permissions import AccountId, Actor


def of(organisation: str, account: str = "a") -> Actor:
    lines = frozenset({LineKey(organisation)})
    return Actor(AccountId(account), None, OrganisationKey(organisation), lines, frozenset())
