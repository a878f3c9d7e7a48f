"""What thousands of tests need again and again, and only a few are about: done once for a test process, or cheaply.

The service itself knows nothing of this, so that nothing can be switched off in a deployment; what a process of its own
does (``tests.support.service``) is as in a deployment.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from jinja2 import BytecodeCache
from passlib.hash import argon2
from sqlalchemy import Engine
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from app.services.account import passwords
from app.storage import engine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from types import CodeType

    from jinja2.bccache import Bucket

    from app.storage.engine import Patience

    Builder = Callable[..., tuple[str, str]]


_SHIPPED, _SHIPPED_CONNECT_SECONDS = engine.VOICE, engine._CONNECT_SECONDS  # noqa: SLF001 - as shipped


class _Compiled(BytecodeCache):
    """Each template as it was compiled first, by its place, its text and what is understood in it."""

    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get(self._key(bucket))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[self._key(bucket)] = bucket.code

    def _key(self, bucket: Bucket) -> tuple[object, ...]:
        understood = bucket.environment
        options = (understood.trim_blocks, understood.lstrip_blocks, understood.keep_trailing_newline)
        return (bucket.key, bucket.checksum, options, *sorted(understood.extensions))


class _Statements(LRUCache[Any, Any]):
    """Each statement as it was compiled first, for whichever engine of its kind."""

    def __init__(self) -> None:
        super().__init__(5_000)

    def get(self, key: tuple[Any, ...], default: Any = None) -> Any:  # noqa: ANN401 - as above it
        _, *statement = key
        return super().get(tuple(statement), default)

    def __setitem__(self, key: tuple[Any, ...], value: Any) -> None:  # noqa: ANN401 - the same
        _, *statement = key
        super().__setitem__(tuple(statement), value)


@contextmanager
def statements_compiled_once() -> Iterator[None]:
    """Engines of one kind share what they have compiled: they and their servers are set up alike."""
    kept: dict[str, _Statements] = defaultdict(_Statements)
    shared = property(
        lambda engine: kept[f"{engine.dialect.name} {engine.dialect.driver}"],
        lambda _engine, _own: None,  # each brings one of its own
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Engine, "_compiled_cache", shared, raising=False)
        yield


@contextmanager
def templates_compiled_once() -> Iterator[None]:
    """Applications share what they have compiled: a template takes ten times as long to compile as to render."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(Flask.jinja_options, "bytecode_cache", _Compiled())
        yield


@contextmanager
def routes_compiled_once() -> Iterator[None]:
    """Applications share the functions that write a route's addresses, which take themselves as an argument."""
    made: dict[tuple[object, ...], Builder] = {}
    make: Callable[[Rule, bool], Builder] = Rule._compile_builder  # noqa: SLF001 - nothing public is between

    def builder(rule: Rule, append_unknown: bool) -> Builder:  # noqa: FBT001 - as werkzeug calls it
        if rule.defaults:
            return make(rule, append_unknown)
        key = (*rule._trace, append_unknown)  # noqa: SLF001 - all that a builder is made of
        if key not in made:
            made[key] = make(rule, append_unknown)
        return made[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", builder)
        yield


def callers_patient() -> AbstractContextManager[None]:
    """Callers who wait for a busy machine; for a lock they wait as in the service.

    On a busy machine a process may stand still for longer than PostgreSQL gives to a caller's transaction, or than we
    give to PostgreSQL for taking a connection.
    """
    return _callers_wait(replace(_SHIPPED, statement=60_000, idle_in_transaction=60_000), connect_seconds=60)


def callers_as_shipped() -> AbstractContextManager[None]:
    """Callers who wait no longer than in the service, where that is what a test is about."""
    return _callers_wait(_SHIPPED, connect_seconds=_SHIPPED_CONNECT_SECONDS)


@contextmanager
def _callers_wait(patience: Patience, *, connect_seconds: int) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "VOICE", patience)
        patch.setattr(engine, "_CONNECT_SECONDS", connect_seconds)
        yield


def passwords_hashed_cheaply() -> AbstractContextManager[None]:
    """Argon2 with the least work that it knows, where the work isn't what a test is about."""
    return _hashed_by(argon2.using(rounds=1, memory_cost=8, parallelism=1))


def passwords_hashed_as_shipped() -> AbstractContextManager[None]:
    """Argon2 as the service uses it, where the work is what a test is about."""
    return _hashed_by(argon2)


@contextmanager
def _hashed_by(scheme: type[argon2]) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "argon2", scheme)
        # What an unknown name is compared with costs as much as a known one.
        patch.setattr(passwords, "_nobodys", cache(lambda: passwords.hashed("nobody's password")))
        yield
