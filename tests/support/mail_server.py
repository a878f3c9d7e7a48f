"""A mail server on this machine: it speaks SMTP, keeps what it took, and refuses or breaks off where it is told to."""

from __future__ import annotations

import base64
import ssl
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage

HANG_UP = "hang up"
"""In place of an answer."""


@dataclass
class MailServer:
    """What it offers, what it was told to answer, and what it took."""

    context: ssl.SSLContext | None = None
    is_encrypted: bool = False
    """From the first byte on; else ``context`` is offered by STARTTLS."""
    password: str = ""
    """``user:password``, if it asks for one."""
    port: int = 0
    answers: dict[str, deque[str]] = field(default_factory=dict)
    """By command, or CONNECT, or BODY: what it answers the next times, instead of well."""
    taken: list[EmailMessage] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    """The verbs, with TLS where it began."""
    said: list[str] = field(default_factory=list)
    """Its answers, once they are on their way."""
    when_taken: Callable[[], object] = lambda: None
    """Between having a mail on file and saying so."""

    when_asked: dict[str, Callable[[], object]] = field(default_factory=dict)
    """By command, before it is answered."""

    def will_answer(self, command: str, *answers: str) -> None:
        self.answers.setdefault(command, deque()).extend(answers)

    def answer(self, command: str, good: str) -> str:
        self.when_asked.get(command, lambda: None)()
        waiting = self.answers.get(command)
        return waiting.popleft() if waiting else good

    @property
    def ids(self) -> list[str]:
        return [str(message["Message-ID"]) for message in self.taken]

    @property
    def readers(self) -> list[str]:
        return [str(message["To"]) for message in self.taken]


class _Server(ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, told: MailServer) -> None:
        self.told = told
        super().__init__(("127.0.0.1", told.port), _Talk)
        told.port = self.server_address[1]

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that is gone is no news."""


class _Talk(StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        told = self.server.told
        self.is_over = False
        if told.is_encrypted:
            self._encrypt()
        self._say(told.answer("CONNECT", "220 mail.example.se ESMTP"))
        while not self.is_over and (line := self.rfile.readline()):
            verb, _, rest = line.decode().strip().partition(" ")
            told.commands.append(verb.upper())
            self._respond(verb.upper(), rest)

    def _respond(self, verb: str, rest: str) -> None:
        told = self.server.told
        match verb:
            case "EHLO":
                self._say(told.answer("EHLO", "\r\n".join(self._offers())))
            case "STARTTLS":
                self._say("220 go on")
                self._encrypt()
            case "AUTH":
                given = base64.b64decode(rest.split()[1]).decode().strip("\0").replace("\0", ":")
                self._say(told.answer("AUTH", "235 welcome" if given == told.password else "535 who is that?"))
            case "DATA":
                self._take()
            case "QUIT":
                self._say("221 bye")
                self.is_over = True
            case _:
                self._say(told.answer(verb, "250 well"))

    def _offers(self) -> Iterator[str]:
        told = self.server.told
        yield "250-mail.example.se"
        is_secure = isinstance(self.request, ssl.SSLSocket)
        if told.context and not is_secure:
            yield "250-STARTTLS"
        if told.password:
            yield "250-AUTH PLAIN"
        yield "250 8BITMIME"

    def _take(self) -> None:
        told = self.server.told
        begun = told.answer("DATA", "354 begin")
        self._say(begun)
        if not begun.startswith("354"):
            return
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        ending = told.answer("BODY", "250 I have it")
        if ending.startswith("250") or ending == HANG_UP:
            told.taken.append(message_from_bytes(b"".join(lines), policy=policy.default))
            told.when_taken()
        self._say(ending)

    def _say(self, answer: str) -> None:
        if answer == HANG_UP:
            self.is_over = True
        else:
            self.wfile.write(f"{answer}\r\n".encode())
            self.is_over = self.is_over or answer.startswith("421")
        self.server.told.said.append(answer)

    def _encrypt(self) -> None:
        context = self.server.told.context
        assert context is not None
        self.request = self.connection = context.wrap_socket(self.request, server_side=True)
        self.server.told.commands.append("TLS")
        self.setup()

    def finish(self) -> None:
        super().finish()
        self.request.close()


@contextmanager
def serving(told: MailServer | None = None) -> Iterator[MailServer]:
    """The mail server, listening until the end of the block."""
    told = told or MailServer()
    with _Server(told) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield told
        finally:
            server.shutdown()
            thread.join()
