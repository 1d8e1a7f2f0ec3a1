"""The Notion stand-in's databases, data sources and relations."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.standins.notion.seed import music_ids
from engine.standins.notion.store import PERSON, Store
from tests.standins.notion_hands import START_S, Hands, opened, text


@pytest.fixture
def hands() -> Iterator[Hands]:
    """Give a seeded, listening stand-in."""
    with opened() as made:
        yield made


def test_every_seeded_property_is_named_exactly(hands: Hands) -> None:
    """The music workspace has the real names, the trailing blank of `Key ` included, and no key of any program."""
    schema = hands.standin.schema(hands.tracks)
    assert schema["Key "] == "rich_text"
    assert schema["Playlists"] == schema["Artist"] == "relation"
    assert hands.standin.schema(hands.playlists)["Tracks"] == "relation"
    assert "Sync Key" not in schema
    assert hands.ids == music_ids()
    assert hands.standin.schema(hands.ids["agent_tasks_source"])["Status"] == "status"


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
