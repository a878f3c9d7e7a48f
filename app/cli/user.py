"""``radrum user``: who signs in at the desk."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from app.cli.table import echo_table
from app.domain.audit import What
from app.domain.lines import LineKey, OrganisationKey
from app.domain.permissions import Role
from app.factory import open_database
from app.services.account import accounts
from app.services.account.accounts import NewAccount
from app.services.keeping import audit
from app.settings import load_settings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.policy import Policy
    from app.storage.models import Account

_ROLES = click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([role.value for role in Role]),
    help="What the account is for; may be given several times.",
)
_LINES = click.option(
    "--line", "lines", multiple=True, metavar="KEY", help="Limit it to this line; without, all of the organisation."
)


@click.group()
def user() -> None:
    """Add, list, change and end the accounts of the desk."""


@user.command()
@click.argument("email")
@click.option("--organisation", metavar="KEY", help="Whose account it is; needed where there are several.")
@_ROLES
@_LINES
@click.option("--specialist", metavar="ALIAS", help="The member of staff that this is, as in radrum staff list.")
@click.option("--name", "shown_as", metavar="TEXT", help="What colleagues are shown. Default: the alias.")
def add(
    email: str,
    organisation: str | None,
    roles: tuple[str, ...],
    lines: tuple[str, ...],
    specialist: str | None,
    shown_as: str | None,
) -> None:
    """Make an account that signs in as EMAIL, and print its one-time password.

    The password is shown this once, and is replaced at the first sign-in. The first account of an organisation is
    usually an administrator: radrum user add EMAIL --organisation KEY --role administrator
    """
    settings = load_settings(os.environ)
    new = NewAccount(
        email=email,
        organisation=_organisation(settings.policy, organisation),
        roles=frozenset(map(Role, roles)),
        lines=frozenset(map(LineKey, lines)),
        specialist=specialist,
        shown_as=shown_as,
    )
    with open_database(settings) as session:
        password = accounts.add(session, settings.policy, new, datetime.now(UTC))
        _note(session, email, "added")
        session.commit()
    click.echo(f"{accounts.sign_in_name(email)} signs in at {settings.public_url}/sign-in with this password, once:")
    click.echo(password)


@user.command("list")
def list_all() -> None:
    """Show all accounts: address, organisation, roles, lines, and how they sign in."""
    with open_database(load_settings(os.environ)) as session:
        rows = [_cells(one) for one in accounts.listed(session)]
    if rows:
        echo_table([("e-mail", "shown as", "organisation", "roles", "lines", "state"), *rows])
    else:
        click.echo("There are no accounts yet. Make one with: radrum user add EMAIL --role administrator", err=True)


@user.command()
@click.argument("email")
@_ROLES
@_LINES
def change(email: str, roles: tuple[str, ...], lines: tuple[str, ...]) -> None:
    """Give EMAIL these roles and lines instead of its present ones. It is signed out."""
    settings = load_settings(os.environ)
    with open_database(settings) as session:
        accounts.change_reach(
            session, settings.policy, email, frozenset(map(Role, roles)), frozenset(map(LineKey, lines))
        )
        _note(session, email, "roles", "lines")
        session.commit()
    click.echo(f"{email} is {', '.join(roles)} from now on, and signed out.")


@user.command()
@click.argument("email")
def disable(email: str) -> None:
    """End EMAIL's account: it is signed out and can't sign in. radrum user reset lets it in again."""
    with open_database(load_settings(os.environ)) as session:
        was_active = accounts.disable(session, email)
        _note(session, email, "disabled")
        session.commit()
    click.echo(f"{email} is disabled." if was_active else f"{email} was disabled already.")


@user.command()
@click.argument("email")
def reset(email: str) -> None:
    """Let EMAIL in again: print a new one-time password, and forget codes, recovery codes and passkeys."""
    settings = load_settings(os.environ)
    with open_database(settings) as session:
        password = accounts.reset(session, email)
        _note(session, email, "reset")
        session.commit()
    click.echo(f"{email} signs in at {settings.public_url}/sign-in with this password, once:")
    click.echo(password)


def _organisation(policy: Policy, given: str | None) -> OrganisationKey:
    known = list(policy.organisations)
    if given is None and len(known) != 1:
        message = f"which organisation? --organisation {', '.join(known)}"
        raise click.UsageError(message)
    return OrganisationKey(given or known[0])


def _note(session: Session, email: str, *fields: str) -> None:
    """Tell the log what was changed here, at the terminal."""
    account = accounts.find(session, email)
    record = f"account:{account.id}" if account else None
    audit.note(session, None, What.CHANGED_ACCOUNT, record, fields, datetime.now(UTC))


def _cells(one: Account) -> tuple[str, ...]:
    ways: tuple[tuple[bool, str], ...] = (
        (not one.active, "disabled"),
        (one.must_change_password, "one-time password"),
        (one.tf_totp_secret is not None, "codes"),
        (bool(one.passkeys), "passkeys"),
    )
    return (
        one.email,
        one.alias,
        one.organisation,
        ", ".join(row.role for row in one.role_rows),
        ", ".join(row.line for row in one.line_rows) or "all",
        ", ".join(text for holds, text in ways if holds) or "password",
    )
