"""``radrum token``: who may read the JSON API."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import click

from app.cli.noting import note_token
from app.cli.table import echo_table
from app.domain.errors import NotFound
from app.domain.lines import OrganisationKey
from app.factory import open_database
from app.services.account import tokens
from app.settings import load_settings


@click.group("token")
def token() -> None:
    """Add, list and revoke tokens of the API."""


@token.command()
@click.argument("name")
@click.option("--organisation", metavar="KEY", help="Whose lines and records it reads; without it, all.")
def add(name: str, organisation: str | None) -> None:
    """Make a token called NAME and print it. It is shown this once; only its digest is kept."""
    settings = load_settings(os.environ)
    known = settings.policy.organisations
    if organisation is not None and organisation not in known:
        message = f"there is no organisation {organisation}; the organisations are {', '.join(known)}"
        raise NotFound(message)
    reads = OrganisationKey(organisation) if organisation is not None else None
    with open_database(settings) as session:
        now = datetime.now(UTC)
        made = tokens.add(session, name, reads, now)
        note_token(session, name, "added", now)
        session.commit()
    click.echo(made)


@token.command("list")
def list_tokens() -> None:
    """List all tokens: name, what they read, since when, whether they are revoked, and their number in the read log."""
    with open_database(load_settings(os.environ)) as session:
        rows = [
            (
                one.name,
                one.organisation or "all",
                f"{one.created_at:%Y-%m-%d}",
                f"{one.revoked_at:%Y-%m-%d}" if one.revoked_at else "-",
                str(one.id),
            )
            for one in tokens.listed(session)
        ]
    if rows:
        echo_table([("name", "reads", "since", "revoked", "number"), *rows])
    else:
        click.echo("There are no tokens yet. Make one with: radrum token add NAME", err=True)


@token.command()
@click.argument("name")
def revoke(name: str) -> None:
    """End the token called NAME, from its next request on. Its name may be given to a new one then."""
    with open_database(load_settings(os.environ)) as session:
        now = datetime.now(UTC)
        before = tokens.revoke(session, name, now)
        if before is None:
            note_token(session, name, "revoked", now)
        session.commit()
    click.echo(
        f"The token {name} was revoked already, on {before:%Y-%m-%d}." if before else f"The token {name} is revoked."
    )
