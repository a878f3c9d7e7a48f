"""Callflow files as values. Pure: takes what ``tomllib`` read, and finds everything wrong at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from app.domain.callflow.hold import LONGEST_SILENCE_SECONDS, MOST_TURNS, WORDS_SECONDS
from app.domain.callflow.nodes import (
    CallbackOffer,
    End,
    Flow,
    Greeting,
    Hold,
    HoursGate,
    Menu,
    Message,
    Node,
    NodeId,
    Refer,
    ReferenceQuestion,
    Ring,
    WhoGate,
)
from app.domain.callflow.table import Table
from app.domain.skills import OTHER_LANGUAGES, Competence

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.domain.errors import Problem

_NODE_ID = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
_MENU_KEY = re.compile(r"[1-8]", re.ASCII)
_NODE_ID_SHAPE = "a node's name: a to z, 0 to 9 and _, at most 40 characters, a letter first"

_LINE = frozenset({"line", "more_at"})


def parse_flow(name: str, file: str, table: Mapping[str, object]) -> tuple[Flow | None, list[Problem]]:
    """A callflow from its file's table, or ``None`` with every problem. check_flow judges the flow as a whole."""
    problems: list[Problem] = []
    top = Table(file, "", table, problems)
    top.choice("name", re.compile(re.escape(name)), f"the name of the file, {name}")
    title = top.text("title")
    start, give_up = _node_id(top, "start"), _node_id(top, "give_up")
    other_language = top.member("other_language", OTHER_LANGUAGES)
    nodes_table = top.table("node")
    nodes = {NodeId(key): _node(key, nodes_table) for key in nodes_table.keys}
    if not nodes:
        top.report("node", table.get("node"), "at least one table [node.NAME]")
    top.finish()
    if problems:
        return None, problems
    found = {key: node for key, node in nodes.items() if node}
    return Flow(name, title, start=start, give_up=give_up, nodes=found, other_language=other_language), []


def _node_id(table: Table, key: str) -> NodeId:
    return NodeId(table.choice(key, _NODE_ID, _NODE_ID_SHAPE))


def _node(key: str, nodes: Table) -> Node | None:
    if not _NODE_ID.fullmatch(key):
        nodes.report(key, key, _NODE_ID_SHAPE)
    table = nodes.table(key)
    if not table.keys:
        table.report("kind", None, _KIND_NAMES)
        return None
    kind = table.choice("kind", re.compile("|".join(_KINDS)), _KIND_NAMES)
    if not kind:
        return None
    node = _KINDS[kind](NodeId(key), table)
    table.finish()
    return node


def _hours(key: NodeId, table: Table) -> Node:
    return HoursGate(key, open=_node_id(table, "open"), closed=_node_id(table, "closed"))


def _greeting(key: NodeId, table: Table) -> Node:
    return Greeting(key, table.prompt(_LINE), _node_id(table, "next"))


def _message(key: NodeId, table: Table) -> Node:
    return Message(key, table.prompt(_LINE | {"reason", "next_opening"}), _node_id(table, "next"))


def _refer(key: NodeId, table: Table) -> Node:
    return Refer(key, table.prompt(_LINE), _node_id(table, "next"))


def _who(key: NodeId, table: Table) -> Node:
    return WhoGate(
        key,
        table.prompt(_LINE),
        professional=_node_id(table, "professional"),
        exposed=_node_id(table, "exposed"),
        silent=_node_id(table, "silent"),
        tries=table.number("tries", 2, 1, 3),
        reference=_node_id(table, "reference") if table.holds("reference") else None,
    )


def _reference(key: NodeId, table: Table) -> Node:
    return ReferenceQuestion(
        key, table.prompt(_LINE), again=table.prompt_at("again", frozenset()), next=_node_id(table, "next")
    )


def _ring(key: NodeId, table: Table) -> Node:
    return Ring(
        key,
        screen=table.prompt_at("screen", frozenset({"line", "caller_kind"})),
        farewell=table.prompt_at("farewell", _LINE),
        nobody=_node_id(table, "nobody"),
        busy=_node_id(table, "busy") if table.holds("busy") else None,
        ring_seconds=table.number("ring_seconds", 20, 5, 60),
        tier_seconds=table.number("tier_seconds", 90, 10, 300),
        total_seconds=table.number("total_seconds", 300, 10, 300),
        rounds=table.number("rounds", 1, 1, 2),
    )


def _menu(key: NodeId, table: Table) -> Node:
    keys = table.table("keys")
    return Menu(
        key,
        table.prompt(_LINE),
        keys={one: competence for one in keys.keys if (competence := _topic(keys, one))},
        next=_node_id(table, "next"),
        tries=table.number("tries", 1, 1, 3),
    )


def _topic(keys: Table, key: str) -> Competence | None:
    """What a key asks for. 9 is for the other language, and stays free where there is none."""
    if not _MENU_KEY.fullmatch(key):
        keys.report(key, key, "a key of the telephone, 1 to 8")
    return keys.member(key, Competence)


def _hold(key: NodeId, table: Table) -> Node:
    return Hold(
        key,
        first=table.prompt_at("first", frozenset()),
        again=table.prompt_at("again", frozenset()),
        ring=_node_id(table, "ring"),
        over=_node_id(table, "over"),
        callback=_node_id(table, "callback") if table.holds("callback") else None,
        pause_seconds=table.number("pause_seconds", 12, 3, LONGEST_SILENCE_SECONDS - WORDS_SECONDS),
        turns=table.number("turns", MOST_TURNS, 1, MOST_TURNS),
    )


def _callback(key: NodeId, table: Table) -> Node:
    return CallbackOffer(
        key,
        offer=table.prompt_at("offer", _LINE),
        read_back=table.prompt_at("read_back", frozenset({"number"})),
        ask=table.prompt_at("ask", frozenset()),
        refused=table.prompt_at("refused", frozenset()),
        done=_node_id(table, "done"),
        declined=_node_id(table, "declined"),
        tries=table.number("tries", 3, 1, 3),
    )


def _end(key: NodeId, table: Table) -> Node:  # noqa: ARG001 - one form for all kinds
    return End(key)


_KINDS: Mapping[str, Callable[[NodeId, Table], Node]] = {
    "hours": _hours,
    "greeting": _greeting,
    "who": _who,
    "reference": _reference,
    "menu": _menu,
    "ring": _ring,
    "hold": _hold,
    "callback": _callback,
    "refer": _refer,
    "message": _message,
    "end": _end,
}
_KIND_NAMES = f"one of {', '.join(_KINDS)}"
