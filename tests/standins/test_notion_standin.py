"""The Notion stand-in's door and pages, seen through notion-client and bare HTTP."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from engine.standins.notion.standin import TOKEN
from tests.standins.notion_hands import Hands, opened, text


@pytest.fixture
def hands() -> Iterator[Hands]:
    """Give a seeded, listening stand-in."""
    with opened() as made:
        yield made


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
