"""Scans, probes and writes against the loopback Notion, without faults."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from engine.domain.failure import FailureClass
from engine.domain.outcomes import Absent, Done, Duplicated, Outcome, Present, Refused
from engine.domain.plan import Operation
from engine.domain.value import Fields
from engine.projections.rows import Scope
from engine.projections.state import State
from engine.standins.notion.standin import NotionStandin
from engine.targets.notion.config import NotionConfig
from engine.targets.notion.source import DataSource
from engine.targets.notion.target import NotionTarget

Target = Callable[..., NotionTarget]
FULL: Fields = {
    "sync_key": "rfirst",
    "title": "Night Drive",
    "artist": "Ada",
    "album": "Roads",
    "genre": "Jazz, Funk",
    "label": "Own",
    "isrc": "DEABC2600001",
    "release_date": "2026-01-31",
    "downloaded": True,
    "status": ("Audio Analysis Complete", "Loudness Measured"),
    "wav_path": "/music/a/b.wav",
    "wav_fingerprint": "AQAD" * 1800,
    "duration_s": 241.5,
    "duration_ms": 241500,
    "loudness_lufs": -9.7,
    "eagle_id": "ABCDEFGHIJKLM",
    "soundcloud_url": "https://soundcloud.com/ada/night-drive",
    "soundcloud_id": 1234567890,
    "spotify_id": None,
    "download_source": "soundcloud",
}


def _writes(notion: NotionStandin) -> list[str]:
    return [
        f"{exchange.method} {exchange.path}"
        for exchange in notion.history
        if exchange.method == "PATCH" or exchange.path == "/v1/pages"
    ]


def test_a_created_page_shows_every_field(notion: NotionStandin, target: NotionTarget, act: Any, ids: Any) -> None:
    """Done rests on the answer (I32); every value the row shows is the one written (F26, F57)."""
    outcome = target.send(act(Operation.CREATE, "rfirst", FULL))
    assert isinstance(outcome, Done)
    assert outcome.held == FULL
    assert outcome.seen is not None
    assert outcome.seen.key == "rfirst"
    row = notion.page(outcome.remote_id).properties
    assert row["Title"] == "Night Drive"
    assert row["Downloaded"] is True
    assert "".join(row[f"WAV Fingerprint{part}"] for part in ("", " Part 2", " Part 3")) == FULL["wav_fingerprint"]
    assert notion.schema(ids["tracks_source"])["Sync Key"] == "rich_text"


def test_two_workers_add_the_key_property_once(
    notion: NotionStandin, build: Target, act: Any, scan: Any, ids: Any
) -> None:
    """E23: both found the schema without the key before either added it; one request adds it for both."""
    arrived = threading.Barrier(2, timeout=30)
    source = ids["tracks_source"]
    target = build()
    scan(by=target)

    def write(key: str) -> Outcome:
        arrived.wait()
        return target.send(act(Operation.CREATE, key, {"title": key}))

    with ThreadPoolExecutor(2) as workers:
        outcomes = list(workers.map(write, ("ra", "rb")))
    assert all(isinstance(outcome, Done) for outcome in outcomes)
    assert _writes(notion).count(f"PATCH /v1/data_sources/{source}") == 1


def test_the_key_property_is_added_by_the_first_write_only(
    notion: NotionStandin, target: NotionTarget, act: Any, scan: Any, ids: Any
) -> None:
    """Scans and probes never write (I26); the property is added once, and counted."""
    scan()
    target.probe(act(Operation.CREATE))
    assert _writes(notion) == []
    target.send(act(Operation.CREATE, "ra", {"title": "A"}))
    target.send(act(Operation.CREATE, "rb", {"title": "B"}))
    source = ids["tracks_source"]
    assert _writes(notion) == [f"PATCH /v1/data_sources/{source}", "POST /v1/pages", "POST /v1/pages"]
    assert target.requests() == {"notion": len(notion.history)}


def test_a_created_row_always_carries_its_key(notion: NotionStandin, target: NotionTarget, act: Any) -> None:
    """P19: without its key a row could not be found again, so it is written whether asked for or not."""
    outcome = target.send(act(Operation.CREATE, "rfirst", {"title": "A"}))
    assert isinstance(outcome, Done)
    assert notion.page(outcome.remote_id).properties["Sync Key"] == "rfirst"
    assert outcome.held == {"sync_key": "rfirst", "title": "A"}


def test_an_update_is_one_patch_with_all_its_fields(notion: NotionStandin, target: NotionTarget, act: Any) -> None:
    """F69, G17: one write per object, however many fields; what is not named stays."""
    made = target.send(act(Operation.CREATE, "rfirst", FULL))
    assert isinstance(made, Done)
    before = len(notion.history)
    outcome = target.send(
        act(Operation.UPDATE, "rfirst", {"downloaded": False, "status": (), "genre": None}, remote_id=made.remote_id)
    )
    assert isinstance(outcome, Done)
    assert outcome.held == {"downloaded": False, "status": (), "genre": None}
    assert len(notion.history) - before == 1
    assert notion.page(made.remote_id).properties["Title"] == "Night Drive"


def test_an_adopted_row_gets_the_key_and_keeps_what_is_the_persons(
    notion: NotionStandin, target: NotionTarget, act: Any, scan: Any, ids: Any
) -> None:
    """Rows without our key are seen as candidates and adopted, never duplicated (F24)."""
    page_id = notion.create(ids["tracks_source"], {"Title": "Mine", "Notes": "keep", "SoundCloud ID": 7})
    (candidate,), end = scan()
    assert (candidate.key, candidate.remote_id, candidate.fields["soundcloud_id"]) == (None, page_id, 7)
    assert end.complete
    outcome = target.send(act(Operation.ADOPT, "rfirst", {"duration_ms": 5}, remote_id=page_id))
    assert isinstance(outcome, Done)
    assert outcome.held == {"sync_key": "rfirst", "duration_ms": 5}
    assert notion.page(page_id).properties["Notes"] == "keep"
    assert scan()[0][0].key == "rfirst"


def test_trashed_pages_leave_the_scan_and_can_be_restored(
    notion: NotionStandin, target: NotionTarget, act: Any, scan: Any
) -> None:
    """Removal is the trash, shown by the answer (I45)."""
    made = target.send(act(Operation.CREATE, "rfirst", {"title": "A"}))
    assert isinstance(made, Done)
    outcome = target.send(act(Operation.TRASH, "rfirst", remote_id=made.remote_id))
    assert isinstance(outcome, Done)
    assert outcome.held == {}
    assert outcome.seen is not None
    assert not outcome.seen.live
    assert scan()[0] == []
    assert notion.page(made.remote_id).in_trash
    probe = target.probe(act(Operation.TRASH, "rfirst", remote_id=made.remote_id))
    assert isinstance(probe, Present)
    assert not probe.seen.live


def test_a_page_in_the_trash_refuses_edits(target: NotionTarget, act: Any, notion: NotionStandin) -> None:
    """The object to change is not there any more; nothing is untrashed behind a person's back."""
    made = target.send(act(Operation.CREATE, "rfirst", {"title": "A"}))
    assert isinstance(made, Done)
    notion.trash(made.remote_id)
    for operation in (Operation.UPDATE, Operation.TRASH):
        outcome = target.send(act(operation, "rfirst", {"title": "B"}, remote_id=made.remote_id))
        assert isinstance(outcome, Refused)
        assert outcome.problem.failure is FailureClass.NOT_FOUND


