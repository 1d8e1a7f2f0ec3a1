"""The Notion stand-in, seen through notion-client and through bare HTTP."""

import json
import re
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from notion_client import APIResponseError, Client

from engine.standins import faults
from engine.standins.notion import faults as notion_faults
from engine.standins.notion.richtext import plain_text, read_rich_text
from engine.standins.notion.seed import music_ids, seed_music_workspace
from engine.standins.notion.standin import TOKEN, NotionStandin
from engine.standins.notion.store import PERSON, Store
from engine.standins.server import Effect

START_S = 1_800_000_030.0  # half past a minute


class Hands:
    """A seeded stand-in, a client of it, and a clock a test can turn."""

    def __init__(self, standin: NotionStandin, clock: list[float]) -> None:
        self.standin = standin
        self.clock = clock
        self.ids = seed_music_workspace(standin)
        self.tracks = self.ids["tracks_source"]
        self.playlists = self.ids["playlists_source"]
        self.http = httpx.Client(
            base_url=standin.url,
            headers={"Authorization": f"Bearer {TOKEN}", "Notion-Version": "2026-03-11"},
            verify=False,  # building a TLS context costs more than a whole test
        )

    @cached_property
    def client(self) -> Client:
        """The public client library, without its own retries."""
        return Client(auth=TOKEN, base_url=self.standin.url, notion_version="2026-03-11", retry=False)

    def add(self, title: str, **properties: Any) -> str:
        """Create a track through the API and give its id."""
        answer = self.http.post("/v1/pages", json=self.creation({"Title": {"title": text(title)}, **properties}))
        assert answer.status_code == 200, answer.text
        return str(answer.json()["id"])

    def creation(self, properties: dict[str, Any]) -> dict[str, Any]:
        """Give the body that creates a track."""
        return {"parent": {"type": "data_source_id", "data_source_id": self.tracks}, "properties": properties}

    def query(self, **body: Any) -> dict[str, Any]:
        """Query the tracks; the answer must be a success."""
        answer = self.http.post(f"/v1/data_sources/{self.tracks}/query", json=body)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def titles(self, **body: Any) -> list[str]:
        """Query the tracks and give the titles, in order."""
        return [row["properties"]["Title"]["title"][0]["plain_text"] for row in self.query(**body)["results"]]

    def refusal(self, properties: dict[str, Any]) -> str:
        """Create a track that must be refused with validation_error, and give the message."""
        answer = self.http.post("/v1/pages", json=self.creation(properties))
        assert (answer.status_code, answer.json()["code"]) == (400, "validation_error"), answer.text
        return str(answer.json()["message"])

    def query_refusal(self, body: dict[str, Any]) -> str:
        """Query the tracks so that it must be refused, and give the message."""
        answer = self.http.post(f"/v1/data_sources/{self.tracks}/query", json=body)
        assert (answer.status_code, answer.json()["code"]) == (400, "validation_error"), answer.text
        return str(answer.json()["message"])


def text(content: str) -> list[dict[str, Any]]:
    """Give rich text as a request says it."""
    return [{"text": {"content": content}}]


@pytest.fixture
def hands() -> Iterator[Hands]:
    """Give a seeded, listening stand-in."""
    clock = [START_S]
    with NotionStandin(clock=lambda: clock[0]) as standin:
        made = Hands(standin, clock)
        yield made
        made.http.close()
        if "client" in vars(made):
            made.client.close()


def test_every_seeded_property_is_named_exactly(hands: Hands) -> None:
    """The music workspace has the real names, the trailing blank of `Key ` included, and no key of any program."""
    schema = hands.standin.schema(hands.tracks)
    assert schema["Key "] == "rich_text"
    assert schema["Playlists"] == schema["Artist"] == "relation"
    assert hands.standin.schema(hands.playlists)["Tracks"] == "relation"
    assert "Sync Key" not in schema
    assert hands.ids == music_ids()
    assert hands.standin.schema(hands.ids["agent_tasks_source"])["Status"] == "status"


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


def test_a_schema_that_grew_too_large_is_refused(hands: Hands) -> None:
    """Free-text select options end in a schema over its size (F54)."""
    hands.standin.store.schema_bytes_max = 5_000
    message = ""
    for number in range(60):
        answer = hands.http.post("/v1/pages", json=hands.creation({"Genre": {"select": {"name": f"Genre {number}"}}}))
        if answer.status_code != 200:
            message = answer.json()["message"]
            break
    assert "exceeded the maximum size" in message


