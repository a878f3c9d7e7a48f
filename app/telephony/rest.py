"""What Twilio knows of our calls. For jobs and commands: a webhook never asks Twilio anything."""

from __future__ import annotations

import logging
import re
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

import requests
from twilio.base.exceptions import TwilioException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from app.domain.calls import CallSid, CallStatus
from app.domain.errors import Unavailable
from app.domain.phone import PhoneNumber, caller_number
from app.telephony.placing import Refused, Unclear, never_sent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from app.telephony.placing import NewCall

TIMEOUT_SECONDS = 5.0
"""Twilio's own client waits for ever."""
PAGE_SIZE = 1000
TWILIO = "https://api.twilio.com"

_CALL_SID = re.compile(r"CA[0-9a-fA-F]{32}", re.ASCII)
# The package reads missing arguments from the environment, and takes an empty mapping for a missing one.
_NO_ENVIRONMENT = {"": ""}
# The package logs every request with its parameters.
_silent = logging.getLogger(f"{__name__}.requests")
_silent.setLevel(logging.CRITICAL + 1)


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is asked, as messages say it, and what to do when they can't be reached."""

    name: str
    remedy: str


REAL_PROVIDER = Asked("Twilio", "try again later")
PRACTICE_PROVIDER = Asked("the simulator", "start it with: make run (or radrum simulator)")


@dataclass(frozen=True, slots=True)
class ProviderCall:
    """A call as Twilio's list has it. Who called isn't taken over."""

    sid: CallSid
    to: PhoneNumber | None
    status: CallStatus
    started_at: datetime | None
    """When it began; while it is queued, when it was made."""
    ended_at: datetime | None
    duration_seconds: int | None
    """Empty at Twilio for calls that were busy, failed, not answered or cancelled, and for those that go on."""
    parent_sid: CallSid | None


def _as_for_questions(who: str, error: Exception) -> None:
    """A question is told apart by the kind of its error alone."""
    del who, error


class TwilioAccount:
    """Our account at Twilio, over REST. A context manager: leaving it closes the connections.

    Every method raises ``Unavailable`` when Twilio doesn't answer as it should. ``base_url`` (an origin) leads to a
    stand-in in place of Twilio; no other host than that one is ever asked, and no redirect is followed.
    """

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        *,
        region: str | None = None,
        edge: str | None = None,
        base_url: str | None = None,
        asked: Asked = REAL_PROVIDER,
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        self._asked = asked
        where = {} if base_url else {"region": region, "edge": edge}
        self._http = _OneHost(timeout_seconds, uses_proxy=base_url is None)
        self._client = Client(account_sid, auth_token, http_client=self._http, environment=_NO_ENVIRONMENT, **where)
        self._client.api.base_url = base_url or TWILIO
        self._http.origin = _origin(self._client.get_hostname(self._client.api.base_url))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    @property
    def host(self) -> str:
        """The origin that is asked, and no other."""
        return self._http.origin

    def calls_since(self, numbers: Iterable[PhoneNumber], since: datetime) -> Iterator[ProviderCall]:
        """Calls that came in to one of our ``numbers`` at ``since`` or later, number by number."""
        # Twilio's filter may count whole days, in UTC; so it gets a day more, and we look ourselves.
        after = since - timedelta(days=1)
        for number in numbers:
            for call, direction in self._listed(to=number.e164, start_time_after=after):
                if direction in {None, "inbound"} and (call.started_at is None or call.started_at >= since):
                    yield call

    def fetch(self, sid: CallSid) -> ProviderCall | None:
        """One call; ``None`` when Twilio has none of this SID."""
        if not _CALL_SID.fullmatch(sid):
            return None
        with self._understood():
            try:
                return _call(self._client.calls(sid).fetch())
            except TwilioException as error:
                if _http_status(error) == requests.codes.not_found:
                    return None
                raise

    def children(self, parent_sid: CallSid) -> Sequence[ProviderCall]:
        """The legs that were dialled for a call."""
        return tuple(leg for leg, _ in self._listed(parent_call_sid=parent_sid))

    def lead_to(self, sid: CallSid, url: str) -> bool:
        """Have a call that goes on leave what it hears, and ask for ``url`` now; ``False``: it is over already."""
        with self._understood():
            try:
                self._client.calls(sid).update(url=url, method="POST")
            except TwilioException as error:
                # 21220 "call is not in-progress" comes as a 400; a call that Twilio has forgotten as a 404.
                if _http_status(error) in {requests.codes.bad_request, requests.codes.not_found}:
                    return False
                raise
        return True

    def ring(self, new: NewCall) -> CallSid:
        """Have Twilio ring a phone, once. Raises ``Refused``, and ``Unclear`` when it may ring all the same."""
        with self._understood(_as_for_orders):
            made = self._client.calls.create(
                to=new.to.e164,
                from_=new.caller_id.e164,
                url=new.url,
                method="POST",
                status_callback=new.status_url,
                status_callback_method="POST",
                status_callback_event=["initiated", "ringing", "answered", "completed"],
                timeout=new.ring_seconds,
                time_limit=new.longest_seconds,
            )
            return _call(made).sid

    def rung(self, to: PhoneNumber, caller_id: PhoneNumber, since: datetime) -> Sequence[ProviderCall]:
        """The calls that we had Twilio place to a phone, at ``since`` or later."""
        placed = self._listed(to=to.e164, from_=caller_id.e164, start_time_after=since - timedelta(days=1))
        return tuple(
            call
            for call, direction in placed
            if direction == "outbound-api" and (call.started_at is None or call.started_at >= since)
        )

    def _listed(self, **which: object) -> Iterator[tuple[ProviderCall, str | None]]:
        """Calls, each with its direction."""
        with self._understood():
            for given in self._client.calls.stream(page_size=PAGE_SIZE, **which):
                yield _call(given), given.direction

    @contextmanager
    def _understood(self, first: Callable[[str, Exception], None] = _as_for_questions) -> Iterator[None]:
        """``first`` may raise another error than those for a question, which can simply be asked again."""
        who = f"{self._asked.name} ({urlsplit(self.host).netloc})"
        try:
            try:
                yield
            except Exception as error:
                first(who, error)
                raise
        except requests.Timeout:
            message = f"{who} didn't answer in time; try again later"
            raise Unavailable(message) from None
        except requests.RequestException as error:
            message = f"{who} can't be reached ({type(error).__name__}); {self._asked.remedy}"
            raise Unavailable(message) from None
        except TwilioException as error:
            raise Unavailable(_said(who, _http_status(error))) from None
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            message = f"{who} answered with something else than calls ({type(error).__name__})"
            raise Unavailable(message) from None