def test_a_playlist_row_goes_to_its_own_database(
    notion: NotionStandin, target: NotionTarget, act: Any, ids: Any
) -> None:
    """Playlists and tracks have a database, a schema and a key of their own."""
    fields: Fields = {
        "title": "Late",
        "source": "soundcloud",
        "source_url": "https://soundcloud.com/ada/sets/late",
        "track_count": 3,
        "last_synced": "2026-01-31T12:00:00Z",
    }
    outcome = target.send(act(Operation.CREATE, "soundcloud:set:1", fields, kind="playlist"))
    assert isinstance(outcome, Done)
    assert outcome.held == {"sync_key": "soundcloud:set:1", **fields}
    assert [row.id for row in notion.pages(ids["playlists_source"])] == [outcome.remote_id]
    assert target.kinds == ("playlist", "track")


def test_relations_beyond_the_25th_are_asked_for(
    notion: NotionStandin, target: NotionTarget, act: Any, scan: Any, ids: Any
) -> None:
    """F72: a page shows 25 relations; the read-back and the scan see all of them."""
    pages = tuple(sorted(notion.create(ids["playlists_source"], {"Name": f"P{number}"}) for number in range(40)))
    outcome = target.send(act(Operation.CREATE, "rfirst", {"title": "A", "playlists": pages}))
    assert isinstance(outcome, Done)
    assert outcome.held["playlists"] == pages
    assert scan()[0][0].fields["playlists"] == pages


