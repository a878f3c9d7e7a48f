"""A mail server, and the way to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.mail_server import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.mail_server import MailServer


@pytest.fixture
def server() -> Iterator[MailServer]:
    with serving() as told:
        yield told
