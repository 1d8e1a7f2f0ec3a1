"""`sync access`: the ways as a person sees them, and a real trial against two countries on the loopback."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result

from cli.render.access import trial_text, ways_text
from engine.domain.errors import UsageError
from engine.domain.failure import FailureClass
from engine.standins.proxies.http_proxy import HttpProxy
from engine.standins.soundcloud.faults import throttled
from engine.standins.soundcloud.records import Playlist
from engine.standins.soundcloud.standin import SoundCloudStandin
from engine.workflows.ways import AddressTrial, WayRow, WayTrial
from tests.media.access_world import listening, put

Sync = Callable[..., Result]
TRACK = "https://soundcloud.com/ann/t1"


@pytest.fixture(scope="module")
def standin() -> Iterator[SoundCloudStandin]:
    """Give a SoundCloud with one track, blocked in Germany, and a set."""
    with listening() as running:
        put(running, 1, {"mp3_1_0": b"\xff\xfb" * 100}, blocked_countries=("DE",))
        running.catalog.add_playlist(Playlist(id=50, user_id=1, permalink="crate", title="Crate", track_ids=(1,)))
        yield running


@pytest.fixture
def swedish(standin: SoundCloudStandin) -> Iterator[HttpProxy]:
    """Give a proxy in Sweden that asks who is there."""
    with HttpProxy(standin.routes("SE"), country="SE", credentials=("ann", "hush")) as proxy:
        yield proxy


@pytest.fixture
def ready(home: Path, sync: Sync, standin: SoundCloudStandin, swedish: HttpProxy) -> Sync:
    """Give the program, with settings that know a dead proxy and one in Sweden."""
    (home / "cratelog.toml").write_text(
        f'[network]\ntls_verify = false\n[soundcloud]\nproxy = "{standin.url}"\n'
        '[[access]]\nname = "holland"\nproxy = "http://ann:hush@127.0.0.1:9"\ncountry = "nl"\n'
        f'[[access]]\nname = "sweden"\nproxy = "{swedish.url}"\ncountry = "SE"\nsources = ["soundcloud"]\n'
    )
    return sync


def test_a_trial_shows_which_way_works_and_why_the_others_do_not(ready: Sync, standin: SoundCloudStandin) -> None:
    """Issue 4.6: no audio is fetched beyond its first bytes, nothing but the standing of ways is recorded."""
    before = len(standin.history)
    shown = ready("access", "test", TRACK)
    assert shown.exit_code == 0
    assert "geo blocked" in shown.output
    assert shown.output.rstrip().endswith("a run would take: sweden")
    assert "hush" not in shown.output
    media = [line for line in standin.history[before:] if "media" in line.host and line.method == "GET"]
    assert [(line.country, line.headers["range"]) for line in media] == [("SE", "bytes=0-1")]
    listed = json.loads(ready("access", "--json").output)["ways"]
    stands = {(row["source"], row["way"]): row["works"] for row in listed}
    assert stands[("soundcloud", "holland")] is False
    assert stands[("soundcloud", "sweden")] is True
    assert stands[("youtube", "holland")] is None
    assert ("youtube", "sweden") not in stands
    text = ready("access").output
    assert "fails: network" in text
    assert "hush" not in text
    types = json.loads(ready("sql", "--json", "SELECT DISTINCT type FROM event WHERE type LIKE 'access%'").output)
    assert types["rows"] == [{"type": "access.changed"}]


def test_a_set_is_tried_for_its_listing_only(ready: Sync) -> None:
    """Issue 4.6: a list has no audio; the direct way is taken as long as it leads there."""
    found = json.loads(ready("access", "test", "https://soundcloud.com/ann/sets/crate", "--json").output)
    assert found["taken"] == "direct"
    assert [(each["way"], each["result"], each["audio"]) for each in found["trials"]] == [
        ("direct", "works", ""),
        ("holland", "fails", ""),
        ("sweden", "works", ""),
    ]
    assert found["trials"][2]["country"] == "SE"
    assert found["trials"][1]["own_fault"]


def test_what_leads_nowhere_has_an_exit_code(ready: Sync, standin: SoundCloudStandin) -> None:
    """M21: 20 for what is gone, 75 for what passes, 2 for what cannot be asked."""
    gone = ready("access", "test", "https://soundcloud.com/ann/nothing")
    assert (gone.exit_code, gone.output.rstrip().endswith("no way leads there")) == (20, True)
    standin.script(throttled(path="/resolve.*", times=9, retry_after_s=7))
    try:
        limited = ready("access", "test", TRACK)
    finally:
        standin.calm()
    assert limited.exit_code == 75
    assert "not tried" in limited.output
    assert ready("access", "test").exit_code == 2
    with pytest.raises(UsageError, match="no source knows"):
        ready("access", "test", "https://example.org/x")


def test_the_doctor_looks_at_every_profile(ready: Sync, home: Path) -> None:
    """M11: a cookie file that is not there is found before a run meets it; a dead proxy once one has met it."""
    settings = home / "cratelog.toml"
    settings.write_text(settings.read_text() + '[[access]]\nname = "account"\ncookies = "nowhere.txt"\n')
    ready("access", "test", "https://soundcloud.com/ann/sets/crate")
    shown = ready("doctor").output
    assert "FIX  way account: the cookie file nowhere.txt cannot be read" in shown
    assert "note way holland: last failed: soundcloud: network" in shown
    assert "ok   way sweden: http://127.0.0.1" in shown
    assert "hush" not in shown


def test_without_profiles_the_next_step_is_to_add_one(sync: Sync) -> None:
    """Every answer says what comes next."""
    assert "add an [[access]] profile" in sync("access").output


def test_hints_are_shown_where_they_help() -> None:
    """A way that leads there makes another country's hint idle; a broken proxy stays worth mending."""
    rows = (WayRow(source="soundcloud", way="direct", via="", works=True, last_us=10**15),)
    assert "works" in ways_text(rows)
    blocked = WayTrial(
        way="direct", via="", result="fails", failure=FailureClass.GEO_BLOCKED, detail="blocked", hint="add one"
    )
    found = AddressTrial(url=TRACK, source="soundcloud", trials=(blocked,), taken=None)
    assert "→ add one" in trial_text(found)
