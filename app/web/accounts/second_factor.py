"""One-time codes, recovery codes and passkeys: what we do otherwise than Flask-Security does by itself."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from typing import TYPE_CHECKING, Any, cast

import qrcode
from flask import current_app, request
from flask_security import MfRecoveryCodesUtil, Totp, WebauthnUtil
from itsdangerous import BadSignature, URLSafeTimedSerializer
from passlib.exc import TokenError
from passlib.totp import TOTP
from qrcode.image.svg import SvgFillImage
from sqlalchemy import delete, or_, update
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from app.storage.base import db
from app.storage.models import Account, RecoveryCode
from app.storage.types import KeyMissing, keyring
from app.web.accounts import noting

if TYPE_CHECKING:
    from flask_security import UserMixin

    from app.web.accounts.model import DeskAccount

RECOVERY_CODES = 8
# What can be read from paper and typed: no letter that looks like a digit.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 4, 4


class OneTimeCodes(Totp):
    """Codes of which every step counts once. Their secrets are sealed by our own data keys, as other columns are."""

    def __init__(self, keys: object, issuer: str) -> None:
        del keys
        self._totp = TOTP.using(issuer=issuer)

    def generate_totp_secret(self) -> str:
        """A new secret, as the column takes it."""
        return str(self._totp.new().to_json(encrypt=False))

    def generate_qrcode(self, username: str, totp: str) -> str:
        """The key as a picture on white, which apps read on dark pages, too."""
        picture = qrcode.make(self.get_totp_uri(username, totp), image_factory=SvgFillImage)
        return f"data:image/svg+xml;base64,{base64.b64encode(picture.to_string()).decode('ascii')}"

    def verify_totp(self, token: str, totp_secret: str, user: UserMixin, window: int = 0) -> bool:
        """Whether the code is right and no code of its step, or a later one, was taken before."""
        try:
            match = self._totp.verify(token, totp_secret, window=window)
        except TokenError:
            return False
        unused = or_(Account.totp_last_counter.is_(None), Account.totp_last_counter < match.counter)
        # One statement, so that of two at the same instant one is first.
        taken = update(Account).where(Account.id == user.id, unused).values(totp_last_counter=match.counter)
        return bool(db.session.execute(taken.returning(Account.id)).first())


class SetUpState(URLSafeTimedSerializer):
    """What travels in the address while somebody sets up codes: their secret. Signed by the library, sealed by us."""

    _COLUMN = "account.tf_totp_secret"

    def dump_payload(self, obj: object) -> bytes:
        """Sealed."""
        return base64.urlsafe_b64encode(keyring.seal(json.dumps(obj), self._COLUMN)).rstrip(b"=")

    def load_payload(self, payload: bytes, *_: object, **__: object) -> object:
        """Open. Raises ``BadSignature``."""
        try:
            sealed = base64.urlsafe_b64decode(payload + b"=" * (-len(payload) % 4))
            return json.loads(keyring.open(sealed, self._COLUMN))
        except (KeyMissing, ValueError) as error:
            message = "nothing that we sealed"
            raise BadSignature(message) from error


class RecoveryCodes(MfRecoveryCodesUtil):
    """Codes that are shown once and kept as digests."""

    def create_recovery_codes(self, user: UserMixin) -> list[str]:
        """New codes in place of all earlier ones."""
        codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
        db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == user.id))
        db.session.add_all(RecoveryCode(account_id=user.id, digest=_digest(code)) for code in codes)
        noting.changed(cast("DeskAccount", user), "recovery_codes")
        return codes

    def get_recovery_codes(self, user: UserMixin) -> list[str]:
        """None: nobody can read them again."""
        del user
        return []

    def check_recovery_code(self, user: UserMixin, code: str) -> bool:
        """Whether it is one of the account's. It is used up by that."""
        used = delete(RecoveryCode).where(RecoveryCode.account_id == user.id, RecoveryCode.digest == _digest(code))
        return bool(db.session.execute(used.returning(RecoveryCode.digest)).first())

    def delete_recovery_code(self, user: UserMixin, code: str) -> bool:
        """Done already when it was checked, so that of two at the same instant one is first."""
        del user, code
        return True


class Passkeys(WebauthnUtil):
    """Passkeys that know their owner: they stand in for name, password and code together."""

    def origin(self) -> str:
        """Where the page was, as the browser says. Behind a proxy only the configuration knows that."""
        public: str = current_app.config["RADRUM_PUBLIC_URL"]
        return public if public.startswith("https://") else request.host_url.rstrip("/")

    def authenticator_selection(self, user: UserMixin, usage: str) -> AuthenticatorSelectionCriteria:
        """Found without a name typed first, and opened by a PIN or a finger; in the computer or on a key."""
        del user, usage
        return AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        )

    def user_verification(self, user: UserMixin | None, usage: list[str]) -> UserVerificationRequirement:
        """Always: without it a passkey would be one factor and not two."""
        del user, usage
        return UserVerificationRequirement.REQUIRED


def _recovery_code() -> str:
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))


def _digest(code: Any) -> str:  # noqa: ANN401 - whatever was typed
    # 79 random bits need no slow hash. Hyphens, blanks and capitals are how somebody wrote it down.
    typed = "".join(sign for sign in str(code).lower() if sign.isalnum())
    return hashlib.sha256(typed.encode()).hexdigest()