def test_the_door_checks_token_and_version(hands: Hands) -> None:
    """401 without the token, missing_version without the header, invalid URL for what was removed."""
    url = hands.standin.url + "/v1/users/me"
    assert httpx.get(url).json()["code"] == "unauthorized"
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    assert httpx.get(url, headers=bearer).json()["code"] == "missing_version"
    assert httpx.get(url, headers={**bearer, "Notion-Version": "2020-01-01"}).json()["code"] == "validation_error"
    me: Any = hands.client.users.me()
    assert (me["type"], me["object"]) == ("bot", "user")
    gone = hands.http.post(f"/v1/databases/{hands.ids['tracks']}/query", json={})
    assert (gone.status_code, gone.json()["code"]) == (400, "invalid_request_url")
    assert hands.http.post("/v1/pages", content=b"{").json()["code"] == "invalid_json"
    assert hands.http.post("/v1/pages", content=b"[]").json()["code"] == "validation_error"
    big = hands.http.post("/v1/pages", content=b'"' + b"x" * 500_000 + b'"')
    assert "too large" in big.json()["message"]
    assert hands.http.get(f"/v1/users/{hands.ids['tracks']}").status_code == 404


def test_the_two_versions_differ_in_archived(hands: Hands) -> None:
    """2025-09-03 says and takes `archived`; 2026-03-11 refuses it."""
    page_id = hands.add("A")
    refused = hands.http.patch(f"/v1/pages/{page_id}", json={"archived": True})
    assert "body.archived should be not present" in refused.json()["message"]
    older = {"Notion-Version": "2025-09-03"}
    trashed = hands.http.patch(f"/v1/pages/{page_id}", json={"archived": True}, headers=older).json()
    assert (trashed["archived"], trashed["in_trash"]) == (True, True)


def test_a_page_in_the_trash_can_be_read_but_not_edited(hands: Hands) -> None:
    """It is out of queries, still retrievable, and refuses edits until restored."""
    page_id = hands.add("A")
    hands.standin.trash(page_id)
    assert hands.titles() == []
    assert hands.titles(in_trash=True) == ["A"]
    page: Any = hands.client.pages.retrieve(page_id=page_id)
    assert page["in_trash"] is True
    refused = hands.http.patch(f"/v1/pages/{page_id}", json={"properties": {"Tempo": {"number": 1}}})
    assert "Can't edit block that is archived" in refused.json()["message"]
    hands.standin.restore(page_id)
    assert hands.http.patch(f"/v1/pages/{page_id}", json={"properties": {"Tempo": {"number": 1}}}).status_code == 200


