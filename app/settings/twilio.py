"""The settings of Twilio."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import Problem
from app.reading.tables import NOTHING, shown
from app.settings import forms
from app.settings.sources import ENVIRONMENT

if TYPE_CHECKING:
    from app.settings.sources import Sources

# https://www.twilio.com/docs/global-infrastructure: the regions, and the edges through which each is reached without
# leaving its part of the world. A call that enters ie1 by an edge in the United States would show its numbers there.
_EDGES = {
    "ie1": ("dublin",),
    "au1": ("sydney",),
    "us1": ("ashburn", "umatilla"),
}


def read_region(sources: Sources) -> tuple[str | None, str | None]:
    """Region and edge: both or neither, and the same in the environment as in the config file."""
    region = _agreed(sources, "TWILIO_REGION", "region")
    edge = _agreed(sources, "TWILIO_EDGE", "edge")
    where = sources.config.where
    if region and region not in _EDGES:
        sources.problems.append(Problem(where, "twilio.region", shown(region), f"one of {', '.join(_EDGES)}"))
    elif region or edge:
        edges = _EDGES.get(region or "", sum(_EDGES.values(), ()))
        if not region:
            sources.problems.append(
                Problem(where, "twilio.region", NOTHING, "the region of the edge, or neither of them")
            )
        elif edge not in edges:
            found = shown(edge) if edge else NOTHING
            sources.problems.append(
                Problem(where, "twilio.edge", found, f"with the region {region}: {' or '.join(edges)}")
            )
    return region, edge


def _agreed(sources: Sources, name: str, key: str) -> str | None:
    in_file, in_environment = sources.configured("twilio", key), sources.variable(name)
    if in_file and in_environment and in_file != in_environment:
        allowed = f'"{in_file}", as twilio.{key} of {sources.config.where} says, or change both'
        sources.problems.append(Problem(ENVIRONMENT, name, shown(in_environment), allowed))
    return in_environment or in_file


def read_api_base_url(sources: Sources, simulator_bind: str | None) -> str | None:
    """Where Twilio's REST API is asked instead; given ``simulator_bind``, the stand-in unless told otherwise."""
    found = sources.from_environment("TWILIO_API_BASE_URL", forms.secure_origin)
    return found or (f"http://{simulator_bind}" if simulator_bind else None)
