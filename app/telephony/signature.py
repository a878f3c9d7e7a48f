"""Whether a webhook comes from our account at Twilio."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from twilio.request_validator import (
    HMAC_SHA1,
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
    get_signature_algorithm,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from werkzeug.datastructures import Headers, MultiDict

_log = logging.getLogger(__name__)


class SignatureCheck:
    """Accepts requests that one of our auth tokens signed, for the one account that we serve.

    ``tokens`` holds the primary token and, while they are being changed, the secondary one. ``public_url`` is the
    origin that Twilio calls (``scheme://host[:port]``): what a request says of its own host proves nothing.
    """

    def __init__(self, tokens: Sequence[str], account_sid: str, public_url: str) -> None:
        self._validators = tuple(RequestValidator(token) for token in tokens if token)
        self._account_sid = account_sid
        self._origin = public_url.rstrip("/")

    def accepts(self, raw_target: str, form: MultiDict[str, str], headers: Headers | Mapping[str, str]) -> bool:
        """Whether the request is Twilio's. ``raw_target`` is path and query exactly as they were sent.

        Never raises: whatever can't be judged is refused.
        """
        try:
            return self._is_ours(form) and self.is_signed(raw_target, form, headers)
        except Exception as error:  # noqa: BLE001 - fail closed, whatever a hostile request brings about
            _log.warning("a webhook's signature couldn't be judged (%s); refused", type(error).__name__)
            return False

    def is_signed(self, raw_target: str, form: MultiDict[str, str], headers: Headers | Mapping[str, str]) -> bool:
        """Whether one of the tokens signed it; may raise for input that isn't a web request's."""
        signature = headers.get(SIGNATURE_HEADER)
        if not signature or not raw_target.startswith("/"):
            return False
        # The header names the algorithm of a shared key, and the request itself must not choose how it is judged:
        # we hold auth tokens only, and these sign with HMAC-SHA1.
        if get_signature_algorithm(headers.get(SIGNATURE_SETTINGS_HEADER)) != HMAC_SHA1:
            return False
        url = self._origin + raw_target.partition("#")[0]  # Twilio never signs a fragment
        # All tokens are tried, so that the time tells nothing about which one fitted.
        fits = [validator.validate(url, form, signature) for validator in self._validators]
        return any(fits)

    def _is_ours(self, form: MultiDict[str, str]) -> bool:
        return bool(self._account_sid) and form.getlist("AccountSid") == [self._account_sid]
