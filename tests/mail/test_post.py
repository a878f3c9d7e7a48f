"""Handing mail in: to whom, with what, how secretly, and what is said when it isn't taken."""

from __future__ import annotations

import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from threading import Event
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.domain.errors import Unavailable
from app.mail.post import Envelope, MailServer, NotNow, Post, Refused
from app.mail.words import Letter
from tests.support import mail_server
from tests.support.mail_server import HANG_UP, serving

if TYPE_CHECKING:
    from pathlib import Path

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
LETTER = Letter("Ett obesvarat samtal", "Hej Övning Ett!\n\n.En rad som börjar med en punkt.\n")
ENVELOPE = Envelope("ovning.ett@example.se", "<abc@radrum.example.se>", AT)


def way_to(server: mail_server.MailServer) -> MailServer:
    return MailServer("127.0.0.1", server.port, "radrum@example.se", "radrum.example.se", is_this_machine=True)


def hand_in(to: MailServer, envelope: Envelope = ENVELOPE) -> None:
    with Post(to, timeout_seconds=5).open() as counter:
        counter.hand_in(LETTER, envelope)


def test_a_letter_arrives_as_it_was_written(server: mail_server.MailServer) -> None:
    hand_in(way_to(server))

    message = server.taken[0]
    assert message.get_content().splitlines() == LETTER.text.splitlines()
    assert {name: str(message[name]) for name in ("Subject", "From", "To", "Message-ID", "Content-Language")} == {
        "Subject": LETTER.subject,
        "From": "Rådrum <radrum@example.se>",
        "To": "ovning.ett@example.se",
        "Message-ID": "<abc@radrum.example.se>",
        "Content-Language": "sv",
    }
    assert message["Date"].datetime == AT
    assert message["Auto-Submitted"] == "auto-generated"


def test_several_letters_go_by_one_connection(server: mail_server.MailServer) -> None:
    with Post(way_to(server)).open() as counter:
        counter.hand_in(LETTER, ENVELOPE)
        counter.hand_in(LETTER, replace(ENVELOPE, to="ovning.tva@example.se"))

    assert server.readers == ["ovning.ett@example.se", "ovning.tva@example.se"]
    assert server.commands.count("EHLO") == 1


@pytest.mark.parametrize(
    ("command", "answer", "error", "said"),
    [
        ("RCPT", "550 5.1.1 ovning.ett@example.se?", Refused, "refused the recipient (550)"),
        ("RCPT", "450 4.2.1 later", NotNow, "refused the recipient (450)"),
        ("DATA", "554 no", Refused, "refused the message (554)"),
        ("BODY", "552 too large", Refused, "refused the message (552)"),
        ("BODY", "451 busy", NotNow, "refused the message (451)"),
        ("MAIL", "553 not from you", Unavailable, "takes no mail from radrum@example.se (553)"),
        ("EHLO", HANG_UP, Unavailable, "closed the connection"),
        ("BODY", HANG_UP, Unavailable, "closed the connection"),
        ("CONNECT", "554 go away", Unavailable, "answered with an error (554)"),
        ("CONNECT", "421 too many", Unavailable, "answered with an error (421)"),
    ],
)
def test_what_was_not_taken_is_told_without_the_servers_words(
    server: mail_server.MailServer, command: str, answer: str, error: type[Exception], said: str
) -> None:
    server.will_answer(command, answer)

    with pytest.raises(error) as refused:
        hand_in(way_to(server))

    assert said in str(refused.value)
    assert "ovning" not in str(refused.value)


def test_after_a_refusal_the_next_letter_is_taken(server: mail_server.MailServer) -> None:
    server.will_answer("RCPT", "550 no")

    with Post(way_to(server)).open() as counter:
        with pytest.raises(Refused):
            counter.hand_in(LETTER, ENVELOPE)
        counter.hand_in(LETTER, replace(ENVELOPE, to="ovning.tva@example.se"))

    assert server.readers == ["ovning.tva@example.se"]


def test_a_server_that_hangs_up_after_one_letter_is_no_server_for_the_next(server: mail_server.MailServer) -> None:
    server.will_answer("RCPT", "250 well", "421 good night")

    with Post(way_to(server)).open() as counter:
        counter.hand_in(LETTER, ENVELOPE)
        with pytest.raises(NotNow):
            counter.hand_in(LETTER, ENVELOPE)
        with pytest.raises(Unavailable, match="closed the connection"):
            counter.hand_in(LETTER, ENVELOPE)


