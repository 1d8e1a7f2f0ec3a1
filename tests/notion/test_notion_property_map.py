"""Names, aliases, types and ids: which property holds which field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.standins.notion.standin import NotionStandin
from engine.targets.notion.mapping import properties_of
from engine.targets.notion.property_map import RULES, Shape, resolve


def _schema(**kinds: str) -> dict[str, Any]:
    return {name: {"id": f"%3A{place}", "name": name, "type": kind} for place, (name, kind) in enumerate(kinds.items())}


def _track(properties: Mapping[str, Any], **overrides: str) -> Any:
    return resolve("track", properties, {f"track.{word}": name for word, name in overrides.items()})


def test_property_ids_are_decoded_once() -> None:
    """Ids come percent-encoded; `%253A` is the id `%3A`, not `:` (api/notion.md, pitfall)."""
    schema = _track({"Album": {"id": "%253A", "name": "Album", "type": "rich_text"}})
    assert schema.columns["album"].ids == ("%3A",)


def test_the_title_is_found_by_its_type() -> None:
    """Whatever the title property is called, it is the title."""
    assert _track(_schema(Song="title")).columns["title"].name == "Song"


def test_aliases_are_tried_in_order_and_a_trailing_blank_does_no_harm() -> None:
    """F55: an older schema has names such as `Key ` with a blank at the end."""
    schema = _track(_schema(**{"DL ": "checkbox", "Audio Processing Status": "multi_select"}))
    assert schema.columns["downloaded"].name == "DL "
    assert schema.columns["status"].name == "Audio Processing Status"


def test_the_exact_name_wins_over_a_look_alike() -> None:
    """Two properties that differ in a blank are two properties."""
    schema = _track(_schema(**{"album ": "rich_text", "Album": "rich_text"}))
    assert schema.columns["album"].name == "Album"


def test_a_property_of_another_type_is_not_used_and_is_reported() -> None:
    """F55: a text never goes into a checkbox; the drift names the property."""
    schema = _track(_schema(ISRC="checkbox"))
    assert "isrc" not in schema.supported
    assert any(drift.word == "isrc" and "checkbox" in drift.detail for drift in schema.drifts)


def test_a_relation_named_like_the_artist_leaves_the_text_property() -> None:
    """The user's `Artist` is a relation and `Artist Name` a text."""
    schema = _track(_schema(**{"Artist": "relation", "Artist Name": "rich_text"}))
    assert schema.columns["artist"].name == "Artist Name"


def test_what_is_missing_is_reported_by_name() -> None:
    """F53: drift is reported with the names that were looked for."""
    schema = _track({})
    assert any("`Downloaded` or `DL`" in drift.detail for drift in schema.drifts)


def test_a_missing_key_can_be_added_but_not_beside_a_property_of_its_name() -> None:
    """`Sync Key` is ours to add; a number called `Sync Key` is a person's."""
    assert "sync_key" in _track({}).supported
    assert "sync_key" not in _track(_schema(**{"Sync Key": "number"})).supported


def test_an_override_is_tried_alone_and_an_empty_one_leaves_the_field_out() -> None:
    """Every name is configurable (mission.md)."""
    properties = _schema(Genre="select", Style="select", Album="rich_text")
    schema = _track(properties, genre="Style", album="")
    assert schema.columns["genre"].name == "Style"
    assert "album" not in schema.columns
    assert all(drift.word != "album" for drift in schema.drifts)
    assert "genre" not in _track(_schema(Genre="select"), genre="Style").columns
    several = resolve("track", properties, {"track.genre": ("Mood", "Style"), "track.sync_key": ("Row Key",)})
    assert several.columns["genre"].name == "Style"
    assert several.key_name == "Row Key"


def test_parts_end_at_the_first_gap() -> None:
    """A fingerprint is spread over the parts that are there, in order."""
    schema = _track(
        _schema(
            **{
                "WAV Fingerprint": "rich_text",
                "WAV Fingerprint Part 2": "rich_text",
                "AIFF Fingerprint": "rich_text",
                "AIFF Fingerprint Part 3": "rich_text",
            }
        )
    )
    assert len(schema.columns["wav_fingerprint"].ids) == 2
    assert len(schema.columns["aiff_fingerprint"].ids) == 1


@given(
    st.dictionaries(
        st.sampled_from([name for rule in RULES["track"] for name in rule.names]),
        st.sampled_from(
            ["title", "rich_text", "number", "select", "multi_select", "checkbox", "url", "date", "relation"]
        ),
    )
)
def test_a_column_always_has_a_type_its_field_allows(kinds: dict[str, str]) -> None:
    """Whatever a person did to the schema, each field is mapped to a fitting property or drifts (F53, F55)."""
    schema = _track(_schema(**kinds))
    allowed = {rule.word: rule.types for rule in RULES["track"]}
    assert all(column.type in allowed[word] for word, column in schema.columns.items())
    missed = {rule.word for rule in RULES["track"] if not rule.read_only}
    assert {*schema.columns, *(drift.word for drift in schema.drifts)} | {"priority"} == {*missed, "priority"}


def test_every_word_has_one_rule_per_kind() -> None:
    """A field has one meaning; relations are sets of pages."""
    for rules in RULES.values():
        assert len({rule.word for rule in rules}) == len(rules)
    assert next(rule for rule in RULES["track"] if rule.word == "playlists").shape is Shape.PAGES


@pytest.mark.parametrize("kind", ["select", "status", "number", "rich_text"])
def test_a_field_that_is_only_read_is_never_offered_for_writing(kind: str) -> None:
    """M10: `Priority` is the person's, in whichever type; where there is none, nobody misses it."""
    schema = _track(_schema(prio=kind))
    assert schema.columns["priority"].type == kind
    assert "priority" not in schema.supported
    with pytest.raises(KeyError):
        properties_of(schema, {"priority": "High"})
    assert "priority" not in {drift.word for drift in _track(_schema()).drifts}


def test_a_person_s_priority_is_read_in_whichever_type_it_has(notion: NotionStandin, scan: Any, ids: Any) -> None:
    """M10: a select, a status of another name, or a number; a row without one has none."""
    source = ids["tracks_source"]
    notion.create(source, {"Title": "A", "Priority": "High"})
    notion.create(source, {"Title": "B"})
    assert {row.fields["title"]: row.fields["priority"] for row in scan()[0]} == {"A": "High", "B": None}
    notion.rename_property(source, "Priority", "Old")
    notion.add_column(source, "Prio", "number")
    notion.create(source, {"Title": "C", "Prio": 2})
    assert {row.fields["title"]: row.fields["priority"] for row in scan()[0]} == {"A": None, "B": None, "C": "2"}
    notion.rename_property(source, "Prio", "Older")
    notion.add_column(source, "Urgency", ("status", ["Low", "Critical"]))
    notion.create(source, {"Title": "D", "Urgency": "Critical"})
    assert {row.fields["priority"] for row in scan()[0]} == {None, "Critical"}
