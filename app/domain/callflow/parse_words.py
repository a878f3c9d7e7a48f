"""Word files as values. Pure: takes what ``tomllib`` read, and finds everything wrong at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from app.domain.callflow.nodes import CallerKind
from app.domain.callflow.prompts import LONGEST_ABOUT_CALLER, LONGEST_CALLER_KIND, LONGEST_VALUES, worst_length
from app.domain.callflow.table import Table
from app.domain.callflow.words import Words
from app.domain.hours import ClosedKind, SpecialDay
from app.domain.skills import OTHER_LANGUAGES, Competence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.errors import Problem

Key = TypeVar("Key", bound=str)

_LANGUAGE = re.compile(r"[a-z]{2,3}-[A-Z]{2}", re.ASCII)
_VOICE = re.compile(r"(Polly|Google)\.[A-Za-z0-9-]{1,60}", re.ASCII)
_TIME = frozenset({"time"})
_ON_DAY = _TIME | {"weekday", "day", "month"}


def parse_words(file: str, table: Mapping[str, object]) -> tuple[Words | None, list[Problem]]:
    """One language's words from their file's table, or ``None`` with every problem."""
    problems: list[Problem] = []
    top = Table(file, "", table, problems)
    words = Words(
        language=top.choice("language", _LANGUAGE, "a language and a country, like sv-SE"),
        voice=top.choice("voice", _VOICE, "a voice of Polly or Google, like Polly.Elin-Neural"),
        weekdays=top.texts("weekdays", 7),
        months=top.texts("months", 12),
        hours=top.texts("hours", 24),
        minute_words=top.texts("minute_words", 60),
        minutes=_holding(top, "minutes", frozenset({"hour", "minute"})),
        today=_holding(top, "today", _TIME),
        tomorrow=_holding(top, "tomorrow", _TIME),
        on_day=_holding(top, "on_day", _ON_DAY),
        on_day_of_year=_holding(top, "on_day_of_year", _ON_DAY | {"year"}),
        no_opening=_short(top, "no_opening", "next_opening"),
        closed=top.by_kind("closed", ClosedKind, frozenset({"name"})),
        closed_reasons=top.by_kind("closed_reasons", ClosedKind),
        special_days=top.by_kind("special_days", SpecialDay),
        caller_kinds=top.by_kind("caller_kinds", CallerKind),
        failure=_holding(top, "failure", frozenset({"line", "backup_number"})),
        failure_over=top.text("failure_over"),
        unusable=top.text("unusable"),
        no_screen=top.text("no_screen"),
        back_screen=_holding(top, "back_screen", frozenset({"line", "caller"})),
        back_busy=top.text("back_busy"),
        back_no_answer=top.text("back_no_answer"),
        back_failed=top.text("back_failed"),
        topics=top.by_kind("topics", Competence),
        with_reference=top.text("with_reference"),
        caller_languages=top.by_kind("caller_languages", OTHER_LANGUAGES),
    )
    _bound(top, "closed", words.closed, LONGEST_VALUES["reason"])
    _bound(top, "closed_reasons", words.closed_reasons, LONGEST_VALUES["name"])
    _bound(top, "special_days", words.special_days, LONGEST_VALUES["name"])
    _bound(top, "caller_kinds", words.caller_kinds, LONGEST_CALLER_KIND)
    _bound(top, "", {"with_reference": words.with_reference}, LONGEST_CALLER_KIND)
    _bound(top, "topics", words.topics, LONGEST_ABOUT_CALLER)
    _bound(top, "caller_languages", words.caller_languages, LONGEST_ABOUT_CALLER)
    top.finish()
    return (None, problems) if problems else (words, [])


def _holding(top: Table, key: str, placeholders: frozenset[str]) -> str:
    """A text that must hold each of the placeholders: a date without its month would mislead."""
    text = top.text(key, placeholders)
    for name in sorted(placeholders):
        if text and f"{{{name}}}" not in text:
            top.report(key, text, f"a text with {{{name}}}")
    return text


def _short(top: Table, key: str, stands_for: str) -> str:
    text = top.text(key)
    _bound(top, "", {key: text}, LONGEST_VALUES[stands_for])
    return text


def _bound(top: Table, key: str, texts: Mapping[Key, str], longest: int) -> None:
    for kind, text in texts.items():
        if worst_length(text) > longest:
            top.report(f"{key}.{kind}" if key else kind, text, f"at most {longest} characters when it is filled")
