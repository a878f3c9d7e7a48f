from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.duty import on_duty, slot_at
from app.domain.hours import Calendar, OpeningHours, is_open
from app.domain.lines import StaffId
from app.domain.rotas import Membership, Rota, RotaKey, RotaUnit, Tier
from app.domain.slots import Slot
from tests.domain.hours_of_tests import intervals, opening_hours, wall
from tests.domain.rotas_of_tests import BACKUP, DAILY, SKANE, WEEKLY, people
from tests.domain.swedish_days import CALENDAR, STOCKHOLM, days_from, is_off

HOURS = opening_hours()
NAMES = ["anna", "bo", "cilla", "david", "elin", "farid"]
FIRST = date(2025, 12, 1)
PERIOD = 200

ROTAS = st.builds(
    Rota,
    key=st.just(SKANE),
    tier=st.just(Tier.PRIMARY),
    unit=st.sampled_from(RotaUnit),
    length=st.integers(1, 4),
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    handover=st.sampled_from([time(0), time(2, 30), time(8), time(9), time(12), time(23, 59, 59)]),
    handover_weekday=st.integers(0, 6),
    at_once=st.integers(1, 4),
    anchor=st.dates(FIRST, FIRST + timedelta(days=40)),
)


@st.composite
def memberships(draw: st.DrawFn, key: RotaKey = SKANE) -> list[Membership]:
    count = draw(st.integers(0, 8))
    members = []
    for position in range(count):
        begins = draw(st.dates(FIRST, FIRST + timedelta(days=PERIOD)))
        days = draw(st.none() | st.integers(0, 90))
        ends = None if days is None else begins + timedelta(days=days)
        members.append(Membership(key, StaffId(draw(st.sampled_from(NAMES))), begins, position, ends))
    return members


INSTANTS = st.builds(
    lambda day, hour, second: datetime.combine(day, time(hour, 0, second), tzinfo=UTC),
    st.dates(FIRST, FIRST + timedelta(days=PERIOD)),
    st.integers(7, 15),
    st.integers(0, 1),
)


def members_on(members: list[Membership], day: date) -> list[StaffId]:
    there = [one for one in members if one.begins <= day and (one.ends is None or day < one.ends)]
    ordered = sorted(there, key=lambda one: (one.begins, one.position))
    return list(dict.fromkeys(one.staff for one in ordered))


def slots_until(rota: Rota, until: datetime) -> list[datetime]:
    """When slots begin, on the wall clock, found day by day."""
    found: list[datetime] = []
    for day in days_from(rota.anchor, max(0, (until.date() - rota.anchor).days + 1)):
        week = [one for one in days_from(day, 7) if one.weekday() in rota.weekdays]
        counted = week if rota.unit is RotaUnit.WEEK else [day]
        begins = day.weekday() in ({rota.handover_weekday} if rota.unit is RotaUnit.WEEK else rota.weekdays)
        # A weekend day is a day off only if it is a holiday or an eve.
        if begins and not all(is_holiday_or_eve(one) for one in counted):
            hours = 24 if rota.unit is RotaUnit.HOUR else 1
            found.extend(datetime.combine(day, rota.handover) + timedelta(hours=hour) for hour in range(hours))
    return [one for one in found if one <= until]


def is_holiday_or_eve(day: date) -> bool:
    return day in CALENDAR.holidays or day in CALENDAR.eves


