"""The forms of signing in: Flask-Security's, with what it leaves to us.

The hash takes a tenth of a second. No transaction is open meanwhile: on SQLite a call would wait for it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flask import current_app, request
from flask_babel import gettext, lazy_gettext
from flask_login import current_user
from flask_security import (
    ChangePasswordForm,
    LoginForm,
    TwoFactorRescueForm,
    TwoFactorSetupForm,
    TwoFactorVerifyCodeForm,
    VerifyForm,
)
from flask_security.forms import Form
from flask_security.recovery_codes import MfRecoveryForm
from flask_security.webauthn import WebAuthnDeleteForm, WebAuthnRegisterForm, WebAuthnSigninForm
from sqlalchemy import select
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from app.services.account import passwords, sign_in_guard
from app.services.account.accounts import LONGEST_EMAIL, sign_in_name
from app.services.account.sign_in_guard import Knock
from app.storage.base import db
from app.storage.engine import begin_read_only
from app.storage.models import Account
from app.web.accounts import noting, words
from app.web.accounts.model import DeskAccount

if TYPE_CHECKING:
    from flask_security import UserMixin
    from wtforms import Field

_GIVEN = InputRequired(lazy_gettext(words.GIVE_IT))
_NOT_TOO_LONG = Length(max=passwords.LONGEST, message=lazy_gettext(words.TOO_LONG))
_LONG_ENOUGH = Length(min=passwords.SHORTEST, message=lazy_gettext(words.TOO_SHORT))


class SignInForm(LoginForm):
    """E-mail address and password. Whatever is wrong with them, the words and the time are the same."""

    email = StringField(
        lazy_gettext("E-mail address"),
        validators=[_GIVEN, Length(max=LONGEST_EMAIL)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "inputmode": "email"},
    )
    password = PasswordField(
        lazy_gettext("Password"), validators=[_GIVEN], render_kw={"autocomplete": "current-password"}
    )
    remember = None

    def validate(self, **kwargs: Any) -> bool:  # noqa: ANN401 - the library's signature
        """Whether they are an account's. ``user``: which."""
        if not Form.validate(self, **kwargs):
            return False
        name = sign_in_name(self.email.data)
        knock = _knock(name)
        if not _admit(knock):
            self.form_errors = [gettext(words.TOO_OFTEN)]
            return False
        account, is_right = _judged(self.password.data, name)
        if not is_right:
            noting.refused(account)
            self.form_errors = [gettext(words.WRONG)]
            return False
        sign_in_guard.forgive(db.session(), knock)
        db.session.commit()
        self.user = db.session.scalar(select(DeskAccount).where(DeskAccount.email == name, DeskAccount.active))
        return self.user is not None


class AgainForm(VerifyForm):
    """The password once more, before somebody changes how they sign in."""

    password = PasswordField(
        lazy_gettext("Password"), validators=[_GIVEN], render_kw={"autocomplete": "current-password"}
    )

    def validate(self, **kwargs: Any) -> bool:  # noqa: ANN401 - the library's signature
        """Whether it is the account's own."""
        return Form.validate(self, **kwargs) and _own_password_is_right(self.password)


class NewPasswordForm(ChangePasswordForm):
    """The present password, and a new one twice."""

    password = PasswordField(
        lazy_gettext("Present password"), validators=[_GIVEN], render_kw={"autocomplete": "current-password"}
    )
    new_password = PasswordField(
        lazy_gettext("New password"),
        validators=[_GIVEN, _NOT_TOO_LONG, _LONG_ENOUGH],
        render_kw={"autocomplete": "new-password"},
    )
    new_password_confirm = PasswordField(
        lazy_gettext("New password once more"), validators=[_GIVEN], render_kw={"autocomplete": "new-password"}
    )

    def validate(self, **kwargs: Any) -> bool:  # noqa: ANN401 - the library's signature
        """Whether the present one is right and the new one will do."""
        if not Form.validate(self, **kwargs):
            return False
        new = passwords.normal(self.new_password.data)
        if new != passwords.normal(self.new_password_confirm.data):
            return _wrong(self.new_password_confirm, words.MESSAGES["RETYPE_PASSWORD_MISMATCH"][0])
        if not _own_password_is_right(self.password):
            return False
        if new == passwords.normal(self.password.data):
            return _wrong(self.new_password, words.MESSAGES["PASSWORD_IS_THE_SAME"][0])
        self.new_password.data = new
        return True


