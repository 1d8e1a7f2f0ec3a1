"""Scans, probes and writes against the loopback Eagle, without faults."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.domain.failure import FailureClass
from engine.domain.outcomes import Absent, Done, Duplicated, Present, Refused
from engine.domain.plan import Operation
from engine.domain.references import eagle_item_id
from engine.domain.value import Fields
from engine.standins.eagle.standin import EagleStandin
from engine.targets.eagle.config import EagleConfig
from engine.targets.eagle.target import EagleTarget

OUR_ID = eagle_item_id("rfirst")


def _fields(song: str, **more: Any) -> Fields:
    return {
        "name": "Ada - Night Drive",
        "tags": ("AIFF", "Ada"),
        "annotation": "cratelog:rfirst",
        "website": "https://soundcloud.com/ada/night-drive",
        "folders": (),
        "path": song,
        **more,
    }


def _folder(target: EagleTarget, act: Any, key: str, name: str, parent: str | None = None) -> str:
    fields: Fields = {"name": name, "parent": parent, "description": f"cratelog:{key}"}
    outcome = target.send(act(Operation.CREATE, key, fields, kind="folder"))
    assert isinstance(outcome, Done), outcome
    return outcome.remote_id


def test_an_item_is_imported_under_our_id_and_read_back(
    eagle: EagleStandin, target: EagleTarget, act: Any, song: str
) -> None:
    """I32: an import is done when `item/get` shows every field; the id is derived, so a repeat meets itself."""
    folder = _folder(target, act, "soundcloud:set:1", "Late")
    fields = _fields(song, folders=(folder,))
    outcome = target.send(act(Operation.CREATE, "rfirst", fields))
    assert isinstance(outcome, Done)
    assert outcome.remote_id == OUR_ID
    assert outcome.held == {name: value for name, value in fields.items() if name != "path"}
    assert eagle.items()[OUR_ID]["folders"] == [folder]
    again = target.send(act(Operation.CREATE, "rfirst", fields))
    assert isinstance(again, Done)
    assert len(eagle.items()) == 1


def test_an_import_without_an_annotation_carries_the_key_all_the_same(target: EagleTarget, act: Any, song: str) -> None:
    """P19: without its key an item could not be found again."""
    outcome = target.send(act(Operation.CREATE, "rfirst", {"path": song}))
    assert isinstance(outcome, Done)
    assert outcome.held == {"annotation": "cratelog:rfirst"}
    assert outcome.seen is not None
    assert outcome.seen.key == "rfirst"
    assert outcome.seen.fields["name"] == "Ada - Night Drive"


def test_what_eagle_left_out_of_an_import_is_put_right(
    eagle: EagleStandin, target: EagleTarget, act: Any, song: str
) -> None:
    """Items are known to land in the library's root: one update repairs them, counted within the action."""
    folder = _folder(target, act, "soundcloud:set:1", "Late")
    target.send(act(Operation.CREATE, "rfirst", _fields(song)))
    eagle.edit(OUR_ID, tags=[], url="")
    outcome = target.send(act(Operation.CREATE, "rfirst", _fields(song, folders=(folder,))))
    assert isinstance(outcome, Done)
    assert outcome.held["folders"] == (folder,)
    assert outcome.held["tags"] == ("AIFF", "Ada")
    updates = [exchange for exchange in eagle.history if exchange.path.endswith("item/update")]
    assert len(updates) == 1


def test_a_folder_that_is_not_there_is_named(target: EagleTarget, act: Any, song: str) -> None:
    """F26: Eagle drops unknown folders in silence; the read-back does not."""
    outcome = target.send(act(Operation.CREATE, "rfirst", _fields(song, folders=("GONE",))))
    assert isinstance(outcome, Refused)
    assert "folders" in outcome.problem.detail
    assert len(outcome.facts) == 1


def test_an_update_replaces_tags_and_folders(eagle: EagleStandin, target: EagleTarget, act: Any, song: str) -> None:
    """Lists replace; what is not named stays the person's."""
    target.send(act(Operation.CREATE, "rfirst", _fields(song)))
    eagle.edit(OUR_ID, star=4, annotation="mine\ncratelog:rfirst")
    outcome = target.send(
        act(Operation.UPDATE, "rfirst", {"tags": ("x",), "website": None, "path": song}, remote_id=OUR_ID)
    )
    assert isinstance(outcome, Done)
    assert outcome.held == {"tags": ("x",), "website": None}
    assert eagle.items()[OUR_ID]["star"] == 4
    assert eagle.items()[OUR_ID]["annotation"] == "mine\ncratelog:rfirst"


