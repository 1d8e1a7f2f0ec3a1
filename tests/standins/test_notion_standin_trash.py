"""Notion's trash as the stand-in has it, seen through notion-client and bare HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.standins.notion.standin import NotionStandin
from tests.standins.notion_hands import Hands, opened


@pytest.fixture
def hands() -> Iterator[Hands]:
    """Give a seeded, listening stand-in."""
    with opened() as made:
        yield made


def test_a_page_comes_out_of_the_trash_with_its_new_values_in_one_request(hands: Hands) -> None:
    """One PATCH restores and writes; the answer shows both, and the page is in queries again."""
    page_id = hands.add("A")
    hands.client.pages.update(page_id, in_trash=True)
    restored: Any = hands.client.pages.update(page_id, in_trash=False, properties={"Tempo": {"number": 128}})
    assert (restored["in_trash"], restored["properties"]["Tempo"]["number"]) == (False, 128)
    assert hands.titles() == ["A"]
    again: Any = hands.client.pages.update(page_id, in_trash=False)
    assert again["in_trash"] is False


@pytest.mark.parametrize("marked", ["database", "data source"])
def test_a_page_whose_database_is_in_the_trash_refuses_everything(hands: Hands, marked: str) -> None:
    """An archived ancestor forbids edit, trash and restore alike, until it is restored itself."""
    page_id = hands.add("A")
    if marked == "database":
        hands.standin.trash_database(hands.ids["tracks"])
    else:
        hands.client.data_sources.update(hands.tracks, in_trash=True)
    for body in ({"in_trash": False}, {"in_trash": True}, {"properties": {"Tempo": {"number": 1}}}):
        refused = hands.http.patch(f"/v1/pages/{page_id}", json=body)
        assert (refused.status_code, refused.json()["code"]) == (400, "validation_error")
        assert "with an archived ancestor" in refused.json()["message"]
    page: Any = hands.client.pages.retrieve(page_id)
    assert page["object"] == "page"
    if marked == "database":
        hands.standin.restore_database(hands.ids["tracks"])
        assert hands.http.patch(f"/v1/pages/{page_id}", json={"in_trash": True}).status_code == 200


def test_an_emptied_trash_gives_nothing_back(hands: Hands) -> None:
    """What left the trash for good is not found, and what pointed to it can still be edited."""
    kept, gone = hands.add("Kept"), hands.add("Gone")
    hands.standin.trash(gone)
    hands.standin.empty_trash()
    assert hands.http.patch(f"/v1/pages/{gone}", json={"in_trash": False}).json()["code"] == "object_not_found"
    assert hands.http.patch(f"/v1/pages/{kept}", json={"properties": {"Tempo": {"number": 1}}}).status_code == 200


def test_a_relation_to_a_page_that_is_gone_can_be_let_go(tmp_path: Path) -> None:
    """The other side of a relation may be gone for good; changing this side is no fault."""
    with NotionStandin(state_path=tmp_path / "state.json") as standin:
        _, crates = standin.create_database("Crates", {"Name": "title"})
        _, songs = standin.create_database("Songs", {"Name": "title", "In": ("relation", crates, "Songs")})
        crate = standin.create(crates, {"Name": "C"})
        song = standin.create(songs, {"Name": "S", "In": [crate]})
        standin.trash(crate)
        standin.empty_trash()
        standin.edit(song, {"In": []})
        assert standin.page(song).properties["In"] == []


def test_the_history_tells_of_a_restoration(hands: Hands) -> None:
    """I31: what was sent and what was answered can be compared with the journal afterwards."""
    page_id = hands.add("A")
    hands.http.patch(f"/v1/pages/{page_id}", json={"in_trash": True})
    hands.http.patch(f"/v1/pages/{page_id}", json={"in_trash": False})
    last = hands.standin.history[-1]
    assert (last.method, last.path, last.body, last.status) == (
        "PATCH", f"/v1/pages/{page_id}", b'{"in_trash":false}', 200,
    )  # fmt: skip
