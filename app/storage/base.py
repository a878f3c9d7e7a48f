"""The declarative base and the Flask extension that every model hangs on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from app.storage.engine import configure_engine

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy import Engine

# Names that migrations can rely on, the same on SQLite and PostgreSQL.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Root of all models. A plain declarative base: Flask-SQLAlchemy 3.1 breaks MappedAsDataclass on SQLAlchemy 2.1."""

    metadata = MetaData(naming_convention=NAMING)


class _Database(SQLAlchemy):
    """Flask-SQLAlchemy whose engines all follow our transaction recipe: none can be made that loses writes."""

    def _make_engine(self, bind_key: str | None, options: dict[str, Any], app: Flask) -> Engine:
        engine = super()._make_engine(bind_key, options, app)
        configure_engine(engine, voice=True)
        return engine


db = _Database(model_class=Base)
