"""What the practice data have that no call brings: records made by hand, training occasions, notes of two kinds.

Every word is visibly made up. As with calls, the same day gives the same rows.
"""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, TypeVar

from app.domain.calls import Source
from app.domain.channels import Channel, instant_of
from app.domain.consultations import Form, PlaceKind
from app.domain.duty import on_duty
from app.domain.register import KIND_OF
from app.domain.taxonomy import Code
from app.domain.training import TrainingKind
from app.domain.wall_clock import local_time
from app.services.practice_data.demo_records import LEFT_TO_DO, HeldCall, fill_in, store
from app.services.practice_data.demo_volume import SEED
from app.services.record.register import Held
from app.storage.models import Consultation, Observation, TimeNote, TrainingOccasion
from app.storage.queries.by_year import store_services

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from app.domain.lines import Line
    from app.domain.policy import Policy
    from app.domain.rotas import Membership

_Row = TypeVar("_Row", Observation, TimeNote, TrainingOccasion)
BY = "practice"
"""Who made them: no account has this id."""
_RECORDS = ((Channel.EMAIL, 2), (Channel.MEETING, 6), (Channel.EMAIL, 9), (Channel.VISIT, 20), (Channel.EMAIL, 41))
"""How each took place, and how many days ago at the least: on the next day with somebody on duty."""
_TRAININGS = (
    (TrainingKind.LECTURE, 12, 120, 85, ("SOC", "SKOLA")),
    (TrainingKind.WORKSHOP, 33, 180, 18, ("SOC",)),
    (TrainingKind.WEBINAR, 71, 60, 140, ("SKOLA", "HSV", "FRITID")),
    (TrainingKind.LECTURE, 160, 90, 42, ("POLIS", "AKL")),
    (TrainingKind.OTHER, 390, 240, 25, ("IDEELL",)),
)
_NOTES = (
    ("RUTIN", 5, "SKOLA", "Övning: en påhittad skola visste inte vem som ringer socialtjänsten."),
    ("GOTT", 18, "SOC", "Övning: en påhittad verksamhet hade en lathund vid telefonen, och alla visste var den låg."),
    ("SAMV_INT", 47, "SOC", "Övning: två påhittade enheter väntade på varandra, och ingen tog det första samtalet."),
    ("KUNSKAP", 90, "HSV", "Övning: en påhittad mottagning var osäker på vad som får antecknas."),
    ("RUTIN", 380, None, "Övning: ett påhittat exempel från förra året, om en rutin som saknades."),
)

_ON_THE_AXIS = (
    (100, "Övning: en påhittad kampanj till skolor"),
    (410, "Övning: en påhittad kommun till hör av sig till linjen"),
)


def add_by_hand(session: Session, policy: Policy, memberships: Sequence[Membership], now: datetime) -> Sequence[Held]:
    """Some for each organisation: records on its first line. Those are still to be put into the register."""
    held: list[Held] = []
    firsts: dict[str, Line] = {}
    for line in policy.lines.values():
        firsts.setdefault(line.organisation, line)
    for line in firsts.values():
        chance = Random(f"{SEED} by hand {line.organisation}")  # noqa: S311 - practice data, the same everywhere
        today = local_time(now, policy.schedules[line.key].hours.zone).date()
        held += _add_records(session, policy, line, memberships, now)
        _add_trainings(session, line, chance, today, now)
        _add_notes(session, line, today, now)
        _add_to_the_axis(session, line, today, now)
    return held


def _add_records(
    session: Session, policy: Policy, line: Line, memberships: Sequence[Membership], now: datetime
) -> list[Held]:
    made = list(_records(policy, line, memberships, now))
    session.add_all(made)
    session.flush()
    held = [HeldCall(one.id, line.key, one.opened_at, one.opened_at, by_exposed=False) for one in made]
    # The last of a list are left to be filled in; here those are none that exist.
    nobody = [HeldCall(-number, line.key, now, now, by_exposed=False) for number in range(LEFT_TO_DO + 1)]
    records = fill_in(Form(policy.taxonomy, policy.municipalities, line), [*held, *nobody], now)
    store(session, policy.taxonomy, [one for one in records if one.consultation_id > 0])
    return [Held(one.id, one.organisation, one.line, one.opened_at, KIND_OF[one.channel]) for one in made]


def _records(policy: Policy, line: Line, memberships: Sequence[Membership], now: datetime) -> Iterator[Consultation]:
    schedule = policy.schedules[line.key]
    today = local_time(now, schedule.hours.zone).date()
    for channel, days in reversed(_RECORDS):
        for back in range(days, days + 14):
            at = instant_of(today - timedelta(days=back), now, schedule.hours.zone)
            people = on_duty(schedule.hours, {}, schedule.rotas, memberships, at)
            if people:
                yield Consultation(
                    organisation=line.organisation,
                    line=line.key,
                    source=Source.PRACTICE,
                    channel=channel,
                    opened_at=at,
                    held_at=at,
                    staff_id=people[0].staff,
                )
                break


def _add_trainings(session: Session, line: Line, chance: Random, today: date, now: datetime) -> None:
    for number, (kind, days, minutes, participants, services) in enumerate(_TRAININGS):
        town = chance.choice(sorted(line.catchment)) if line.catchment else None
        one = TrainingOccasion(
            organisation=line.organisation,
            held_on=today - timedelta(days=days),
            participants=participants,
            minutes=minutes,
            kind=kind,
            place=PlaceKind.MUNICIPALITY if town else PlaceKind.UNKNOWN,
            municipality=town,
            county=town[:2] if town else None,
        )
        session.add(_signed(one, line, number, now))
        session.flush()
        store_services(session, one.id, tuple(map(Code, services)))


def _add_notes(session: Session, line: Line, today: date, now: datetime) -> None:
    for number, (code, days, service, text) in enumerate(_NOTES):
        one = Observation(organisation=line.organisation, noted_on=today - timedelta(days=days), code=code)
        one.service, one.text = service, text
        one.county = min((town[:2] for town in line.catchment), default=None)
        session.add(_signed(one, line, number, now))
    session.flush()


def _add_to_the_axis(session: Session, line: Line, today: date, now: datetime) -> None:
    for number, (days, text) in enumerate(_ON_THE_AXIS):
        one = TimeNote(organisation=line.organisation, day=today - timedelta(days=days), text=text)
        session.add(_signed(one, line, number, now))
    session.flush()


def _signed(row: _Row, line: Line, number: int, now: datetime) -> _Row:
    row.version, row.changed_at, row.changed_by_id = 1, now, BY
    row.token = f"{line.organisation[:24]}-{number}"
    return row
