"""The chain of the read log: whatever is done to it is found, and where."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.audit import MOST_FIELDS, START, Anchor, Broken, Check, Entry, Link, What, anchor_from, link

if TYPE_CHECKING:
    from collections.abc import Sequence

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)

entries = st.builds(
    Entry,
    at=st.integers(0, 10**9).map(lambda second: AT + timedelta(seconds=second)),
    account=st.none() | st.text(max_size=8),
    staff=st.none() | st.text(max_size=8),
    organisation=st.none() | st.sampled_from(["skane", "nationell"]),
    what=st.sampled_from(What),
    record=st.none() | st.integers(0, 99).map("consultation:{}".format),
    fields=st.lists(st.sampled_from(["theme", "service", "note"]), max_size=3).map(tuple),
)
places = st.integers(0, 10**6)


def chain(noted: Sequence[Entry]) -> list[Link]:
    links: list[Link] = []
    for entry in noted:
        links.append(link(end_of(links), entry))
    return links


chains = st.lists(entries, min_size=3, max_size=12).map(chain)


def end_of(links: Sequence[Link]) -> Anchor:
    return Anchor(links[-1].sequence, links[-1].hash) if links else START


def checked(links: Sequence[Link], head: Anchor | None, kept: Anchor | None = None) -> Anchor:
    check = Check(kept)
    for one in links:
        check.follow(one)
    return check.end(head)


@given(chains, places)
def test_a_whole_chain_holds_and_goes_through_each_of_its_ends(links: list[Link], place: int) -> None:
    kept = end_of(links[: place % (len(links) + 1)])

    assert checked(links, end_of(links), kept) == end_of(links)


@given(chains, places, entries, st.sampled_from([field.name for field in fields(Entry)]))
def test_one_part_of_one_entry_changed_is_found_there(links: list[Link], place: int, other: Entry, part: str) -> None:
    place %= len(links)
    before = links[place].entry
    after = replace(before, **{part: getattr(other, part)})
    changed = [*links[:place], replace(links[place], entry=after), *links[place + 1 :]]

    if after == before:
        assert checked(changed, end_of(links)) == end_of(links)
        return
    with pytest.raises(Broken) as broken:
        checked(changed, end_of(links))
    assert broken.value.at == place + 1


@given(chains, places, places, st.sampled_from(["hash", "previous"]))
def test_one_bit_of_a_hash_changed_is_found(links: list[Link], place: int, bit: int, part: str) -> None:
    place %= len(links)
    text = getattr(links[place], part)
    at = bit % 64
    flipped = text[:at] + chr(ord(text[at]) ^ (1 << bit % 7)) + text[at + 1 :]
    changed = [*links[:place], replace(links[place], **{part: flipped}), *links[place + 1 :]]

    with pytest.raises(Broken) as broken:
        checked(changed, end_of(links))

    assert broken.value.at == place + 1


@given(chains, places)
def test_a_deleted_entry_is_found(links: list[Link], place: int) -> None:
    place %= len(links) - 1
    left = links[:place] + links[place + 1 :]

    with pytest.raises(Broken) as broken:
        checked(left, end_of(links))

    assert broken.value.at == place + 1


@given(chains, places, entries)
def test_an_inserted_entry_is_found(links: list[Link], place: int, entry: Entry) -> None:
    place %= len(links)
    forged = link(end_of(links[:place]), entry)
    if forged == links[place]:
        return
    after = [replace(one, sequence=one.sequence + 1) for one in links[place:]]

    with pytest.raises(Broken):
        checked([*links[:place], forged, *after], end_of(links))


@given(chains, places, places)
def test_swapped_entries_are_found(links: list[Link], one: int, other: int) -> None:
    one, other = one % len(links), other % len(links)
    if one == other or links[one].entry == links[other].entry:
        return
    swapped = list(links)
    swapped[one] = replace(links[one], entry=links[other].entry)
    swapped[other] = replace(links[other], entry=links[one].entry)

    with pytest.raises(Broken) as broken:
        checked(swapped, end_of(links))

    assert broken.value.at == min(one, other) + 1


@given(chains, places)
def test_an_end_that_was_cut_off_is_found_by_the_anchor_also_when_the_head_was_set_back(
    links: list[Link], place: int
) -> None:
    left = links[: place % len(links)]

    with pytest.raises(Broken, match="elsewhere"):
        checked(left, end_of(links))
    with pytest.raises(Broken, match="says the anchor") as broken:
        checked(left, end_of(left), end_of(links))

    assert broken.value.at == len(left) + 1


@given(chains, places, entries)
def test_a_log_that_was_written_anew_is_found_by_the_anchor(links: list[Link], place: int, entry: Entry) -> None:
    place %= len(links)
    noted = [one.entry for one in links]
    forged = chain([*noted[:place], entry, *noted[place + 1 :]])
    if forged == links:
        return

    assert checked(forged, end_of(forged)) == end_of(forged)
    with pytest.raises(Broken, match="written anew") as broken:
        checked(forged, end_of(forged), end_of(links))
    assert broken.value.at == len(links)


def test_an_empty_log_is_whole_unless_there_was_more() -> None:
    assert checked([], START) == START
    assert checked([], START, START) == START
    with pytest.raises(Broken):
        checked([], None)
    with pytest.raises(Broken, match="anchor"):
        checked([], START, Anchor(0, "f" * 64))


@pytest.mark.parametrize("text", ["", "1", "1 abc", f"1 {'g' * 64}", f"-1 {'a' * 64}", f"1 {'a' * 64} 2"])
def test_only_an_anchor_is_read_as_one(text: str) -> None:
    assert anchor_from(text) is None


def test_an_anchor_is_read_as_it_was_written() -> None:
    anchor = Anchor(17, "ab" * 32)

    assert anchor_from(f"{anchor}\n") == anchor


@pytest.mark.parametrize("record", ["+46701740640", "consultation", "consultation:", "Påhittad Alfa", "a:b c"])
def test_a_record_is_a_table_and_an_id(record: str) -> None:
    with pytest.raises(ValueError, match="consultation:17"):
        Entry(AT, None, None, None, What.OPENED_RECORD, record, ())


@pytest.mark.parametrize("field", ["070-1740640", "Påhittad Alfa", "", "a,b", "theme=violence", "x" * 41])
def test_fields_are_noted_by_name_alone(field: str) -> None:
    with pytest.raises(ValueError, match="names of fields"):
        Entry(AT, None, None, None, What.CHANGED_RECORD, None, (field,))


def test_there_is_a_most_of_fields() -> None:
    with pytest.raises(ValueError, match="at most"):
        Entry(AT, None, None, None, What.CHANGED_RECORD, None, ("theme",) * (MOST_FIELDS + 1))
