"""Mail to staff, from the moment when there is something to tell until a mail server has it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.mail import MailKind, MailState
from app.storage.base import Base
from app.storage.types import Instant, closed_set

LONGEST_WHY = 200
_WAITING = text("ended_at IS NULL")


class OutgoingMail(Base):
    """One mail to one account. Ids, counts and instants alone: its words are made when it is sent."""

    __tablename__ = "outgoing_mail"
    __table_args__ = (
        CheckConstraint("number IS NULL OR number > 0", name="number_positive"),
        CheckConstraint("overdue IS NULL OR overdue > 0", name="overdue_positive"),
        CheckConstraint("tries >= 0", name="tries_not_negative"),
        CheckConstraint("(ended_at IS NULL) = (state = 'waiting')", name="ended_unless_waiting"),
        Index("ix_outgoing_mail_waiting", "next_try_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("ix_outgoing_mail_kind_about", "kind", "about", "queued_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(250), unique=True)
    """What makes it one mail, however many processes find the same thing to tell."""
    kind: Mapped[MailKind] = mapped_column(closed_set(MailKind, "kind"))
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    organisation: Mapped[str] = mapped_column(String(64))
    """The account's."""
    about: Mapped[str] = mapped_column(String(64))
    """The key or id of what the kind is about: of a line; of several lines, the first."""
    number: Mapped[int | None]
    """How many there are of what the kind counts."""
    overdue: Mapped[int | None]
    """How many there are besides that should have been done before."""
    begins: Mapped[datetime] = mapped_column(Instant)
    ends: Mapped[datetime] = mapped_column(Instant)
    """From when until when."""
    queued_at: Mapped[datetime] = mapped_column(Instant)
    next_try_at: Mapped[datetime] = mapped_column(Instant)
    give_up_at: Mapped[datetime] = mapped_column(Instant)
    tries: Mapped[int] = mapped_column(default=0)
    """How many have begun."""
    state: Mapped[MailState] = mapped_column(closed_set(MailState, "state"), default=MailState.WAITING)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    why: Mapped[str] = mapped_column(String(LONGEST_WHY), default="")
    """What went wrong at the last try, without a word about anybody."""
