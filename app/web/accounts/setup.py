"""Puts Flask-Security together with what is ours."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import abort, redirect, request, session, url_for
from flask_login import current_user
from flask_security import Security
from flask_security.signals import password_changed
from flask_wtf import CSRFProtect

from app.web.accounts import cookie, forms, noting, second_factor, words
from app.web.accounts.fresh import FRESH
from app.web.accounts.model import Datastore, DeskAccount

if TYPE_CHECKING:
    from flask import Blueprint, Flask, Response
    from werkzeug import Response as Answer

_STEP_SECONDS = 30

_ADDRESSES = {
    "LOGIN_URL": "/sign-in",
    "LOGOUT_URL": "/sign-out",
    "TWO_FACTOR_TOKEN_VALIDATION_URL": "/sign-in/code",
    "TWO_FACTOR_SELECT_URL": "/sign-in/choose",
    "TWO_FACTOR_RESCUE_URL": "/sign-in/help",
    "MULTI_FACTOR_RECOVERY_URL": "/sign-in/recovery",
    "WAN_SIGNIN_URL": "/sign-in/passkey",
    "CHANGE_URL": "/account/password",
    "VERIFY_URL": "/account/again",
    "TWO_FACTOR_SETUP_URL": "/account/codes",
    "MULTI_FACTOR_RECOVERY_CODES_URL": "/account/recovery-codes",
    "WAN_REGISTER_URL": "/account/passkeys",
    "WAN_DELETE_URL": "/account/passkeys/remove",
    "WAN_VERIFY_URL": "/account/again/passkey",
    "POST_LOGIN_VIEW": "/",
    "POST_LOGOUT_VIEW": "/",
    "POST_CHANGE_VIEW": "/account",
    "TWO_FACTOR_POST_SETUP_VIEW": "/account",
    "WAN_POST_REGISTER_VIEW": "/account/passkeys",
    "POST_VERIFY_VIEW": "/account",
}
_OPEN_TO_FIRST_SIGN_IN = {"security.change_password", "security.logout", "language.choose", "static"}


def install(app: Flask, machines: tuple[Blueprint, ...], *, public_url: str, is_practice: bool) -> None:
    """Give ``app`` sign-in pages and sessions. ``machines``: blueprints that prove who asks in their own way."""
    app.config.update(cookie.config(public_url), RADRUM_PUBLIC_URL=public_url)
    # Our pages send no referrer, and a form may lie open as long as a session lasts.
    app.config.update(WTF_CSRF_SSL_STRICT=False, WTF_CSRF_TIME_LIMIT=None)
    app.config.update({f"SECURITY_{key}": value for key, value in _settings(app, is_practice=is_practice).items()})
    csrf = CSRFProtect(app)
    for blueprint in machines:
        csrf.exempt(blueprint)
    security = _security(app)
    security.want_json(lambda _request: False)
    security.tf_setup_serializer = second_factor.SetUpState(app.config["SECRET_KEY"], salt="two-factor-setup")
    security.login_manager.user_loader(cookie.load_account)
    security.login_manager.request_loader(lambda _request: None)
    cookie.install(app)
    noting.install(app)
    password_changed.connect(_note_new_password, app)
    app.before_request(_go_the_way)
    app.after_request(_forget_when_signed_out)


def _security(app: Flask) -> Security:
    return Security(
        app,
        Datastore(),
        login_form=forms.SignInForm,
        verify_form=forms.AgainForm,
        change_password_form=forms.NewPasswordForm,
        two_factor_setup_form=forms.CodesForm,
        two_factor_rescue_form=forms.HelpForm,
        two_factor_verify_code_form=forms.CodeForm,
        mf_recovery_form=forms.RecoveryForm,
        wan_register_form=forms.NewPasskeyForm,
        wan_delete_form=forms.RemovePasskeyForm,
        wan_signin_form=forms.PasskeySignInForm,
        totp_cls=second_factor.OneTimeCodes,
        mf_recovery_codes_util_cls=second_factor.RecoveryCodes,
        webauthn_util_cls=second_factor.Passkeys,
    )


def _settings(app: Flask, *, is_practice: bool) -> dict[str, object]:
    return {
        **_ADDRESSES,
        **{f"MSG_{name}": message for name, message in words.MESSAGES.items()},
        "API_ENABLED_METHODS": ["session"],
        "CHANGEABLE": True,
        "CLI_ROLES_NAME": None,
        "CLI_USERS_NAME": None,
        "DATETIME_FACTORY": lambda: datetime.now(UTC),
        "FRESHNESS": FRESH,
        "FRESHNESS_GRACE_PERIOD": FRESH,
        "I18N_DIRNAME": [f"{app.root_path}/translations"],
        "I18N_DOMAIN": "messages",
        "LOGOUT_CSRF": True,
        "MULTI_FACTOR_RECOVERY_CODES": True,
        "PASSWORD_HASH": "argon2",
        "PASSWORD_SCHEMES": ["argon2"],
        "PASSWORD_SINGLE_HASH": {"argon2"},
        "SEND_PASSWORD_CHANGE_EMAIL": False,
        "STATIC_FOLDER": None,
        "TOTP_ISSUER": "Rådrum",
        # The library wants some; our own class seals its secrets with the data keys.
        "TOTP_SECRETS": {"1": "unused"},
        "TWO_FACTOR": True,
        "TWO_FACTOR_AUTHENTICATOR_VALIDITY": _STEP_SECONDS,
        "TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        # A newcomer is to sign in within a minute; where records are real, a password alone is too little.
        "TWO_FACTOR_REQUIRED": not is_practice,
        "TWO_FACTOR_RESCUE_EMAIL": False,
        "WAN_ALLOW_AS_VERIFY": None,
        "WAN_ALLOW_USER_HINTS": False,
        "WAN_RP_NAME": "Rådrum",
        "WEBAUTHN": True,
    }


def _go_the_way() -> Answer | None:
    """A one-time password opens one page: the one to replace it on. Machines' bodies have no business here."""
    if request.blueprint == cookie.SECURITY and (request.is_json or request.endpoint == "security.two_factor_rescue"):
        abort(404)
    if request.path.startswith(cookie.MACHINES) or request.endpoint in _OPEN_TO_FIRST_SIGN_IN:
        return None
    if current_user.is_authenticated and current_user.must_change_password:
        return redirect(url_for("security.change_password"), code=303)
    if _is_back_at_the_code():
        return redirect("/", code=303)
    return None


def _is_back_at_the_code() -> bool:
    """Whoever goes back in their browser after they have signed in, or sends a code twice.

    The library would sign them out for it.
    """
    is_asked = request.endpoint == "security.two_factor_token_validation"
    return is_asked and current_user.is_authenticated and "tf_state" not in session


def _note_new_password(app: Flask, user: DeskAccount, **_: object) -> None:
    del app
    user.must_change_password = False


def _forget_when_signed_out(response: Response) -> Response:
    """On a shared computer nothing of the desk stays behind."""
    if request.endpoint == "security.logout" and response.status_code == HTTPStatus.FOUND:
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
