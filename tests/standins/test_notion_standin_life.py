"""The Notion stand-in over time: people, restarts, budgets, blocks and faults."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from engine.standins import faults
from engine.standins.notion import faults as notion_faults
from engine.standins.notion.standin import NotionStandin
from engine.standins.server import Effect
from tests.standins.notion_hands import Hands, opened, text


@pytest.fixture
def hands() -> Iterator[Hands]:
    """Give a seeded, listening stand-in."""
    with opened() as made:
        yield made


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
