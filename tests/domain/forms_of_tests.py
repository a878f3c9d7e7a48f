"""Records as tests fill them in: by the shipped taxonomy, on two lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.consultations import Answers, Chosen, Form, apply
from app.domain.lines import LineKey
from app.domain.taxonomy import Code, GroupKey

if TYPE_CHECKING:
    from app.domain.policy import Policy

SERVICE, TYPE, THEME, ADVICE = (GroupKey(key) for key in ("service", "type", "theme", "advice"))
PLACE, EXPOSED, GAP, AGE = (GroupKey(key) for key in ("place", "exposed", "gap", "age"))


@dataclass(frozen=True, slots=True)
class Forms:
    """Of a line for professionals alone, and of one that serves exposed persons, too."""

    professionals: Form
    everybody: Form


def forms_of(policy: Policy) -> Forms:
    """``skane`` and ``skaraborg``."""
    lines = [policy.lines[LineKey(key)] for key in ("skane", "skaraborg")]
    return Forms(*(Form(policy.taxonomy, policy.municipalities, line) for line in lines))


def choose(key: str, *codes: str) -> Chosen:
    return Chosen(GroupKey(key), tuple(map(Code, codes)))


def answered(form: Form, **chosen: str) -> Answers:
    """Codes by group, several apart by spaces, chosen one after the other."""
    answers = Answers()
    for key, codes in chosen.items():
        answers = apply(form, answers, choose(key, *codes.split()))
    return answers
