"""What is drawn by lot, and the same for the same seed."""

from __future__ import annotations

import random
from collections import Counter

from app.simulator.phones import Reaction, some_voicemails
from app.simulator.variants import ScreenFailure, any_variants


def test_about_so_many_phones_are_voicemails_as_was_asked_for() -> None:
    rng = random.Random(1)

    drawn = Counter(some_voicemails(0.2, rng).reaction for _ in range(1000))

    assert set(drawn) == {Reaction.SILENT, Reaction.ACCEPTS}
    assert 150 < drawn[Reaction.SILENT] < 250


def test_a_reading_of_what_is_unconfirmed_is_the_same_for_the_same_seed() -> None:
    readings = {any_variants(random.Random(seed)) for seed in range(200)}

    assert any_variants(random.Random(5)) == any_variants(random.Random(5))
    assert len(readings) > 50
    assert {reading.screen_failure for reading in readings} == {ScreenFailure.DROPPED}
