"""What the form macros ask of a form: how a control is described, what is wrong with it, which choices it has."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from wtforms import widgets

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask import Flask
    from wtforms import Field, Form

_KEYS = "123456789"


class Kind(StrEnum):
    """How a field is shown."""

    LINE = "line"
    LIST = "list"
    GROUP = "group"
    TICK = "tick"


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong. ``target``: the id of the control to mend it in; empty when the whole form is meant."""

    target: str
    label: str
    message: str


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a group. ``key``: what chooses it, where a script listens."""

    value: str
    label: str
    is_chosen: bool = False
    hint: str = ""
    key: str = ""


def install(app: Flask) -> None:
    """Let the macros of ``templates/macros`` ask."""
    asked = {one.__name__: one for one in (attributes_of, described, described_control, kind_of, mistakes, options_of)}
    app.jinja_env.globals.update(asked)


def described(identity: str, hint: str = "", errors: Sequence[str] = ()) -> dict[str, str]:
    """The attribute that tells a control's hint and errors to those who listen; none where there are none."""
    parts = [f"{identity}-{part}" for part, text in (("hint", hint), ("error", errors)) if text]
    return {"aria-describedby": " ".join(parts)} if parts else {}


def described_control(identity: str, hint: str = "", errors: Sequence[str] = ()) -> dict[str, str]:
    """The same for a control that takes something by itself, as a group doesn't: it may be wrong."""
    return described(identity, hint, errors) | ({"aria-invalid": "true"} if errors else {})


def attributes_of(field: Field, hint: str = "", more: Mapping[str, object] | None = None) -> dict[str, object]:
    """What a field's control is told besides its value. ``more``: what the page adds; a class comes to ours."""
    look = {Kind.LINE: "form-control", Kind.LIST: "form-select"}.get(kind_of(field), "")
    classes = f"{look} {(more or {}).get('class', '')}".strip()
    found = {**(more or {}), **described_control(field.id, hint, field.errors)}
    return found | {"class": classes} if classes else found


def kind_of(field: Field) -> Kind:
    """How the field is shown."""
    match field.widget:
        case widgets.ListWidget():
            return Kind.GROUP
        case widgets.Select():
            return Kind.LIST
        case widgets.CheckboxInput():
            return Kind.TICK
    return Kind.LINE


def mistakes(form: Form) -> list[Mistake]:
    """Everything that is wrong, in the order of the fields; what is about the whole form last."""
    found = [_mistake(field, error) for field in form for error in field.errors]
    return [*found, *(Mistake("", "", str(error)) for error in form.form_errors)]


def options_of(field: Field, *, has_keys: bool) -> list[Option]:
    """The choices of a group, with a digit for each of the first nine where a script listens for them."""
    keys = _KEYS if has_keys else ""
    return [
        Option(str(choice.value), str(choice.label), choice.selected, key=keys[place : place + 1])
        for place, choice in enumerate(_choices(field))
    ]


def _choices(field: Any) -> list[Any]:  # noqa: ANN401 - WTForms ships no types
    return list(field.iter_choices())


def _mistake(field: Field, error: str) -> Mistake:
    if isinstance(field.widget, widgets.HiddenInput):
        return Mistake("", "", str(error))
    # A group has no control of its own: its first choice takes the focus.
    target = f"{field.id}-1" if kind_of(field) is Kind.GROUP else field.id
    return Mistake(str(target), str(field.label.text), str(error))