def test_an_unshared_database_does_not_exist(hands: Hands) -> None:
    """Database, data source and page answer 404 object_not_found, and relations to it vanish (F52)."""
    page_id = hands.add("A")
    hands.standin.revoke(hands.ids["playlists"])
    schema: Any = hands.client.data_sources.retrieve(hands.tracks)
    assert "Playlists" not in schema["properties"]
    hands.standin.revoke(hands.ids["tracks"])
    for path in (f"databases/{hands.ids['tracks']}", f"data_sources/{hands.tracks}", f"pages/{page_id}"):
        answer = hands.http.get(f"/v1/{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "object_not_found")
    hands.standin.share(hands.ids["tracks"])
    assert hands.http.get(f"/v1/pages/{page_id}").status_code == 200
    assert hands.http.get("/v1/pages/nonsense").json()["code"] == "validation_error"


def test_a_connection_without_the_capability_is_forbidden(hands: Hands) -> None:
    """403 restricted_resource, told apart from 404."""
    page_id = hands.add("A")
    hands.standin.knobs.may_update = False
    refused = hands.http.patch(f"/v1/pages/{page_id}", json={"properties": {}})
    assert (refused.status_code, refused.json()["code"]) == (403, "restricted_resource")


def test_a_database_leads_to_its_data_source(hands: Hands) -> None:
    """The container has no properties; the data source has, with ids that need decoding."""
    database: Any = hands.client.databases.retrieve(hands.ids["tracks"])
    assert "properties" not in database
    assert database["data_sources"] == [{"id": hands.tracks, "name": "Music Tracks"}]
    source: Any = hands.client.data_sources.retrieve(hands.tracks)
    shown = [column["id"] for column in source["properties"].values()]
    assert "title" in shown
    assert any("%" in identifier for identifier in shown)
    dual = source["properties"]["Playlists"]["relation"]
    assert dual["dual_property"]["synced_property_name"] == "Tracks"


def test_filter_properties_takes_decoded_ids_only(hands: Hands) -> None:
    """An id sent still encoded matches nothing: the pitfall of notion-client."""
    hands.add("A")
    source: Any = hands.client.data_sources.retrieve(hands.tracks)
    encoded = next(c["id"] for c in source["properties"].values() if "%" in c["id"])
    only: Any = hands.client.data_sources.query(hands.tracks, filter_properties=[unquote(encoded), "Title"])
    assert len(only["results"][0]["properties"]) == 2
    with pytest.raises(APIResponseError):
        hands.client.data_sources.query(hands.tracks, filter_properties=[encoded])


def test_the_schema_can_be_extended(hands: Hands) -> None:
    """PATCH data source adds, renames and removes properties, all or nothing."""
    place = f"/v1/data_sources/{hands.tracks}"
    added = hands.http.patch(place, json={"properties": {"My Key": {"rich_text": {}}}}).json()
    identifier = added["properties"]["My Key"]["id"]
    renamed = hands.http.patch(place, json={"properties": {identifier: {"name": "Key 2"}}}).json()
    assert renamed["properties"]["Key 2"]["id"] == identifier
    options = {"select": {"options": [{"name": "a", "color": "red"}, {"name": "b"}]}}
    chosen = hands.http.patch(place, json={"properties": {"State": options}}).json()["properties"]["State"]
    assert [(option["name"]) for option in chosen["select"]["options"]] == ["a", "b"]
    refused = hands.http.patch(place, json={"properties": {"X": {"number": {}}, "Title": None}})
    assert refused.status_code == 400
    assert "X" not in hands.standin.schema(hands.tracks)
    removed = hands.http.patch(place, json={"properties": {"Key 2": None}}).json()
    assert "Key 2" not in removed["properties"]


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"rich_text": {}, "number": {}},
        {"status": {}},
        {"title": {}},
        {"rich_text": {"x": 1}},
        {"rich_text": {}, "odd": 1},
        {"select": {"options": [{"name": "a"}, {"name": "a"}]}},
        {"select": {"options": [{"name": "a,b"}]}},
        {"relation": {"data_source_id": music_ids()["playlists_source"]}},
        {"type": "number", "rich_text": {}},
    ],
)
def test_a_wrong_property_configuration_is_refused(hands: Hands, config: dict[str, Any]) -> None:
    """The schema is as strict as the values, and stays as it was."""
    before = hands.standin.schema(hands.tracks)
    answer = hands.http.patch(f"/v1/data_sources/{hands.tracks}", json={"properties": {"New": config}})
    assert (answer.status_code, answer.json()["code"]) == (400, "validation_error")
    assert hands.standin.schema(hands.tracks) == before


def test_a_database_is_created_with_its_schema_under_the_first_source(hands: Hands) -> None:
    """Top-level `properties` is refused; relations can mirror."""
    parent = {"type": "page_id", "page_id": hands.standin.store.databases[hands.ids["tracks"]].parent_page_id}
    refused = hands.http.post("/v1/databases", json={"parent": parent, "properties": {"Name": {"title": {}}}})
    assert "body.properties should be not present" in refused.json()["message"]
    schema = {
        "Name": {"title": {}},
        "N": {"number": {"format": "number"}},
        "Track": {"relation": {"data_source_id": hands.tracks, "dual_property": {}}},
    }
    body = {"parent": parent, "title": text("Fresh"), "initial_data_source": {"properties": schema}}
    made = hands.http.post("/v1/databases", json=body).json()
    assert made["data_sources"][0]["name"] == "Fresh"
    assert "Related to Fresh (Track)" in hands.standin.schema(hands.tracks)
    untitled = {**body, "initial_data_source": {"properties": {"N": {"number": {}}}}}
    assert hands.http.post("/v1/databases", json=untitled).status_code == 400
    place = f"/v1/databases/{made['id']}"
    assert hands.http.patch(place, json={"in_trash": True}).json()["in_trash"] is True


