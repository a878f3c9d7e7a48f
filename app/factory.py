"""The only place where the parts are put together."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.domain.calls import Source
from app.mail.post import MailServer, Post
from app.storage.base import db
from app.storage.engine import COMMAND, create_engine_for, flask_config, no_answer
from app.storage.migrations import require_current
from app.storage.types import keyring
from app.telephony.rest import PRACTICE_PROVIDER, REAL_PROVIDER, TwilioAccount
from app.telephony.signature import SignatureCheck
from app.web import accounts, compression, errors, frame, headers, metrics
from app.web.api import api
from app.web.desk import access, desk
from app.web.health import health
from app.web.home import home
from app.web.practice import practice
from app.web.setup import EXTENSION, WebSetup
from app.web.statistics import statistics
from app.web.voice import voice
from app.web.voice_back import voice_back

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.settings import Settings
    from app.storage.engine import Patience

# Twilio's largest form is a few kilobytes; nothing that we read is larger.
_LARGEST_REQUEST_BYTES = 256 * 1024


def create_app(settings: Settings) -> Flask:
    """The web application of one deployment."""
    app = Flask(__name__, static_folder=None, template_folder="templates")
    app.config.update(
        flask_config(settings.database_url),
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=_LARGEST_REQUEST_BYTES,
        PROVIDE_AUTOMATIC_OPTIONS=False,
    )
    keyring.load(settings.data_keys)
    app.extensions[EXTENSION] = _web_setup(settings)
    db.init_app(app)
    # A redirect would lose the fields of a webhook (https://www.twilio.com/docs/usage/webhooks/voice-webhooks), so no
    # URL has a second spelling.
    app.url_map.strict_slashes = True
    app.url_map.redirect_defaults = False
    app.url_map.merge_slashes = False
    for blueprint in (voice, voice_back, practice, api, health, home, statistics, desk):
        app.register_blueprint(blueprint)
    metrics.install(app)
    frame.install(app)
    machines = (voice, voice_back, practice, api, health)
    accounts.install(app, machines, public_url=settings.public_url, is_practice=settings.is_practice)
    access.install(app)
    errors.install(app)
    headers.install(app)
    compression.install(app)
    return app


@contextmanager
def open_database(settings: Settings, patience: Patience = COMMAND) -> Iterator[Session]:
    """A session for a command or a job. The caller commits; leaving without a commit changes nothing.

    Raises ``WrongRevision`` when the schema is another version's, and ``Unavailable`` when the database doesn't answer.
    """
    keyring.load(settings.data_keys)
    engine = create_engine_for(settings.database_url, patience=patience)
    try:
        require_current(engine)
        with Session(engine) as session:
            yield session
    except OperationalError as error:
        raise no_answer(engine, error) from error
    finally:
        engine.dispose()


def _web_setup(settings: Settings) -> WebSetup:
    twilio = settings.twilio
    return WebSetup(
        policy=settings.policy,
        signature=SignatureCheck(twilio.auth_tokens, twilio.account_sid, settings.public_url),
        source=Source.PRACTICE if settings.is_practice else Source.LIVE,
        audio=settings.root / "callflows" / "audio",
        telephone=provider_of(settings),
        public_url=settings.public_url,
        exports=settings.data_directory / "exports",
        simulator_url=f"http://{settings.simulator_bind}" if settings.is_practice else None,
    )


def post_of(settings: Settings) -> Post | None:
    """The mail server of this deployment; ``None``: no mail is sent."""
    mail = settings.mail
    if mail is None:
        return None
    return Post(
        MailServer(
            host=mail.host,
            port=mail.port,
            sender=mail.sender,
            our_host=urlsplit(settings.public_url).hostname or "localhost",
            user=mail.user,
            password=mail.password,
            is_encrypted=mail.is_encrypted,
            is_this_machine=mail.is_local,
        )
    )


def provider_of(settings: Settings) -> TwilioAccount:
    """Twilio's REST interface for this deployment; in practice the simulator's."""
    twilio = settings.twilio
    asked = PRACTICE_PROVIDER if settings.is_practice else REAL_PROVIDER
    return TwilioAccount(
        account_sid=twilio.account_sid,
        auth_token=twilio.auth_tokens[0],
        region=twilio.region,
        edge=twilio.edge,
        base_url=twilio.api_base_url,
        asked=asked,
    )
