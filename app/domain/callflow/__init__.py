"""What callers hear and where their answers lead: files as values, one step at a time, proved before any call."""

from __future__ import annotations

from app.domain.callflow.check import check_flow, check_flow_for_line, proofs
from app.domain.callflow.graph import rings_next
from app.domain.callflow.mermaid import draw
from app.domain.callflow.parse import parse_flow
from app.domain.callflow.parse_words import parse_words
from app.domain.callflow.picture import draw_svg
from app.domain.callflow.ring import may_be_rung_for, may_overflow
from app.domain.callflow.storage_form import position_from_json, position_to_json, step_from_json, step_to_json
from app.domain.callflow.turn import described
from app.domain.callflow.walk import begin, step

__all__ = [
    "begin",
    "check_flow",
    "check_flow_for_line",
    "described",
    "draw",
    "draw_svg",
    "may_be_rung_for",
    "may_overflow",
    "parse_flow",
    "parse_words",
    "position_from_json",
    "position_to_json",
    "proofs",
    "rings_next",
    "step",
    "step_from_json",
    "step_to_json",
]