def test_a_dual_relation_shows_on_both_sides(hands: Hands) -> None:
    """Linking and unlinking a playlist from the track changes the playlist's tracks, without stamping it."""
    playlist_id = hands.standin.create(hands.playlists, {"Name": "P"})
    hands.clock[0] += 600
    page_id = hands.add("A", Playlists={"relation": [{"id": playlist_id}]})
    playlist = hands.standin.page(playlist_id)
    assert (playlist.properties["Tracks"], playlist.edited_s) == ([page_id], START_S)
    hands.http.patch(f"/v1/pages/{page_id}", json={"properties": {"Playlists": {"relation": []}}})
    assert hands.standin.page(playlist_id).properties["Tracks"] == []
    stray = {"relation": [{"id": page_id}]}
    assert "is not in the data source" in hands.refusal({"Playlists": stray})


def test_a_page_object_shows_25_relations_and_the_property_item_all(hands: Hands) -> None:
    """Beyond 25 references only the paginated property endpoint tells the whole."""
    playlists = [hands.standin.create(hands.playlists, {"Name": str(n)}) for n in range(60)]
    page_id = hands.add("A", Playlists={"relation": [{"id": p} for p in playlists]})
    page: Any = hands.client.pages.retrieve(page_id=page_id)
    shown = page["properties"]["Playlists"]
    assert (len(shown["relation"]), shown["has_more"]) == (25, True)
    found: list[str] = []
    cursor: dict[str, Any] = {}
    while True:
        item: Any = hands.client.pages.properties.retrieve(
            page_id=page_id, property_id=shown["id"], page_size=25, **cursor
        )
        found += [entry["relation"]["id"] for entry in item["results"]]
        if not item["has_more"]:
            break
        cursor = {"start_cursor": item["next_cursor"]}
    assert found == playlists
    single: Any = hands.client.pages.properties.retrieve(page_id=page_id, property_id="Tempo")
    assert (single["object"], single["number"]) == ("property_item", None)
    place = f"/v1/pages/{page_id}/properties"
    assert hands.http.get(f"{place}/none").status_code == 404
    assert hands.http.get(f"{place}/{shown['id']}", params={"start_cursor": "x"}).status_code == 400


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


def test_times_are_rounded_down_to_the_minute(hands: Hands) -> None:
    """Two edits in one minute cannot be told apart by time."""
    page_id = hands.add("A")
    hands.clock[0] += 29
    page = hands.http.patch(f"/v1/pages/{page_id}", json={"properties": {"Tempo": {"number": 1}}}).json()
    assert page["created_time"] == page["last_edited_time"] == "2027-01-15T08:00:00.000Z"


def test_people_and_the_bot_leave_different_marks(hands: Hands) -> None:
    """A person's edit is told apart by last_edited_by."""
    page_id = hands.add("A")
    assert hands.standin.page(page_id).edited_by == "bot"
    edit = {"Title": "B", "Tempo": 1, "Genre": "Own", "Audio Processing": ["x"], "Release Date": "2026-01-01"}
    hands.standin.edit(page_id, edit)
    row = hands.standin.pages(hands.tracks)[0]
    assert (row.created_by, row.edited_by) == ("bot", "person")
    assert {name: row.properties[name] for name in edit} == edit
    hands.standin.rename_property(hands.tracks, "Tempo", "BPM")
    assert hands.standin.page(page_id).properties["BPM"] == 1
    hands.standin.remove_property(hands.tracks, "BPM")
    assert "BPM" not in hands.standin.page(page_id).properties


def test_a_budget_refuses_until_its_window_closes(hands: Hands) -> None:
    """429 with whole seconds and the reason; the next window is open."""
    hands.standin.budget.requests_max = 2
    assert [hands.http.get("/v1/users/me").status_code for _ in range(3)] == [200, 200, 429]
    hands.clock[0] += 20.5
    limited = hands.http.get("/v1/users/me")
    assert limited.headers["Retry-After"] == "40"
    assert limited.json()["additional_data"]["rate_limit_reason"] == "connection_limit"
    hands.clock[0] += 40
    assert hands.http.get("/v1/users/me").status_code == 200


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