class CodeForm(TwoFactorVerifyCodeForm):
    """The six digits of the app. Blanks between them are how the app shows them."""

    code = StringField(
        lazy_gettext("Code"),
        validators=[_GIVEN],
        filters=[lambda typed: "".join((typed or "").split())],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": 9},
    )

    def validate(self, **kwargs: Any) -> bool:  # noqa: ANN401 - the library's signature
        """Whether the code is right, and the first of its step."""
        return _admit_code(self.user, self.code) and bool(super().validate(**kwargs))


class CodesForm(TwoFactorSetupForm):
    """Codes on or off. The library's own choices use what WTForms is about to drop."""

    setup = HiddenField()


class HelpForm(TwoFactorRescueForm):
    """The library shows it beside the code's; we lead to the recovery codes ourselves."""

    help_setup = HiddenField()


class RecoveryForm(MfRecoveryForm):
    """One of the codes that were written down."""

    code = StringField(
        lazy_gettext("Recovery code"), validators=[_GIVEN], render_kw={"autocomplete": "off", "maxlength": 40}
    )

    def validate(self, **kwargs: Any) -> bool:  # noqa: ANN401 - the library's signature
        """Whether it is one of the account's. It is used up by that."""
        return _admit_code(self.user, self.code) and bool(super().validate(**kwargs))


class NewPasskeyForm(WebAuthnRegisterForm):
    """A name for a passkey; it stands in for password and code together."""

    name = StringField(lazy_gettext("Name of the passkey"), validators=[_GIVEN, Length(max=64)])
    usage = HiddenField(default="first")

    def validate(self, **kwargs: Any) -> bool:  # noqa: ANN401 - the library's signature
        """Whether the name is free."""
        self.usage.data = "first"
        return bool(super().validate(**kwargs))


class RemovePasskeyForm(WebAuthnDeleteForm):
    """Which passkey is to go."""

    name = HiddenField(validators=[_GIVEN])


class PasskeySignInForm(WebAuthnSigninForm):
    """Nothing is typed: the passkey says whose it is, so nobody learns here who has an account."""

    identity = HiddenField(filters=[lambda _typed: ""])


def _knock(name: str) -> Knock:
    return Knock(secret=current_app.config["SECRET_KEY"], name=name, network=request.remote_addr or "")


def _admit(knock: Knock) -> bool:
    admitted = sign_in_guard.admit(db.session(), knock, datetime.now(UTC))
    db.session.commit()
    return admitted


def _judged(password: str, email: str) -> tuple[str | None, bool]:
    """Whose address it is, if anybody's, and whether the password is theirs."""
    begin_read_only(db.session())
    found = select(Account.id, Account.password).where(Account.email == _sayable(email), Account.active)
    known = db.session.execute(found).one_or_none()
    db.session.rollback()
    is_right = passwords.is_right(password, known.password if known else None)
    return (known.id if known else None), is_right


def _sayable(email: str) -> str:
    """The address; nobody's for one that no account can have, as PostgreSQL refuses to look for some of those."""
    return email if email.isprintable() else ""


def _own_password_is_right(field: Field) -> bool:
    """Counted as signing in is: a browser left open is no place to guess at."""
    email, kept = current_user.email, current_user.password
    knock = _knock(email)
    if not _admit(knock):
        return _wrong(field, words.TOO_OFTEN)
    if not passwords.is_right(field.data, kept):
        return _wrong(field, words.MESSAGES["INVALID_PASSWORD"][0])
    sign_in_guard.forgive(db.session(), knock)
    db.session.commit()
    return True


def _admit_code(user: UserMixin | None, field: Field) -> bool:
    """Codes are short: they are counted apart from passwords, and never forgiven."""
    if user is None or _admit(_knock(f"code {user.id}")):
        return True
    return _wrong(field, words.TOO_OFTEN)


def _wrong(field: Field, sentence: str) -> bool:
    field.errors = [*field.errors, gettext(sentence)]
    return False
