"""Which language a page speaks: the one that somebody chose, else their account's, else Swedish.

Words on pages are English sentences in templates and code, which ``translations/`` says in each language. What callers
hear stands in ``callflows/``, and has nothing to do with this.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from babel import Locale
from babel.core import get_global
from babel.dates import format_date, format_datetime
from flask import Blueprint, abort, current_app, g, redirect, request, url_for
from flask_babel import Babel, force_locale
from flask_babel.speaklater import LazyString

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime, tzinfo
    from zoneinfo import ZoneInfo

    from flask import Flask
    from werkzeug import Response

LANGUAGES: Final = {"sv": "Svenska", "en": "English"}
"""Each by the name that its speakers give it. The first is spoken to whoever asks for nothing else."""
COOKIE = "radrum_language"
_DEFAULT = "sv"
_YEAR_SECONDS = 365 * 24 * 3600
# Dates as they are written in Sweden and in Britain: 24 hours, the day before the month.
_FORMS = {"sv": "sv_SE", "en": "en_GB"}

language = Blueprint("language", __name__)


def install(app: Flask) -> None:
    """Let templates of ``app`` speak, and write instants on a wall clock."""
    _distrust_lazy_sentences()
    Babel(app, default_locale=_DEFAULT, locale_selector=spoken)
    app.register_blueprint(language)
    filters = (clock, date_of, date_words, day, day_and_clock, moment, month_words, place, weekday)
    app.jinja_env.filters.update({one.__name__: one for one in filters})


def spoken() -> str:
    """The language of this request. Whoever finds out the account puts its own into ``g.language_of_account``."""
    for asked in (g.get("speaking"), request.cookies.get(COOKIE), g.get("language_of_account")):
        if asked in LANGUAGES:
            return str(asked)
    return _DEFAULT


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak this language until the end of the block, whatever the reader chose."""
    before, g.speaking = g.get("speaking"), code
    try:
        with force_locale(code):
            yield
    finally:
        g.speaking = before


@language.get("/language/<code>")
def choose(code: str) -> Response:
    """Speak another language from now on, and go back to where the reader was."""
    if code not in LANGUAGES:
        abort(404)
    answer = redirect(_local(request.args.get("back", "/")), code=303)
    answer.set_cookie(
        COOKIE,
        code,
        max_age=_YEAR_SECONDS,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return answer


def locale() -> str:
    """How dates and times are written in the language of this request."""
    return _FORMS[spoken()]


def switches() -> list[dict[str, str]]:
    """The other languages, each with the address that switches to it."""
    back = request.full_path.removesuffix("?") if request.method == "GET" else request.path
    return [
        {"code": code, "name": name, "url": url_for("language.choose", code=code, back=back)}
        for code, name in LANGUAGES.items()
        if code != spoken()
    ]


def clock(instant: datetime, zone: tzinfo) -> str:
    """14:05"""  # noqa: D400 - what it looks like says it best
    return _written(instant, "HH:mm", zone)


def day(instant: datetime, zone: tzinfo) -> str:
    """Fredag 20 november."""
    return _written(instant, "EEEE d MMMM", zone)


def date_words(day: date) -> str:
    """20 november 2026."""
    text: str = format_date(day, "d MMMM y", locale=locale())
    return text


def month_words(day: date) -> str:
    """November 2026, in the middle of a sentence."""
    text: str = format_date(day, "MMMM y", locale=locale())
    return text


def weekday(day: date) -> str:
    """Torsdag 10 december, in the middle of a sentence."""
    text: str = format_date(day, "EEEE d MMMM", locale=locale())
    return text


def day_and_clock(instant: datetime, zone: tzinfo) -> str:
    """20 nov. 14:05: of what isn't long ago."""
    return _written(instant, "d MMM HH:mm", zone)


def moment(instant: datetime, zone: tzinfo) -> str:
    """20 nov. 2026 14:05."""
    return _written(instant, "d MMM y HH:mm", zone)


def date_of(instant: datetime, zone: tzinfo) -> str:
    """20 nov. 2026: of what has no hour."""
    return _written(instant, "d MMM y", zone)


def place(zone: ZoneInfo) -> str:
    """The country of a time zone: Sverige."""
    territory = get_global("zone_territories").get(zone.key, "")
    return str(Locale.parse(locale()).territories.get(territory, zone.key))


def _distrust_lazy_sentences() -> None:
    """Flask-Babel calls its lazy sentences safe HTML, with whatever is filled into them: a name, or a script."""
    if "__html__" in vars(LazyString):
        del LazyString.__html__


def _written(instant: datetime, form: str, zone: tzinfo) -> str:
    text: str = format_datetime(instant, form, tzinfo=zone, locale=locale())
    return text


def _local(address: str) -> str:
    """``address`` when it leads to a page of ours, else the first page."""
    parts = urlsplit(address.replace("\\", "/"))
    is_ours = not parts.scheme and not parts.netloc and address.startswith("/") and not address.startswith("//")
    # No header takes the end of a line.
    return address if is_ours and address.isprintable() else "/"
