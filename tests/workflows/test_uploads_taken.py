"""The file as it was uploaded, from a source that offers it to a file in the library and back: proposed, taken, undone.

Real yt-dlp, ffmpeg and library against the SoundCloud stand-in.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from msgspec.structs import replace as changed

from engine.domain.errors import ExitCode
from engine.domain.failure import Availability
from engine.media.config import MediaConfig
from engine.media.media import Media
from engine.source_ports import Way
from engine.sources.soundcloud.config import SoundCloudConfig
from engine.sources.soundcloud.source import SoundCloudSource
from engine.standins.soundcloud.standin import SoundCloudStandin
from engine.targets.library.root import LibraryConfig
from engine.targets.library.target import LibraryTarget
from engine.workflows.access import AccessBook, AccountsOnly
from engine.workflows.reconcile import Reconciled, ReconcileRequest, reconcile
from engine.workflows.undo import Undone, undo
from engine.workflows.undo_story import find_meant
from engine.workflows.upgrades import keep, offers, take
from engine.workflows.world import World
from tests.fakes.machine import DAY_S
from tests.fakes.place import Place
from tests.fakes.soundcloud import SET, publish, refs, upload
from tests.fixtures.audio import MakeAudio
from tests.media.access_world import COOKIES, direct, listening

WEEK_S = 7 * DAY_S


@dataclass(slots=True, kw_only=True)
class Home:
    """A place with a real library, a real source, and the ways it was given."""

    place: Place
    standin: SoundCloudStandin
    folder: Path
    ways: tuple[Way, ...]

    def world(self, source: SoundCloudSource) -> World:
        """Give the world of one run."""
        place = self.place
        access = AccessBook({"soundcloud": self.ways}, remembered=dict, now_us=place.clock.now_us)
        media = Media(MediaConfig(tls_verify=False, cache_dir=self.folder / "cache"), access=access)
        config = LibraryConfig(root=self.folder / "Music", trash=self.folder / "trash")
        library = LibraryTarget(config, media, place.clock, place.processes)
        library.init_root("1")
        place.policy = changed(
            place.policy, targets=("library",), library_root=str(config.root), profiles=("original",)
        )
        return replace(place.world(), sources=(source,), access=access, targets={"library": library})

    def run(self) -> Reconciled:
        """Reconcile once, as a new process does."""
        with closing(SoundCloudSource(SoundCloudConfig(proxy=self.standin.url, tls_verify=False))) as source:
            return reconcile(self.world(source), ReconcileRequest())

    def undo(self, thing: str = "last") -> Undone:
        """Undo a run, as a new process does."""
        with closing(SoundCloudSource(SoundCloudConfig(proxy=self.standin.url, tls_verify=False))) as source:
            return undo(self.world(source), find_meant(self.place.journal, thing), 0)

    def files(self) -> dict[str, bytes]:
        """Give the audio files of the library."""
        music = self.folder / "Music"
        return {path.name: path.read_bytes() for path in music.rglob("*.*") if path.suffix in (".mp3", ".wav")}


@pytest.fixture
def home(place: Place, tmp_path: Path, make_audio: MakeAudio) -> Iterator[Home]:
    """Give a home whose one file was made of SoundCloud's stream, a week before its uploader lets people have more."""
    with listening() as standin:
        upload(standin, 1, duration_ms=2000)
        media: dict[str, bytes | Path] = {"mp3_1_0": make_audio("mp3"), "original": make_audio("wav")}
        standin.catalog.put_media(1, media)
        publish(standin, 1)
        place.urls = (SET,)
        home = Home(place=place, standin=standin, folder=tmp_path, ways=(direct(standin),))
        assert home.run().exit_code is ExitCode.FINE
        assert list(home.files()) == ["Song 1.mp3"]
        standin.catalog.change_track(1, downloadable=True)
        place.clock.pass_s(WEEK_S)
        assert home.run().exit_code is ExitCode.FINE
        yield home


def logged_in(home: Home) -> None:
    """Give the home the cookies of an account."""
    file = home.folder / "cookies.txt"
    file.write_text(COOKIES, encoding="utf-8")
    home.ways = (direct(home.standin), Way(name="account", proxy=home.standin.url, cookie_file=file))


