"""Ringing back over real HTTP: our REST client, the stand-in that rings, and the webhooks that it sends."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from app.domain.callbacks import BackState, Closing, NotNow, Why
from app.domain.lines import LineKey, OrganisationKey, StaffId
from app.domain.permissions import Actor, Role
from app.factory import create_app
from app.services.callback.ring_back import Rung, ring_back
from app.services.rota.staff import import_staff
from app.simulator.network import Network
from app.simulator.outgoing import ScriptedOutgoing
from app.simulator.phones import PhoneBehaviour, Reaction
from app.simulator.plan import Service
from app.simulator.rest import rest_api
from app.storage.base import db
from app.storage.models import CallbackAttempt, CallbackRequest, Staff
from app.telephony.rest import TwilioAccount
from tests.support.webhooks import ACCOUNT, TOKEN
from tests.voice.conftest import STAFF
from tests.voice.moments import MONDAY_AT_TEN, SKANE
from tests.voice.ringing_cast import asks_to_be_rung

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.settings import Settings

ETT, CALLER = "+46701740641", "+46701740605"
LONG = PhoneBehaviour(talk_seconds=200)
SHORT = PhoneBehaviour(talk_seconds=90)


@contextmanager
def listening(build: Callable[[int], Flask]) -> Iterator[str]:
    """A web application on a free port, until the end of the block."""
    empty = Flask(__name__)
    server = make_server("127.0.0.1", 0, empty, threaded=True)
    server.app = build(server.server_port)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class World:
    """The service and its provider, both on loopback."""

    def __init__(self, app: Flask, url: str, settings: Settings) -> None:
        self.app = app
        self.url = url
        self.policy = settings.policy
        self.network = Network()
        self.request = 0

    def ring(self, staff: PhoneBehaviour, caller: PhoneBehaviour) -> Rung:
        """A specialist presses the button; to the end of the call."""
        service = Service(self.url, ACCOUNT, TOKEN, numbers=frozenset({SKANE}))
        phones = ScriptedOutgoing(service, self.network, {ETT: staff, CALLER: caller})

        def build(port: int) -> Flask:
            del port
            provider = Flask("provider")
            provider.register_blueprint(rest_api(self.network, ACCOUNT, TOKEN, phones.ring_out))
            return provider

        with (
            listening(build) as there,
            TwilioAccount(ACCOUNT, TOKEN, base_url=there) as telephone,
            self.session() as session,
        ):
            actor = _actor(session)
            rung = ring_back(
                session, self.policy, actor, self.request, telephone, datetime.now(UTC), public_url=self.url
            )
            for thread in phones.threads:
                thread.join()
        return rung

    @contextmanager
    def session(self) -> Iterator[Session]:
        with self.app.app_context(), Session(db.engine) as session:
            yield session

    def stored(self) -> tuple[BackState, int | None, Closing | None]:
        with self.session() as session:
            attempt = session.scalars(select(CallbackAttempt)).one()
            return attempt.state, attempt.talk_seconds, session.get_one(CallbackRequest, self.request).closed_as


def _actor(session: Session) -> Actor:
    staff = next(one for one in session.scalars(select(Staff)).all() if one.phone.e164 == ETT)
    account: Any = "an account"
    lines = frozenset({LineKey("skane")})
    made = Actor(account, StaffId(staff.id), OrganisationKey("skane"), lines, frozenset({Role.SPECIALIST}))
    session.commit()
    return made


@pytest.fixture
def world(database_url: str, shipped: Settings) -> Iterator[World]:
    made: list[Flask] = []

    def build(port: int) -> Flask:
        url = f"http://127.0.0.1:{port}"
        made.append(create_app(replace(shipped, database_url=database_url, public_url=url)))
        return made[0]

    with listening(build) as url:
        world = World(made[0], url, shipped)
        with world.session() as session:
            import_staff(session, world.policy, STAFF, MONDAY_AT_TEN)
            session.commit()
            world.request = asks_to_be_rung(session, world.policy)
            session.commit()
        yield world
        with made[0].app_context():
            db.engine.dispose()


@pytest.mark.parametrize(
    ("staff", "caller", "ended"),
    [
        (LONG, SHORT, (BackState.REACHED, 90, Closing.TALKED)),
        (PhoneBehaviour(talk_seconds=60), LONG, (BackState.REACHED, 60, Closing.TALKED)),
        (LONG, PhoneBehaviour(talk_seconds=10), (BackState.REACHED, 10, None)),
        (LONG, PhoneBehaviour(Reaction.BUSY), (BackState.CALLER_BUSY, None, None)),
        (LONG, PhoneBehaviour(Reaction.NO_ANSWER), (BackState.CALLER_NO_ANSWER, None, None)),
        (PhoneBehaviour(Reaction.NO_ANSWER), LONG, (BackState.NO_ANSWER, None, None)),
        (PhoneBehaviour(Reaction.BUSY), LONG, (BackState.BUSY, None, None)),
        (PhoneBehaviour(Reaction.SILENT), LONG, (BackState.SILENT, None, None)),
        (PhoneBehaviour(Reaction.DECLINES), LONG, (BackState.DECLINED, None, None)),
        (PhoneBehaviour(Reaction.HANGS_UP), LONG, (BackState.SILENT, None, None)),
    ],
)
def test_every_way_that_it_can_go(
    world: World, staff: PhoneBehaviour, caller: PhoneBehaviour, ended: tuple[BackState, int | None, Closing | None]
) -> None:
    rung = world.ring(staff, caller)

    assert rung.is_certain
    assert world.stored() == ended
    assert world.network.ledger.findings == ()


def test_an_error_after_the_phone_rang_rings_it_once(world: World) -> None:
    world.network.fail_after_placing(1)

    rung = world.ring(LONG, SHORT)

    assert rung.is_certain
    placed = [leg for leg in world.network.legs() if leg.direction == "outbound-api"]
    assert len(placed) == 1
    assert world.stored() == (BackState.REACHED, 90, Closing.TALKED)


def test_a_phone_that_the_provider_refuses_is_not_rung(world: World) -> None:
    service = Service(world.url, ACCOUNT, TOKEN)

    def build(port: int) -> Flask:
        del port
        provider = Flask("provider")
        provider.register_blueprint(
            rest_api(world.network, ACCOUNT, TOKEN, ScriptedOutgoing(service, world.network).ring_out)
        )
        return provider

    with (
        listening(build) as there,
        TwilioAccount(ACCOUNT, TOKEN, base_url=there) as telephone,
        world.session() as session,
        pytest.raises(NotNow) as caught,
    ):
        ring_back(
            session, world.policy, _actor(session), world.request, telephone, datetime.now(UTC), public_url=world.url
        )

    assert caught.value.why is Why.REFUSED
    assert world.network.legs() == ()
