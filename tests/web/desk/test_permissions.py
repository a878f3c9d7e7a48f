"""Every address of the service, with every method, asked by everybody: who gets in, and who learns nothing.

The addresses are taken from the application itself. Whoever adds a page of the desk names a permission for it; whoever
adds one elsewhere names its guard here.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from flask import url_for
from sqlalchemy import select

from app.domain.calendar_periods import Kind, period_with
from app.domain.callflow.values import NumberSource
from app.domain.calls import Outcome, Source
from app.domain.cases import reference_of
from app.domain.consultations import PlaceKind
from app.domain.finding import ListName
from app.domain.history import SeriesUnit
from app.domain.lines import LineKey, OrganisationKey
from app.domain.permissions import PERMISSIONS, AccountId, Permission, Role
from app.domain.phone import PhoneNumber
from app.domain.training import TrainingKind
from app.factory import create_app
from app.services.account import accounts, web_sessions
from app.services.account.accounts import NewAccount
from app.storage.base import db
from app.storage.models import (
    Account,
    Call,
    CallbackRequest,
    Case,
    Consultation,
    EarlierFigure,
    FollowUp,
    Observation,
    Referral,
    SavedView,
    Staff,
    TimeNote,
    TrainingOccasion,
    TrainingService,
)
from app.web.accounts.cookie import NAME
from app.web.desk.access import needed_by

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session
    from werkzeug.routing import Rule

    from app.domain.policy import Policy
    from app.settings import Settings

GUARDS = {
    "voice": "Twilio's signature",
    "voice_back": "Twilio's signature",
    "practice": "the stand-in's signature, in practice mode alone",
    "api": "a Bearer token",
    "health": "nothing in it; /metrics by a Bearer token, or from this computer alone",
    "home": "open to all: lines and hours; who is signed in sees more by their permissions",
    "language": "open to all: a cookie with the language",
    "statistics": "open to all: what was published for everybody",
    "security": "signing in; what changes an account asks for the account, and its password again",
}
"""Blueprints that prove who asks in another way than by a permission, and how."""
OPEN = {"static"}

OWN, SECOND, OTHER = LineKey("skane"), LineKey("skane-second"), LineKey("nationell")
REACHES = {"own line": ("skane", OWN), "other line": ("skane", SECOND), "other organisation": ("nationell", OTHER)}
SHUT = {401, 403, 404}
NOWHERE = {
    "record": 2_000_000_000,
    "callback": 2_000_000_000,
    "call": 2_000_000_000,
    "training": 2_000_000_000,
    "observation": 2_000_000_000,
    "time_note": 2_000_000_000,
    "kind": "nothing",
    "first": "2020-01-01",
    "key": "own-nowhere",
    "part": "nothing",
    "code": "9999",
    "view": "nowhere",
    "line": "nowhere",
    "reference": "1000002",
    "follow_up": 2_000_000_000,
    "record_class": "nothing",
    "unit": "nothing",
}
"""Of each kind of argument one that nothing has."""


@pytest.fixture
def two_lines(settings: Settings, policy: Policy) -> Settings:
    """An organisation with a second line."""
    first = policy.lines[OWN]
    changed = replace(
        policy,
        lines={**policy.lines, SECOND: replace(first, key=SECOND)},
        schedules={**policy.schedules, SECOND: policy.schedules[OWN]},
        flows={**policy.flows, SECOND: policy.flows[OWN]},
    )
    return replace(settings, policy=changed)


@pytest.fixture
def app(two_lines: Settings) -> Iterator[Flask]:
    app = create_app(two_lines)
    # What is walked here is who gets in; that forms need tokens is tested where they are.
    app.config["WTF_CSRF_ENABLED"] = False
    yield app
    with app.app_context():
        db.engine.dispose()


def test_every_address_names_a_permission_or_its_guard(app: Flask) -> None:
    unguarded = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in OPEN
        and rule.endpoint.partition(".")[0] not in GUARDS
        and needed_by(app, rule.endpoint) is None
    ]

    assert unguarded == []


def test_the_guards_are_of_blueprints_that_exist(app: Flask) -> None:
    assert set(app.blueprints) == GUARDS.keys() | {"desk"}


def test_a_page_that_names_no_permission_is_shown_to_nobody(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = _signed_in(app, frozenset(Role))
    monkeypatch.delattr(app.view_functions["desk.account"], "needed")

    assert client.get("/account").status_code == 404


def test_every_permission_is_somebodys_and_an_administrator_reads_no_content() -> None:
    assert PERMISSIONS.keys() == set(Permission)
    assert all(PERMISSIONS.values())
    content = {Permission.READ_RECORDS, Permission.READ_NOTES, Permission.WRITE_RECORDS, Permission.RING_BACK}
    content |= {Permission.READ_OBSERVATIONS, Permission.READ_TRAINING}
    assert not any(Role.ADMINISTRATOR in PERMISSIONS[one] for one in content)
    assert Role.MANAGER not in PERMISSIONS[Permission.READ_NOTES]


def test_a_stranger_is_led_to_the_sign_in_page_or_refused(app: Flask) -> None:
    client = app.test_client()

    for rule, method in _desk(app):
        answer = client.open(_path(app, rule, NOWHERE), method=method, headers={"Accept": "text/html"})

        if method == "GET":
            assert answer.location.startswith("/sign-in?next="), rule
        else:
            assert answer.status_code == 401, rule


@pytest.mark.parametrize("role", Role)
def test_a_role_gets_into_what_it_may_and_nothing_else(app: Flask, role: Role) -> None:
    client, places = _signed_in(app, frozenset({role}), frozenset({OWN})), _places(app)

    for rule, method in _desk(app):
        permission = needed_by(app, rule.endpoint)
        assert permission is not None
        met = {reach: client.open(_path(app, rule, places[reach]), method=method).status_code for reach in REACHES}
        nowhere = client.open(_path(app, rule, NOWHERE), method=method).status_code

        where = f"{method} {rule.rule} as {role}: {met}"
        assert max(met.values()) < 500, where
        if role not in PERMISSIONS[permission]:
            assert set(met.values()) == {403}, where
            continue
        assert met["own line"] not in SHUT, where
        if rule.arguments:
            # Whatever is out of reach looks as if it weren't there.
            assert met["other line"] == met["other organisation"] == nowhere, where
            assert method != "GET" or nowhere == 404, where


def _desk(app: Flask) -> list[tuple[Rule, str]]:
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("desk.")]
    return [(rule, method) for rule in rules for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})]


def _path(app: Flask, rule: Rule, place: dict[str, Any]) -> str:
    """The address of a page. A new kind of argument is made known to ``NOWHERE`` and ``_places``."""
    unknown = rule.arguments - place.keys()
    assert not unknown, f"{rule.rule}: say in NOWHERE and in _places which {unknown} is in reach and which isn't"
    with app.test_request_context():
        return url_for(rule.endpoint, **{name: place[name] for name in rule.arguments})


def _places(app: Flask) -> dict[str, dict[str, Any]]:
    """In each reach one of every kind. Referrals and municipalities are no line's but the organisation's."""
    callbacks, calls, cases = _callbacks(app), _calls(app), _cases(app)
    with app.app_context():
        made = {
            reach: Consultation(
                organisation=organisation, line=line, source=Source.PRACTICE, opened_at=datetime.now(UTC)
            )
            for reach, (organisation, line) in REACHES.items()
        }
        db.session.add_all(made.values())
        follow_ups = {reach: _follow_up(made[reach], cases[reach]) for reach in REACHES}
        _add_referral("nationell", "own-nationell")
        db.session.add_all(_published(organisation, line) for organisation, line in REACHES.values())
        gathered = {organisation: _gathered(organisation) for organisation in ("skane", "nationell")}
        db.session.commit()
        places = {
            reach: {
                **NOWHERE,
                "record": made[reach].id,
                "callback": callbacks[reach],
                "call": calls[reach],
                "line": REACHES[reach][1],
                "reference": cases[reach],
                "follow_up": follow_ups[reach],
                "unit": SeriesUnit.CASES.value,
            }
            for reach in REACHES
        }
        places["own line"] |= {
            "key": "sos",
            "code": "1280",
            "record_class": "notes",
            "view": _view(),
            "part": "service",
            "kind": "quarter",
            "first": period_with(Kind.QUARTER, datetime.now(UTC).date()).first.isoformat(),
            **gathered["skane"],
        }
        places["other organisation"] |= {"key": "own-nationell", **gathered["nationell"]}
        return places


def _gathered(organisation: str) -> dict[str, int]:
    """A training occasion and notes of an organisation."""
    now = datetime.now(UTC)
    occasion = TrainingOccasion(organisation=organisation, held_on=now.date(), participants=5, minutes=60)
    occasion.kind, occasion.place = TrainingKind.LECTURE, PlaceKind.UNKNOWN
    note = Observation(organisation=organisation, noted_on=now.date(), code="RUTIN", text="Övning")
    on_axis = TimeNote(organisation=organisation, line=organisation, day=now.date(), text="Övning")
    for row in (occasion, note, on_axis):
        row.version, row.token, row.changed_at, row.changed_by_id = 1, secrets.token_hex(16), now, "somebody"
        db.session.add(row)
    db.session.flush()
    db.session.add(TrainingService(training_id=occasion.id, code="SOC", position=1))
    return {"training": occasion.id, "observation": note.id, "time_note": on_axis.id}


def _published(organisation: str, line: LineKey) -> EarlierFigure:
    """What was published of a line."""
    day, last = date(2015, 1, 1), date(2015, 12, 31)
    one = EarlierFigure(organisation=organisation, line=line, unit=SeriesUnit.CASES, first_day=day, last_day=last)
    one.number, one.source, one.imported_at = 298, "Övning", datetime.now(UTC)
    return one


def _view() -> str:
    """One of whoever is signed in; nobody else has any."""
    account = db.session.scalars(select(Account).order_by(Account.created_at.desc())).first()
    assert account is not None
    one = SavedView(id="own", account_id=account.id, organisation=account.organisation, list=ListName.CALLS)
    one.name, one.sought, one.made_at = "Egen", {}, datetime.now(UTC)
    db.session.add(one)
    db.session.commit()
    return one.id


def _calls(app: Flask) -> dict[str, int]:
    """A call that nobody took, in each reach."""
    now = datetime.now(UTC)
    made = {}
    with app.app_context():
        for number, (reach, (organisation, line)) in enumerate(REACHES.items()):
            call = Call(sid=f"CA{number + 100:032x}", organisation=organisation, line=line, source=Source.PRACTICE)
            call.started_at = call.last_heard_at = call.ended_at = now
            call.arrived, call.outcome = True, Outcome.UNANSWERED
            db.session.add(call)
            db.session.flush()
            made[reach] = call.id
        db.session.commit()
    return made


def _cases(app: Flask) -> dict[str, str]:
    """A case in each reach; its reference."""
    made = {}
    with app.app_context():
        for number, (reach, (organisation, line)) in enumerate(REACHES.items()):
            staff = Staff(id=f"staff {number}", organisation=organisation, alias=f"Övning {number}", name="Övning")
            staff.phone, staff.competences, staff.languages = PhoneNumber(f"+4670174065{number}"), [], []
            staff.created_at = datetime.now(UTC)
            db.session.add(staff)
            db.session.flush()
            case = Case(reference=reference_of(200_000 + number).digits, organisation=organisation, line=line)
            case.staff_id, case.opened_at = staff.id, datetime.now(UTC)
            db.session.add(case)
            made[reach] = case.reference
        db.session.commit()
    return made


def _follow_up(record: Consultation, reference: str) -> int:
    """What was promised in a record, in the case with the reference."""
    db.session.flush()
    case = db.session.scalars(select(Case).where(Case.reference == reference)).one()
    made = FollowUp(case_id=case.id, consultation_id=record.id, organisation=case.organisation, line=case.line)
    made.promised_at, made.within_days = record.opened_at, 14
    db.session.add(made)
    db.session.flush()
    return made.id


def _callbacks(app: Flask) -> dict[str, int]:
    """Somebody who asked to be rung back, in each reach."""
    now = datetime.now(UTC)
    made = {}
    with app.app_context():
        for number, (reach, (organisation, line)) in enumerate(REACHES.items()):
            where = {"organisation": organisation, "line": line}
            call = Call(sid=f"CA{number:032x}", source=Source.PRACTICE, started_at=now, last_heard_at=now, **where)
            call.arrived, call.outcome = True, Outcome.CALLBACK
            db.session.add(call)
            db.session.flush()
            asked = CallbackRequest(call_id=call.id, number_source=NumberSource.CALLER, made_at=now, **where)
            asked.number, asked.confirmed_at = PhoneNumber("+46701740605"), now
            db.session.add(asked)
            db.session.flush()
            made[reach] = asked.id
        db.session.commit()
    return made


def _add_referral(organisation: str, key: str) -> None:
    """An entry of the organisation's own."""
    row = Referral(
        organisation=organisation, key=key, name="Övning", number="070-174 06 40", hours="", whom="", note=""
    )
    row.position, row.retired, row.version = 1, False, 1
    row.changed_at, row.changed_by_id = datetime.now(UTC), "somebody"
    db.session.add(row)


def _signed_in(app: Flask, roles: frozenset[Role], lines: frozenset[LineKey] = frozenset()) -> FlaskClient:
    """A browser with a session, without the time that a password takes."""
    client = app.test_client()
    with app.app_context():
        uniquifier, name = _account(db.session(), app, roles, lines)
        db.session.commit()
    with client.session_transaction() as session:
        session["_user_id"], session[NAME] = uniquifier, name
        session["fs_paa"] = datetime.now(UTC).timestamp()  # signed in just now
    return client


def _account(session: Session, app: Flask, roles: frozenset[Role], lines: frozenset[LineKey]) -> tuple[str, str]:
    policy: Policy = app.extensions["radrum"].policy
    email = f"{secrets.token_hex(4)}@skane.example"
    accounts.add(session, policy, NewAccount(email, OrganisationKey("skane"), roles, lines), datetime.now(UTC))
    made = accounts.find(session, email)
    assert made is not None
    made.must_change_password = False
    return made.fs_uniquifier, web_sessions.begin(session, AccountId(made.id), datetime.now(UTC))
