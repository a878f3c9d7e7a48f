"""People who join and leave a rota."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

from tests.domain.rotas_of_tests import DAILY, WEEKLY, each_day, member, names_on_duty, people

# Monday to Friday, without a day off.
A_WEEK = "2026-01-12 2026-01-13 2026-01-14 2026-01-15 2026-01-16"
FROM_THE_TWELFTH = replace(DAILY, anchor=date(2026, 1, 12))
WEEKS_FROM_THE_TWELFTH = replace(WEEKLY, anchor=date(2026, 1, 12))
MONDAYS = "2026-01-12 2026-01-19 2026-01-26 2026-02-02 2026-02-09"


def test_before_the_first_member_nobody_is_on_duty() -> None:
    served = each_day(FROM_THE_TWELFTH, [member("anna", "2026-01-14"), member("bo", "2026-01-15")], A_WEEK)

    assert served == ["-", "-", "anna", "bo", "anna"]


def test_whoever_joined_first_serves_first_and_position_decides_on_the_same_day() -> None:
    members = [
        member("cilla", "2026-01-12", position=2),
        member("anna", "2026-01-12", position=1),
        member("bo", "2026-01-02", position=9),
    ]

    assert each_day(FROM_THE_TWELFTH, members, A_WEEK) == ["bo", "anna", "cilla", "bo", "anna"]


def test_a_newcomer_comes_last_in_the_round() -> None:
    members = [*people("anna", "bo", "cilla"), member("david", "2026-01-13")]

    assert each_day(FROM_THE_TWELFTH, members, A_WEEK) == ["anna", "bo", "cilla", "david", "anna"]


def test_a_newcomer_gives_nobody_two_turns_in_a_row() -> None:
    members = [*people("anna", "bo"), member("cilla", "2026-01-14")]

    # Without a care for the round, three people would begin again with the third slot's number.
    assert each_day(FROM_THE_TWELFTH, members, A_WEEK) == ["anna", "bo", "cilla", "anna", "bo"]


def test_whoever_leaves_hands_on_to_the_next() -> None:
    members = [
        member("anna", "2026-01-05"),
        member("bo", "2026-01-05", "2026-01-15", 1),
        member("cilla", "2026-01-05", position=2),
    ]

    assert each_day(FROM_THE_TWELFTH, members, A_WEEK) == ["anna", "bo", "cilla", "anna", "cilla"]


def test_whoever_leaves_is_not_on_duty_from_that_date_even_before_the_handover() -> None:
    at_noon = replace(FROM_THE_TWELFTH, handover=time(12))
    members = [member("anna", "2026-01-05", "2026-01-13"), member("bo", "2026-01-05", position=1)]

    served = [
        names_on_duty(at_noon, members, at) for at in ("2026-01-12 15:00", "2026-01-13 10:00", "2026-01-13 15:00")
    ]

    assert served == [["anna"], ["bo"], ["bo"]]


def test_whoever_leaves_in_the_middle_of_their_week_is_followed_at_once() -> None:
    members = [member("anna", "2026-01-05", "2026-01-14"), *people("bo", "cilla")]

    served = each_day(
        WEEKS_FROM_THE_TWELFTH, members, "2026-01-12 2026-01-13 2026-01-14 2026-01-16 2026-01-19 2026-01-26"
    )

    # Bo has the rest of that week and then a week of their own.
    assert served == ["anna", "anna", "bo", "bo", "bo", "cilla"]


def test_whoever_joins_in_the_middle_of_a_week_is_among_those_who_come_next_at_once() -> None:
    members = [*people("anna"), member("bo", "2026-01-14")]

    served = each_day(replace(WEEKS_FROM_THE_TWELFTH, at_once=2), members, "2026-01-13 2026-01-14 2026-01-19")

    assert served == ["anna", "anna+bo", "bo+anna"]


def test_whoever_joins_an_empty_rota_serves_at_once_even_in_the_middle_of_a_week() -> None:
    members = [member("anna", "2026-01-14"), member("bo", "2026-01-14", position=1)]

    served = each_day(WEEKS_FROM_THE_TWELFTH, members, "2026-01-13 2026-01-14 2026-01-16 2026-01-19 2026-01-26")

    assert served == ["-", "anna", "anna", "anna", "bo"]


def test_a_turn_of_two_weeks_goes_on_when_somebody_joins() -> None:
    members = [*people("anna", "bo"), member("cilla", "2026-01-19")]

    served = each_day(replace(WEEKS_FROM_THE_TWELFTH, length=2), members, f"{MONDAYS} 2026-02-16 2026-02-23 2026-03-02")

    assert served == ["anna", "anna", "bo", "bo", "cilla", "cilla", "anna", "anna"]


def test_a_turn_of_two_weeks_ends_when_its_person_leaves() -> None:
    members = [member("anna", "2026-01-05", "2026-01-19"), *people("bo", "cilla")]

    served = each_day(replace(WEEKS_FROM_THE_TWELFTH, length=2), members, MONDAYS)

    assert served == ["anna", "bo", "bo", "cilla", "cilla"]


def test_a_turn_goes_on_over_several_changes_of_the_list() -> None:
    members = [*people("anna", "bo"), member("cilla", "2026-01-13"), member("david", "2026-01-14")]

    served = each_day(replace(FROM_THE_TWELFTH, length=4), members, f"{A_WEEK} 2026-01-19")

    assert served == ["anna", "anna", "anna", "anna", "bo", "bo"]


def test_a_rota_that_everyone_left_goes_on_after_the_one_who_served_last() -> None:
    members = [
        member("anna", "2026-01-05", "2026-01-14"),
        member("bo", "2026-01-05", "2026-01-14", position=1),
        member("cilla", "2026-01-15"),
        member("anna", "2026-01-15", position=1),
    ]

    assert each_day(FROM_THE_TWELFTH, members, A_WEEK) == ["anna", "bo", "-", "cilla", "anna"]


def test_after_the_last_in_the_list_has_left_the_round_begins_anew() -> None:
    members = [*people("anna", "bo"), member("cilla", "2026-01-05", "2026-01-15", 2)]

    assert each_day(FROM_THE_TWELFTH, members, A_WEEK) == ["anna", "bo", "cilla", "anna", "bo"]


def test_whoever_comes_back_to_an_empty_rota_has_no_old_turn_to_finish() -> None:
    members = [
        member("anna", "2026-01-05", "2026-01-13"),
        member("anna", "2026-01-14"),
        member("bo", "2026-01-14", position=1),
    ]

    served = each_day(replace(FROM_THE_TWELFTH, length=2), members, A_WEEK)

    assert served == ["anna", "-", "bo", "bo", "anna"]


def test_whoever_comes_back_on_the_day_they_leave_does_not_serve_twice_in_a_row() -> None:
    members = [
        *people("anna"),
        member("bo", "2026-01-05", "2026-01-14", position=1),
        member("bo", "2026-01-14"),
    ]

    assert each_day(FROM_THE_TWELFTH, members, A_WEEK) == ["anna", "bo", "anna", "bo", "anna"]


def test_a_membership_that_ends_before_it_begins_never_was() -> None:
    members = [*people("anna"), member("bo", "2026-01-13", "2026-01-13"), member("cilla", "2026-01-14", "2026-01-12")]

    assert each_day(FROM_THE_TWELFTH, members, A_WEEK) == ["anna"] * 5


def test_changes_of_the_list_between_two_slots_leave_no_trace() -> None:
    # Over a weekend cilla comes and goes again.
    members = [*people("anna", "bo"), member("cilla", "2026-01-17", "2026-01-18")]

    assert each_day(FROM_THE_TWELFTH, members, f"{A_WEEK} 2026-01-19") == ["anna", "bo", "anna", "bo", "anna", "bo"]


def test_changes_of_the_list_before_the_anchor_leave_no_trace() -> None:
    members = [*people("anna", "bo", begins=date(2025, 1, 1)), member("cilla", "2025-02-01", "2025-03-01")]

    assert each_day(FROM_THE_TWELFTH, members, A_WEEK) == ["anna", "bo", "anna", "bo", "anna"]
