"""The read and change log: a chain of entries, each sealed by a hash over its own content and the hash before it.

Whoever changes, removes or inserts an entry breaks the chain at that place. Whoever can rewrite all that follows makes
a new chain, and whoever cuts the end off leaves a shorter one: both are found by an ``Anchor`` that was written down
elsewhere.

An entry tells who did what to which record, and the names of the fields; never a value, a number, a name or a note.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import UTC
from enum import StrEnum
from typing import TYPE_CHECKING

from app.domain.errors import RadrumError

if TYPE_CHECKING:
    from datetime import datetime

BEGINNING = "0" * 64
"""The hash before the first entry."""
MOST_FIELDS = 40
LONGEST_FIELD = 40
_FORM = "radrum-log-1"
"""Which canonical form it is; another one gets another name, and old entries keep theirs."""
_NAME = re.compile(rf"[a-z][a-z0-9_.]{{0,{LONGEST_FIELD - 1}}}")
_RECORD = re.compile(r"[a-z][a-z_]{0,22}:[A-Za-z0-9_-]{1,40}")
"""A table and an id, or a line by its key; 64 characters at most."""
_ANCHOR = re.compile(r"(\d{1,18}) ([0-9a-f]{64})")


class What(StrEnum):
    """What somebody did."""

    OPENED_RECORD = "opened_record"
    CREATED_RECORD = "created_record"
    CHANGED_RECORD = "changed_record"
    OPENED_CALLBACK = "opened_callback"
    CHANGED_CALLBACK = "changed_callback"
    RANG_BACK = "rang_back"
    SHOWED_NUMBER = "showed_number"
    """Never noted: no page shows a number. A log in use isn't made anew to drop a word from its rules."""
    EXPORTED = "exported"
    ERASED = "erased"
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    REFUSED_SIGN_IN = "refused_sign_in"
    CHANGED_ACCOUNT = "changed_account"
    """Of a person, or a token of the API."""
    CHANGED_STAFF = "changed_staff"
    CHANGED_ROTA = "changed_rota"
    """Who answers when: what lies over a rota, pauses, and a line's hours on a day."""
    CHANGED_REFERRALS = "changed_referrals"
    ROTATED_KEYS = "rotated_keys"


@dataclass(frozen=True, slots=True)
class Entry:
    """What is noted, before it has its place in the chain. ``None``: nobody signed in, or no record in particular.

    Raises ``ValueError`` for a record or a field that has the form of anything but an id or a name in the code.
    """

    at: datetime
    account: str | None
    staff: str | None
    organisation: str | None
    what: What
    record: str | None
    """Table and id, as ``consultation:17``; of a list the first and the last id, as ``consultation:17-41``."""
    fields: tuple[str, ...]
    """Names of the fields concerned; of a list and a file, which lines, and how many records."""

    def __post_init__(self) -> None:
        if self.record is not None and not _RECORD.fullmatch(self.record):
            message = "a record is noted by its table and id, as consultation:17"
            raise ValueError(message)
        if len(self.fields) > MOST_FIELDS or not all(map(_NAME.fullmatch, self.fields)):
            message = f"what was changed is noted by at most {MOST_FIELDS} names of fields, as made_by"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Link:
    """An entry in its place."""

    sequence: int
    entry: Entry
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """How far a chain went, and the hash that it ended with; ``str`` is what is written down."""

    sequence: int
    hash: str

    def __str__(self) -> str:
        return f"{self.sequence} {self.hash}"


START = Anchor(0, BEGINNING)


class Broken(RadrumError):
    """The chain doesn't hold: ``at`` is the sequence number of the first place where it doesn't."""

    def __init__(self, at: int, why: str) -> None:
        self.at = at
        super().__init__(f"the read log is broken at entry {at}: {why}")


def anchor_from(text: str) -> Anchor | None:
    """An anchor as it was written down; ``None`` for anything else."""
    found = _ANCHOR.fullmatch(text.strip())
    return Anchor(int(found[1]), found[2]) if found else None


def link(after: Anchor, entry: Entry) -> Link:
    """The entry in the place after ``after``."""
    sequence = after.sequence + 1
    return Link(sequence, entry, after.hash, _hash(sequence, entry, after.hash))


class Check:
    """Goes along a chain, link by link, and keeps nothing but the last one."""

    def __init__(self, kept: Anchor | None = None) -> None:
        """``kept``: an anchor that the chain must go through."""
        self._kept = kept
        self.reached = START

    def follow(self, one: Link) -> None:
        """Go on to the next link. Raises ``Broken``."""
        wanted = self.reached.sequence + 1
        if one.sequence != wanted:
            raise Broken(wanted, f"it is missing; the next is {one.sequence}")
        if one.previous != self.reached.hash:
            raise Broken(wanted, "it doesn't follow the entry before it")
        if one.hash != _hash(one.sequence, one.entry, one.previous):
            raise Broken(wanted, "its content isn't what was noted")
        self.reached = Anchor(one.sequence, one.hash)
        self._compare_with_anchor()

    def end(self, head: Anchor | None) -> Anchor:
        """Where the chain ends: where its head says, and no earlier than the kept anchor. Raises ``Broken``."""
        if head != self.reached:
            raise Broken(self.reached.sequence + 1, "the entries end elsewhere than the head of the chain says")
        if self._kept and self._kept.sequence > self.reached.sequence:
            raise Broken(self.reached.sequence + 1, f"entries up to {self._kept.sequence} were there, says the anchor")
        self._compare_with_anchor()
        return self.reached

    def _compare_with_anchor(self) -> None:
        if self._kept and self._kept.sequence == self.reached.sequence and self._kept != self.reached:
            raise Broken(self.reached.sequence, "it isn't the one of the anchor: the log was written anew")


def _hash(sequence: int, entry: Entry, previous: str) -> str:
    content = [
        _FORM,
        previous,
        sequence,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.account,
        entry.staff,
        entry.organisation,
        entry.what,
        entry.record,
        *entry.fields,
    ]
    return hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()
