"""The shapes of a drawn callflow, as SVG paths."""

from __future__ import annotations

from enum import StrEnum
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING

from app.domain.callflow.layout import Size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.callflow.layout import Point, Spot

_HEAD_LENGTH, _HEAD_WIDTH = 8, 8
_CORNER = 12
_SLANT = 14


class Outline(StrEnum):
    """What goes round the text of a box."""

    BOX = "box"
    ROUNDED = "rounded"
    FOLDED = "folded"
    DIAMOND = "diamond"
    HEXAGON = "hexagon"
    DOUBLE = "double"
    SLANTED = "slanted"
    LEANING = "leaning"
    FUNNEL = "funnel"
    POINTED = "pointed"
    STADIUM = "stadium"

    def around(self, width: float, height: float) -> Size:
        """The room that it takes round a text of that size."""
        if self is Outline.DIAMOND:  # twice as high as its text, so that half of its width is left beside it
            return Size(2 * width + 2 * _CORNER, 2 * height + _CORNER)
        return Size(width + 2 * _CORNER + (2 * _SLANT if self in _POINTED else _CORNER), height + 1.4 * _CORNER)


_POINTED = frozenset(
    {Outline.HEXAGON, Outline.SLANTED, Outline.LEANING, Outline.DOUBLE, Outline.FOLDED, Outline.FUNNEL, Outline.POINTED}
)


def outline(shape: Outline, spot: Spot) -> str:
    """The path round a spot."""
    if shape is Outline.ROUNDED:
        return _rounded(spot, _CORNER)
    if shape is Outline.STADIUM:
        return _rounded(spot, spot.height / 2)
    left, top, right, bottom = _edges(spot)
    path = _closed(*_corners(shape, spot))
    if shape is Outline.DOUBLE:
        path += f" M{left + 7:.1f} {top:.1f}V{bottom:.1f} M{right - 7:.1f} {top:.1f}V{bottom:.1f}"
    if shape is Outline.FOLDED:
        path += f" M{right - _CORNER:.1f} {top:.1f}V{top + _CORNER:.1f}H{right:.1f}"
    return path


def _corners(shape: Outline, spot: Spot) -> tuple[Point, ...]:
    """Clockwise, from the top."""
    left, top, right, bottom = _edges(spot)
    below = ((right, bottom), (left, bottom))
    match shape:
        case Outline.DIAMOND:
            return ((spot.x, top), (right, spot.y), (spot.x, bottom), (left, spot.y))
        case Outline.HEXAGON:
            near, far = left + _SLANT, right - _SLANT
            return ((near, top), (far, top), (right, spot.y), (far, bottom), (near, bottom), (left, spot.y))
        case Outline.SLANTED:
            return ((left + _SLANT, top), (right, top), (right - _SLANT, bottom), (left, bottom))
        case Outline.LEANING:
            return ((left, top), (right - _SLANT, top), (right, bottom), (left + _SLANT, bottom))
        case Outline.FUNNEL:
            return ((left, top), (right, top), (right - _SLANT, bottom), (left + _SLANT, bottom))
        case Outline.POINTED:
            return ((left, top), (right - _SLANT, top), (right, spot.y), (right - _SLANT, bottom), (left, bottom))
        case Outline.FOLDED:
            return ((left, top), (right - _CORNER, top), (right, top + _CORNER), *below)
        case _:
            return ((left, top), (right, top), *below)


def _edges(spot: Spot) -> tuple[float, float, float, float]:
    left, top = spot.x - spot.width / 2, spot.y - spot.height / 2
    return left, top, left + spot.width, top + spot.height


def arrow(points: Sequence[Point]) -> tuple[str, str]:
    """The line through pairs of points, and the head at its end. It leaves and arrives upright."""
    (x, y), before = points[-1], points[-2]
    back = -_HEAD_LENGTH if y > before[1] else _HEAD_LENGTH
    end = (x, y + back)
    path = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for place, (one, other) in enumerate(pairwise([*points[:-1], end])):
        # Every second stretch runs along a label or a lane: straight.
        path += _line(other) if place % 2 else _curve(one, other)
    return path, _closed((x, y), (x - _HEAD_WIDTH / 2, end[1]), (x + _HEAD_WIDTH / 2, end[1]))


def escaped(text: str) -> str:
    """Text for an XML document, without the characters that none may hold."""
    return escape("".join(one for one in text if one.isprintable() or one in "\n\t"))


def _curve(one: Point, other: Point) -> str:
    middle = (one[1] + other[1]) / 2
    return f"C{one[0]:.1f} {middle:.1f} {other[0]:.1f} {middle:.1f} {other[0]:.1f} {other[1]:.1f}"


def _line(other: Point) -> str:
    return f"L{other[0]:.1f} {other[1]:.1f}"


def _closed(first: Point, *others: Point) -> str:
    return f"M{first[0]:.1f} {first[1]:.1f}" + "".join(map(_line, others)) + "Z"


def _rounded(spot: Spot, radius: float) -> str:
    left, top, right, bottom = _edges(spot)
    arc = f"A{radius:.1f} {radius:.1f} 0 0 1"
    return (
        f"M{left + radius:.1f} {top:.1f}H{right - radius:.1f}{arc} {right:.1f} {top + radius:.1f}"
        f"V{bottom - radius:.1f}{arc} {right - radius:.1f} {bottom:.1f}"
        f"H{left + radius:.1f}{arc} {left:.1f} {bottom - radius:.1f}"
        f"V{top + radius:.1f}{arc} {left + radius:.1f} {top:.1f}Z"
    )
