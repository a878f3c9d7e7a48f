"""Answers that are made once for many."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest
from werkzeug.exceptions import ServiceUnavailable

from app.web import shelf
from app.web.shelf import KEPT_FOR, Shelf

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)


def test_an_answer_is_made_once_while_it_is_fresh() -> None:
    kept, made = Shelf(), iter("abc")

    def make() -> tuple[str, str]:
        return next(made), "text/plain"

    answers = [kept.get(key, NOW + after, make).content for key, after in (
        ("page", timedelta()), ("page", KEPT_FOR / 2), ("file", timedelta()), ("page", KEPT_FOR),
    )]  # fmt: skip

    assert answers == [b"a", b"a", b"b", b"c"]


def test_an_answer_that_could_not_be_made_leaves_nothing_behind() -> None:
    kept = Shelf()

    def fails() -> tuple[str, str]:
        raise LookupError

    with pytest.raises(LookupError):
        kept.get("page", NOW, fails)

    assert kept.get("page", NOW, lambda: ("made", "text/plain")).content == b"made"


def test_while_an_answer_is_made_others_get_the_old_one_or_hear_that_we_are_busy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shelf, "_PATIENCE_SECONDS", 0)
    kept, is_making, may_end = Shelf(), Event(), Event()
    kept.get("page", NOW, lambda: ("old", "text/plain"))

    def slowly() -> tuple[str, str]:
        is_making.set()
        may_end.wait()
        return "new", "text/plain"

    one = Thread(target=kept.get, args=("page", NOW + KEPT_FOR, slowly))
    one.start()
    is_making.wait()

    assert kept.get("page", NOW + KEPT_FOR, slowly).content == b"old"
    with pytest.raises(ServiceUnavailable):
        kept.get("file", NOW, slowly)

    may_end.set()
    one.join()
    assert kept.get("page", NOW + KEPT_FOR, slowly).content == b"new"