def test_nobody_listening_is_told_by_host_and_port() -> None:
    with serving() as gone:
        pass

    with pytest.raises(Unavailable, match=rf"127.0.0.1:{gone.port} can't be reached \(ConnectionRefusedError\)"):
        hand_in(way_to(gone))


def test_a_server_that_says_nothing_is_not_waited_for(server: mail_server.MailServer) -> None:
    is_over = Event()
    server.when_taken = is_over.wait

    with (
        pytest.raises(Unavailable, match="didn't answer in time"),
        Post(way_to(server), timeout_seconds=0.2).open() as c,
    ):
        c.hand_in(LETTER, ENVELOPE)
    is_over.set()


@pytest.mark.parametrize(
    "address", ["ovning ett", "", "övning@example.se", "a@b@c", "ovning.ett@", "a\r\nBcc: b@example.se"]
)
def test_an_address_that_no_mail_can_go_to_is_refused_before_anything_is_said(
    server: mail_server.MailServer, address: str
) -> None:
    with pytest.raises(Refused, match="isn't one that mail can go to"):
        hand_in(way_to(server), replace(ENVELOPE, to=address))

    assert "MAIL" not in server.commands


# --- in secret -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key, and a certificate for this machine that nobody else has signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("certificate") / "both.pem"
    form = serialization.PrivateFormat.PKCS8
    key_pem = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    file.write_bytes(key_pem + signed.public_bytes(serialization.Encoding.PEM))
    return file


def showing(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_what_is_offered_is_encrypted_before_anything_is_told(certificate: Path) -> None:
    told = mail_server.MailServer(context=showing(certificate), password="radrum:hush")

    with serving(told) as server:
        hand_in(replace(way_to(server), user="radrum", password="hush"))

    assert server.commands == ["EHLO", "STARTTLS", "TLS", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "QUIT"]
    assert len(server.taken) == 1


def test_elsewhere_an_offer_with_a_certificate_that_nobody_signed_is_declined(certificate: Path) -> None:
    with serving(mail_server.MailServer(context=showing(certificate))) as server:
        elsewhere = replace(way_to(server), is_this_machine=False)

        with pytest.raises(Unavailable, match="has a certificate that isn't trusted"):
            hand_in(elsewhere)

    assert server.taken == []


def test_a_password_goes_nowhere_in_clear_text(server: mail_server.MailServer) -> None:
    server.password = "radrum:hush"
    elsewhere = replace(way_to(server), is_this_machine=False, user="radrum", password="hush")

    with pytest.raises(Unavailable, match="offers no encryption"):
        hand_in(elsewhere)

    assert "AUTH" not in server.commands


def test_on_this_machine_a_password_may_be_told_in_clear_text(server: mail_server.MailServer) -> None:
    server.password = "radrum:hush"

    hand_in(replace(way_to(server), user="radrum", password="hush"))

    assert len(server.taken) == 1


def test_a_password_that_is_refused_is_not_repeated(server: mail_server.MailServer) -> None:
    server.password = "radrum:another"

    with pytest.raises(Unavailable, match=r"refuses our user or password \(535\)") as refused:
        hand_in(replace(way_to(server), user="radrum", password="hush"))

    assert "hush" not in f"{refused.value}{way_to(server)!r}"


def test_a_server_that_asks_for_no_password_is_named(server: mail_server.MailServer) -> None:
    with pytest.raises(Unavailable, match="has no way to sign in that we know"):
        hand_in(replace(way_to(server), user="radrum", password="hush"))


def test_an_encrypted_server_is_asked_for_a_certificate_that_is_trusted(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(mail_server.MailServer(context=showing(certificate), is_encrypted=True)) as server:
        to = replace(way_to(server), is_encrypted=True)
        with pytest.raises(Unavailable, match="has a certificate that isn't trusted"):
            hand_in(to)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        hand_in(to)

    assert server.commands == ["TLS", "EHLO", "MAIL", "RCPT", "DATA", "QUIT"]


def test_a_server_that_does_not_speak_in_secret_is_named(server: mail_server.MailServer) -> None:
    with pytest.raises(Unavailable, match="doesn't agree on an encrypted connection"):
        hand_in(replace(way_to(server), is_encrypted=True))


def test_a_machine_without_a_name_greets_with_its_address(server: mail_server.MailServer) -> None:
    hand_in(replace(way_to(server), our_host="127.0.0.1"))

    assert len(server.taken) == 1
