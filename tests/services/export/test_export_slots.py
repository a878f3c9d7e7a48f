"""Few files are made at once, and each tells whoever takes it how far it has come."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from app.services.export import export_slots
from app.services.export.export_slots import Progress
from tests.services.export_cast import of

if TYPE_CHECKING:
    from pathlib import Path


def test_there_are_two_places_and_one_of_an_organisation(tmp_path: Path) -> None:
    folder = tmp_path / "exports"

    first = export_slots.take(folder, of("skane"))
    again = export_slots.take(folder, of("skane"))
    second = export_slots.take(folder, of("nationell"))
    third = export_slots.take(folder, of("skaraborg"))

    assert first is not None
    assert second is not None
    assert (again, third) == (None, None)
    first.release()
    first.release()
    third = export_slots.take(folder, of("skaraborg"))
    assert third is not None
    third.release()
    second.release()


def test_how_far_it_has_come_is_told_to_whoever_takes_it(tmp_path: Path) -> None:
    folder, now = tmp_path, time.time()
    slot = export_slots.take(folder, of("skane"))
    assert slot is not None
    assert export_slots.progress(folder, of("skane"), now) is None

    slot.tell(Progress(2_000, 30_000))

    assert export_slots.progress(folder, of("skane"), now) == Progress(2_000, 30_000)
    assert export_slots.progress(folder, of("skane", "b"), now) is None
    assert export_slots.progress(folder, of("skane"), now + 600) is None
    slot.release()
    slot.tell(Progress(3_000, None))
    assert export_slots.progress(folder, of("skane"), now) is None


def test_what_a_process_left_behind_tells_nobody_anything(tmp_path: Path) -> None:
    (tmp_path / "of-skane.lock").write_bytes(b"not what we write")

    assert export_slots.progress(tmp_path, of("skane"), time.time()) is None
    assert export_slots.progress(tmp_path / "nowhere", of("skane"), time.time()) is None
