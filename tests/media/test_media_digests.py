"""A file is known by its audio: tags may change, the piece stays."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.domain.events import TrackSeen
from engine.machine.clock import MachineClock
from engine.machine.stop import AskedStop
from engine.media.digests import AudioDigests
from engine.media.payload import payload_digest
from engine.media.tags import Picture, read_tags, write_tags
from engine.source_ports import Listing
from engine.sources.files.config import FilesConfig
from engine.sources.files.source import FilesSource

FORMS = ("mp3", "m4a", "fragmented.m4a", "flac", "wav", "aiff", "ogg", "opus")
COVER = Picture(content=b"\xff\xd8\xff" + b"cover" * 2_000, mime_type="image/jpeg")
LONG_AGO = (1_000_000_000, 1_000_000_000)


@pytest.mark.parametrize("form", FORMS)
def test_tags_and_covers_leave_the_digest_alone(form: str, make_audio: Callable[..., Path], tmp_path: Path) -> None:
    """E9, P4: whoever tags a file anew has the same piece; another piece has another digest."""
    path = Path(shutil.copy(make_audio(form), tmp_path / f"a.{form}"))
    first = payload_digest(path)
    assert first is not None
    assert write_tags(path, {"title": "Ä", "artist": "B" * 3_000, "genre": "C"}, COVER) is None
    assert payload_digest(path) == first
    assert write_tags(path, {"title": "D"}) is None
    assert payload_digest(path) == first
    assert payload_digest(make_audio(form, tone=880)) not in (None, first)


def test_old_tags_at_the_end_of_an_mp3_are_no_audio(make_audio: Callable[..., Path], tmp_path: Path) -> None:
    """E9: ID3v1, APEv2 and Lyrics3 stand behind the last frame."""
    audio = make_audio("mp3").read_bytes()
    items = b"\x01\x00\x00\x00\x00\x00\x00\x00k\x00v"
    header = b"APETAGEX" + (2000).to_bytes(4, "little") + (len(items) + 32).to_bytes(4, "little") + b"\x01\0\0\0"
    ape = header + b"\0\0\0\xa0" + b"\0" * 8 + items + header + b"\0\0\0\x80" + b"\0" * 8
    lyrics = b"LYRICSBEGININD0000200"
    lyrics += f"{len(lyrics):06}".encode() + b"LYRICS200"
    path = tmp_path / "a.mp3"
    path.write_bytes(audio + ape + lyrics + b"TAG" + b"x" * 125)
    assert payload_digest(path) == payload_digest(make_audio("mp3"))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    head=st.sampled_from(
        [b"", b"ID3\x04\0\0\0\0\0\x05", b"fLaC", b"OggS", b"\0\0\0\x08ftyp", b"RIFF\0\0\0\0WAVE", b"\xff"]
    ),
    rest=st.binary(max_size=80),
)
def test_whatever_a_file_holds_its_digest_is_one_or_none(head: bytes, rest: bytes, tmp_path: Path) -> None:
    """E9: a damaged file, or one that is no audio, breaks nothing."""
    path = tmp_path / "x"
    path.write_bytes(head + rest)
    digest = payload_digest(path)
    assert digest is None or len(digest) == 64


def test_a_digest_is_made_once_and_remembered_between_runs(make_audio: Callable[..., Path], tmp_path: Path) -> None:
    """E9: size and time of change tell whether bytes have to be read again; a spoilt memory is made anew."""
    path, memory = Path(shutil.copy(make_audio("mp3"), tmp_path / "a.mp3")), tmp_path / "cache" / "digests.json"
    os.utime(path, LONG_AGO)
    first = AudioDigests(memory)
    digest = first(path)
    assert digest == payload_digest(path)
    first.save()
    path.write_bytes(b"\0" * path.stat().st_size)
    os.utime(path, LONG_AGO)
    assert AudioDigests(memory)(path) == digest
    os.utime(path, (1_000_000_001, 1_000_000_001))
    assert AudioDigests(memory)(path) is None
    for spoilt in (b"{", b"[]", b'{"version": 0}', b'{"version": 1, "files": {"a": 1}}'):
        memory.write_bytes(spoilt)
        assert AudioDigests(memory)(make_audio("mp3")) == digest
    without = AudioDigests(None)
    assert without(make_audio("mp3")) == digest
    without.save()
    blocked = AudioDigests(path / "no folder" / "digests.json")
    assert blocked(make_audio("mp3")) == digest
    blocked.save()


def test_a_file_tagged_anew_is_the_same_track(make_audio: Callable[..., Path], tmp_path: Path) -> None:
    """E9, P4: one ref before and after; what changed is its title. A file that is no audio goes by its bytes."""
    music = tmp_path / "music"
    music.mkdir()
    path = Path(shutil.copy(make_audio("mp3"), music / "a.mp3"))
    (music / "odd.mp3").write_bytes(b"not audio")

    def seen() -> tuple[tuple[str, ...], dict[str, TrackSeen]]:
        for file in music.iterdir():
            os.utime(file, LONG_AGO)
        source = FilesSource(
            FilesConfig(), clock=MachineClock(AskedStop()), read_tags=read_tags, audio_digest=AudioDigests(None)
        )
        listing = source.list_playlist(str(music))
        assert isinstance(listing, Listing)
        found = {one.ref: one for one in source.describe(listing.entries) if isinstance(one, TrackSeen)}
        return listing.entries, found

    before, _ = seen()
    assert len(set(before)) == 2
    assert write_tags(path, {"title": "New", "artist": "Name"}) is None
    after, described = seen()
    assert after == before
    assert described[after[0]].title == "New"
