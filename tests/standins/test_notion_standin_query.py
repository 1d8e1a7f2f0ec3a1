"""The Notion stand-in's queries: filters, sorts, cursors, limits and lateness."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from notion_client import APIResponseError

from engine.standins.notion.seed import music_ids
from tests.standins.notion_hands import Hands, opened, text


@pytest.fixture
def hands() -> Iterator[Hands]:
    """Give a seeded, listening stand-in."""
    with opened() as made:
        yield made


def test_filter_properties_takes_decoded_ids_only(hands: Hands) -> None:
    """An id sent still encoded matches nothing: the pitfall of notion-client."""
    hands.add("A")
    source: Any = hands.client.data_sources.retrieve(hands.tracks)
    encoded = next(c["id"] for c in source["properties"].values() if "%" in c["id"])
    only: Any = hands.client.data_sources.query(hands.tracks, filter_properties=[unquote(encoded), "Title"])
    assert len(only["results"][0]["properties"]) == 2
    with pytest.raises(APIResponseError):
        hands.client.data_sources.query(hands.tracks, filter_properties=[encoded])


def _filled(hands: Hands) -> None:
    hands.add(
        "Alpha",
        Tempo={"number": 120},
        Genre={"select": {"name": "House"}},
        Downloaded={"checkbox": True},
        **{
            "Spotify URL": {"url": "https://open.spotify.com/track/Aa"},
            "Audio Processing": {"multi_select": [{"name": "Audio Analysis Complete"}]},
            "Release Date": {"date": {"start": "2026-11-20"}},
        },
    )
    hands.add("beta", Tempo={"number": 90}, **{"Release Date": {"date": {"start": "2026-11-21T12:00:00Z"}}})
    hands.add("Gamma")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"property": "Title", "title": {"equals": "ALPHA"}}, "Alpha"),
        ({"property": "Title", "title": {"does_not_equal": "Alpha"}}, "Gamma beta"),
        ({"property": "title", "title": {"contains": "a"}}, "Alpha Gamma beta"),
        ({"property": "Title", "title": {"does_not_contain": "b"}}, "Alpha Gamma"),
        ({"property": "Title", "title": {"starts_with": "al"}}, "Alpha"),
        ({"property": "Title", "title": {"ends_with": "MA"}}, "Gamma"),
        ({"property": "Spotify URL", "url": {"equals": "https://open.spotify.com/track/aa"}}, "Alpha"),
        ({"property": "Spotify URL", "url": {"is_empty": True}}, "Gamma beta"),
        ({"property": "Tempo", "number": {"greater_than": 90}}, "Alpha"),
        ({"property": "Tempo", "number": {"less_than_or_equal_to": 120}}, "Alpha beta"),
        ({"property": "Tempo", "number": {"does_not_equal": 90}}, "Alpha Gamma"),
        ({"property": "Tempo", "number": {"is_not_empty": True}}, "Alpha beta"),
        ({"property": "Downloaded", "checkbox": {"equals": False}}, "Gamma beta"),
        ({"property": "Downloaded", "checkbox": {"does_not_equal": False}}, "Alpha"),
        ({"property": "Genre", "select": {"equals": "House"}}, "Alpha"),
        ({"property": "Genre", "select": {"does_not_equal": ["House", "Techno"]}}, "Gamma beta"),
        ({"property": "Audio Processing", "multi_select": {"contains": "Audio Analysis Complete"}}, "Alpha"),
        ({"property": "Release Date", "date": {"on_or_after": "2026-11-21"}}, "beta"),
        ({"property": "Release Date", "date": {"before": "2026-11-21T12:00:00Z"}}, "Alpha"),
        ({"property": "Release Date", "date": {"equals": "2026-11-21"}}, "beta"),
        ({"property": "Release Date", "date": {"past_year": {}}}, "Alpha beta"),
        ({"property": "Release Date", "date": {"next_week": {}}}, ""),
        ({"property": "Playlists", "relation": {"is_empty": True}}, "Alpha Gamma beta"),
        ({"property": "Playlists", "relation": {"contains": music_ids()["tracks"]}}, ""),
        ({"timestamp": "created_time", "created_time": {"on_or_after": "2027-01-15T08:00:00Z"}}, "Alpha Gamma beta"),
        ({"timestamp": "last_edited_time", "last_edited_time": {"after": "2027-01-15T08:00:00Z"}}, ""),
        (
            {
                "or": [
                    {"property": "Title", "title": {"equals": "Gamma"}},
                    {
                        "and": [
                            {"property": "Tempo", "number": {"is_not_empty": True}},
                            {"property": "Downloaded", "checkbox": {"equals": True}},
                        ]
                    },
                ]
            },
            "Alpha Gamma",
        ),
    ],
)
def test_filters_find_what_they_say(hands: Hands, asked: dict[str, Any], found: str) -> None:
    """Every kind of filter; text is compared without regard to case, so a client must compare again."""
    _filled(hands)
    assert sorted(hands.titles(filter=asked)) == found.split()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"filter": {"property": "Nope", "number": {"equals": 1}}}, "Could not find property with name or id: Nope"),
        ({"filter": {"property": "Title", "rich_text": {"equals": "x"}}}, "does not match filter rich_text"),
        ({"filter": {"property": "Tempo", "number": {"contains": 1}}}, "contains should be not present"),
        ({"filter": {"property": "Tempo", "number": {"equals": "1"}}}, "should be a number"),
        ({"filter": {"property": "Tempo", "number": {"is_empty": False}}}, "should be `true`"),
        ({"filter": {"property": "Tempo", "number": {}}}, "exactly one condition"),
        ({"filter": {"property": "Downloaded", "checkbox": {"is_empty": True}}}, "not present"),
        ({"filter": {"property": "Genre", "select": {"equals": "None such"}}}, "not found for property"),
        ({"filter": {"timestamp": "never", "never": {}}}, "body.filter.timestamp should be"),
        ({"filter": {"timestamp": "created_time"}}, "body.filter.created_time should be defined"),
        ({"filter": {"and": [{"or": [{"and": []}]}]}}, "should be not present"),
        ({"sorts": [{"property": "Nope"}]}, "Could not find property"),
        ({"sorts": [{"property": "Tempo", "direction": "up"}]}, "direction should be"),
        ({"sorts": [{"timestamp": "never"}]}, "timestamp should be"),
        ({"page_size": 101}, "≤ `100`"),
        ({"page_size": "many"}, "should be a number"),
        ({"start_cursor": "made up"}, "start_cursor provided is invalid"),
        ({"archived": True}, "body.archived should be not present"),
        ({"result_type": "block"}, "result_type should be"),
        ({"bogus": 1}, "body.bogus should be not present"),
    ],
)
def test_a_wrong_query_is_refused(hands: Hands, body: dict[str, Any], message: str) -> None:
    """A query error is an error, never an empty list (F33)."""
    _filled(hands)
    assert message in hands.query_refusal(body)


def test_sorts_order_and_leave_the_empty_last(hands: Hands) -> None:
    """Sorting by property, by timestamp, and by several."""
    _filled(hands)
    assert hands.titles(sorts=[{"property": "Title", "direction": "descending"}]) == ["Gamma", "beta", "Alpha"]
    assert hands.titles(sorts=[{"property": "Tempo", "direction": "ascending"}]) == ["beta", "Alpha", "Gamma"]
    assert hands.titles(sorts=[{"property": "Release Date"}])[:2] == ["Alpha", "beta"]
    assert hands.titles(sorts=[{"property": "Genre"}])[0] == "Alpha"
    both = [{"timestamp": "created_time", "direction": "descending"}, {"property": "Title"}]
    assert hands.titles(sorts=both) == ["Alpha", "beta", "Gamma"]


def _walk(hands: Hands, page_size: int, between: Callable[[], object] = lambda: None) -> list[str]:
    found: list[str] = []
    body: dict[str, Any] = {"page_size": page_size}
    while True:
        answer = hands.query(**body)
        found += [row["id"] for row in answer["results"]]
        if not answer["has_more"]:
            assert answer["request_status"]["type"] == "complete"
            return found
        body["start_cursor"] = answer["next_cursor"]
        between()


def test_cursors_walk_every_row_once_in_no_promised_order(hands: Hands) -> None:
    """Without sorts two walks may differ in order, never in content; pages may be short."""
    made = {hands.add(str(number)) for number in range(12)}
    hands.standin.knobs.rows_per_page_max = 3
    walks = [_walk(hands, 5) for _ in range(3)]
    assert all(set(walk) == made and len(walk) == 12 for walk in walks)
    assert len({tuple(walk) for walk in walks}) > 1


def test_a_cursor_dies_of_age_and_by_script(hands: Hands) -> None:
    """A stored cursor is no resume point (F59)."""
    for number in range(3):
        hands.add(str(number))
    cursor = hands.query(page_size=1)["next_cursor"]
    hands.clock[0] += 5 * 3600
    assert "start_cursor provided is invalid" in hands.query_refusal({"page_size": 1, "start_cursor": cursor})
    cursor = hands.query(page_size=1)["next_cursor"]
    hands.standin.expire_cursors()
    assert "start_cursor provided is invalid" in hands.query_refusal({"page_size": 1, "start_cursor": cursor})


def test_a_cursor_whose_row_went_away_is_invalid(hands: Hands) -> None:
    """A listing that changes under the reader breaks, it does not lie."""
    pages = [hands.add(str(number)) for number in range(3)]
    cursor = hands.query(page_size=1, sorts=[{"property": "Title"}])["next_cursor"]
    hands.standin.trash(pages[1])
    body = {"page_size": 1, "sorts": [{"property": "Title"}], "start_cursor": cursor}
    assert "start_cursor provided is invalid" in hands.query_refusal(body)


def test_a_query_over_the_row_limit_says_it_is_incomplete(hands: Hands) -> None:
    """The last page reports incomplete; has_more is false all the same."""
    for number in range(4):
        hands.add(str(number))
    hands.standin.knobs.rows_max = 3
    answer = hands.query()
    assert (len(answer["results"]), answer["has_more"]) == (3, False)
    assert answer["request_status"] == {"type": "incomplete", "incomplete_reason": "query_result_limit_reached"}


def test_a_fresh_page_is_late_in_queries_only(hands: Hands) -> None:
    """Delayed visibility: retrieve sees at once, queries after N more requests."""
    hands.standin.store.lag_requests = 2
    page_id = hands.add("A")
    assert hands.http.get(f"/v1/pages/{page_id}").status_code == 200
    assert hands.titles() == []
    assert hands.titles() == ["A"]
    hands.http.patch(f"/v1/pages/{page_id}", json={"properties": {"Title": {"title": text("B")}}})
    assert [hands.titles() for _ in range(3)] == [["A"], ["A"], ["B"]]


def test_search_finds_shared_titles(hands: Hands) -> None:
    """Pages and data sources by title; the filter narrows."""
    hands.add("Needle in Music")
    both: Any = hands.client.search(query="music")
    assert {entry["object"] for entry in both["results"]} == {"page", "data_source"}
    only: Any = hands.client.search(query="music", filter={"property": "object", "value": "data_source"})
    assert [entry["object"] for entry in only["results"]] == ["data_source"]
    wrong = hands.http.post("/v1/search", json={"filter": {"property": "object", "value": "database"}})
    assert wrong.status_code == 400
