"""A private set through a whole run: it is kept in step, and what opens it is written nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec.structs import replace as changed

from engine.domain.errors import ExitCode
from engine.journal.sqlite_journal import create_journal
from engine.sources.soundcloud.config import SoundCloudConfig
from engine.sources.soundcloud.source import SoundCloudSource
from engine.standins.soundcloud.catalog import Catalog
from engine.standins.soundcloud.records import Playlist, Track, User
from engine.standins.soundcloud.standin import SoundCloudStandin
from engine.workflows.reconcile import Reconciled, ReconcileRequest, reconcile
from tests.fakes.machine import FakeClock, FakeStop
from tests.fakes.place import Place

SET = "https://soundcloud.com/ann/sets/mix"
TOKEN = "s-hunter2"


@pytest.fixture
def standin() -> Iterator[SoundCloudStandin]:
    """Give a SoundCloud with one private set of one private track."""
    catalog = Catalog()
    catalog.add_user(User(id=1, permalink="ann", username="Ann"))
    song = Track(id=1, user_id=1, permalink="song", title="Bob - Song", secret_token=f"{TOKEN}song")
    catalog.add_track(song, {"mp3_1_0": b"x"})
    catalog.add_playlist(Playlist(id=9, user_id=1, permalink="mix", title="Mix", track_ids=(1,), secret_token=TOKEN))
    with SoundCloudStandin(catalog) as running:
        yield running


def place_at(path: Path) -> Place:
    """Give a place with a journal of its own and nowhere to write to."""
    create_journal(path, clock=FakeClock(FakeStop()), program_version="t").close()
    place = Place(path=path)
    place.targets = {}
    place.policy = changed(place.policy, targets=())
    return place


@pytest.mark.parametrize("url", [f"{SET}/{TOKEN}", f"https://api.soundcloud.com/playlists/9?secret_token={TOKEN}"])
def test_the_journal_holds_no_token(standin: SoundCloudStandin, tmp_path: Path, url: str) -> None:
    """E19, I53: neither addresses nor scopes hold the token, in good runs and in bad ones; the set is listed once."""
    place = place_at(tmp_path / "journal.sqlite3")
    place.urls = (url,)

    def run(proxy: str) -> Reconciled:
        source = SoundCloudSource(SoundCloudConfig(proxy=proxy, tls_verify=False))
        try:
            return reconcile(replace(place.world(), sources=(source,)), ReconcileRequest())
        finally:
            source.close()

    run("http://ann:hunter2@127.0.0.1:9")
    for _ in range(2):
        result = run(standin.url)
        assert (result.exit_code, result.problems) == (ExitCode.FINE, {})
    assert [row.ref for row in place.state().playlists.values()] == ["soundcloud:set:9"]
    assert place.state().playlists["soundcloud:set:9"].url == SET
    written = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"hunter2" not in written


def test_a_private_set_is_asked_for_by_its_short_link_again(standin: SoundCloudStandin, tmp_path: Path) -> None:
    """M8, I53: the page a short link leads to opens with the token only, and nobody keeps that between two runs."""
    place = place_at(tmp_path / "journal.sqlite3")
    short = standin.catalog.add_short_link("AbC", f"{SET}/{TOKEN}?si=1&utm_source=clipboard")
    for urls in ((short,), ()):
        place.urls = urls
        source = SoundCloudSource(SoundCloudConfig(proxy=standin.url, tls_verify=False))
        result = reconcile(replace(place.world(), sources=(source,)), ReconcileRequest())
        source.close()
        assert (result.exit_code, result.problems) == (ExitCode.FINE, {})
    assert place.state().playlists["soundcloud:set:9"].url == short
    assert [one.path for one in standin.history].count("/AbC") == 2
