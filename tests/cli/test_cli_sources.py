"""The commands about sources: one source or the chain, batches, availability, and what listings rest on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from cli.main import root
from cli.reconcile import AUTO, SOURCES, chain_of
from cli.render.music import playlist_text, playlists_text
from cli.render.report import chain_text, report_text
from cli.render.status import status_text
from engine.domain.envelope import Draft, Origin
from engine.domain.errors import UsageError
from engine.domain.events import ScanCompleted
from engine.domain.failure import FailureClass
from engine.settings.load import load
from engine.wiring.app import App
from engine.workflows.chain import LINKS
from engine.workflows.deadline import DeadlinePassedError
from engine.workflows.limits import RemoteBlockedError
from engine.workflows.playlists import Evidence, PlaylistDetail, PlaylistRow
from engine.workflows.report import RunReport
from engine.workflows.report_seen import Link, ListChange
from engine.workflows.status import status

Sync = Callable[..., Result]


def a_report(links: tuple[Link, ...], lists: tuple[ListChange, ...]) -> RunReport:
    """Give the report of a run that did nothing but look."""
    return RunReport(
        run_id="r", command="reconcile", started_us=1, finished_us=2, exit_code=0, done={}, observed={}, counts={},
        requests={}, stages_ms={}, scans=(), gates=(), troubles=(), unavailable={}, open_conflicts=0, events=1,
        chain=links, playlists=lists,
    )  # fmt: skip


def a_playlist(**more: object) -> PlaylistRow:
    """Give one playlist of a list."""
    known: dict[str, object] = {
        "ref": "soundcloud:set:9", "name": "Crate", "url": "https://soundcloud.com/crew/sets/9", "entries": 10,
        "with_file": 6, "active": True, "seen": True, "held_count": None, "last_us": 1, **more,
    }  # fmt: skip
    return PlaylistRow(**known)  # type: ignore[arg-type]  # by name


def listing(result: str, **more: object) -> Evidence:
    """Give what a listing rests on."""
    known: dict[str, object] = {
        "result": result, "count": 10, "declared": None, "when_us": 1_800_000_000_000_000, "token": False,
        "complete_us": 1_800_000_000_000_000, **more,
    }  # fmt: skip
    return Evidence(**known)  # type: ignore[arg-type]  # by name


def test_every_link_can_be_named() -> None:
    """M9: `--source` takes the chain and each of its links."""
    assert (AUTO, *LINKS) == SOURCES


def test_the_chain_of_the_settings_is_walked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """M22: links, deadlines and whether to go on stand in the settings; a name is one link."""
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "cratelog.toml").write_text(
        '[chain]\nlinks = ["files", "batch"]\ndeadline_s = 60\nall_links = true\n[chain.deadlines_s]\nfiles = 5\n'
        "[spotify]\ndesktop = false\n",
        encoding="utf-8",
    )
    app = App(settings=load(home=tmp_path, environ={}))
    chain = chain_of(app, "auto", 7)
    assert (chain.links, chain.deadline_s, chain.all_links, chain.batch_limit) == (("files", "batch"), 60.0, True, 7)
    assert chain.deadlines_s == {"files": 5.0}
    assert chain.unset == {}
    assert chain_of(app, "soundcloud", None).links == ("soundcloud",)
    assert "sync login spotify" in chain_of(app, "playing", None).unset["playing"]
    token = {"SPOTIFY_CLIENT_ID": "app", "SPOTIFY_REFRESH_TOKEN": "token"}
    assert chain_of(App(settings=load(home=tmp_path, environ=token)), "playing", None).unset == {}


def test_a_machine_that_could_be_asked_is_asked_what_plays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """M9, F43: without a login the player of this machine will do; without that, nobody pretends that nothing plays."""
    monkeypatch.setenv("PATH", str(tmp_path))
    home = load(home=tmp_path, environ={})
    assert chain_of(App(settings=home), "playing", None).unset
    for name in ("playerctl", "osascript"):
        (tmp_path / name).touch(mode=0o755)
    assert chain_of(App(settings=home), "playing", None).unset == {}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--batch", "--source", "auto"), "two things"),
        (("--source", "auto", "--dry-run"), "reads no source"),
        (("--batch", "--playlist", "crate"), "of every playlist"),
    ],
)
def test_what_does_not_go_together_is_refused(sync: Sync, arguments: tuple[str, ...], said: str) -> None:
    """F48: a usage error, before anything is read."""
    with pytest.raises(UsageError, match=said):
        sync("reconcile", *arguments)


def test_a_batch_is_run_and_reported(sync: Sync) -> None:
    """M10: the report shows the link it was, and the run its arguments."""
    found = json.loads(sync("reconcile", "--batch", "--limit", "3", "--json").stdout)
    assert [link["link"] for link in found["report"]["chain"]] == ["batch"]
    runs = json.loads(sync("runs", "--json").stdout)["runs"]
    assert runs[0]["arguments"] == ["--source", "batch", "--limit", "3"]


def test_a_source_nobody_follows_is_passed_over(sync: Sync) -> None:
    """M9: said in the report's table."""
    said = sync("reconcile", "--source", "youtube").stdout
    assert "no playlist of it is followed" in said
    assert "skipped" in said


