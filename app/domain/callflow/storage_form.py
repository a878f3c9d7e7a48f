"""Positions and steps as JSON, for the record. What was stored by an older release is still understood."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, assert_never

from app.domain.callflow.nodes import CallerKind, NodeId
from app.domain.callflow.values import (
    AwaitKey,
    AwaitNumber,
    AwaitTime,
    HangUp,
    KeyedCase,
    NumberSource,
    Phase,
    Position,
    RingOne,
    Spoken,
    Stage,
    Step,
    Wait,
)
from app.domain.calls import Outcome, Verdict
from app.domain.cases import CaseId
from app.domain.lines import StaffId
from app.domain.skills import Competence, Language

Json = dict[str, Any]


def position_to_json(position: Position) -> Json:
    """All of a position; instants in UTC."""
    return {
        "node": position.node,
        "phase": position.phase.value,
        "tries": position.tries,
        "caller_kind": position.caller_kind.value,
        "rung": list(position.rung),
        "stage": position.stage.value if position.stage else None,
        "ring_began": _instant_to_json(position.ring_began),
        "stage_began": _instant_to_json(position.stage_began),
        "documents": position.documents,
        "silent_documents": position.silent_documents,
        "cause": position.cause,
        "at_gate": _verdict_to_json(position.at_gate),
        "ring_node": position.ring_node,
        "language": position.language.value,
        "competence": position.competence.value if position.competence else None,
        "questions": position.questions,
        "hold_began": _instant_to_json(position.hold_began),
        "hold_turns": position.hold_turns,
        "hold_keys": position.hold_keys,
        "gave_reference": position.gave_reference,
        "keyed_case": _case_to_json(position.keyed_case),
    }


def position_from_json(form: Json) -> Position:
    """The position that was stored. A field that isn't there has its default."""
    return Position(
        node=NodeId(form["node"]),
        phase=Phase(form.get("phase", Phase.ENTER)),
        tries=form.get("tries", 0),
        caller_kind=CallerKind(form.get("caller_kind", CallerKind.UNKNOWN)),
        rung=tuple(map(StaffId, form.get("rung", ()))),
        stage=Stage(form["stage"]) if form.get("stage") else None,
        ring_began=_instant_from_json(form.get("ring_began")),
        stage_began=_instant_from_json(form.get("stage_began")),
        documents=form.get("documents", 0),
        silent_documents=form.get("silent_documents", 0),
        cause=form.get("cause", ""),
        at_gate=_verdict_from_json(form.get("at_gate")),
        ring_node=form.get("ring_node"),
        language=Language(form.get("language", Language.SWEDISH)),
        competence=Competence(form["competence"]) if form.get("competence") else None,
        questions=form.get("questions", 0),
        hold_began=_instant_from_json(form.get("hold_began")),
        hold_turns=form.get("hold_turns", 0),
        hold_keys=form.get("hold_keys", 0),
        gave_reference=form.get("gave_reference", False),
        keyed_case=_case_from_json(form.get("keyed_case")),
    )


def step_to_json(step: Step) -> Json:
    """All of a step. It holds no phone number: ``{number}`` is filled when it is rendered."""
    return {
        "position": position_to_json(step.position),
        "spoken": [_spoken_to_json(one) for one in step.spoken],
        "wait": _wait_to_json(step.wait),
        "verdict": _verdict_to_json(step.verdict),
        "confirmed": step.confirmed.value if step.confirmed else None,
        "trail": list(step.trail),
    }


def step_from_json(form: Json) -> Step:
    """The step that was stored. Raises ``KeyError`` or ``ValueError`` for what never was a step."""
    return Step(
        position=position_from_json(form["position"]),
        spoken=tuple(map(_spoken_from_json, form["spoken"])),
        wait=_wait_from_json(form["wait"]),
        verdict=_verdict_from_json(form.get("verdict")),
        confirmed=NumberSource(form["confirmed"]) if form.get("confirmed") else None,
        trail=tuple(map(NodeId, form.get("trail", ()))),
    )


def _wait_to_json(wait: Wait) -> Json:
    match wait:
        case AwaitKey():
            return {"for": "key", "timeout_seconds": wait.timeout_seconds}
        case AwaitTime():
            return {"for": "time", "seconds": wait.seconds}
        case AwaitNumber():
            return {"for": "number", "timeout_seconds": wait.timeout_seconds, "digits": wait.digits}
        case RingOne():
            screen = _spoken_to_json(wait.screen)
            return {"for": "specialist", "staff": wait.staff, "ring_seconds": wait.ring_seconds, "screen": screen}
        case HangUp():
            return {"for": "nothing"}
        case _:  # pragma: no cover - the type checker proves that nothing is left
            assert_never(wait)


def _wait_from_json(form: Json) -> Wait:
    match form["for"]:
        case "key":
            return AwaitKey(form["timeout_seconds"])
        case "time":
            return AwaitTime(form["seconds"])
        case "number":
            return AwaitNumber(form["timeout_seconds"], form.get("digits"))
        case "specialist":
            return RingOne(StaffId(form["staff"]), form["ring_seconds"], _spoken_from_json(form["screen"]))
        case "nothing":
            return HangUp()
        case other:
            message = f"a step doesn't wait for {other!r}"
            raise ValueError(message)


def _case_to_json(keyed: KeyedCase | None) -> Json | None:
    return {"case": keyed.case, "responsible": keyed.responsible} if keyed else None


def _case_from_json(form: Json | None) -> KeyedCase | None:
    return KeyedCase(CaseId(form["case"]), StaffId(form["responsible"])) if form else None


def _spoken_to_json(spoken: Spoken) -> Json:
    return {"text": spoken.text, "play": spoken.play}


def _spoken_from_json(form: Json) -> Spoken:
    return Spoken(form["text"], form.get("play"))


def _verdict_to_json(verdict: Verdict | None) -> Json | None:
    return {"outcome": verdict.outcome.value, "reason": verdict.reason} if verdict else None


def _verdict_from_json(form: Json | None) -> Verdict | None:
    return Verdict(Outcome(form["outcome"]), form["reason"]) if form else None


def _instant_to_json(instant: datetime | None) -> str | None:
    return instant.astimezone(UTC).isoformat() if instant else None


def _instant_from_json(form: str | None) -> datetime | None:
    return datetime.fromisoformat(form) if form else None
