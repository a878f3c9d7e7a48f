"""Temporary schedules, covers, absences and availability, and which goes before which."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from app.domain.duty import OnDuty, on_duty, roster_at
from app.domain.layers import UNTIL_FURTHER_NOTICE, Absence, Cover, Layer, Layers, Pause
from app.domain.lines import StaffId
from app.domain.rosters import LeftOut
from app.domain.rotas import Tier, Window
from tests.domain.hours_of_tests import changed, opening_hours, wall
from tests.domain.layers_of_tests import MORNING, absence, cover, pause, temporary, wrap_up
from tests.domain.rotas_of_tests import BACKUP, DAILY, SKANE, each_day, names_on_duty, people

HOURS = opening_hours()
# On Monday 5 January anna and bo are on duty, in this order; cilla comes next.
ROTA = replace(DAILY, at_once=2)
THREE = people("anna", "bo", "cilla")
ANNA, BO, CILLA, DAVID = map(StaffId, ("anna", "bo", "cilla", "david"))
AT = "2026-01-05 10:00"


def served(layers: Layers, at: str = AT) -> str:
    return " ".join(names_on_duty(ROTA, THREE, at, layers=layers))


PAIRS = {
    "no layer": (Layers(), "anna bo"),
    "temporary > rota": (Layers(temporary=(temporary("david", "bo"),)), "david bo"),
    "temporary of nobody > rota": (Layers(temporary=(temporary(),)), ""),
    "temporary > cover that replaces": (
        Layers(temporary=(temporary("anna", "david"),), covers=(cover("cilla", "anna"),)),
        "anna david",
    ),
    "temporary > cover that adds": (
        Layers(temporary=(temporary("david"),), covers=(cover("cilla", None),)),
        "david",
    ),
    "temporary > cover that removes": (
        Layers(temporary=(temporary("anna"),), covers=(cover(None, "anna"),)),
        "anna",
    ),
    "temporary > absence": (Layers(temporary=(temporary("anna"),), absences=(absence("anna"),)), "anna"),
    "the later of two temporaries": (Layers(temporary=(temporary("david"), temporary("elin"))), "elin"),
    "cover that replaces > rota": (Layers(covers=(cover("david", "anna"),)), "david bo"),
    "cover that adds > rota": (Layers(covers=(cover("david", None),)), "anna bo david"),
    "cover that removes > rota": (Layers(covers=(cover(None, "anna"),)), "bo"),
    "absence > rota": (Layers(absences=(absence("anna"),)), "bo"),
    "cover for an absence": (
        Layers(covers=(cover("david", "anna"),), absences=(absence("anna"),)),
        "david bo",
    ),
    "absence of who stands in": (
        Layers(covers=(cover("david", "anna"),), absences=(absence("david"),)),
        "bo",
    ),
    "absence of who is added": (Layers(covers=(cover("david", None),), absences=(absence("david"),)), "anna bo"),
    "cover of somebody who isn't on duty": (Layers(covers=(cover("david", "cilla"),)), "anna bo"),
    "removal of somebody who isn't on duty": (Layers(covers=(cover(None, "cilla"),)), "anna bo"),
    "cover by somebody who is on duty after": (Layers(covers=(cover("bo", "anna"),)), "bo"),
    "cover by somebody who is on duty before": (Layers(covers=(cover("anna", "bo"),)), "anna"),
    "addition of somebody who is on duty": (Layers(covers=(cover("anna", None),)), "anna bo"),
    "a cover of a cover": (Layers(covers=(cover("david", "anna"), cover("elin", "david"))), "elin bo"),
    "a second cover of the same person": (
        Layers(covers=(cover("david", "anna"), cover("elin", "anna"))),
        "david bo",
    ),
    "covers of both": (Layers(covers=(cover("david", "anna"), cover("elin", "bo"))), "david elin"),
    "removed, then added": (Layers(covers=(cover(None, "anna"), cover("anna", None))), "bo anna"),
    "added, then removed": (Layers(covers=(cover("david", None), cover(None, "david"))), "anna bo"),
    "pause > rota": (Layers(pauses=(pause("anna"),)), "bo"),
    "pause > temporary": (Layers(temporary=(temporary("anna", "david"),), pauses=(pause("anna"),)), "david"),
    "pause > cover": (Layers(covers=(cover("david", "anna"),), pauses=(pause("david"),)), "bo"),
    "pause and absence": (Layers(absences=(absence("anna"),), pauses=(pause("anna"),)), "bo"),
    "pause of everybody": (Layers(pauses=(pause("anna"), pause("bo"))), ""),
    "pause and wrap-up": (Layers(pauses=(pause("anna"),), wrap_ups=(wrap_up("anna"),)), "bo"),
    "wrap-up > rota": (Layers(wrap_ups=(wrap_up("anna"),)), "bo anna"),
    "wrap-up > temporary": (
        Layers(temporary=(temporary("anna", "bo", "david"),), wrap_ups=(wrap_up("anna"), wrap_up("bo"))),
        "david anna bo",
    ),
    "wrap-up > cover": (Layers(covers=(cover("david", "anna"),), wrap_ups=(wrap_up("david"),)), "bo david"),
    "wrap-up and absence": (Layers(absences=(absence("anna"),), wrap_ups=(wrap_up("anna"),)), "bo"),
    "wrap-up of everybody": (Layers(wrap_ups=(wrap_up("anna"), wrap_up("bo"))), "anna bo"),
}


@pytest.mark.parametrize(("layers", "expected"), PAIRS.values(), ids=PAIRS.keys())
def test_which_layer_goes_before_which(layers: Layers, expected: str) -> None:
    assert served(layers) == expected


@pytest.mark.parametrize(
    ("layers", "during"),
    [
        (Layers(temporary=(temporary("david", begins="2026-01-05 12:00", ends="2026-01-05 13:00"),)), "david"),
        (Layers(covers=(cover("david", "anna", "2026-01-05 12:00", "2026-01-05 13:00"),)), "david bo"),
        (Layers(absences=(absence("anna", "2026-01-05 12:00", "2026-01-05 13:00"),)), "bo"),
        (Layers(pauses=(pause("anna", "2026-01-05 12:00", "2026-01-05 13:00"),)), "bo"),
        (Layers(wrap_ups=(wrap_up("anna", "2026-01-05 12:00", "2026-01-05 13:00"),)), "bo anna"),
    ],
    ids=["temporary", "cover", "absence", "pause", "wrap-up"],
)
def test_a_layer_begins_and_ends_in_mid_turn_at_the_exact_second(layers: Layers, during: str) -> None:
    asked = ("11:59:59.999999", "12:00", "12:59:59.999999", "13:00")

    found = [served(layers, f"2026-01-05 {at}") for at in asked]

    assert found == ["anna bo", during, during, "anna bo"]


def test_layers_move_nobodys_turn() -> None:
    days = "2026-01-05 2026-01-07 2026-01-08 2026-01-09 2026-01-12"
    layers = Layers((temporary("elin"),), (cover("david", "anna"),), (absence("bo"),))

    after = [names_on_duty(DAILY, THREE, f"{day} 10:00", layers=layers) for day in days.split()[1:]]

    assert ["+".join(names) for names in after] == each_day(DAILY, THREE, days)[1:]


def test_a_layer_speaks_of_its_own_rota_and_an_absence_of_all() -> None:
    rotas = [ROTA, replace(DAILY, key=BACKUP, tier=Tier.BACKUP)]
    members = [*THREE, *people("david", rota=BACKUP)]

    def found(layers: Layers) -> list[str]:
        return names_on_duty(rotas, members, AT, layers=layers)

    assert found(Layers(temporary=(temporary("elin", rota=BACKUP),))) == ["anna", "bo", "elin"]
    assert found(Layers(covers=(cover("elin", "anna", rota=BACKUP),))) == ["anna", "bo", "david"]
    assert found(Layers(covers=(cover("anna", "david", rota=BACKUP),))) == ["anna", "bo"]
    assert found(Layers(covers=(cover(None, "anna"), cover("anna", None, rota=BACKUP)))) == ["bo", "david", "anna"]
    assert found(Layers(absences=(absence("anna"), absence("david")))) == ["bo"]


def test_who_wraps_up_is_rung_before_the_backup_tier() -> None:
    rotas = [replace(DAILY, key=BACKUP, tier=Tier.BACKUP), ROTA]
    members = [*THREE, *people("david", rota=BACKUP)]

    found = names_on_duty(rotas, members, AT, layers=Layers(wrap_ups=(wrap_up("anna"),)))

    assert found == ["bo", "anna", "david"]


def test_temporary_schedules_and_additions_hold_outside_the_pattern_of_the_rota_too() -> None:
    afternoons = replace(DAILY, window=Window(time(12), time(16)), anchor=date(2026, 1, 7))

    listed = names_on_duty(afternoons, THREE, AT, layers=Layers(temporary=(temporary("david", "david"),)))
    added = names_on_duty(afternoons, THREE, AT, layers=Layers(covers=(cover("david", None), cover("elin", "anna"))))

    assert (listed, added) == (["david"], ["david"])


@pytest.mark.parametrize("at", ["2026-01-05 08:59:59", "2026-01-05 16:00"])
def test_no_layer_opens_the_line(at: str) -> None:
    begins, ends = "2026-01-01 00:00", "2026-02-01 00:00"
    layers = Layers((temporary("david", begins=begins, ends=ends),), (cover("elin", None, begins, ends),))

    assert served(layers, at) == ""
    assert names_on_duty(ROTA, THREE, AT, changes=changed("2026-01-05"), layers=layers) == []


def test_the_reason_tells_which_layer_put_the_person_there() -> None:
    covers = (cover("david", "anna"), cover("elin", None), cover("farid", None, rota=BACKUP))
    rotas = [ROTA, replace(DAILY, key=BACKUP)]
    layers = Layers((temporary("gun", rota=BACKUP),), covers, wrap_ups=(wrap_up("david"),))

    found = on_duty(HOURS, {}, rotas, THREE, wall(AT), layers)

    assert found == (
        OnDuty(BO, Tier.PRIMARY, "skane · 2026-01-05 · 2/2", Layer.ROTA),
        OnDuty(StaffId("elin"), Tier.PRIMARY, "skane · cover", Layer.COVER),
        OnDuty(StaffId("gun"), Tier.PRIMARY, "skane-backup · temporary · 1/1", Layer.TEMPORARY),
        OnDuty(DAVID, Tier.PRIMARY, "skane · cover · instead of anna · wraps up", Layer.COVER, wraps_up=True),
    )


@pytest.mark.parametrize(
    ("layers", "left_out"),
    [
        (Layers(), None),
        (Layers(absences=(absence("anna"),)), "skane · 2026-01-05 · 1/2 · absent"),
        (Layers(pauses=(pause("anna"),)), "skane · 2026-01-05 · 1/2 · paused"),
        (Layers(covers=(cover(None, "anna"),)), "skane · 2026-01-05 · 1/2 · removed"),
        (Layers(covers=(cover("david", "anna"),)), "skane · 2026-01-05 · 1/2 · david stands in"),
        (Layers(temporary=(temporary("anna"),), pauses=(pause("anna"),)), "skane · temporary · 1/1 · paused"),
        (Layers(covers=(cover(None, "anna"), cover("anna", None))), None),
        (Layers(wrap_ups=(wrap_up("anna"),)), None),
    ],
)
def test_who_is_kept_off_duty_is_told_with_the_reason(layers: Layers, left_out: str | None) -> None:
    found = roster_at(HOURS, {}, [ROTA], THREE, wall(AT), layers)

    assert found.left_out == ((LeftOut(ANNA, Tier.PRIMARY, left_out),) if left_out else ())


class TestPeriods:
    def test_one_may_last_until_further_notice(self) -> None:
        ill = Absence(wall(MORNING), UNTIL_FURTHER_NOTICE, ANNA)

        assert served(Layers(absences=(ill,)), "2031-01-07 10:00").count("anna") == 0

    def test_one_that_ends_in_the_hour_that_comes_twice_ends_at_its_own_instant(self) -> None:
        first = datetime(2026, 10, 25, 2, 30, tzinfo=HOURS.zone)
        one = Pause(first, first.replace(fold=1), ANNA)

        assert one.ends - one.begins == timedelta(hours=1)
        assert [one.lasts_at(first.replace(minute=minute, fold=fold)) for minute in (29, 30) for fold in (0, 1)] == [
            False,
            True,
            True,
            False,
        ]

    def test_one_without_an_offset_is_refused(self) -> None:
        with pytest.raises(ValueError, match="ends: an instant needs an offset"):
            Pause(wall(MORNING), datetime(2026, 1, 6), ANNA)  # noqa: DTZ001  what is tested

    def test_one_that_is_empty_is_refused(self) -> None:
        with pytest.raises(ValueError, match="ends: it comes after 2026-01-05T08:00"):
            absence("anna", MORNING, MORNING)

    @pytest.mark.parametrize("staff", [ANNA, None])
    def test_a_cover_of_nobody_else_is_refused(self, staff: StaffId | None) -> None:
        with pytest.raises(ValueError, match="one person, or two different ones"):
            Cover(wall(MORNING), wall(AT), SKANE, staff, staff)
