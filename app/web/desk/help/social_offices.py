"""Coordinators keep what is known of municipalities' social services: one by one, or by a file."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import Response, abort, flash, redirect, render_template, url_for
from flask_babel import gettext, lazy_gettext, ngettext

from app.domain.errors import NotFound
from app.domain.permissions import Permission
from app.services.csv_reading import FileWrong
from app.services.help import social_offices
from app.services.help.office_file import COLUMNS, FIELDS, Wrong, office_file
from app.services.help.social_offices import Refused
from app.services.keeping import audit
from app.storage.base import db
from app.storage.engine import begin_read_only
from app.web import language
from app.web.desk.access import actor, needs
from app.web.desk.blueprint import desk
from app.web.desk.help.referral_edit import changes_of
from app.web.desk.help.referral_forms import OfficeForm
from app.web.desk.help.referral_shown import office_shown
from app.web.desk.places import in_order
from app.web.desk.sent_file import text_of_file
from app.web.desk.wall_clocks import today
from app.web.setup import setup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug import Response as Answer

    from app.domain.referrals import SocialOffice
    from app.services.csv_reading import Mistake

WRONG: Final = {
    FileWrong.NO_TABLE: lazy_gettext(
        "This isn't a CSV file in UTF-8, or nothing is in it. Download the list below, and fill that in."
    ),
    FileWrong.HEADER: lazy_gettext("The first row must have these columns: %(columns)s."),
    FileWrong.CELLS: lazy_gettext("The row has more or fewer cells than the first row."),
    FileWrong.TOO_MANY: lazy_gettext("There are %(found)s rows, more than there are municipalities."),
    Wrong.NO_MUNICIPALITY: lazy_gettext("No municipality has the code “%(found)s”."),
    Wrong.OTHER_NAME: lazy_gettext("The code is another municipality's than “%(found)s”."),
    FileWrong.TWICE: lazy_gettext("The municipality %(found)s comes twice."),
    Wrong.NO_NUMBER: lazy_gettext("“%(found)s” isn't a telephone number: write digits, spaces and hyphens."),
    Wrong.TOO_LONG: lazy_gettext("The text is longer than %(found)s characters."),
    Wrong.CHANGED: lazy_gettext(
        "%(found)s has changed this municipality since the file was downloaded. Download the list anew, and fill this"
        " row in there."
    ),
    Wrong.NO_DAY: lazy_gettext("“%(found)s” isn't a day that has come, written as 2026-11-23."),
}


@desk.get("/referrals/municipalities")
@needs(Permission.EDIT_REFERRALS)
def municipalities() -> str:
    """Every municipality of the lines, and the way to read in a file."""
    return _page()


@desk.get("/referrals/municipalities.csv")
@needs(Permission.EDIT_REFERRALS)
def download_municipalities() -> Response:
    """The same as a file, to be filled in and sent back."""
    policy = setup().policy
    found = social_offices.to_download(db.session(), policy, actor())
    content = office_file(found, policy.municipalities, language.spoken())
    answer = Response(content, content_type="text/csv; charset=utf-8")
    name = gettext("municipalities")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    answer.headers["Cache-Control"] = "no-store"
    audit.note_export(db.session(), actor(), "social_office:file", actor().lines, datetime.now(UTC))
    db.session.commit()
    return answer


@desk.post("/referrals/municipalities")
@needs(Permission.EDIT_REFERRALS)
def import_municipalities() -> Answer | tuple[str, int]:
    """Take in a file: all of it, or nothing."""
    now, text = datetime.now(UTC), text_of_file()
    known = setup().policy.municipalities
    done = social_offices.import_file(db.session(), known, actor(), text, today(now), now)
    if isinstance(done, Refused):
        db.session.rollback()
        return _page([_words(one) for one in done.mistakes]), HTTPStatus.UNPROCESSABLE_ENTITY
    db.session.commit()
    changed = ngettext("%(num)d municipality was changed.", "%(num)d municipalities were changed.", done.changed)
    unchanged = gettext("%(count)d were as they are already.", count=done.unchanged)
    flash(f"{changed} {unchanged}", "success")
    return redirect(url_for("desk.municipalities"), code=HTTPStatus.SEE_OTHER)


@desk.get("/referrals/municipalities/<code>")
@needs(Permission.EDIT_REFERRALS)
def edit_municipality(code: str) -> str:
    """A form for one."""
    begin_read_only(db.session())
    found = _office(code)
    form = OfficeForm(**{name: getattr(found, name) for name in FIELDS}, version=str(found.version))
    return _form(form, found)


@desk.post("/referrals/municipalities/<code>")
@needs(Permission.EDIT_REFERRALS)
def save_municipality(code: str) -> Answer | tuple[str, int]:
    """Store what was changed, unless somebody else was quicker."""
    now, form, known = datetime.now(UTC), OfficeForm(), setup().policy.municipalities
    form.today = today(now)
    found = _office(code)
    if not form.validate():
        return _form(form, found), HTTPStatus.UNPROCESSABLE_ENTITY
    met = social_offices.save(db.session(), known, actor(), form.typed(code), now)
    db.session.commit()
    if met is not None:
        form.version.data = str(met.now.version)
        changes = changes_of(form, {name: getattr(met.now, name) for name in FIELDS}, met.by)
        return _form(form, found, changes), HTTPStatus.CONFLICT
    flash(gettext("Saved: %(name)s.", name=known.by_code[found.municipality].name), "success")
    return redirect(url_for("desk.municipalities"), code=HTTPStatus.SEE_OTHER)


def _page(mistakes: Sequence[str] = ()) -> str:
    now, policy = datetime.now(UTC), setup().policy
    found = social_offices.to_download(db.session(), policy, actor())
    shown = sorted((office_shown(one, today(now)) for one in found), key=lambda one: in_order(one.name))
    return render_template("desk/municipalities.html", offices=shown, mistakes=mistakes)


def _form(form: OfficeForm, found: SocialOffice, stale: Sequence[dict[str, str]] = ()) -> str:
    name = setup().policy.municipalities.by_code[found.municipality].name
    return render_template("desk/municipality_form.html", form=form, name=name, code=found.municipality, stale=stale)


def _office(code: str) -> SocialOffice:
    try:
        return social_offices.office(db.session(), setup().policy.municipalities, actor(), code)
    except NotFound:
        abort(HTTPStatus.NOT_FOUND)


def _words(one: Mistake) -> str:
    columns = COLUMNS[language.spoken()]
    said = str(WRONG[one.wrong]) % {"found": one.found or gettext("Somebody"), "columns": ", ".join(columns)}
    if not one.row:
        return said
    column = columns[COLUMNS["en"].index(one.column)] if one.column else ""
    where = gettext("Row %(row)d", row=one.row) + (f", {column}" if column else "")
    return f"{where}: {said}"
