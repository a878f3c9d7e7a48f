"""What happens to a call, what a callflow may ask of the world, and what it says and waits for."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from app.domain.callflow.nodes import CallerKind
from app.domain.rotas import Tier
from app.domain.skills import Language

if TYPE_CHECKING:
    from datetime import datetime

    from app.domain.callflow.nodes import NodeId
    from app.domain.calls import Verdict
    from app.domain.cases import CaseId
    from app.domain.hours import Opening
    from app.domain.lines import Audience, LineKey, StaffId
    from app.domain.skills import Competence


@dataclass(frozen=True, slots=True)
class Arrived:
    """The first webhook of a call."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys that the caller pressed, without the closing #."""

    digits: str


@dataclass(frozen=True, slots=True)
class Silence:
    """No key in time, or a phone without keys."""


@dataclass(frozen=True, slots=True)
class NotReached:
    """The attempt ended and nobody accepted; the caller is still there."""


@dataclass(frozen=True, slots=True)
class ConversationEnded:
    """The specialist hung up after the conversation; the caller is still there."""


Event = Arrived | Keys | Silence | NotReached | ConversationEnded


class Stage(StrEnum):
    """Whose turn it is to be rung: the line's own tiers, then those of the line that it overflows to."""

    PRIMARY = "primary"
    BACKUP = "backup"
    OVERFLOW = "overflow"
    OVERFLOW_BACKUP = "overflow_backup"


_STAGES = {
    Tier.PRIMARY: (Stage.PRIMARY, Stage.OVERFLOW),
    Tier.BACKUP: (Stage.BACKUP, Stage.OVERFLOW_BACKUP),
}
"""Each tier's stage, and that of the other line's."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Someone on duty, and whether they are free: not in a call, not being rung."""

    staff: StaffId
    tier: Tier
    is_free: bool
    overflow: LineKey | None = None
    """The other line that they answer for; ``None``: the dialled one."""
    wraps_up: bool = False
    """Whether they have just ended a call, and are rung last."""
    competences: frozenset[Competence] = frozenset()
    languages: frozenset[Language] = frozenset()
    """Beside Swedish, which everybody speaks."""

    @property
    def stage(self) -> Stage:
        """When they are rung."""
        own, theirs = _STAGES[self.tier]
        return own if self.overflow is None else theirs


@dataclass(frozen=True, slots=True)
class KeyedCase:
    """A case whose reference was keyed in, and who is responsible for it. Not the reference."""

    case: CaseId
    responsible: StaffId


@dataclass(frozen=True, slots=True)
class Facts:
    """The world at one instant, as far as a callflow may ask. A new question is a new field."""

    now: datetime
    opening: Opening
    line_name: str
    more_at: str
    candidates: tuple[Candidate, ...] = ()
    """In ringing order, those of the line that it overflows to after its own; of the last open instant, for a caller
    who was let in before closing time."""
    caller_may_be_rung: bool = False
    """Whether this request shows a number of the caller's that we may ring: Swedish, not premium, not withheld."""
    keys_may_be_rung: bool = False
    """Whether the keys of this event are a number that we may ring."""
    keyed_case: KeyedCase | None = None
    """The case whose reference the keys of this event are. A case that isn't to be known here is none."""
    serves: frozenset[Audience] = frozenset()
    """Whom the line serves."""
    overflow_serves: frozenset[Audience] = frozenset()
    """Whom the line serves that this one overflows to; nobody, if there is none."""
    ahead: tuple[frozenset[StaffId], ...] = ()
    """For each caller on hold who came before this one, first come first: which candidates may be rung for them."""


class Phase(StrEnum):
    """Where inside a node a call stands."""

    ENTER = "enter"
    WAIT = "wait"
    OFFER = "offer"
    CONFIRM_CALLER = "confirm_caller"
    ASK = "ask"
    CONFIRM_TYPED = "confirm_typed"


@dataclass(frozen=True, slots=True)
class Position:
    """Where a call stands. All that step() needs to know of the past; stored as JSON."""

    node: NodeId
    phase: Phase = Phase.ENTER
    tries: int = 0
    caller_kind: CallerKind = CallerKind.UNKNOWN
    rung: tuple[StaffId, ...] = ()
    """Everyone rung so far, once per attempt, in order."""
    stage: Stage | None = None
    ring_began: datetime | None = None
    stage_began: datetime | None = None
    documents: int = 0
    """Answers given so far in this call."""
    silent_documents: int = 0
    """Answers since the caller last pressed a key."""
    cause: str = ""
    """Why nobody was reached: nobody_on_duty, all_busy or no_answer."""
    at_gate: Verdict | None = None
    """What is decided already: closed, referred, callback. Stays once it is set."""
    ring_node: NodeId | None = None
    """The ring node that the call came to last."""
    language: Language = Language.SWEDISH
    competence: Competence | None = None
    """What the caller asked for."""
    questions: int = 0
    """Asked so far, before anybody's phone rang; a question repeated is one question."""
    hold_began: datetime | None = None
    """The caller's place among those who wait, kept through attempts in between."""
    hold_turns: int = 0
    hold_keys: int = 0
    """Keys pressed on hold that mean nothing there."""
    gave_reference: bool = False
    """Whether the caller keyed in what can be the reference of a case, known or not."""
    keyed_case: KeyedCase | None = None
    """The case, if it is known."""


class NumberSource(StrEnum):
    """Whose number a confirmed callback rings."""

    CALLER = "caller"
    TYPED = "typed"


@dataclass(frozen=True, slots=True)
class Spoken:
    """Words to say now: all placeholders are filled but ``{number}``, which the renderer fills."""

    text: str
    play: str | None = None


@dataclass(frozen=True, slots=True)
class AwaitKey:
    """Waits for one key."""

    timeout_seconds: int = 6


@dataclass(frozen=True, slots=True)
class AwaitTime:
    """Waits without listening to keys."""

    seconds: int


@dataclass(frozen=True, slots=True)
class AwaitNumber:
    """Waits for digits that end with #, with a pause, or with the last one where their number is known."""

    timeout_seconds: int = 8
    digits: int | None = None


@dataclass(frozen=True, slots=True)
class RingOne:
    """Rings one specialist, screened."""

    staff: StaffId
    ring_seconds: int
    screen: Spoken


@dataclass(frozen=True, slots=True)
class HangUp:
    """Ends the call after the words."""


Wait = AwaitKey | AwaitTime | AwaitNumber | RingOne | HangUp


@dataclass(frozen=True, slots=True)
class Step:
    """The answer to one event: words, then a wait."""

    position: Position
    spoken: tuple[Spoken, ...]
    wait: Wait
    verdict: Verdict | None = None
    """Set as soon as it is decided; at the latest with HangUp."""
    confirmed: NumberSource | None = None
    """Set by the step in which the caller confirmed the number to be rung."""
    trail: tuple[NodeId, ...] = field(default=())
    """The nodes that this step went through, the last one being where it waits."""
