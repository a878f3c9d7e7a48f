"""Who signs in at the desk."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.permissions import Role
from app.storage.base import Base
from app.storage.models.passkey import Passkey
from app.storage.types import Instant, SealedText, closed_set


class Account(Base):
    """One person's way in. The names of the columns from ``password`` on are those that Flask-Security asks for."""

    __tablename__ = "account"
    __table_args__ = (CheckConstraint("email <> ''", name="email_not_empty"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    """Random and stable."""
    email: Mapped[str] = mapped_column(String(254), unique=True)
    """What is typed to sign in, in small letters; where mail goes."""
    alias: Mapped[str] = mapped_column(String(64))
    """What others are shown; a specialist's own alias."""
    organisation: Mapped[str] = mapped_column(String(64), index=True)
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"), unique=True)
    """The specialist that this is, if it is one."""
    must_change_password: Mapped[bool] = mapped_column(default=True)
    totp_last_counter: Mapped[int | None]
    """The step of the last one-time code that was taken; it and earlier ones are used up."""
    created_at: Mapped[datetime] = mapped_column(Instant)
    signed_in_at: Mapped[datetime | None] = mapped_column(Instant)
    single_keys: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Whether keys of one letter do something on pages (WCAG 2.1.4)."""
    password: Mapped[str] = mapped_column(String(255))
    """Its Argon2 hash."""
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    """What a session names the account by. A new one ends all sessions at their next request."""
    fs_webauthn_user_handle: Mapped[str] = mapped_column(String(64), unique=True)
    tf_primary_method: Mapped[str | None] = mapped_column(String(32))
    tf_totp_secret: Mapped[str | None] = mapped_column(SealedText("account.tf_totp_secret"))

    role_rows: Mapped[list[AccountRole]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="AccountRole.role"
    )
    line_rows: Mapped[list[AccountLine]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="AccountLine.line"
    )
    passkeys: Mapped[list[Passkey]] = relationship(cascade="all, delete-orphan", order_by="Passkey.id")


class AccountRole(Base):
    """One role of an account."""

    __tablename__ = "account_role"

    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(closed_set(Role, "role"), primary_key=True)


class AccountLine(Base):
    """A line that an account is limited to. Without any it reaches all lines of its organisation."""

    __tablename__ = "account_line"

    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    line: Mapped[str] = mapped_column(String(64), primary_key=True)
