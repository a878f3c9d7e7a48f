"""Who may do what at the desk: the one table that every page names a row of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, NewType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.lines import LineKey, OrganisationKey, StaffId

AccountId = NewType("AccountId", str)


class Role(StrEnum):
    """What an account is for. One may have several."""

    SPECIALIST = "specialist"
    """Answers, and writes records."""
    COORDINATOR = "coordinator"
    """Keeps the rota and the list of referrals."""
    MANAGER = "manager"
    """Figures, and lists without notes."""
    ADMINISTRATOR = "administrator"
    """Accounts and the read log; no content."""


class Permission(StrEnum):
    """One thing that can be done."""

    SEE_TODAY = "see_today"
    """Who is on duty, which calls come in, what is waiting."""
    TAKE_CALLS = "take_calls"
    """Be rung: available, paused, wrapping up."""
    DEAL_WITH_CALLS = "deal_with_calls"
    """Say what was done about a call that nobody took."""
    READ_RECORDS = "read_records"
    """The tags of records, in lists and one by one; without the note."""
    READ_NOTES = "read_notes"
    WRITE_RECORDS = "write_records"
    """Tags and note."""
    RING_BACK = "ring_back"
    FOLLOW_UP = "follow_up"
    """Open cases, promise follow-ups and keep them, hand one's cases over."""
    SEE_CASES = "see_cases"
    """That there is a case: whose it is, since when, and how it stands. What is in it is READ_RECORDS."""
    MOVE_CASES = "move_cases"
    """Hand cases over: one's own; those of others with HAND_OVER."""
    HAND_OVER = "hand_over"
    """Hand the cases of others over, without reading what is in them."""
    LIST_CALLS = "list_calls"
    """Calls in lists: when they came, what became of them, and who took them."""
    LIST_CASES = "list_cases"
    """Cases and follow-ups in lists: whose they are and how they stand; nothing of what they are about."""
    SEE_FIGURES = "see_figures"
    IMPORT_FIGURES = "import_figures"
    """Take in how many people live where, and figures that were published elsewhere; take those away."""
    WRITE_TIME_NOTES = "write_time_notes"
    """Say what else happened, on the time axis of the figures."""
    READ_TRAINING = "read_training"
    """Training occasions and their sums."""
    WRITE_TRAINING = "write_training"
    READ_OBSERVATIONS = "read_observations"
    """Notes on gaps and good examples, which are written to be read."""
    WRITE_OBSERVATIONS = "write_observations"
    EDIT_ROTA = "edit_rota"
    READ_REGISTER = "read_register"
    """Serial numbers, days and lines of all records; and the extract of them that anybody may have."""
    RELEASE_RECORDS = "release_records"
    """Hand out one record, with what is secret masked; the note by those alone who may read it."""
    SET_RETENTION = "set_retention"
    """Enter the decisions by which old records are destroyed, and end them."""
    TAKE_EXPORTS = "take_exports"
    """Take files of consultations, calls and numbers out, de-identified; and see who took which, and what for."""
    READ_REFERRALS = "read_referrals"
    EDIT_REFERRALS = "edit_referrals"
    MANAGE_ACCOUNTS = "manage_accounts"
    VERIFY_AUDIT = "verify_audit"
    OWN_ACCOUNT = "own_account"
    """One's own password, codes, passkeys and language."""


_ALL = frozenset(Role)
_SPECIALIST, _COORDINATOR, _MANAGER, _ADMINISTRATOR = (frozenset({role}) for role in Role)

PERMISSIONS: Mapping[Permission, frozenset[Role]] = MappingProxyType(
    {
        Permission.SEE_TODAY: _SPECIALIST | _COORDINATOR | _MANAGER,
        Permission.TAKE_CALLS: _SPECIALIST,
        Permission.DEAL_WITH_CALLS: _SPECIALIST | _COORDINATOR | _MANAGER,
        Permission.READ_RECORDS: _SPECIALIST | _MANAGER,
        Permission.READ_NOTES: _SPECIALIST,
        Permission.WRITE_RECORDS: _SPECIALIST,
        Permission.RING_BACK: _SPECIALIST,
        Permission.FOLLOW_UP: _SPECIALIST,
        Permission.SEE_CASES: _SPECIALIST | _COORDINATOR | _MANAGER,
        Permission.MOVE_CASES: _SPECIALIST | _COORDINATOR,
        Permission.HAND_OVER: _COORDINATOR,
        Permission.LIST_CALLS: _SPECIALIST | _COORDINATOR | _MANAGER,
        Permission.LIST_CASES: _SPECIALIST | _COORDINATOR | _MANAGER,
        Permission.SEE_FIGURES: _SPECIALIST | _COORDINATOR | _MANAGER,
        Permission.IMPORT_FIGURES: _MANAGER,
        Permission.WRITE_TIME_NOTES: _MANAGER,
        Permission.READ_TRAINING: _SPECIALIST | _COORDINATOR | _MANAGER,
        Permission.WRITE_TRAINING: _SPECIALIST | _COORDINATOR,
        Permission.READ_OBSERVATIONS: _SPECIALIST | _MANAGER,
        Permission.WRITE_OBSERVATIONS: _SPECIALIST,
        Permission.EDIT_ROTA: _COORDINATOR,
        Permission.READ_REGISTER: _MANAGER,
        Permission.RELEASE_RECORDS: _SPECIALIST | _MANAGER,
        Permission.SET_RETENTION: _MANAGER,
        Permission.TAKE_EXPORTS: _MANAGER,
        Permission.READ_REFERRALS: _SPECIALIST | _COORDINATOR | _MANAGER,
        Permission.EDIT_REFERRALS: _COORDINATOR,
        Permission.MANAGE_ACCOUNTS: _ADMINISTRATOR,
        Permission.VERIFY_AUDIT: _ADMINISTRATOR,
        Permission.OWN_ACCOUNT: _ALL,
    }
)
"""Which roles may do it."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: made once per request from the account that is signed in, and handed to every service."""

    account_id: AccountId
    staff_id: StaffId | None
    """The specialist that this is, if it is one."""
    organisation: OrganisationKey
    lines: frozenset[LineKey]
    """All lines in reach, none of another organisation."""
    roles: frozenset[Role]


def allowed(actor: Actor, permission: Permission) -> bool:
    """Whether one of the actor's roles may do it. Whose records it reaches is another question."""
    return bool(actor.roles & PERMISSIONS[permission])


def reaches(actor: Actor, organisation: OrganisationKey, line: LineKey) -> bool:
    """Whether what belongs to that organisation and line is the actor's to see at all."""
    return organisation == actor.organisation and line in actor.lines