@pytest.mark.parametrize("written", [{}, {"annotation": "theirs\ncratelog:rother"}])
def test_an_adopted_item_gets_the_key_beside_what_is_written_there(
    eagle: EagleStandin, target: EagleTarget, act: Any, scan: Any, song: str, written: Fields
) -> None:
    """I46: adoption adds a line; the person's words stay."""
    target.send(act(Operation.CREATE, "rother", _fields(song, annotation="theirs")))
    item_id = eagle_item_id("rother")
    eagle.edit(item_id, annotation="theirs")
    assert scan()[0][item_id].key is None
    outcome = target.send(act(Operation.ADOPT, "rfirst", {"tags": ("x",), **written}, remote_id=item_id))
    assert isinstance(outcome, Done)
    assert scan()[0][item_id].key == "rfirst"
    assert "theirs" in eagle.items()[item_id]["annotation"]


def test_removal_is_eagles_trash(eagle: EagleStandin, target: EagleTarget, act: Any, scan: Any, song: str) -> None:
    """I45: the item is in the trash, shown by reading it back; a second import does not pull it out behind a back."""
    target.send(act(Operation.CREATE, "rfirst", _fields(song)))
    trash = act(Operation.TRASH, "rfirst", remote_id=OUR_ID)
    outcome = target.send(trash)
    assert isinstance(outcome, Done)
    assert outcome.held == {}
    assert scan()[0] == {}
    probe = target.probe(trash)
    assert isinstance(probe, Present)
    assert not probe.seen.live
    assert target.probe(act(Operation.CREATE, "rfirst")) == Absent()
    again = target.send(act(Operation.CREATE, "rfirst", _fields(song)))
    assert isinstance(again, Refused)
    assert "trash" in again.problem.detail
    assert eagle.items()[OUR_ID]["isDeleted"]


@pytest.mark.parametrize("kind", ["item", "folder"])
def test_a_change_of_what_is_not_there_is_refused(target: EagleTarget, act: Any, kind: str) -> None:
    """Nothing is made where something was to be changed."""
    for operation in (Operation.UPDATE, Operation.ADOPT):
        for remote_id in (None, "NOTTHERE"):
            outcome = target.send(act(operation, "rfirst", {"name": "x"}, kind=kind, remote_id=remote_id))
            assert isinstance(outcome, Refused), (operation, remote_id)
    assert isinstance(target.send(act(Operation.TRASH, "rfirst", kind=kind, remote_id="NOTTHERE")), Refused)


def test_an_import_needs_a_file(target: EagleTarget, act: Any, tmp_path: Path, eagle: EagleStandin) -> None:
    """Without a path nothing is sent; a path that leads nowhere is refused in Eagle's words."""
    outcome = target.send(act(Operation.CREATE, "rfirst", {"name": "x"}))
    assert isinstance(outcome, Refused)
    outcome = target.send(act(Operation.CREATE, "rfirst", {"path": str(tmp_path / "no.mp3")}))
    assert isinstance(outcome, Refused)
    assert "File not found" in outcome.problem.detail
    assert eagle.items() == {}


def test_a_probe_finds_an_item_by_our_id_and_by_key(
    eagle: EagleStandin, target: EagleTarget, act: Any, song: str
) -> None:
    """P19: a person's copy carries the same key; both are named, none is chosen."""
    create = act(Operation.CREATE, "rfirst", _fields(song))
    assert target.probe(create) == Absent()
    target.send(create)
    assert isinstance(target.probe(create), Present)
    eagle.edit(OUR_ID, annotation="")
    assert isinstance(target.probe(create), Present)
    target.send(act(Operation.CREATE, "rother", _fields(song)))
    other = eagle_item_id("rother")
    eagle.edit(other, annotation="cratelog:rfirst")
    assert target.probe(create) == Duplicated(remote_ids=tuple(sorted((OUR_ID, other))))
    eagle.trash(OUR_ID)
    probe = target.probe(create)
    assert isinstance(probe, Present)
    assert probe.seen.remote_id == other
    eagle.empty_trash()
    assert target.probe(act(Operation.UPDATE, "rfirst", remote_id=OUR_ID)) == Absent()


