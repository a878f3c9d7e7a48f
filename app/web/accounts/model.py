"""The account as Flask-Security sees it: our table, with the methods and names that it asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_security import RoleMixin, SQLAlchemyUserDatastore, UserMixin
from sqlalchemy import select

from app.storage.base import db
from app.storage.models import Account, Passkey

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class DeskAccount(Account, UserMixin):  # type: ignore[misc] # what it inherits is declared twice
    """An account that signs in at the desk. The same rows as ``Account``."""

    @property
    def roles(self) -> list[RoleMixin]:  # type: ignore[override] # a column there
        """None: what somebody may do says our own table of permissions."""
        return []

    @property
    def webauthn(self) -> list[Passkey]:  # type: ignore[override] # a column there
        """Its passkeys, the oldest first."""
        return self.passkeys


class Datastore(SQLAlchemyUserDatastore):
    """Finds accounts and passkeys for Flask-Security, whose views commit."""

    def __init__(self) -> None:
        super().__init__(db, DeskAccount, RoleMixin, Passkey)  # type: ignore[arg-type] # has what it takes

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> DeskAccount | None:  # noqa: ANN401, FBT001, FBT002 - the library's signature
        """The account with this value of a unique column, unless it is disabled."""
        del case_insensitive  # addresses are kept in small letters
        ((name, value),) = kwargs.items()
        active = select(DeskAccount).where(DeskAccount.active)
        return _session().scalar(active.where(getattr(DeskAccount, name) == value))

    def find_user_from_webauthn(self, webauthn: Passkey) -> DeskAccount | None:  # type: ignore[override] # ours
        """Whose passkey it is, unless the account is disabled."""
        return self.find_user(id=webauthn.account_id)


def _session() -> Session:
    return db.session()