def test_no_request_goes_out_past_a_deadline(home: Path) -> None:
    """F48: what paces requests looks at the deadline of the link that is under way, and waits for nothing after it."""
    app = App(settings=load(home=home, environ={}))
    with app.deadline.within(app.clock, 0.0), pytest.raises(DeadlinePassedError):
        app.pace("soundcloud")
    app.pace("soundcloud")  # outside of it requests have their turn as ever
    assert app.world().deadline is app.deadline
    app.close()


def test_nobody_sleeps_through_hours_that_a_remote_asked_for(home: Path) -> None:
    """P8: who is told to wait while something is under way says so instead; a short wait is waited."""
    app = App(settings=load(home=home, environ={}))
    app.coordination.block("soundcloud", app.clock.now_us() + 3_600_000_000)
    with pytest.raises(RemoteBlockedError, match="soundcloud asked us to wait"):
        app.pace("soundcloud")
    app.pace("youtube")
    app.close()


def test_availability_is_shown_as_table_story_and_json(sync: Sync) -> None:
    """P12: what cannot be had, since when; of one track all of it."""
    assert "since" in sync("availability").stdout
    assert "nothing changed" in sync("availability", "--changed-since", "2100-01-01").stdout
    found = json.loads(sync("availability", "--json").stdout)
    assert set(found) == {"since_us", "until_us", "timelines", "summary"}
    assert found["timelines"]
    assert "first seen" in sync("availability", found["timelines"][0]["ref"]).stdout
    assert sync("availability", "--at", "1").exit_code == 0
    with pytest.raises(UsageError, match="no state"):
        sync("availability", "--now", "broken")


def test_a_list_shows_what_each_listing_rests_on() -> None:
    """P1: complete, unchanged, partial or held; the count beside what the source declared."""
    rows = (
        a_playlist(evidence=listing("unchanged", declared=10)),
        a_playlist(evidence=None, seen=False),
        a_playlist(ref="url:x", name="", entries=0, seen=False, shelf=True, evidence=listing("complete", count=12)),
        a_playlist(ref="notion:batch", name="From Notion", gathered=True),
    )
    said = playlists_text(rows)
    assert "unchanged, 10 of 10 declared" in said
    assert "not seen yet" in said
    assert "stands for playlists" in said
    assert "gathers" in said


def test_one_playlist_says_why_it_was_not_whole() -> None:
    """F33: when it was looked at, when it was last whole, the change token, and what helps."""
    seen = listing("partial", token=True, complete_us=1_790_000_000_000_000, problem="cut off", hint="run it again")
    said = playlist_text(PlaylistDetail(playlist=a_playlist(evidence=seen), entries=()))
    for part in ("partial, 10", "seen whole", "there is one", "cut off", "run it again"):
        assert part in said
    plain = playlist_text(PlaylistDetail(playlist=a_playlist(evidence=listing("complete")), entries=()))
    assert "its source gives none" in plain
    assert "seen whole" not in plain
    assert "change token" not in playlist_text(PlaylistDetail(playlist=a_playlist(), entries=()))


def test_a_report_shows_the_chain_and_what_playlists_changed() -> None:
    """M28: link, result, new, class, why, took; and per playlist what came, went and moved."""
    links = (
        Link(link="playing", result="failed", new=0, failure=FailureClass.AUTH_EXPIRED, detail="log in", took_ms=200),
        Link(link="soundcloud", result="found", new=3, failure=None, detail="", took_ms=1500),
        Link(link="batch", result="skipped", new=0, failure=None, detail="an earlier link found something", took_ms=0),
    )
    said = chain_text(links)
    assert "auth expired" in said
    assert "1.5 s" in said
    lists = (
        ListChange(ref="a", name="Crate", entries=12, added=3, removed=1, moved=2),
        ListChange(ref="b", name="Box", entries=1, added=0, removed=0, moved=0, renamed="Bag"),
        ListChange(ref="c", name="Void", entries=0, added=0, removed=0, moved=0),
    )
    whole = report_text(a_report(links, lists))
    assert said in whole
    assert "Crate: 3 new, 1 gone, 2 moved; 12 entries" in whole
    assert "Box: the same entries; 1 entry, was called “Bag”" in whole
    assert "Void: empty" in whole


def test_the_status_shows_what_scans_rest_on(home: Path) -> None:
    """P1: whole, unchanged by the source's word, or fewer than it declared."""
    app = App(settings=load(home=home, environ={}))
    scopes = [
        ScanCompleted(scope="soundcloud:set:1", complete=True, count=3, set_hash="x", declared=3, unchanged=True),
        ScanCompleted(scope="soundcloud:set:2", complete=False, count=3, set_hash="x", declared=1200),
        ScanCompleted(scope="soundcloud:set:3", complete=True, count=3, set_hash="x"),
    ]
    app.journal.append([Draft(event=event) for event in scopes], Origin(actor="engine"))
    rows = [line.split() for line in status_text(status(app.journal.state(), 1)).splitlines()]
    shown = {row[0]: (row[1], row[-1]) for row in rows if row and row[0].startswith("soundcloud:set:")}
    assert shown["soundcloud:set:1"] == ("3", "unchanged")
    assert shown["soundcloud:set:3"] == ("3", "complete")
    assert "3 of 1,200" in status_text(status(app.journal.state(), 1))
    app.close()


def test_the_commands_are_in_the_catalog() -> None:
    """F42: `sync availability` and `sync reconcile --source` are there to be found."""
    assert "availability" in root.list_commands(None)  # type: ignore[arg-type]  # the lazy group needs no context
