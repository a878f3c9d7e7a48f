"""``radrum simulator``: the process that stands in for Twilio."""

from __future__ import annotations

import logging
import os
import socket
from typing import TYPE_CHECKING

import click
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.serving import make_server

from app.cli.typed import command_elsewhere
from app.domain.errors import ConfigurationError, Problem, RadrumError, Unavailable
from app.factory import open_database
from app.services.line.practice import end_what_was_cut_off
from app.settings import load_settings
from app.simulator.lines import PracticeLine
from app.simulator.network import Network
from app.simulator.plan import Service
from app.simulator.server import create_server

if TYPE_CHECKING:
    from app.settings import Settings

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@click.command()
def simulator() -> None:
    """Stand in for Twilio: place practice calls, answer the staff's phones. Practice mode only."""
    settings = load_settings(os.environ)
    service = practice_service(settings)
    host, _, port = settings.simulator_bind.rpartition(":")
    if host.strip("[]") not in _LOOPBACK:
        problem = Problem("simulator", "bind", host, "this computer itself: 127.0.0.1, localhost or [::1]")
        raise ConfigurationError([problem])
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    app = create_server(service, practice_lines(settings), Network(), command=command_elsewhere(os.environ))
    with _listening(host.strip("[]"), int(port)) as listening:
        _forget_what_was_cut_off(settings)  # now that no other simulator can be playing them
        server = make_server(host.strip("[]"), int(port), app, threaded=True, fd=listening.fileno())
        click.echo(f"The practice phones are on http://{settings.simulator_bind}/practice", err=True)
        server.serve_forever()


def _forget_what_was_cut_off(settings: Settings) -> None:
    """Calls that an earlier simulator was playing when it ended would keep their phones in talk for ever."""
    try:
        with open_database(settings) as session:
            end_what_was_cut_off(session)
            session.commit()
    except (RadrumError, SQLAlchemyError):
        logging.getLogger(__name__).warning(
            "the database doesn't answer yet: practice calls that were cut off stay open"
        )


def _listening(host: str, port: int) -> socket.socket:
    """Our own socket: the server would end the process in its own words if the port is taken."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as taken:
        message = (
            f"the simulator can't listen on {host}:{port}: another program may have the port; "
            "stop it, or choose another: bind of [simulator] in config.toml"
        )
        raise Unavailable(message) from taken


def practice_service(settings: Settings) -> Service:
    """The service of this deployment, as the simulator rings it. Raises ``ConfigurationError`` in live mode."""
    if not settings.is_practice:
        problem = Problem("the settings", "mode", settings.mode.value, "practice: a live line is rung by a telephone")
        raise ConfigurationError([problem])
    numbers = (number.e164 for line in settings.policy.lines.values() for number in line.twilio_numbers)
    return Service(
        settings.public_url, settings.twilio.account_sid, settings.twilio.auth_tokens[0], numbers=frozenset(numbers)
    )


def practice_lines(settings: Settings) -> tuple[PracticeLine, ...]:
    """The lines that can be rung."""
    policy = settings.policy
    return tuple(
        PracticeLine(key, line.name, line.caller_id.e164, policy.schedules[key].hours.zone, policy.flows[key])
        for key, line in policy.lines.items()
    )
