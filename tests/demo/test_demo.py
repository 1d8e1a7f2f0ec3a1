"""The demo as a user gets it: one command, real processes, and everything it promises looked up where it should be."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from engine.demo.stage import opened
from engine.standins.notion.people import Row  # the plain snapshot of a page
from engine.standins.notion.seed import music_ids

SECRETS = {"NOTION_TOKEN": "ntn_a_real_one_must_never_be_used", "EAGLE_TOKEN": "eagle-secret"}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """Run `sync demo` once for all workers, among a person's real tokens, and give a copy of its folder."""
    own = tmp_path_factory.mktemp("demo") / "place"
    alone = "PYTEST_XDIST_WORKER" not in os.environ
    shared = tmp_path_factory.getbasetemp() if alone else tmp_path_factory.getbasetemp().parent
    folder, answer = shared / "the-demo", shared / "the-demo.json"
    with (shared / "the-demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not answer.exists():
            answer.write_text(_played(folder), encoding="utf-8")
    shutil.copytree(folder, own)
    return own, json.loads(answer.read_text(encoding="utf-8"))


def _played(folder: Path) -> str:
    command = [sys.executable, "-m", "cli", "demo", str(folder), "--json"]
    ran = subprocess.run(
        command, env={**os.environ, **SECRETS}, capture_output=True, text=True, check=False, timeout=600
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def rows(told: tuple[Path, dict[str, Any]]) -> Iterator[Mapping[str, Row]]:
    """Give the track rows of the demo's Notion, by title and artist."""
    with opened(told[0]) as stage:
        pages = stage.notion.pages(music_ids()["tracks_source"])
        yield {f"{page.properties['Artist Name']}/{page.properties['Title']}": page for page in pages}


def test_every_step_ends_well_and_the_second_run_writes_nothing(told: tuple[Path, dict[str, Any]]) -> None:
    """I23: the stand-ins' own books say 0 writes in the second reconcile; replay and verify end with 0."""
    steps = told[1]["steps"]
    assert [step["command"][0] for step in steps] == ["init", "reconcile", "reconcile", "replay", "verify"]
    assert [step["exit_code"] for step in steps] == [0, 0, 0, 0, 0]
    assert sum(writes for _, writes in steps[1]["seen"].values()) > 10
    assert sum(writes for _, writes in steps[2]["seen"].values()) == 0


def test_every_kind_of_failure_ends_as_its_tag(rows: Mapping[str, Row]) -> None:
    """P12, M20: gone, geo-blocked, DRM and preview are told apart on the rows a person looks at."""
    tags = {name: set(row.properties["Audio Processing"]) for name, row in rows.items()}
    assert tags["Kestrel/Border Song"] == {"SC_Geo_Blocked"}
    assert tags["Major Act/Locked Room"] == {"DRM_Protected"}
    assert tags["Major Act/Half a Minute"] == {"Preview_Only"}
    assert {"SC_404"} in tags.values()
    assert "Audio Processing Complete" in tags["Mira Voss/Harbour Lights"]


def test_the_row_that_was_there_is_adopted_and_cleared(rows: Mapping[str, Row]) -> None:
    """F29, design §8: the person's row becomes ours, loses SC_404, keeps their own tag; a namesake stays untouched."""
    adopted = rows["Kestrel/Gravel Road"].properties
    assert adopted["Sync Key"]
    assert "SC_404" not in adopted["Audio Processing"]
    assert "peak time" in adopted["Audio Processing"]
    assert not rows["Somebody Else/Harbour Lights"].properties["Sync Key"]


def test_what_spotify_names_is_had_or_honestly_not(rows: Mapping[str, Row]) -> None:
    """F18, F41, P2: audio of the right name and length is taken, a slowed copy and a VIP mix are not it."""
    ferry = rows["Kestrel/Night Ferry"].properties
    assert ferry["Downloaded"]
    assert ferry["SoundCloud URL"] == "https://soundcloud.com/cratelog-demo/night-ferry"
    assert ferry["Spotify URL"].startswith("https://open.spotify.com/track/")
    assert not any("Slowed" in name for name in rows)
    tunnel = rows["Kestrel/Tunnel Vision"].properties
    assert not tunnel["Downloaded"]
    assert set(tunnel["Audio Processing"]) == {"Spotify - No Audio Source Found"}
    both = rows["Mira Voss/Harbour Lights"].properties
    assert all(both[name] for name in ("Spotify URL", "SoundCloud URL", "Downloaded"))


def test_shown_files_exist_and_only_those(told: tuple[Path, dict[str, Any]], rows: Mapping[str, Row]) -> None:
    """F14, F23: a row says Downloaded exactly when the file it names is there."""
    del told
    for row in rows.values():
        path = row.properties["AIFF File Path"]
        assert bool(path) == row.properties["Downloaded"]
        assert not path or Path(path).stat().st_size > 0


def test_the_playlist_file_keeps_order_and_repeats(told: tuple[Path, dict[str, Any]]) -> None:
    """P14, P15: seven lines for what can be had, in order, the repeated track twice, one file of it."""
    library = told[0] / "home" / "library"
    lines = (library / "Playlists" / "Night Drive.m3u8").read_text(encoding="utf-8").splitlines()
    entries = [line for line in lines if not line.startswith("#")]
    names = [Path(entry).stem for entry in entries]
    assert names == [
        "Harbour Lights", "Tunnel Vision (VIP Mix)", "Papierlaterne 🏮", "Gravel Road", "Harbour Lights",
        "Orchid - Reprise",
    ]  # fmt: skip
    assert all((library / "Playlists" / entry).resolve().is_file() for entry in entries)


def test_no_secret_is_in_the_journal(told: tuple[Path, dict[str, Any]]) -> None:
    """I53, F56: neither the stand-in's token nor the person's own reaches an event, a plan or an anchor."""
    home = told[0] / "home"
    token = next(
        line.partition("=")[2]
        for line in (home / ".env").read_text(encoding="utf-8").splitlines()
        if line.startswith("NOTION_TOKEN=")
    )
    with sqlite3.connect(home / "journal.sqlite3") as connection:
        texts = "\n".join(str(row) for row in connection.execute("SELECT data, meta FROM event"))
    connection.close()
    anchors = (home / "anchors.jsonl").read_text(encoding="utf-8")
    for secret in (token, *SECRETS.values()):
        assert secret not in texts + anchors
