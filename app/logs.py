"""Logs that give nobody away: whatever looks like a phone number or a personnummer is masked first."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

# Seven digits or more, however they are spaced; ids of calls and attempts are hexadecimal, so they stand between other
# letters and digits and are left alone.
_NUMBER = re.compile(r"(?<![0-9A-Za-z])\+?[0-9](?:[ -]?[0-9]){6,}(?![0-9A-Za-z])", re.ASCII)
# Instants are no numbers of persons, and an operator at three in the morning needs them.
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T][0-9]{2}:[0-9]{2})?", re.ASCII)


def masked(text: str) -> str:
    """The text with every number of a person as dots and its last two digits."""
    return _NUMBER.sub(lambda found: found[0] if _INSTANT.match(found[0]) else f"…{found[0][-2:]}", text)


class PlainFormatter(logging.Formatter):
    """A line for a person."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """Mask what the standard form gives."""
        return masked(super().format(record))


class JsonFormatter(logging.Formatter):
    """A JSON object a line, of these fields alone: time, level, logger, process, message, error."""

    def format(self, record: logging.LogRecord) -> str:
        """Take no other field of the record: what isn't asked for can't leak."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "process": record.process,
            "message": masked(record.getMessage()),
        }
        if record.exc_info:
            line["error"] = masked(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def configuration(*, is_practice: bool) -> dict[str, Any]:
    """For ``logging.config.dictConfig``: to standard error, for a person in practice, as JSON otherwise."""
    formatter = PlainFormatter if is_practice else JsonFormatter
    toward_root = {"handlers": [], "propagate": True, "level": "INFO"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"masked": {"()": f"{formatter.__module__}.{formatter.__name__}"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "masked"}},
        "root": {"level": "INFO", "handlers": ["stderr"]},
        "loggers": {
            "gunicorn.error": toward_root,
            # Addresses of people and tokens of calls; the metrics count requests.
            "gunicorn.access": toward_root | {"level": "WARNING"},
            "alembic": {"level": "WARNING"},
            # Each second it would warn of a look that is skipped because a job takes longer, which is as it should be.
            "apscheduler": {"level": "ERROR"},
        },
    }