def test_the_upload_is_proposed_taken_put_in_place_and_undone(home: Home) -> None:
    """F21, I56, I45: proposed, never silently taken; then it replaces its copy, and an undo brings that back."""
    logged_in(home)
    before = home.files()
    (offer,) = offers(home.place.state())
    assert (offer.proposal.kind, offer.proposal.has) == ("upload", "mp3 (mp3, 128 kbit/s)")
    assert home.run().exit_code is ExitCode.FINE
    assert home.files() == before

    assert take(home.place.journal, "Song 1", None).obstacle == ""
    assert take(home.place.journal, "Song 1", None).seq is None
    assert offers(home.place.state())[0].way == "taken; the next run fetches it"
    assert home.run().exit_code is ExitCode.FINE
    assert list(home.files()) == ["Song 1.wav"]
    (file,) = home.place.state().renditions.values()
    assert (file.audio.codec, file.audio.lossy_origin, file.source_ref) == ("pcm_s16le", False, refs(1)[0])
    assert [path.name for path in (home.folder / "trash").rglob("*.mp3")]
    assert offers(home.place.state()) == ()
    asked = len(home.standin.history)
    assert home.run().exit_code is ExitCode.FINE
    assert not any("media" in one.host for one in home.standin.history[asked:])

    undone = home.undo()
    assert undone.exit_code is ExitCode.FINE
    assert home.files() == before
    assert home.run().exit_code is ExitCode.FINE
    assert home.files() == before
    assert [each.proposal.kind for each in offers(home.place.state())] == ["upload"]
    assert home.undo(undone.run_id).exit_code is ExitCode.FINE
    assert list(home.files()) == ["Song 1.wav"]


def test_without_an_account_the_upload_does_not_come_and_nothing_is_lost(home: Home) -> None:
    """P10, P12: refused with what helps; the track is as available as it was, and it can be taken again."""
    before = home.files()
    take(home.place.journal, "Song 1", None)
    assert home.run().exit_code is ExitCode.PARTIAL
    assert home.files() == before
    (offer,) = offers(home.place.state())
    assert (offer.proposal.taken, "no access profile has cookies" in offer.way) == (False, True)
    assert home.place.state().sightings[refs(1)[0]].availability is Availability.AVAILABLE
    logged_in(home)
    assert take(home.place.journal, "Song 1", None).seq is not None
    assert home.run().exit_code is ExitCode.FINE
    assert list(home.files()) == ["Song 1.wav"]


def test_an_account_that_is_not_given_the_upload_gets_nothing_else(home: Home) -> None:
    """F21: no downloads are left, which the listing of last week does not say; the copy is not fetched once more."""
    logged_in(home)
    before = home.files()
    take(home.place.journal, "Song 1", None)
    home.standin.catalog.change_track(1, downloadable=False)
    assert home.run().exit_code is ExitCode.PARTIAL
    assert home.files() == before
    assert "does not give the file as it was uploaded" in offers(home.place.state())[0].way


def test_an_offer_that_is_withdrawn_or_kept_away_replaces_nothing(home: Home) -> None:
    """I56: what was taken and is offered no longer waits; `--keep` ends it."""
    logged_in(home)
    before = home.files()
    take(home.place.journal, "Song 1", None)
    home.standin.catalog.change_track(1, downloadable=False)
    home.place.clock.pass_s(WEEK_S)
    assert home.run().exit_code is ExitCode.FINE
    assert home.files() == before
    assert offers(home.place.state()) == ()
    home.standin.catalog.change_track(1, downloadable=True)
    keep(home.place.journal, "Song 1")
    home.place.clock.pass_s(WEEK_S)
    assert home.run().exit_code is ExitCode.FINE
    assert home.files() == before
    assert [each.proposal.taken for each in offers(home.place.state())] == [False]


def test_ways_that_speak_for_an_account_are_the_same_ways() -> None:
    """M11: what is noted of them counts for every use of them."""
    plain, account = Way(name="direct"), Way(name="account", cookie_browser="firefox")
    book = AccessBook({"soundcloud": (plain, account)}, remembered=dict, now_us=lambda: 1)
    accounts = AccountsOnly(book)
    assert accounts.ways("soundcloud") == (account,)
    accounts.note("soundcloud", account, "soundcloud.com", None, ref="soundcloud:track:1")
    assert accounts.tried("soundcloud:track:1") == book.tried("soundcloud:track:1") == ("account",)
    assert [news.way for news in accounts.take_news()] == ["account"]
