"""How often somebody may try to sign in: counted in the database, so that all workers count together.

Counted are tries and not failures, and before the password is looked at: many tries at the same instant are many tries.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from app.storage.models import SignInAttempt

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

WINDOW = timedelta(minutes=15)
PER_ACCOUNT = 10
PER_NETWORK = 100
"""A whole organisation may stand behind one address."""
TOGETHER = 1000


@dataclass(frozen=True, slots=True)
class Knock:
    """One try: as whom, and from where. ``secret`` keys the digests, so that neither is kept."""

    secret: str
    name: str
    network: str

    @property
    def account(self) -> str:
        """What counts against the account."""
        return self._digest("account", self.name)

    @property
    def place(self) -> str:
        """What counts against the network."""
        return self._digest("network", self.network)

    @property
    def everybody(self) -> str:
        """What counts against all together."""
        return self._digest("everybody", "")

    def _digest(self, kind: str, what: str) -> str:
        return hmac.digest(self.secret.encode(), f"sign-in {kind} {what}".encode(), hashlib.sha256).hex()


def admit(session: Session, knock: Knock, now: datetime) -> bool:
    """Count this try and say whether its password may be looked at. Commit before doing so."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.at <= now - WINDOW))
    limits = {knock.account: PER_ACCOUNT, knock.place: PER_NETWORK, knock.everybody: TOGETHER}
    counted = select(SignInAttempt.subject, func.count()).where(
        SignInAttempt.subject.in_(limits), SignInAttempt.at > now - WINDOW
    )
    before = {row[0]: row[1] for row in session.execute(counted.group_by(SignInAttempt.subject))}
    if any(before.get(subject, 0) >= limit for subject, limit in limits.items()):
        return False  # refused tries aren't counted: they end, at the latest, a window after the last that was
    session.add_all(SignInAttempt(subject=subject, at=now) for subject in limits)
    return True


def forgive(session: Session, knock: Knock) -> None:
    """The password was right: what was mistyped before doesn't count any more."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.subject == knock.account))
