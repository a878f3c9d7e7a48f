"""``radrum mail``: whether mail works."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import click

from app.domain.errors import Unavailable
from app.domain.mail import message_id
from app.factory import post_of
from app.mail.post import Envelope
from app.mail.words import trial
from app.settings import load_settings


@click.group()
def mail() -> None:
    """Try whether mail to staff works."""


@mail.command()
@click.argument("address")
def test(address: str) -> None:
    """Send a mail to ADDRESS at once, and say whether the mail server took it."""
    post = post_of(load_settings(os.environ))
    if post is None:
        message = "no mail is sent: set url and from of [mail] in config.toml"
        raise Unavailable(message)
    now, server = datetime.now(UTC), post.server
    with post.open() as counter:
        counter.hand_in(trial(), Envelope(address, message_id(f"trial:{now.isoformat()}", server.our_host), now))
    click.echo(f"The mail server {server.host}:{server.port} took a mail to {address}. Look there whether it arrives.")
