"""Having Twilio ring a phone: what is certain, and what isn't."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from werkzeug.serving import make_server

from app.domain.errors import Unavailable
from app.domain.phone import PhoneNumber
from app.telephony.placing import NewCall, Refused, Unclear
from app.telephony.rest import TwilioAccount

if TYPE_CHECKING:
    from collections.abc import Iterator

ACCOUNT = "AC" + "0" * 32
PHONE = PhoneNumber("+46701740641")
ORDER = NewCall(
    to=PHONE,
    caller_id=PhoneNumber("+4640349800"),
    url="https://radrum.example.se/twilio/back/t",
    status_url="https://radrum.example.se/twilio/back/t/status",
    ring_seconds=25,
    longest_seconds=7200,
)


@contextmanager
def answering(status: int, code: int = 0) -> Iterator[TwilioAccount]:
    """An account whose every answer is this error."""
    app = Flask(__name__)

    @app.post("/<path:path>")
    def answer(path: str) -> tuple[dict[str, object], int]:
        del path
        return {"code": code, "message": f"something about {PHONE.e164}", "status": status}, status

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        with TwilioAccount(ACCOUNT, "token", base_url=f"http://127.0.0.1:{server.server_port}") as account:
            yield account
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(("status", "code"), [(400, 21211), (401, 20003), (429, 20429)])
def test_what_twilio_refuses_does_not_ring(status: int, code: int) -> None:
    with answering(status, code) as account, pytest.raises(Refused) as caught:
        account.ring(ORDER)

    assert PHONE.e164 not in str(caught.value)


@pytest.mark.parametrize("status", [500, 503])
def test_after_an_error_of_twilios_it_may_ring_all_the_same(status: int) -> None:
    with answering(status) as account, pytest.raises(Unclear) as caught:
        account.ring(ORDER)

    assert PHONE.e164 not in str(caught.value)


def test_without_an_answer_it_may_ring_all_the_same() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        account = TwilioAccount(ACCOUNT, "token", base_url=url, timeout_seconds=0.2)

        with account, pytest.raises(Unclear):
            account.ring(ORDER)


def test_where_nobody_listens_nothing_rings() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        url = f"http://127.0.0.1:{gone.getsockname()[1]}"

    with TwilioAccount(ACCOUNT, "token", base_url=url) as account, pytest.raises(Unavailable) as caught:
        account.ring(ORDER)

    assert not isinstance(caught.value, Unclear)
