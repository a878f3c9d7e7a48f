"""Twilio's webhook signature, from its documentation: a mistake of the package can't hide in both ends."""

from __future__ import annotations

import base64
import hmac
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def signature(token: str, url: str, fields: Iterable[tuple[str, str]] = (), *, algorithm: str = "sha1") -> str:
    """The value of ``X-Twilio-Signature`` for a form posted to ``url``.

    The URL goes in as it stands on the wire, without its fragment; then every field, sorted by name, and within a name
    by value, each value once (https://www.twilio.com/docs/usage/security). A GET signs the whole URL and no fields.
    """
    signed = url + "".join(name + value for name, value in sorted(set(fields)))
    return base64.b64encode(hmac.digest(token.encode(), signed.encode(), algorithm)).decode()