def _as_for_orders(who: str, error: Exception) -> None:
    """What becomes of an order that isn't confirmed."""
    status = _http_status(error) if isinstance(error, TwilioException) else 0
    if never_sent(error):
        return
    if requests.codes.bad_request <= status < requests.codes.internal_server_error:
        raise Refused(_said(who, status)) from None
    message = f"{who} didn't say whether it rings; look at the phone before trying again"
    raise Unclear(message) from None


class _OneHost(TwilioHttpClient):  # type: ignore[misc]  # the package has no types
    """Twilio's HTTP client, which gives our credentials to one host alone."""

    def __init__(self, timeout_seconds: float, *, uses_proxy: bool) -> None:
        super().__init__(timeout=timeout_seconds, logger=_silent)
        self.origin = ""
        self.session.trust_env = uses_proxy

    def request(self, method: str, url: str, *args: object, **kwargs: object) -> object:
        """Refuse every other host, also one that a page's own link to the next page names."""
        if _origin(url) != self.origin:
            message = f"another host than {self.origin} was to be asked"
            raise ValueError(message)
        return super().request(method, url, *args, **{**kwargs, "allow_redirects": False})

    def close(self) -> None:
        """Close the connections."""
        self.session.close()


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _call(given: Any) -> ProviderCall:  # noqa: ANN401 - the package has no types
    if not _CALL_SID.fullmatch(given.sid):
        message = "a call without a SID"
        raise ValueError(message)
    return ProviderCall(
        sid=CallSid(given.sid),
        to=caller_number(given.to),
        status=_status(given),
        started_at=given.start_time or given.date_created,
        ended_at=given.end_time,
        duration_seconds=int(given.duration) if str(given.duration or "").isdecimal() else None,
        parent_sid=CallSid(given.parent_call_sid) if given.parent_call_sid else None,
    )


def _status(given: Any) -> CallStatus:  # noqa: ANN401 - as above
    try:
        return CallStatus(given.status)
    except ValueError:  # a word that Twilio has added since
        return CallStatus.COMPLETED if given.end_time else CallStatus.IN_PROGRESS


def _http_status(error: TwilioException) -> int:
    """The answer's status: the package puts it in one of two places; 0 when there is none."""
    status = getattr(error, "status", None)
    if status is None:
        status = next((one.status_code for one in error.args if hasattr(one, "status_code")), 0)
    return int(status)


def _said(who: str, status: int) -> str:
    match status:
        case requests.codes.unauthorized | requests.codes.forbidden:
            return f"{who} refuses our credentials ({status}): check the account SID, its token and region"
        case requests.codes.too_many_requests:
            return f"{who} says that we ask too often (429); try again in a minute"
        case 0:
            return f"{who} answered with something else than calls"
        case _:
            return f"{who} answered with an error ({status}); try again later"
