"""Where a form that was sent differs from what somebody else has stored meanwhile."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from flask_babel import gettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wtforms import Field, Form


def changes_between(yours: Form, theirs: Form, names: Sequence[str], by: str) -> Sequence[dict[str, str]]:
    """Field by field, for the page's macro ``stale``. ``theirs``: the same form, filled in with what stands there."""
    return [
        {
            "label": str(yours[name].label.text),
            "who": by or gettext("Somebody"),
            "theirs": _written(theirs[name]),
            "yours": _written(yours[name]),
        }
        for name in names
        if _written(theirs[name]) != _written(yours[name])
    ]


def _written(field: Field) -> str:
    """What stands in a field, in the words that one chooses by."""
    if not hasattr(field, "choices"):
        return str(field.data or gettext("nothing"))
    chosen = field.data if isinstance(field.data, list) else [field.data]
    return ", ".join(str(one.label) for one in field.choices if one.value in chosen)


def digest(note: str | None) -> str:
    """Which note it is, without saying it twice."""
    return hashlib.sha256((note or "").encode()).hexdigest()[:16]
