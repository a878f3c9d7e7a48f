"""Nothing that identifies anyone reaches a log."""

from __future__ import annotations

import json
import logging

import pytest

from app.logs import JsonFormatter, PlainFormatter, masked


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dialled +46701740605 twice", "dialled …05 twice"),
        ("dialled 070-174 06 05", "dialled …05"),
        ("0046701740605", "…05"),
        ("19900101-1234", "…34"),
        ("call CA0123456789abcdef0123456789abcdef is open", "call CA0123456789abcdef0123456789abcdef is open"),
        ("at 2026-11-23 10:00:00", "at 2026-11-23 10:00:00"),
        ("closed 12 calls in 345678 ms", "closed 12 calls in 345678 ms"),
    ],
)
def test_numbers_of_persons_are_masked(text: str, expected: str) -> None:
    assert masked(text) == expected


def record(message: str, *args: object, error: Exception | None = None) -> logging.LogRecord:
    info = (type(error), error, None) if error else None
    return logging.LogRecord("radrum", logging.WARNING, __file__, 1, message, args, info)


def test_a_json_line_has_its_fields_and_no_other() -> None:
    given = record("rang %s", "+46701740605", error=ValueError("no +46701740606"))
    given.caller = "+46701740605"

    line = JsonFormatter().format(given)

    assert set(json.loads(line)) == {"time", "level", "logger", "process", "message", "error"}
    assert "4670174" not in line


def test_a_plain_line_is_masked_too() -> None:
    given = record("rang %s", "+46701740605", error=ValueError("no +46701740606"))

    assert "4670174" not in PlainFormatter().format(given)