def test_blocks_are_placed_as_each_version_says(hands: Hands) -> None:
    """`after` belongs to the older version, `position` to the newer."""
    page_id = hands.add("A")
    place = f"/v1/blocks/{page_id}/children"
    blocks = [{"paragraph": {"rich_text": text(word)}} for word in ("one", "two")]
    first = hands.http.patch(place, json={"children": blocks}).json()["results"][0]["id"]
    middle = [{"type": "divider", "divider": {}}]
    assert hands.http.patch(place, json={"children": middle, "after": first}).status_code == 400
    hands.http.patch(place, json={"children": middle, "after": first}, headers={"Notion-Version": "2025-09-03"})
    position = {"type": "after_block", "after_block": {"id": first}}
    hands.http.patch(place, json={"children": middle, "position": position})
    hands.http.patch(place, json={"children": middle, "position": {"type": "start"}})
    listed = hands.http.get(place).json()["results"]
    assert [block["type"] for block in listed] == ["divider", "paragraph", "divider", "divider", "paragraph"]
    part = hands.http.get(place, params={"page_size": 2}).json()
    rest = hands.http.get(place, params={"start_cursor": part["next_cursor"]}).json()
    assert [len(part["results"]), len(rest["results"])] == [2, 3]
    up = {"children": middle, "position": {"type": "up"}}
    wrongs: list[dict[str, Any]] = [{"children": [{}]}, up, {"children": middle * 101}]
    assert [hands.http.patch(place, json=wrong).status_code for wrong in wrongs] == [400, 400, 400]
    assert hands.http.get(f"/v1/blocks/{hands.tracks}/children").status_code == 404


def test_the_workspace_outlives_the_server(tmp_path: Path) -> None:
    """State is saved after each change and loaded at the start; history is appended."""
    kept: dict[str, Any] = {
        "state_path": tmp_path / "state" / "notion.json",
        "history_path": tmp_path / "history.jsonl",
    }
    with NotionStandin(**kept) as standin:
        hands = Hands(standin, [0.0])
        playlist_id = standin.create(hands.playlists, {"Name": "P"})
        page_id = hands.add("A", Playlists={"relation": [{"id": playlist_id}]}, Genre={"select": {"name": "New"}})
        before = standin.pages(hands.tracks)
        hands.http.close()
    with NotionStandin(**kept) as standin:
        hands = Hands(standin, [0.0])
        assert standin.pages(hands.tracks) == before
        hands.http.patch(f"/v1/pages/{page_id}", json={"properties": {"Playlists": {"relation": []}}})
        assert standin.page(playlist_id).properties["Tracks"] == []
        assert hands.add("B") not in (page_id, playlist_id)
        hands.http.close()
    assert len((tmp_path / "history.jsonl").read_text().splitlines()) == 3


@pytest.mark.parametrize(
    ("fault", "status", "code", "acted"),
    [
        (notion_faults.notion_rate_limited(90), 429, "rate_limited", 0),
        (notion_faults.notion_overloaded(), 529, "service_overload", 0),
        (notion_faults.notion_conflict(method="POST"), 409, "conflict_error", 0),
        (notion_faults.notion_internal_error(), 500, "internal_server_error", 0),
        (notion_faults.created_but_500(), 500, "internal_server_error", 1),
        (notion_faults.notion_unavailable(), 503, "service_unavailable", 0),
        (notion_faults.notion_gateway_timeout(), 504, "gateway_timeout", 1),
        (notion_faults.notion_unauthorized(), 401, "unauthorized", 0),
        (notion_faults.notion_forbidden(), 403, "restricted_resource", 0),
    ],
)
def test_each_fault_has_its_true_shape(hands: Hands, fault: Any, status: int, code: str, acted: int) -> None:
    """Status, code and body of every scripted error; `acted` says whether the page exists all the same."""
    hands.standin.script(fault)
    answer = hands.http.post("/v1/pages", json=hands.creation({}))
    body = answer.json()
    assert (answer.status_code, body["status"], body["code"], body["object"]) == (status, status, code, "error")
    assert body["request_id"]
    assert ("Retry-After" in answer.headers) is (status in (429, 529))
    assert len(hands.standin.pages(hands.tracks)) == acted


def test_a_lost_response_left_a_page_behind(hands: Hands) -> None:
    """The ambiguous create: no answer, and a row (P19)."""
    hands.standin.script(faults.lost_response(method="POST", path="/v1/pages"))
    with pytest.raises(httpx.RemoteProtocolError):
        hands.http.post("/v1/pages", json=hands.creation({}))
    assert len(hands.standin.pages(hands.tracks)) == 1
    assert hands.standin.history[-1].fault is Effect.LOSE_RESPONSE


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


