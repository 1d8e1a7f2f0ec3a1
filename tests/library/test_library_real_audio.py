"""The library with real media tools and real yt-dlp against the SoundCloud stand-in, from address to file."""

from __future__ import annotations

from pathlib import Path

from engine.domain.failure import FailureClass
from engine.domain.outcomes import Done, Present, Refused
from engine.domain.plan import Operation
from engine.domain.recording_events import RenditionVerified
from engine.media.config import MediaConfig
from engine.media.media import Media
from engine.ports import ScanEnd
from engine.standins.soundcloud.catalog import Catalog
from engine.standins.soundcloud.records import Policy, Track, User
from engine.standins.soundcloud.standin import SoundCloudStandin
from engine.targets.library.root import LibraryConfig
from engine.targets.library.target import LibraryTarget
from tests.fakes.machine import FakeProcesses
from tests.fixtures.audio import MakeAudio
from tests.library.library_world import RECORDING, StillClock, action, fetch, known


def test_a_track_becomes_verified_files_that_a_probe_and_a_scan_find_again(
    tmp_path: Path, make_audio: MakeAudio
) -> None:
    """I54, I55, I32: downloaded once, verified, converted, tagged, placed, and recognised by its tags."""
    catalog = Catalog()
    catalog.add_user(User(id=1, permalink="artist", username="Artist"))
    track = Track(id=1, user_id=1, permalink="title", title="Title", duration_ms=2000)
    catalog.add_track(track, {"aac_160k": make_audio("fragmented.m4a").read_bytes()})
    with SoundCloudStandin(catalog) as standin:
        media = Media(MediaConfig(proxy=standin.url, tls_verify=False, cache_dir=tmp_path / "cache"))
        config = LibraryConfig(root=tmp_path / "Music", trash=tmp_path / "trash")
        target = LibraryTarget(config, media, StillClock(), FakeProcesses())
        target.init_root("1")
        outcome = target.send(fetch())
        assert isinstance(outcome, Done), outcome
        facts = [fact for fact in outcome.facts if isinstance(fact, RenditionVerified)]
        assert [fact.path for fact in facts] == ["Artist/Title.m4a", "Artist/Title.aiff"]
        assert len({fact.audio.pcm_sha256 for fact in facts}) == 1
        probe = target.probe(fetch())
        assert isinstance(probe, Present)
        found = [fact for fact in probe.facts if isinstance(fact, RenditionVerified)]
        assert [(each.path, each.file_sha256, each.audio.pcm_sha256) for each in found] == [
            (each.path, each.file_sha256, each.audio.pcm_sha256) for each in facts
        ]
        (tmp_path / "Music/Artist/Title.aiff").rename(tmp_path / "Music/moved.aiff")
        page, end = target.scan("audio", known(*facts))
        assert not isinstance(page, ScanEnd)
        assert sorted(each.path for each in page.returned) == ["Artist/Title.m4a", "moved.aiff"]
        assert isinstance(end, ScanEnd)
        assert end.complete
        catalog.change_policy(1, Policy.BLOCK)
        blocked = target.send(fetch("Artist/Other", recording="r" + "z" * 16))
        assert isinstance(blocked, Refused)
        assert blocked.problem.failure is FailureClass.GEO_BLOCKED
        asked = [line for line in standin.history if line.method != "CONNECT"]
        assert target.requests() == {"soundcloud": sum(line.host.endswith("soundcloud.com") for line in asked)}
        assert RECORDING in {fact.recording_id for fact in facts}


def test_a_better_file_replaces_a_real_one_and_comes_back_out_of_the_trash(
    tmp_path: Path, make_audio: MakeAudio
) -> None:
    """F21, I56, I45: lossless takes the place of lossy, never the other way round, and can be undone and done again."""
    config = LibraryConfig(root=tmp_path / "Music", trash=tmp_path / "trash")
    target = LibraryTarget(config, Media(MediaConfig()), StillClock(), FakeProcesses())
    target.init_root("1")
    lossy = make_audio("mp3")
    lossless = make_audio("flac")
    first = target.send(fetch(local_path=str(lossy), profiles=("original",)))
    assert isinstance(first, Done), first
    (old,) = (fact for fact in first.facts if isinstance(fact, RenditionVerified))
    better = fetch(local_path=str(lossless), replaces=old.path, replaced_sha256=old.file_sha256, profiles=("original",))
    second = target.send(better)
    assert isinstance(second, Done), second
    (new,) = (fact for fact in second.facts if isinstance(fact, RenditionVerified))
    assert (old.path, new.path, isinstance(target.probe(better), Present)) == (
        "Artist/Title.mp3", "Artist/Title.flac", True,
    )  # fmt: skip
    back = fetch(local_path=str(lossy), replaces=new.path, replaced_sha256=new.file_sha256, profiles=("original",))
    worse = target.send(back)
    assert isinstance(worse, Refused)
    assert "lossless from its origin on (flac)" in worse.problem.detail
    undo = action(
        Operation.RESTORE,
        "audio",
        RECORDING,
        {
            "trashed_by": better.action_id,
            "replaces": new.path,
            "replaced_sha256": new.file_sha256,
            "origin_ref": "soundcloud:track:1",
        },
        remote_id=old.path,
        action_id="undo",
    )
    undone = target.send(undo)
    assert isinstance(undone, Done), undone
    (fact,) = undone.facts
    assert isinstance(fact, RenditionVerified)
    assert (fact.file_sha256, fact.audio.pcm_sha256) == (old.file_sha256, old.audio.pcm_sha256)
    assert [path.name for path in (tmp_path / "Music/Artist").iterdir()] == ["Title.mp3"]