class Walk:
    """Serves slot after slot with a list in the hand, as a person with paper would."""

    def __init__(self, rota: Rota, members: list[Membership]) -> None:
        self.rota, self.members = rota, members
        self.last: Membership | None = None
        self.left = 0

    def serve(self, day: date) -> None:
        """The slot that begins on ``day``."""
        people_then = self.in_order(day)
        if not people_then:
            self.left = 0
            return
        same = next((one for one in people_then if self.last and one.staff == self.last.staff), None)
        if same and self.left:
            self.last, self.left = same, self.left - 1
            return
        self.last, self.left = self.following(people_then), self.rota.length - 1

    def following(self, people_then: list[Membership]) -> Membership:
        if self.last is None:
            return people_then[0]
        here = next((one for one in people_then if one.staff == self.last.staff), self.last)
        later = [one for one in people_then if (one.begins, one.position) > (here.begins, here.position)]
        return (later or people_then)[0]

    def on_duty(self, today: date) -> list[StaffId]:
        people_now = self.in_order(today)
        if not people_now:
            return []
        here = [one for one in people_now if self.last and one.staff == self.last.staff]
        first = people_now.index((here or [self.following(people_now)])[0])
        return [one.staff for one in people_now[first:] + people_now[:first]][: self.rota.at_once]

    def in_order(self, day: date) -> list[Membership]:
        first: dict[StaffId, Membership] = {}
        for one in sorted(self.members, key=lambda one: (one.begins, one.position)):
            if one.begins <= day and (one.ends is None or day < one.ends):
                first.setdefault(one.staff, one)
        return list(first.values())


@settings(max_examples=300)
@given(ROTAS, memberships(), INSTANTS)
def test_duty_is_what_a_walk_from_slot_to_slot_finds(rota: Rota, members: list[Membership], at: datetime) -> None:
    local = at.astimezone(STOCKHOLM)
    slots = slots_until(rota, local.replace(tzinfo=None))
    walk = Walk(rota, members)
    for begins in slots:
        walk.serve(begins.date())
    expected = walk.on_duty(local.date()) if slots and is_open(HOURS, {}, at) else []

    found = [one.staff for one in on_duty(HOURS, {}, [rota], members, at)]

    assert found == expected
    hour = slots[-1].time() if slots and rota.unit is RotaUnit.HOUR else None
    assert slot_at(HOURS, rota, at) == (Slot(len(slots) - 1, slots[-1].date(), hour) if slots else None)


@given(ROTAS, memberships(), memberships(key=BACKUP), INSTANTS)
def test_nobody_is_on_duty_twice_or_outside_the_lists_or_while_closed(
    rota: Rota, members: list[Membership], backups: list[Membership], at: datetime
) -> None:
    rotas = [replace(rota, key=BACKUP, tier=Tier.BACKUP), rota]

    found = on_duty(HOURS, {}, rotas, [*backups, *members], at)

    today = at.astimezone(STOCKHOLM).date()
    primary, backup = members_on(members, today), members_on(backups, today)
    assert len({one.staff for one in found}) == len(found) <= 2 * rota.at_once
    assert all(one.staff in (primary if one.tier is Tier.PRIMARY else backup) for one in found)
    assert [one.tier for one in found] == sorted((one.tier for one in found), key=list(Tier).index)
    assert is_open(HOURS, {}, at) or not found


@given(ROTAS, memberships())
def test_who_has_joined_is_on_duty_from_the_first_slot_on(rota: Rota, members: list[Membership]) -> None:
    for day in days_from(FIRST, PERIOD)[::7]:
        at = wall(f"{day} 12:00")
        expected = is_open(HOURS, {}, at) and slot_at(HOURS, rota, at) is not None and bool(members_on(members, day))
        assert bool(on_duty(HOURS, {}, [rota], members, at)) is expected


@settings(max_examples=50)
@given(ROTAS, memberships(), st.data())
def test_the_answer_is_the_same_alone_and_in_a_sweep(
    rota: Rota, members: list[Membership], data: st.DataObject
) -> None:
    instants = [wall(f"{day} 10:00") for day in days_from(FIRST, 60)]
    sweep = {at: on_duty(HOURS, {}, [rota], members, at) for at in instants}

    at = data.draw(st.sampled_from(instants))
    in_another_order = data.draw(st.permutations(members))

    assert on_duty(opening_hours(), {}, [rota], in_another_order, at) == sweep[at]


