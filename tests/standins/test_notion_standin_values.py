"""The Notion stand-in's property values: what is refused, and what comes back."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from notion_client import APIResponseError

from engine.standins.notion.richtext import plain_text, read_rich_text
from engine.standins.notion.seed import music_ids
from tests.standins.notion_hands import Hands, opened, text


@pytest.fixture
def hands() -> Iterator[Hands]:
    """Give a seeded, listening stand-in."""
    with opened() as made:
        yield made


def test_a_page_round_trips_in_answer_shapes(hands: Hands) -> None:
    """What is written comes back as Notion shows it: ids, plain text, whole numbers without a fraction."""
    answer: Any = hands.client.pages.create(
        parent={"data_source_id": hands.tracks},
        properties={
            "Title": {"title": text("Ünï 🎧")},
            "Tempo": {"number": 128.0},
            "Genre": {"select": {"name": "Dub"}},
            "Audio Processing": {"multi_select": [{"name": "New Tag"}]},
            "Downloaded": {"checkbox": True},
            "SoundCloud URL": {"url": "https://soundcloud.com/a/b"},
            "Release Date": {"date": {"start": "2026-11-22"}},
            "Processing Timestamp": {"date": {"start": "2026-11-22T10:11:12Z"}},
        },
    )
    page: Any = hands.client.pages.retrieve(page_id=answer["id"].replace("-", ""))
    shown = page["properties"]
    assert shown["Title"] == {
        "id": "title",
        "type": "title",
        "title": [
            {
                "type": "text",
                "text": {"content": "Ünï 🎧", "link": None},
                "annotations": {
                    "bold": False,
                    "italic": False,
                    "strikethrough": False,
                    "underline": False,
                    "code": False,
                    "color": "default",
                },
                "plain_text": "Ünï 🎧",
                "href": None,
            }
        ],
    }
    assert json.dumps(shown["Tempo"]["number"]) == "128"
    assert shown["Genre"]["select"]["name"] == "Dub"
    assert [option["name"] for option in shown["Audio Processing"]["multi_select"]] == ["New Tag"]
    assert shown["Downloaded"]["checkbox"] is True
    assert shown["Release Date"]["date"] == {"start": "2026-11-22", "end": None, "time_zone": None}
    assert shown["Processing Timestamp"]["date"]["start"] == "2026-11-22T10:11:00.000+00:00"
    assert shown["Album"]["rich_text"] == []
    assert page["parent"]["database_id"] == hands.ids["tracks"]
    assert "archived" not in page


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ({"Nope": {"number": 1}}, "Nope is not a property that exists."),
        ({"Tempo": {"rich_text": []}}, "Tempo is expected to be number."),
        ({"Tempo": {"number": "1"}}, "body.properties.Tempo.number should be a number or `null`"),
        ({"Tempo": {"number": True}}, "should be a number or `null`"),
        ({"Spotify URL": {"url": ""}}, "body.properties.Spotify URL.url should be a non-empty string"),
        ({"Spotify URL": {"url": "x" * 2001}}, "length should be ≤ `2000`, instead was `2001`"),
        ({"Album": {"rich_text": text("x" * 2001)}}, "body.properties.Album.rich_text[0].text.content.length"),
        ({"Album": {"rich_text": text("🎧" * 1001)}}, "length should be ≤ `2000`, instead was `2002`"),
        ({"Album": {"rich_text": text("x") * 101}}, "rich_text.length should be ≤ `100`, instead was `101`"),
        ({"Album": {"rich_text": [{"txt": {}}]}}, "txt should be not present"),
        ({"Album": {"rich_text": [{}]}}, "text should be defined"),
        ({"Genre": {"select": {"name": "a,b"}}}, "commas not allowed"),
        ({"Genre": {"select": {"name": ""}}}, "non-empty"),
        ({"Genre": {"select": {"id": "zz"}}}, "does not exist"),
        ({"Audio Processing": {"multi_select": [{"name": str(n)} for n in range(101)]}}, "≤ `100`"),
        ({"Downloaded": {"checkbox": None}}, "should be a boolean"),
        ({"Playlists": {"relation": [{"id": "abc"}]}}, "should be a valid uuid"),
        ({"Playlists": {"relation": [{"id": music_ids()["tracks"]}] * 101}}, "≤ `100`"),
        ({"Release Date": {"date": {"start": "yesterday"}}}, "valid ISO 8601"),
        ({"Release Date": {"date": {"start": "2026-13-01"}}}, "valid ISO 8601"),
        ({"Release Date": {"date": {"start": "2026-11-22", "end": "2026-11-21"}}}, "should not be before"),
        ({"Release Date": {"date": {"start": "2026-11-22", "time_zone": "Europe/Berlin"}}}, "not present"),
        ({"Created": {"created_time": "2026-11-22"}}, "read-only"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(hands: Hands, properties: dict[str, Any], message: str) -> None:
    """Strict validation by type and limit; nothing is created (F53, F55)."""
    assert message in hands.refusal(properties)
    assert hands.standin.pages(hands.tracks) == []


def test_status_options_are_not_made_by_writing(hands: Hands) -> None:
    """Select options are created on write, status options are not."""
    parent = {"data_source_id": hands.ids["agent_tasks_source"]}
    with pytest.raises(APIResponseError) as refused:
        hands.client.pages.create(parent=parent, properties={"Status": {"status": {"name": "Invented"}}})
    assert refused.value.status == 400
    made: Any = hands.client.pages.create(parent=parent, properties={"Status": {"status": {"name": "Ready"}}})
    assert made["properties"]["Status"]["status"]["name"] == "Ready"


@pytest.mark.parametrize(
    ("piece", "shown"),
    [
        ({"text": {"content": "a", "link": {"url": "https://x"}}}, ("text", "a", "https://x")),
        ({"type": "equation", "equation": {"expression": "e=mc^2"}}, ("equation", "e=mc^2", None)),
        ({"mention": {"type": "date", "date": {"start": "2026-01-01"}}}, ("mention", "@date", None)),
        ({"text": {"content": "a"}, "annotations": {"bold": True, "color": "red"}}, ("text", "a", None)),
    ],
)
def test_every_kind_of_rich_text_comes_back(
    hands: Hands, piece: dict[str, Any], shown: tuple[str, str, str | None]
) -> None:
    """Links, equations, mentions and marks have their own shapes; pieces without content vanish."""
    empty = {"text": {"content": ""}}
    page_id = hands.add("A", Album={"rich_text": [piece, empty]})
    kept = hands.http.get(f"/v1/pages/{page_id}").json()["properties"]["Album"]["rich_text"]
    assert [(entry["type"], entry["plain_text"], entry["href"]) for entry in kept] == [shown]
    assert kept[0]["annotations"]["bold"] is bool(piece.get("annotations"))


@pytest.mark.parametrize(
    "piece",
    [
        {"text": {"content": "a", "link": {"url": ""}}},
        {"text": {"content": 1}},
        {"text": {"content": "a"}, "annotations": {"bold": "yes"}},
        {"text": {"content": "a"}, "annotations": {"color": "mauve"}},
        {"type": "equation", "text": {"content": "a"}},
        "a",
    ],
)
def test_malformed_rich_text_is_refused(hands: Hands, piece: object) -> None:
    """Shapes are checked to the last key."""
    assert hands.refusal({"Album": {"rich_text": [piece]}})


def test_the_rarer_kinds_of_value(hands: Hands) -> None:
    """Dates with zones, people, files, contacts and numbered rows keep Notion's shapes."""
    kinds = {
        "Name": "title",
        "When": "date",
        "Who": "people",
        "Doc": "files",
        "Mail": "email",
        "No": ("unique_id", "T"),
    }
    extra = {"Made By": "created_by", "Edited By": "last_edited_by", "Total": "formula"}
    _, source_id = hands.standin.create_database("Rare", {**kinds, **extra})
    person = hands.http.get("/v1/users/me").json()["id"]
    zoned = {"start": "2026-11-22T10:00:00", "end": "2026-11-22T11:00:00", "time_zone": "UTC"}
    file = {"name": "f", "external": {"url": "https://x/f.wav"}}
    values: dict[str, Any] = {
        "When": {"date": zoned},
        "Who": {"people": [{"object": "user", "id": person}]},
        "Doc": {"files": [file]},
        "Mail": {"email": "a@b.c"},
    }
    body = {"parent": {"data_source_id": source_id}, "properties": values}
    shown = hands.http.post("/v1/pages", json=body).json()["properties"]
    assert shown["When"]["date"]["end"] == "2026-11-22T11:00:00.000+00:00"
    assert shown["Who"]["people"][0]["id"] == person == shown["Made By"]["created_by"]["id"]
    assert shown["Doc"]["files"] == [{"name": "f", "type": "external", "external": {"url": "https://x/f.wav"}}]
    assert (shown["Mail"]["email"], shown["No"]["unique_id"]) == ("a@b.c", {"prefix": "T", "number": 1})
    cleared = {**body, "properties": {"When": {"date": None}, "Mail": {"email": None}, "Who": []}}
    assert hands.http.post("/v1/pages", json=cleared).json()["properties"]["No"]["unique_id"]["number"] == 2
    wrongs: list[dict[str, Any]] = [
        {"When": {"date": {"start": "2026-11-22T10:00", "end": "2026-11-23"}}},
        {"When": {"date": {**zoned, "time_zone": "Nowhere/At all"}}},
        {"Mail": {"email": ""}},
        {"Mail": {"email": "x" * 201}},
        {"Doc": {"files": [{"name": "f"}]}},
        {"Who": {"people": [{}]}},
        {"Total": {"formula": {}}},
    ]
    for wrong in wrongs:
        assert hands.http.post("/v1/pages", json={**body, "properties": wrong}).status_code == 400, wrong
    numbered = {"filter": {"property": "No", "unique_id": {"equals": 2}}, "sorts": [{"property": "No"}]}
    assert len(hands.http.post(f"/v1/data_sources/{source_id}/query", json=numbered).json()["results"]) == 1
    assert hands.standin.pages(source_id)[1].properties["No"] == 2


def test_numbers_come_back_as_javascript_keeps_them(hands: Hands) -> None:
    """Whole doubles lose their fraction, large ones their last digits; what is no number is refused."""
    page_id = hands.add("A", Tempo={"number": 12345678901234567890}, BitRate={"number": 0.1})
    properties = hands.http.get(f"/v1/pages/{page_id}").json()["properties"]
    assert (properties["Tempo"]["number"], properties["BitRate"]["number"]) == (12345678901234567168, 0.1)
    huge = json.dumps(hands.creation({"Tempo": {"number": 0}})).replace(":0}", ":1e999}").replace(": 0}", ": 1e999}")
    assert hands.http.post("/v1/pages", content=huge).json()["code"] == "validation_error"
    nan = huge.replace("1e999", "NaN")
    assert hands.http.post("/v1/pages", content=nan).json()["code"] == "invalid_json"


@given(st.text(max_size=300))
def test_any_text_within_the_limit_round_trips(content: str) -> None:
    """Emoji, RTL, NUL and quotes come back as they were; only halves of a surrogate pair are replaced."""
    pieces = read_rich_text("body", [{"text": {"content": content}}])
    assert plain_text(pieces) == re.sub("[\ud800-\udfff]", "\ufffd", content)
