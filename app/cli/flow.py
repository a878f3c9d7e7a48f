"""``radrum flow``: a callflow as a picture."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from app.domain.callflow import draw, draw_svg, proofs
from app.domain.errors import NotFound
from app.domain.lines import LineKey
from app.settings import load_settings

if TYPE_CHECKING:
    from app.domain.callflow.nodes import Flow
    from app.domain.policy import Policy


@click.group()
def flow() -> None:
    """Draw a callflow."""


@flow.command("show")
@click.argument("name")
@click.option(
    "--svg/--mermaid", "as_svg", default=False, help="A picture of its own, or a Mermaid flowchart (default)."
)
def show(name: str, as_svg: bool) -> None:  # noqa: FBT001 - click's form
    """Print callflow NAME (its file's name, or a line's key) as a drawing, with what is proved of it.

    An SVG picture needs nothing beside it: radrum flow show NAME --svg > NAME.svg
    """
    found = _flow(load_settings(os.environ).policy, name)
    if as_svg:
        click.echo(draw_svg(found, proofs(found)), nl=False)
        return
    click.echo(f"%% {found.name}: {found.title}")
    click.echo(f"%% Proved before any call of {name}:")
    for proof in proofs(found):
        click.echo(f"%% - {proof}")
    click.echo(draw(found), nl=False)


def _flow(policy: Policy, name: str) -> Flow:
    by_name = {one.name: one for one in policy.flows.values()}
    # A file's name wins: two lines can share a callflow, and a line may be called like another line's callflow.
    if name in by_name:
        return by_name[name]
    if name in policy.flows:
        return policy.flows[LineKey(name)]
    message = (
        f"there is no callflow {name}; there are {', '.join(sorted(by_name))}, and the lines {', '.join(policy.flows)}"
    )
    raise NotFound(message)
