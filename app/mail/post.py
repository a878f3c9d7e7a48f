"""The way to the mail server, by SMTP (RFC 5321): mail is handed in there, and brought to its readers by others."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from ipaddress import ip_address
from typing import TYPE_CHECKING

from app.domain.errors import RadrumError, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from app.mail.words import Letter

TIMEOUT_SECONDS = 20.0
_SENDER = "Rådrum"
_PERMANENT = 500


class Refused(RadrumError):
    """The mail server won't have this mail, ever."""


class NotNow(RadrumError):
    """The mail server won't have this mail now."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in, and from which address."""

    host: str
    port: int
    sender: str
    """The address that mail comes from, and goes back to when it can't be delivered."""
    our_host: str
    """Our own name, for the greeting and for the ids of messages."""
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    is_encrypted: bool = False
    """From the first byte on (smtps). Else it is from STARTTLS on, where the server offers it."""
    is_this_machine: bool = False
    """Then nothing leaves the machine, and its certificate isn't checked."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """To whom a letter goes, and what it is known by."""

    to: str
    message_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Counter:
    """A mail server that listens to us."""

    server: MailServer
    connection: smtplib.SMTP

    def hand_in(self, letter: Letter, envelope: Envelope) -> None:
        """Returns once the server has taken the responsibility for the mail.

        Raises ``Refused`` or ``NotNow`` about this mail; ``Unavailable`` when the server doesn't take any, or didn't
        say whether it took this one.
        """
        message = _message(self.server, letter, envelope)
        try:
            self.connection.send_message(message, self.server.sender, [envelope.to])
        except smtplib.SMTPRecipientsRefused as error:
            raise _about_this(next(iter(error.recipients.values()))[0], "recipient") from None
        except smtplib.SMTPDataError as error:
            raise _about_this(error.smtp_code, "message") from None
        except (smtplib.SMTPException, OSError) as error:
            raise _no_server(self.server, error) from None


class Post:
    """Our mail server."""

    def __init__(self, server: MailServer, *, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        self.server = server
        self._timeout_seconds = timeout_seconds

    @contextmanager
    def open(self) -> Iterator[Counter]:
        """Connect and sign in. Raises ``Unavailable``, with what to look at, when that fails."""
        try:
            connection = self._connect()
        except (smtplib.SMTPException, OSError) as error:
            raise _no_server(self.server, error) from None
        try:
            yield Counter(self.server, connection)
        finally:
            _leave(connection)

    def _connect(self) -> smtplib.SMTP:
        server, name = self.server, _greeting(self.server.our_host)
        if server.is_encrypted:
            trusted = ssl.create_default_context()
            secure = smtplib.SMTP_SSL(
                server.host, server.port, local_hostname=name, timeout=self._timeout_seconds, context=trusted
            )
            return _begun(secure, lambda: _sign_in(secure, server))
        plain = smtplib.SMTP(server.host, server.port, local_hostname=name, timeout=self._timeout_seconds)
        return _begun(plain, lambda: _secure(plain, server))


def _begun(connection: smtplib.SMTP, begin: Callable[[], None]) -> smtplib.SMTP:
    """The connection, once ``begin`` is through; closed when it isn't."""
    try:
        begin()
    except BaseException:
        connection.close()
        raise
    return connection


def _secure(connection: smtplib.SMTP, server: MailServer) -> None:
    """Encrypt where that is offered. A password goes over no network in clear text."""
    connection.ehlo_or_helo_if_needed()
    if connection.has_extn("starttls"):
        connection.starttls(context=_context(server))
    elif server.user and not server.is_this_machine:
        message = f"the mail server {_where(server)} offers no encryption (STARTTLS), so it isn't told our password"
        raise Unavailable(message)
    _sign_in(connection, server)


def _context(server: MailServer) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if server.is_this_machine:
        # Mail servers come with a certificate that nobody has signed.
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _sign_in(connection: smtplib.SMTP, server: MailServer) -> None:
    if server.user is not None:
        connection.login(server.user, server.password or "")


def _leave(connection: smtplib.SMTP) -> None:
    try:
        connection.quit()
    except (smtplib.SMTPException, OSError):
        connection.close()


def _greeting(host: str) -> str:
    """A host as EHLO names it: an address stands in brackets."""
    try:
        return f"[{ip_address(host)}]"
    except ValueError:
        return host


def _message(server: MailServer, letter: Letter, envelope: Envelope) -> EmailMessage:
    """Raises ``Refused`` for an address that no mail can go to."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = letter.subject
    message["From"] = Address(_SENDER, addr_spec=server.sender)
    try:
        message["To"] = Address(addr_spec=envelope.to)
    except (ValueError, HeaderParseError, IndexError):
        text = "the address isn't one that mail can go to"
        raise Refused(text) from None
    message["Date"] = envelope.at
    message["Message-ID"] = envelope.message_id
    # No "out of office" comes back, from anybody who keeps RFC 3834, nor from Exchange, which has a word of its own.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(letter.text)
    message["Content-Language"] = letter.language
    return message


def _about_this(code: int, what: str) -> RadrumError:
    """The server's answer about one mail. Its words may name people, so its number alone is kept."""
    kind = Refused if code >= _PERMANENT else NotNow
    return kind(f"the mail server refused the {what} ({code})")


def _no_server(server: MailServer, error: smtplib.SMTPException | OSError) -> Unavailable:
    return Unavailable(f"the mail server {_where(server)} {_what_it_did(server, error)}")


def _what_it_did(server: MailServer, error: smtplib.SMTPException | OSError) -> str:
    match error:
        case smtplib.SMTPAuthenticationError(smtp_code=code):
            return f"refuses our user or password ({code}): check RADRUM_MAIL_URL"
        case smtplib.SMTPSenderRefused(smtp_code=code):
            return f"takes no mail from {server.sender} ({code}): check from of [mail] in config.toml"
        case smtplib.SMTPResponseException(smtp_code=code):
            return f"answered with an error ({code})"
        case smtplib.SMTPNotSupportedError():
            return "has no way to sign in that we know"
        case smtplib.SMTPServerDisconnected() if not isinstance(error.__context__, TimeoutError):
            return "closed the connection"
        case ssl.SSLCertVerificationError():
            return "has a certificate that isn't trusted, or is another host's"
        case ssl.SSLError():
            return "doesn't agree on an encrypted connection"
        case smtplib.SMTPServerDisconnected() | TimeoutError():
            return "didn't answer in time"
        case _:
            return f"can't be reached ({type(error).__name__})"


def _where(server: MailServer) -> str:
    return f"{server.host}:{server.port}"
