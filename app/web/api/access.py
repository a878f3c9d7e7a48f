"""Who asks, and what is theirs to see. A wall stands between organisations: what is beyond it is 404, or absent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import abort, g, request

from app.domain.lines import LineKey, OrganisationKey
from app.domain.permissions import AccountId, Actor
from app.web.api.blueprint import api
from app.web.bearer import demand_token
from app.web.setup import setup

if TYPE_CHECKING:
    from app.domain.lines import Line

# It describes the API and holds no data.
_OPEN = frozenset({"api.openapi"})


@dataclass(frozen=True, slots=True)
class Reader:
    """Whoever shows a token. ``organisation``: the only one that they read; ``None``: all. ``number``: the token's."""

    organisation: str | None
    number: int = 0

    def sees(self, organisation: str) -> bool:
        """Whether what belongs to this organisation is theirs to see."""
        return self.organisation in {None, organisation}


@api.before_request
def only_with_a_token() -> None:
    """401 for everybody else. From here on the request has one transaction, which only reads."""
    if request.endpoint in _OPEN:
        return
    token = demand_token()
    g.reader = Reader(token.organisation, token.id)


def reader() -> Reader:
    """Whoever asks."""
    found: Reader = g.reader
    return found


def lines() -> dict[str, Line]:
    """The lines that the reader sees, in the order of their keys."""
    every = setup().policy.lines
    return {key: every[key] for key in sorted(every) if reader().sees(every[key].organisation)}


def actor_of(organisation: str, line: str | None = None) -> Actor:
    """The reader, for services that ask whose rows are theirs: with all lines of one organisation, or one of them."""
    seen = {LineKey(key) for key, one in lines().items() if one.organisation == organisation and line in {None, key}}
    name = AccountId(f"api_token:{reader().number}")
    return Actor(name, None, OrganisationKey(organisation), frozenset(seen), frozenset())


def line(key: str) -> Line:
    """One of them; 404 for every other."""
    seen = lines()
    if key not in seen:
        abort(404, f"there is no such line; the lines are {', '.join(seen) or 'none'}")
    return seen[key]