def test_a_text_in_many_pieces_is_read_whole(notion: NotionStandin, target: NotionTarget, act: Any, scan: Any) -> None:
    """A page shows 25 pieces of text; a longer one is asked for, through an id that needs encoding."""
    text = "x" * 60_000
    outcome = target.send(act(Operation.CREATE, "rfirst", {"title": "A", "album": text}))
    assert isinstance(outcome, Done)
    assert outcome.held["album"] == text
    assert scan()[0][0].fields["album"] == text


def test_a_probe_by_key_finds_one_none_or_several(
    notion: NotionStandin, target: NotionTarget, act: Any, ids: Any
) -> None:
    """P19: there is no unique constraint; two rows with one key are named, not chosen from."""
    probe = act(Operation.CREATE, "rfirst", FULL)
    assert target.probe(probe) == Absent()
    made = target.send(probe)
    assert isinstance(made, Done)
    assert target.probe(probe) == Present(seen=made.seen)  # type: ignore[arg-type]  # it is there
    other = notion.create(ids["tracks_source"], {"Title": "copy", "Sync Key": "rfirst"})
    notion.create(ids["tracks_source"], {"Title": "another key", "Sync Key": "rFIRST"})
    assert target.probe(probe) == Duplicated(remote_ids=tuple(sorted((made.remote_id, other))))


def test_a_probe_by_page_knows_its_own_database(
    notion: NotionStandin, target: NotionTarget, act: Any, ids: Any
) -> None:
    """A remembered page id of another database proves nothing about this one."""
    elsewhere = notion.create(ids["playlists_source"], {"Name": "P"})
    assert target.probe(act(Operation.UPDATE, "rfirst", remote_id=elsewhere)) == Absent()
    assert target.probe(act(Operation.UPDATE, "rfirst", remote_id=ids["tracks"])) == Absent()


def test_a_scan_costs_one_request_per_hundred_rows(
    notion: NotionStandin, target: NotionTarget, scan: Any, ids: Any
) -> None:
    """G17: ⌈N/100⌉ and one for the schema, once the data source is known."""
    for number in range(250):
        notion.create(ids["tracks_source"], {"Title": f"T{number}"})
    scan()
    before = len(notion.history)
    seen, end = scan()
    assert len({row.remote_id for row in seen}) == 250
    assert end.complete
    assert end.root_identity == ids["tracks_source"]
    assert len(notion.history) - before == 1 + 3


def test_a_remembered_data_source_saves_the_way_through_the_database(
    notion: NotionStandin, build: Target, scan: Any, ids: Any
) -> None:
    """The last scan's root identity is tried first; another database's is not believed."""
    for root, requests in ((ids["tracks_source"], 2), (ids["artists_source"], 4), ("0" * 32, 4)):
        known = State(scopes={"notion:track": Scope(scope="notion:track", root_identity=root)})
        fresh = build()
        before = len(notion.history)
        _, end = scan(known=known, by=fresh)
        assert end.root_identity == ids["tracks_source"]
        assert len(notion.history) - before == requests


@pytest.mark.parametrize("form", ["{tracks_source}", "https://www.notion.so/me/Music-Tracks-{bare}?v={view}"])
def test_a_data_source_and_an_address_do_as_well_as_a_database(
    form: str, config: NotionConfig, build: Target, scan: Any, ids: Any
) -> None:
    """People paste what Notion gives them: either id, with or without dashes, or the whole link."""
    text = form.format(tracks_source=ids["tracks_source"], bare=ids["tracks"].replace("-", "").upper(), view="f" * 32)
    _, end = scan(by=build(replace(config, tracks_database_id=text)))
    assert end.root_identity == ids["tracks_source"]


def test_more_rows_than_one_query_gives_are_read_in_windows(
    notion: NotionStandin, clock: Any, build: Target, scan: Any, ids: Any
) -> None:
    """A query ends after so many rows; the next begins at the minute of the last row, without repeats (F59, I42)."""
    notion.knobs.rows_max = 40
    for number in range(150):
        clock.now_s = 1_700_000_000.0 + number // 12 * 60
        notion.create(ids["tracks_source"], {"Title": f"T{number}"})
    seen, end = scan(by=build(window_rows=40))
    assert end.complete
    assert len(seen) == 150
    assert len({row.remote_id for row in seen}) == 150


def test_rows_behind_one_crowded_minute_make_the_scan_incomplete(notion: NotionStandin, scan: Any, ids: Any) -> None:
    """I42: when Notion gives no way past its limit, absence is not concluded."""
    notion.knobs.rows_max = 40
    for number in range(50):
        notion.create(ids["tracks_source"], {"Title": f"T{number}"})
    seen, end = scan()
    assert len(seen) >= 40
    assert not end.complete
    assert end.problem is not None
    assert "within one minute" in end.problem.detail