def test_folders_are_created_moved_and_found(eagle: EagleStandin, target: EagleTarget, act: Any, scan: Any) -> None:
    """F71: folders are known by key, their parents by nesting; a name is never a key."""
    root = _folder(target, act, "root", "Playlists")
    late = _folder(target, act, "soundcloud:set:1", "Late", root)
    assert eagle.folders()[late] == ("Late", root)
    update = act(Operation.UPDATE, "soundcloud:set:1", {"name": "Later", "parent": None}, kind="folder", remote_id=late)
    outcome = target.send(update)
    assert isinstance(outcome, Done)
    assert outcome.held == {"name": "Later", "parent": None}
    assert eagle.folders()[late] == ("Later", None)
    seen, end = scan("folder")
    assert {folder_id: one.key for folder_id, one in seen.items()} == {root: "root", late: "soundcloud:set:1"}
    assert end.complete
    assert isinstance(target.probe(update), Present)
    create = act(Operation.CREATE, "soundcloud:set:1", kind="folder")
    assert isinstance(target.probe(create), Present)
    assert target.probe(act(Operation.CREATE, "soundcloud:set:2", kind="folder")) == Absent()
    twin = _folder(target, act, "soundcloud:set:1", "Late")
    assert target.probe(create) == Duplicated(remote_ids=tuple(sorted((late, twin))))


def test_an_adopted_folder_keeps_its_description(eagle: EagleStandin, target: EagleTarget, act: Any, scan: Any) -> None:
    """I46: the key is added below what a person wrote."""
    theirs = _folder(target, act, "x", "Mine")
    target.send(act(Operation.UPDATE, "x", {"description": "for Sundays"}, kind="folder", remote_id=theirs))
    outcome = target.send(act(Operation.ADOPT, "soundcloud:set:1", {}, kind="folder", remote_id=theirs))
    assert isinstance(outcome, Done)
    assert scan("folder")[0][theirs].fields["description"] == "for Sundays\ncratelog:soundcloud:set:1"


def test_a_folder_cannot_be_trashed(target: EagleTarget, act: Any) -> None:
    """I45: Eagle's API has no trash for folders, and nothing here deletes."""
    outcome = target.send(act(Operation.TRASH, "root", kind="folder", remote_id="X"))
    assert isinstance(outcome, Refused)


def test_a_scan_reads_every_page_and_knows_its_library(
    eagle: EagleStandin, config: EagleConfig, build: Callable[..., EagleTarget], act: Any, scan: Any, song: str
) -> None:
    """F60, F61: one listing per scan, in pages; the root identity is the library's path."""
    target = build(replace(config, page_size=4))
    for number in range(10):
        target.send(act(Operation.CREATE, f"r{number}", {"path": song}))
    before = len(eagle.history)
    seen, end = scan(by=target)
    assert {one.key for one in seen.values()} == {f"r{number}" for number in range(10)}
    assert end.complete
    assert end.root_identity == str(eagle.library_path)
    assert end.supported is None
    assert len(eagle.history) - before == 3 + 2
    assert target.requests() == {"eagle": len(eagle.history)}
    assert (target.name, target.kinds) == ("eagle", ("folder", "item"))


def test_every_request_is_paced_but_the_write_itself(
    build: Callable[..., EagleTarget], scan: Any, act: Any, song: str
) -> None:
    """I40: each request takes one place in the limit; the workflow has taken a write's before it sends it."""
    paced: list[str] = []
    counted = build(pace=paced.append, settle_pace=paced.append)
    scan(by=counted)
    assert paced == ["eagle"] * counted.requests()["eagle"]
    counted.send(act(Operation.CREATE, "rfirst", _fields(song)))
    assert len(paced) == counted.requests()["eagle"] - 1


def test_an_import_that_takes_time_is_waited_for(
    eagle: EagleStandin, target: EagleTarget, act: Any, song: str, waits: Any
) -> None:
    """An item counts once Eagle shows it, thumbnail or not (F34)."""
    eagle.knobs.import_requests = 1000
    eagle.knobs.tag_lag_requests = 1000
    assert isinstance(target.send(act(Operation.CREATE, "rfirst", _fields(song))), Done)
    assert waits.seconds == []


def test_check_names_the_library(target: EagleTarget, eagle: EagleStandin) -> None:
    """`sync doctor` can say what is open."""
    assert target.check() == str(eagle.library_path)


def test_any_library_will_do_when_none_is_named(
    eagle: EagleStandin, config: EagleConfig, build: Callable[..., EagleTarget], scan: Any, libraries: Any
) -> None:
    """Without a configured library the open one is the root; the journal still tells them apart."""
    target = build(replace(config, library_path=None))
    eagle.switch_library(libraries[1])
    _, end = scan(by=target)
    assert end.complete
    assert end.root_identity == str(libraries[1])
    assert FailureClass.WRONG_LIBRARY not in str(end)
