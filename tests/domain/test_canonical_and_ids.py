"""Canonical bytes and the ids derived from them: golden values, because the journals of people hold them."""

from __future__ import annotations

import random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.canonical import NAMESPACE, canonical, digest, named_uuid, short_id
from engine.domain.envelope import Draft, observation_id, observed
from engine.domain.events import RemoteMissed, TrackSeen
from engine.domain.references import (
    eagle_item_id,
    native_id,
    object_key,
    question_id,
    recording_id,
    reference,
    referred,
    remote_key,
    rendition_id,
    source_of,
)

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


def test_canonical_bytes_are_utf8_sorted_and_without_blanks() -> None:
    """Design §3: exactly these bytes are hashed."""
    value = {"b": [1, 2.5, 128.0, None, True], "a": 'Ü"\n', "c": {"z": (), "y": ("x",)}}
    assert canonical(value) == '{"a":"Ü\\"\\n","b":[1,2.5,128.0,null,true],"c":{"y":["x"],"z":[]}}'.encode()
    assert canonical({"a": 1, "b": 2}) == canonical({"b": 2, "a": 1})


@settings(max_examples=80, deadline=None)
@given(value=JSON, chance=st.randoms())
def test_canonical_bytes_read_back_are_the_value_and_do_not_depend_on_order(
    value: object, chance: random.Random
) -> None:
    """I04: the same value has the same bytes, wherever it was read from."""

    def shuffled(part: object) -> object:
        if isinstance(part, dict):
            items = list(part.items())
            chance.shuffle(items)
            return {key: shuffled(inner) for key, inner in items}
        return [shuffled(inner) for inner in part] if isinstance(part, list) else part

    assert canonical(shuffled(value)) == canonical(value)
    assert msgspec.json.decode(canonical(value)) == value


def test_derived_ids_never_change() -> None:
    """I36: a changed id would orphan every row and file that carries the old one."""
    assert digest({"a": 1}) == "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862"
    assert str(NAMESPACE) == "5f0c1f7e-7f0b-5a6b-9d53-0f6f6b7a2c11"
    assert short_id("a", "b") == "6bgnz3mxg2tj3jqq"
    assert str(named_uuid("a", "b")) == "b8e12c95-4df0-5362-b53b-db9ed46cb662"
    assert recording_id("soundcloud:track:1234") == "r3tsim44jc4mxmzak"
    assert rendition_id("rabc", "aiff") == "fgf5hba7o5ykhisde"
    assert eagle_item_id("rabc") == "IHTLI2JSP4YWA"
    assert question_id("rabc", "rdef") == "qhgmwf3gvpqisohz2"


@settings(max_examples=80, deadline=None)
@given(one=st.lists(TEXTS, min_size=1, max_size=3), other=st.lists(TEXTS, min_size=1, max_size=3))
def test_different_names_have_different_ids(one: list[str], other: list[str]) -> None:
    """F64: full ids, and parts are kept apart, so that ("ab", "c") is not ("a", "bc")."""
    separator = "\x1f"
    differ = separator.join(one) != separator.join(other)
    assert (short_id(*one) != short_id(*other)) is differ
    assert (named_uuid(*one) != named_uuid(*other)) is differ
    assert short_id("ab", "c") != short_id("a", "bc")


@settings(max_examples=80, deadline=None)
@given(name=st.text(st.characters(), max_size=20))
def test_ids_have_their_alphabet_for_any_name(name: str) -> None:
    """I57: total over every text, fit for file names and for Eagle."""
    identity = recording_id(name)
    assert len(identity) == 17
    assert set(identity[1:]) <= set("abcdefghijklmnopqrstuvwxyz234567")
    assert rendition_id(identity, "aiff")[0] == "f"
    assert rendition_id(identity, "aiff") != rendition_id(identity, "original")
    assert question_id(identity, name)[0] == "q"
    assert question_id(identity, name) == question_id(name, identity)
    assert len(eagle_item_id(identity)) == 13
    assert set(eagle_item_id(identity)) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")


@pytest.mark.parametrize(
    ("ref", "source", "native"),
    [
        ("soundcloud:track:1", "soundcloud", "1"),
        ("file:track:C:/a:b.flac", "file", "C:/a:b.flac"),
        ("soundcloud:set:artist/sets/x", "soundcloud", "artist/sets/x"),
        ("lonely", "lonely", "lonely"),
        ("", "", ""),
    ],
)
def test_a_ref_says_its_source_and_the_sources_own_id(ref: str, source: str, native: str) -> None:
    """F49: a native id may hold colons; nothing of it is cut."""
    assert (source_of(ref), native_id(ref)) == (source, native)


def test_keys_name_objects_and_remotes() -> None:
    """Design §3: streams, leases and rows agree on one name."""
    assert object_key("notion", "track", "r1") == "notion/track/r1"
    assert remote_key("eagle", "ID") == "eagle/ID"


@settings(max_examples=60, deadline=None)
@given(key=TEXTS)
def test_a_reference_gives_back_its_key(key: str) -> None:
    """F71: what is to be filled in is told from every ordinary value."""
    assert referred(reference("eagle", "folder", key)) == f"eagle/folder/{key}"
    assert referred(object_key("eagle", "folder", key)) is None


@pytest.mark.parametrize("value", [None, 1, True, ("@eagle/folder/root",), "", "a@b"])
def test_an_ordinary_value_refers_to_nothing(value: object) -> None:
    """F71: only text that starts with the mark is a reference."""
    assert referred(value) is None


def seen(title: str) -> TrackSeen:
    """Give what a source shows of one track."""
    return TrackSeen(ref="a:track:1", title=title, url="u")


def test_there_and_back_again_is_three_events() -> None:
    """Design §3: A → B → A is three events, a retry of any of them is one."""
    ids = [observation_id(seen(title), version) for version, title in enumerate("ABA")]
    assert len(set(ids)) == 3
    assert [observation_id(seen(title), version) for version, title in enumerate("ABA")] == ids
    assert {len(each) for each in ids} == {16}


def test_an_observation_is_told_by_stream_type_and_content() -> None:
    """I07: equal content on another stream, or another event on the same one, is another event."""
    other = TrackSeen(ref="a:track:2", title="A", url="u")
    missed = RemoteMissed(target="notion", remote_id="p")
    ids = {observation_id(event, 0) for event in (seen("A"), seen("B"), other, missed)}
    assert len(ids) == 4


def test_an_observation_expects_the_version_it_follows() -> None:
    """I02, I07: two observers of one version make one event, or one of them loses."""
    draft = observed(seen("A"), 4)
    assert (draft.expected_version, draft.event_id, draft.stream) == (
        4,
        observation_id(seen("A"), 4),
        "sighting:a:track:1",
    )
    assert Draft(event=seen("A")).event_id is None