@settings(max_examples=50)
@given(ROTAS, memberships())
def test_two_turns_that_follow_each_other_are_of_two_people(rota: Rota, members: list[Membership]) -> None:
    hours = OpeningHours(STOCKHOLM, (intervals("00:00-23:59"),) * 7, Calendar({}, {}, 2025, 2027))
    daily = replace(rota, unit=RotaUnit.DAY, at_once=1, length=1, handover=time(0))
    days = [day for day in days_from(daily.anchor, PERIOD) if day.weekday() in daily.weekdays]

    served = [on_duty(hours, {}, [daily], members, wall(f"{day} 12:00")) for day in days]

    for (yesterday, today), day in zip(pairwise(served), days[1:], strict=True):
        alone = len(members_on(members, day)) < 2
        assert alone or not yesterday or yesterday[0].staff != today[0].staff


@settings(max_examples=30)
@given(st.sampled_from([DAILY, WEEKLY]), st.integers(1, 6), st.integers(1, 3), st.integers(30, 1500))
def test_everyone_has_as_many_turns_as_the_others_or_one_more(rota: Rota, size: int, length: int, days: int) -> None:
    turns_of = replace(rota, length=length)
    members = people(*NAMES[:size])
    turns: dict[int, StaffId] = {}
    for day in days_from(rota.anchor, days):
        at = wall(f"{day} 12:00")
        slot, serving = slot_at(HOURS, turns_of, at), on_duty(HOURS, {}, [turns_of], members, at)
        if slot and serving:
            turns.setdefault(slot.number // length, serving[0].staff)

    counts = Counter(turns.values())

    of_each = [counts[one.staff] for one in members]
    assert max(of_each) - min(of_each) <= 1


@settings(max_examples=50)
@given(ROTAS, st.integers(1, 6), st.lists(st.dates(FIRST, FIRST + timedelta(days=PERIOD)), max_size=5))
def test_a_new_holiday_makes_nobody_skip_a_turn(rota: Rota, size: int, new_holidays: list[date]) -> None:
    calendar = replace(CALENDAR, holidays={**CALENDAR.holidays, **dict.fromkeys(new_holidays, "ny helgdag")})
    every_day = (intervals("00:00-23:59"),) * 7
    before = OpeningHours(STOCKHOLM, every_day, CALENDAR)
    after = OpeningHours(STOCKHOLM, every_day, calendar)
    daily = replace(rota, unit=RotaUnit.DAY, handover=time(0))
    members = people(*NAMES[:size], begins=FIRST)

    def turns(hours: OpeningHours) -> list[StaffId]:
        open_days = [day for day in days_from(daily.anchor, PERIOD) if day.weekday() in daily.weekdays]
        served = [on_duty(hours, {}, [daily], members, wall(f"{day} 12:00")) for day in open_days]
        return [people_on_duty[0].staff for people_on_duty in served if people_on_duty]

    longer, shorter = turns(before), turns(after)
    assert shorter == longer[: len(shorter)]


def test_twenty_years_of_daily_turns_go_round_without_a_slip() -> None:
    members = people(*NAMES)
    open_days = [day for day in days_from(DAILY.anchor, 20 * 365) if not is_off(day)]

    served = [on_duty(HOURS, {}, [DAILY], members, wall(f"{day} 09:00"))[0].staff for day in open_days]

    assert served == [NAMES[number % len(NAMES)] for number in range(len(open_days))]


def test_twenty_years_of_weekly_turns_go_round_without_a_slip() -> None:
    members = people(*NAMES)
    open_days = [day for day in days_from(WEEKLY.anchor, 20 * 365) if not is_off(day)]

    served = [on_duty(HOURS, {}, [WEEKLY], members, wall(f"{day} 09:00"))[0].staff for day in open_days]

    assert served == [NAMES[(day - WEEKLY.anchor).days // 7 % len(NAMES)] for day in open_days]
