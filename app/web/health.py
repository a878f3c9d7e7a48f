"""Is it alive, is it ready, and how does it fare: for load balancers, supervisors and Prometheus."""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, json, request
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.services.jobs import heartbeat_age_seconds
from app.services.mail.outbox import standing
from app.storage import migrations
from app.storage.base import db
from app.storage.engine import begin_read_only
from app.storage.queries.api_metrics import calls_by_line_and_outcome
from app.storage.queries.sealed import require_keys
from app.storage.types import KeyMissing
from app.web import metrics
from app.web.bearer import demand_token
from app.web.setup import setup

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Engine

_log = logging.getLogger(__name__)
_DATABASE_SECONDS = 2.0
_LOOPBACK = frozenset({"127.0.0.1", "::1"})
# A proxy on this machine connects from loopback too, and says by one of these for whom.
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")

health = Blueprint("health", __name__)


@health.get("/healthz")
def healthz() -> Response:
    """The process answers. Says nothing about the database: restarting us wouldn't mend that."""
    return _answer({"status": "ok"}, 200)


@health.get("/readyz")
def readyz() -> Response:
    """Calls can be answered as they should be; if not, what is missing."""
    missing = dict(_missing(db.engine))
    if missing:
        return _answer({"status": "not ready", "not_ready": missing}, 503)
    return _answer({"status": "ready"}, 200)


@health.get("/metrics")
def metrics_page() -> Response:
    """Counts for Prometheus: to this machine itself, or by a token that reads all organisations."""
    if not _is_this_machine():
        # They count the calls of all organisations.
        _demand_token_for_all()
    return Response(
        metrics.exposition(_asked_for_metrics()),
        content_type=metrics.CONTENT_TYPE,
        headers={"Cache-Control": "no-store"},
    )


def _demand_token_for_all() -> None:
    try:
        token = demand_token()
    except SQLAlchemyError:
        abort(503)
    if token.organisation is not None:
        abort(403)
    db.session.rollback()


def _missing(engine: Engine) -> Mapping[str, str]:
    missing = {} if setup().policy.lines else {"configuration": "no line is configured"}
    return {**missing, **_database_lacks(engine)}


def _database_lacks(engine: Engine) -> Mapping[str, str]:
    """Asked in a thread: an outage may leave a driver waiting for ever."""
    answers: list[Mapping[str, str]] = []

    def ask() -> None:
        try:
            answers.append(_asked(engine))
        except Exception as error:  # noqa: BLE001 - whatever it is, the database doesn't answer
            _log.warning("the database doesn't answer (%s)", type(error).__name__)

    asking = threading.Thread(target=ask, name="readyz", daemon=True)
    asking.start()
    asking.join(_DATABASE_SECONDS)
    return answers[0] if answers else {"database": f"doesn't answer within {_DATABASE_SECONDS:.0f} seconds"}


def _asked(engine: Engine) -> Mapping[str, str]:
    if not migrations.is_current(engine):
        return {"schema": "isn't the one of this version; run: radrum db upgrade"}
    with Session(engine) as session:
        begin_read_only(session)
        try:
            require_keys(session)
        except KeyMissing as error:
            return {"data keys": str(error)}
    return {}


def _is_this_machine() -> bool:
    return request.remote_addr in _LOOPBACK and not any(name in request.headers for name in _FORWARDED)


def _asked_for_metrics() -> metrics.Asked | None:
    now = datetime.now(UTC)
    try:
        begin_read_only(db.session())
        calls = calls_by_line_and_outcome(db.session(), now - timedelta(days=1))
        return metrics.Asked(calls, heartbeat_age_seconds(db.session(), now), standing(db.session(), now))
    except SQLAlchemyError as error:
        _log.warning("nothing of the database in the metrics: it doesn't answer (%s)", type(error).__name__)
        return None
    finally:
        db.session.rollback()


def _answer(content: Mapping[str, object], status: int) -> Response:
    return Response(
        json.dumps(content), status=status, content_type="application/json", headers={"Cache-Control": "no-store"}
    )
