"""``radrum db``: the database's schema."""

from __future__ import annotations

import os

import click
from sqlalchemy import make_url

from app.settings import load_settings
from app.storage import migrations


@click.group("db")
def db_group() -> None:
    """Create the database, or bring it up to date."""


@db_group.command()
def upgrade() -> None:
    """Bring the database to the schema of this version. Safe to run again, and by two at once."""
    settings = load_settings(os.environ)
    migrations.upgrade(settings.database_url)
    click.echo(f"{make_url(settings.database_url).render_as_string()} is at revision {migrations.head()}.")