def test_a_renamed_property_is_still_written_and_a_removed_one_is_not(
    notion: NotionStandin, target: NotionTarget, act: Any, scan: Any, ids: Any
) -> None:
    """F53: ids survive renames; what is gone is refused by name before anything is sent, and known after a scan."""
    made = target.send(act(Operation.CREATE, "rfirst", {"title": "A", "album": "X"}))
    assert isinstance(made, Done)
    notion.rename_property(ids["tracks_source"], "Album", "Record")
    renamed = target.send(act(Operation.UPDATE, "rfirst", {"album": "Y"}, remote_id=made.remote_id))
    assert isinstance(renamed, Done)
    assert notion.page(made.remote_id).properties["Record"] == "Y"
    notion.remove_property(ids["tracks_source"], "ISRC")
    gone = target.send(act(Operation.UPDATE, "rfirst", {"isrc": "X"}, remote_id=made.remote_id))
    assert isinstance(gone, Refused)
    _, end = scan()
    assert end.supported is not None
    assert "isrc" not in end.supported
    sent = len(notion.history)
    again = target.send(act(Operation.UPDATE, "rfirst", {"isrc": "X"}, remote_id=made.remote_id))
    assert isinstance(again, Refused)
    assert "isrc" in again.problem.detail
    assert len(notion.history) == sent


def test_a_key_property_of_another_type_stops_scan_and_writes(
    notion: NotionStandin, target: NotionTarget, act: Any, scan: Any, ids: Any
) -> None:
    """Without a key every write would be a duplicate waiting to happen (P19)."""
    notion.add_column(ids["tracks_source"], "Sync Key", "number")
    _, end = scan()
    assert not end.complete
    assert end.problem is not None
    assert "rename that property" in end.problem.hint
    assert isinstance(target.send(act(Operation.CREATE, "rfirst", {"title": "A"})), Refused)
    assert _writes(notion) == []


def test_an_update_of_a_page_nobody_knows_is_refused_unsent(
    notion: NotionStandin, target: NotionTarget, act: Any
) -> None:
    """An update or removal without a remote id names nothing."""
    for operation in (Operation.UPDATE, Operation.TRASH):
        outcome = target.send(act(operation, "rfirst", {"title": "A"}))
        assert isinstance(outcome, Refused)
        assert outcome.problem.failure is FailureClass.NOT_FOUND
    assert _writes(notion) == []


def test_an_answer_with_other_values_is_not_done(
    notion: NotionStandin, target: NotionTarget, act: Any, ids: Any
) -> None:
    """F26, F27: a relation to a page in the trash is accepted and not shown; the fields are named."""
    lost = notion.create(ids["playlists_source"], {"Name": "P"})
    notion.trash(lost)
    outcome = target.send(act(Operation.CREATE, "rfirst", {"title": "A", "playlists": (lost,)}))
    assert isinstance(outcome, Refused)
    assert "playlists" in outcome.problem.detail
    assert len(outcome.facts) == 1


def test_check_names_the_data_source_and_what_it_lacks(target: NotionTarget) -> None:
    """F52, F53: `sync doctor` can say which properties are missing."""
    source = target.check("track")
    assert isinstance(source, DataSource)
    assert source.title == "Music Tracks"
    assert {drift.word for drift in source.schema.drifts} == {"sync_key"}


def test_every_request_is_paced_but_the_write_itself(build: Target, scan: Any, act: Any) -> None:
    """I40: each request takes one place in the limit; the workflow has taken a write's before it sends it."""
    paced: list[str] = []
    counted = build(pace=paced.append)
    scan(by=counted)
    assert paced == ["notion"] * counted.requests()["notion"]
    counted.send(act(Operation.CREATE, "rfirst", {"title": "A"}))
    assert len(paced) == counted.requests()["notion"] - 1


def test_the_coming_of_the_key_property_changes_no_row(
    notion: NotionStandin, target: NotionTarget, act: Any, scan: Any, ids: Any
) -> None:
    """I50: rows that nobody touched look the same before and after the property was added."""
    notion.create(ids["tracks_source"], {"Title": "Mine"})
    (before,), _ = scan()
    target.send(act(Operation.CREATE, "rfirst", {"title": "A"}))
    after = next(seen for seen in scan()[0] if seen.remote_id == before.remote_id)
    assert after == before


def test_without_a_playlists_database_only_tracks_are_kept(config: NotionConfig, build: Target) -> None:
    """Playlists rows are optional."""
    target = build(replace(config, playlists_database_id=None))
    assert target.kinds == ("track",)
    assert target.name == "notion"