def test_parents_and_marks_of_a_page(hands: Hands) -> None:
    """A page may hang under a single-source database or under a page; icons, covers and locks are kept."""
    by_database = {"parent": {"database_id": hands.ids["tracks"]}, "properties": {}}
    page = hands.http.post("/v1/pages", json=by_database).json()
    assert page["parent"]["data_source_id"] == hands.tracks
    under = {"parent": {"page_id": page["id"]}, "properties": {"title": {"title": text("Sub")}}}
    assert hands.http.post("/v1/pages", json=under).json()["parent"] == {"type": "page_id", "page_id": page["id"]}
    assert hands.http.post("/v1/pages", json={"parent": {}, "properties": {}}).status_code == 400
    assert hands.http.post("/v1/pages", json={"parent": by_database["parent"]}).status_code == 400
    marks = {"icon": {"type": "emoji", "emoji": "🎧"}, "is_locked": True}
    changed = hands.http.patch(f"/v1/pages/{page['id']}", json=marks).json()
    assert (changed["icon"], changed["is_locked"]) == (marks["icon"], True)
    both = {"archived": True, "in_trash": False}
    older = {"Notion-Version": "2025-09-03"}
    assert hands.http.patch(f"/v1/pages/{page['id']}", json=both, headers=older).status_code == 400


def test_schemas_keep_their_order_of_things(hands: Hands) -> None:
    """Renames that clash, kinds that change, mirrors that go with their relation, and the data source's own marks."""
    place = f"/v1/data_sources/{hands.tracks}"

    def patch(properties: dict[str, Any]) -> httpx.Response:
        return hands.http.patch(place, json={"properties": properties})

    assert patch({"Album": {"name": "ISRC"}}).status_code == 400
    assert patch({"Nope": None}).status_code == 400
    assert (
        patch({"Playlists": {"relation": {"data_source_id": hands.playlists, "single_property": {}}}}).status_code
        == 400
    )
    assert patch({"New": {"name": "Album", "rich_text": {}}}).status_code == 400
    before = hands.http.get(place).json()["properties"]["Album"]["id"]
    changed = patch({"Album": {"number": {"format": "number"}}}).json()["properties"]["Album"]
    assert (changed["type"], changed["id"] == before) == ("number", False)
    genres = hands.http.get(place).json()["properties"]["Genre"]["select"]["options"]
    kept = [{"id": genres[0]["id"]}, {"name": "Fresh"}]
    shown = patch({"Genre": {"select": {"options": kept}}}).json()["properties"]["Genre"]["select"]["options"]
    assert [option["name"] for option in shown] == ["House", "Fresh"]
    assert "Tracks" in hands.standin.schema(hands.playlists)
    patch({"Playlists": None})
    assert "Tracks" not in hands.standin.schema(hands.playlists)
    marked = hands.http.patch(place, json={"title": text("Renamed"), "in_trash": True}).json()
    assert (marked["title"][0]["plain_text"], marked["in_trash"]) == ("Renamed", True)


@given(st.lists(st.tuples(st.integers(0, 3), st.sets(st.integers(0, 3)), st.booleans()), max_size=20))
@settings(max_examples=50, deadline=None)
def test_both_sides_of_a_dual_relation_always_agree(steps: list[tuple[int, set[int], bool]]) -> None:
    """Whatever is linked and unlinked from either side, left names right exactly when right names left."""
    store = Store(clock=lambda: START_S)
    _, left = store.add_database("Left", actor=PERSON)
    _, right = store.add_database("Right", actor=PERSON)
    there = store.relate(left.id, "There", right.id, mirror_name="Back", actor=PERSON)
    back = there.config["mirror_id"]
    lefts = [store.add_page(left.id, {}, actor=PERSON).id for _ in range(4)]
    rights = [store.add_page(right.id, {}, actor=PERSON).id for _ in range(4)]
    for place, others, from_left in steps:
        mine, theirs, column = (lefts, rights, there.id) if from_left else (rights, lefts, back)
        store.change_page(mine[place], {column: tuple(theirs[other] for other in others)}, actor=PERSON)
    forward = {(one, other) for one in lefts for other in store.pages[one].values.get(there.id, ())}
    backward = {(other, one) for one in rights for other in store.pages[one].values.get(back, ())}
    assert forward == backward


@given(st.text(max_size=300))
def test_any_text_within_the_limit_round_trips(content: str) -> None:
    """Emoji, RTL, NUL and quotes come back as they were; only halves of a surrogate pair are replaced."""
    pieces = read_rich_text("body", [{"text": {"content": content}}])
    assert plain_text(pieces) == re.sub("[\ud800-\udfff]", "\ufffd", content)
