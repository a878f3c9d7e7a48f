"""The outbox: each mail once, kept until a mail server has taken it or it is given up. Nothing here commits.

A try begins by pushing the mail's next try ahead, in a transaction of its own; so two processes never send one mail at
the same time, and what a process took on when it was killed comes up again by itself. A mail is marked as sent after
the mail server took it, never before (docs/decisions/0022).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, func, or_, select, update

from app.domain.mail import ONE_TRY, PATIENCE, MailKind, MailState, wait_after
from app.storage.insert import insert_once
from app.storage.models import OutgoingMail
from app.storage.models.outgoing_mail import LONGEST_WHY

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from app.domain.permissions import Actor

LATELY = timedelta(hours=24)
EXPIRED = "no mail server took it in time"


@dataclass(frozen=True, slots=True)
class News:
    """Something to tell: ids, counts and instants alone."""

    kind: MailKind
    about: str
    """The key or id of what the kind is about."""
    begins: datetime
    ends: datetime
    occasion: str
    """What tells this news from the next of its kind; every process calls it the same."""
    number: int | None = None
    overdue: int | None = None
    over_at: datetime | None = None
    """When it is of no use to anybody any more; without it, after a day."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the outbox fares."""

    waiting: int
    oldest_seconds: float | None
    """How long ago the oldest of them was put in."""
    given_up: int
    """Within ``LATELY``."""
    trouble: str
    """What went wrong with the newest of those that wait or were given up; empty when nothing did."""


def put(session: Session, news: News, reader: Actor, now: datetime) -> bool:
    """Put in the mail that tells ``reader`` this; ``False`` when it is there already."""
    give_up_at = now + PATIENCE if news.over_at is None else min(news.over_at, now + PATIENCE)
    return insert_once(
        session,
        OutgoingMail,
        key=f"{news.kind}:{reader.account_id}:{news.about}:{news.occasion}",
        kind=news.kind,
        account_id=reader.account_id,
        organisation=reader.organisation,
        about=news.about,
        number=news.number,
        overdue=news.overdue,
        begins=news.begins,
        ends=news.ends,
        queued_at=now,
        next_try_at=now,
        give_up_at=give_up_at,
        tries=0,
        state=MailState.WAITING,
        why="",
    )


def last_put(session: Session, kind: MailKind, about: str) -> datetime | None:
    """When the last mail of this kind about this was put in."""
    of_kind = (OutgoingMail.kind == kind, OutgoingMail.about == about)
    return session.scalar(select(func.max(OutgoingMail.queued_at)).where(*of_kind))


def due(session: Session, now: datetime, most: int) -> Sequence[int]:
    """The mails whose next try has come, the longest due first."""
    waiting = select(OutgoingMail.id).where(OutgoingMail.ended_at.is_(None), OutgoingMail.next_try_at <= now)
    return session.scalars(waiting.order_by(OutgoingMail.next_try_at, OutgoingMail.id).limit(most)).all()


def begin_try(session: Session, mail_id: int, now: datetime) -> OutgoingMail | None:
    """Take a mail on; ``None`` when another process has. To be committed before anything is sent."""
    taken = (
        update(OutgoingMail)
        .where(OutgoingMail.id == mail_id, OutgoingMail.ended_at.is_(None), OutgoingMail.next_try_at <= now)
        .values(next_try_at=now + ONE_TRY, tries=OutgoingMail.tries + 1)
        .returning(OutgoingMail.id)
        .execution_options(synchronize_session=False)
    )
    is_ours = session.scalar(taken) is not None
    return session.get(OutgoingMail, mail_id, populate_existing=True) if is_ours else None


def end(session: Session, mail_id: int, state: MailState, now: datetime, why: str = "") -> None:
    """What became of it. The first end stands."""
    _change(session, mail_id, state=state, ended_at=now, why=why[:LONGEST_WHY])


def put_off(session: Session, mail: OutgoingMail, now: datetime, why: str) -> None:
    """Try again later, the later the oftener it was tried."""
    _change(session, mail.id, next_try_at=now + wait_after(mail.tries), why=why[:LONGEST_WHY])


def give_up_old(session: Session, now: datetime) -> Sequence[int]:
    """Give up what was tried for long enough, or tells of what is over; which mails."""
    old = (
        update(OutgoingMail)
        .where(OutgoingMail.ended_at.is_(None), OutgoingMail.give_up_at <= now)
        .values(state=MailState.GIVEN_UP, ended_at=now, why=func.coalesce(func.nullif(OutgoingMail.why, ""), EXPIRED))
        .returning(OutgoingMail.id)
        .execution_options(synchronize_session=False)
    )
    return session.scalars(old).all()


def forget(session: Session, before: datetime) -> int:
    """Delete what ended before; say how many."""
    gone = delete(OutgoingMail).where(OutgoingMail.ended_at < before).returning(OutgoingMail.id)
    return len(session.scalars(gone.execution_options(synchronize_session=False)).all())


def standing(session: Session, now: datetime) -> Standing:
    """How many wait, since when, and how many were given up lately."""
    waiting = OutgoingMail.ended_at.is_(None)
    oldest = session.scalar(select(func.min(OutgoingMail.queued_at)).where(waiting))
    lost = and_(OutgoingMail.state == MailState.GIVEN_UP, OutgoingMail.ended_at > now - LATELY)
    troubled = select(OutgoingMail.why).where(or_(waiting, lost), OutgoingMail.why != "")
    return Standing(
        waiting=_count(session, waiting),
        oldest_seconds=None if oldest is None else (now - oldest).total_seconds(),
        given_up=_count(session, lost),
        trouble=session.scalar(troubled.order_by(OutgoingMail.queued_at.desc(), OutgoingMail.id.desc()).limit(1)) or "",
    )


def _count(session: Session, which: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(OutgoingMail).where(which)) or 0


def _change(session: Session, mail_id: int, **values: object) -> None:
    session.execute(
        update(OutgoingMail)
        .where(OutgoingMail.id == mail_id, OutgoingMail.ended_at.is_(None))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
