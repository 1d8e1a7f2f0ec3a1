"""Keys in texts, folders in trees, fields in bodies: without a network."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.targets.eagle.mapping import (
    addition_body,
    concerns_us,
    folder_body,
    folders_seen,
    item_body,
    item_seen,
    key_in,
    settled,
    with_key,
)

KEYS = st.text(alphabet="abcdefgh:0123456789 ", min_size=1, max_size=30).map(str.strip).filter(bool)


@given(KEYS, st.text(alphabet="abc \ncratelog:", max_size=60))
def test_a_text_given_a_key_carries_it_and_keeps_its_other_lines(key: str, text: str) -> None:
    """I46: the key is a line of its own; what a person wrote around it stays."""
    keyed = with_key(text, key)
    assert key_in(keyed) == key
    assert with_key(keyed, key) == keyed
    kept = [line for line in text.split("\n") if line.strip() and not line.startswith("cratelog:")]
    assert [line for line in kept if line not in keyed.split("\n")] == []


@pytest.mark.parametrize("text", ["", None, "see cratelog:x in the middle", "cratelog: "])
def test_what_is_no_key_line_is_no_key(text: Any) -> None:
    """A mention inside a sentence is not a key."""
    assert key_in(text) is None


def test_a_folders_parent_is_the_one_it_is_nested_in() -> None:
    """F71: answers have no parent field; flat and nested listings come to the same."""
    leaf: Any = {"id": "C", "name": "c", "description": "cratelog:p", "children": []}
    branch: Any = {"id": "B", "name": "b", "description": "", "children": [leaf]}
    top: Any = {"id": "A", "name": "a", "description": None, "children": [branch], "modificationTime": 5}
    expected = {"A": None, "B": "A", "C": "B"}
    for records in ([top], [top, branch, leaf], [leaf, branch, top]):
        found = folders_seen(records)
        assert {folder_id: seen.fields["parent"] for folder_id, seen in found.items()} == expected
        assert found["C"].key == "p"
        assert found["A"].revision == "5"


def test_an_update_says_url_and_an_import_says_website() -> None:
    """The two requests name the address differently (api/eagle.md)."""
    fields: Any = {"name": "n", "tags": ("b", "a"), "website": None, "folders": (), "annotation": None, "path": "/x"}
    assert item_body(fields) == {"name": "n", "tags": ["a", "b"], "url": "", "folders": [], "annotation": ""}
    assert addition_body(fields)["website"] == ""
    assert addition_body(fields)["path"] == "/x"


def test_an_empty_name_is_never_sent() -> None:
    """Eagle would use the id as the name."""
    assert item_body({"name": ""}) == {}
    assert folder_body({"name": None, "parent": None}) == {"parent": None}


def test_only_audio_and_what_is_ours_is_told_of() -> None:
    """A library of pictures is not copied into the journal."""
    assert concerns_us({"ext": "AIFF"})
    assert not concerns_us({"ext": "png", "annotation": "nice"})
    assert concerns_us({"ext": "url", "annotation": "cratelog:r1"})


def test_an_item_in_the_trash_is_not_live() -> None:
    """What is in the trash is told of as such; fields have one form."""
    seen = item_seen({"id": "I", "name": "e\u0301", "tags": ["b", "a", "b"], "folders": [], "isDeleted": True})
    assert not seen.live
    assert seen.fields["name"] == "é"
    assert seen.fields["tags"] == ("a", "b")
    assert seen.revision is None
    assert settled("tags", None) == ()
