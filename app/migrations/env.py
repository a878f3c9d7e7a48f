"""Alembic's environment: runs on the connection, and in the transaction, that app.storage.migrations hands over."""

from __future__ import annotations

from alembic import context

from app.storage import models
from app.storage.base import Base

assert models.__all__  # noqa: S101 - imported for the tables that they put into the metadata

connection = context.config.attributes.get("connection")
if connection is None:
    message = "migrations run by `radrum db upgrade`, which locks the database first"
    raise RuntimeError(message)

context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    # SQLite alters a table by making it anew.
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
