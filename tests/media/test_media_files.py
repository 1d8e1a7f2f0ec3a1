"""Facts about real files: what is verified, converted, measured and written, for every format there is."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from mutagen import id3 as untyped

from engine.domain.failure import FailureClass, Problem
from engine.media.config import MediaConfig
from engine.media.media import Media
from engine.media.tags import GAIN, PEAK, read_tags
from engine.ports import AudioOrder, StagedFile
from tests.fixtures.audio import MakeAudio

id3: Any = untyped  # mutagen types little
RECORDING = "r" + "a" * 16
TAGS = {
    "title": "Tïtle 🔥",
    "artist": "Ärtist",
    "album": "Album",
    "genre": "House/Disco",
    "isrc": "USAAA2400001",
    "source_url": "https://soundcloud.com/ann/song",
    "recording_id": RECORDING,
}
_NEVER_ENDING = """#!/bin/sh
case "$*" in
  -version) echo "ffmpeg version 1.0" ;;
  *-muxers*) ;;
  *) exec sleep 60 ;;
esac
"""
LOSSLESS = ("aiff", "wav", "alac", "flac")


def _order(path: Path, *profiles: str, expected_ms: int | None = None, **tags: str) -> AudioOrder:
    return AudioOrder(
        recording_id=RECORDING,
        source_ref="files:x",
        url="",
        local_path=str(path),
        expected_duration_ms=expected_ms,
        profiles=profiles,
        tags={**TAGS, **tags},
    )


def _staged(media: Media, order: AudioOrder, folder: Path) -> dict[str, StagedFile]:
    got = media.acquire(order, folder / "workspace")
    assert isinstance(got, tuple), got
    return {file.profile: file for file in got}


def _refused(media: Media, order: AudioOrder, folder: Path) -> Problem:
    got = media.acquire(order, folder / "workspace")
    assert isinstance(got, Problem), got
    assert not (folder / "workspace").exists()
    return got


def test_one_recording_in_every_lossless_format_has_one_pcm_hash(
    media: Media, make_audio: MakeAudio, tmp_path: Path
) -> None:
    """F7, M14: the sound is the same in every container, measured once, and decodes to its end in each."""
    source = make_audio("wav")
    files = _staged(media, _order(source, "original", *LOSSLESS, "mp3", "aac"), tmp_path)
    hashes = {profile: file.audio.pcm_sha256 for profile, file in files.items()}
    assert len({hashes[profile] for profile in ("original", *LOSSLESS)}) == 1
    assert hashes["mp3"] != hashes["original"]
    assert {files[profile].audio.bit_depth for profile in LOSSLESS} == {24}
    assert files["original"].audio.bit_depth == 16
    assert files["mp3"].audio.bitrate_bps == 320_000
    assert {file.audio.lossy_origin for file in files.values()} == {False}
    for file in files.values():
        audio = media.inspect(file.path)
        assert not isinstance(audio, Problem)
        assert (audio.pcm_sha256, audio.lossy_origin) == (file.audio.pcm_sha256, False)
        assert (audio.loudness_lufs, audio.format) == (file.audio.loudness_lufs, file.audio.format)
    assert media.requests() == {}
    assert source.exists()


@pytest.mark.parametrize("form", ["mp3", "m4a", "flac", "wav", "aiff", "ogg", "opus", "aac", "fragmented.m4a"])
def test_every_format_is_verified_tagged_and_read_back(
    media: Media, make_audio: MakeAudio, tmp_path: Path, form: str
) -> None:
    """M16, F26: title, artist, album, genre, ISRC, source and our id hold in every format, with ReplayGain."""
    files = _staged(media, _order(make_audio(form), "original", expected_ms=2000), tmp_path)
    original = files["original"]
    found = read_tags(original.path)
    assert {name: found.get(name) for name in TAGS} == TAGS
    assert found[GAIN].endswith(" dB")
    assert float(found[PEAK]) > 0
    assert (media.identity(original.path), media.profile(original.path)) == (RECORDING, "original")
    assert abs(original.audio.duration_ms - 2000) < 100
    assert (original.audio.sample_rate_hz, original.audio.channels) in ((44_100, 2), (48_000, 2))
    assert original.audio.lossy_origin is (form not in ("flac", "wav", "aiff"))
    assert original.audio.loudness_lufs is not None
    assert original.audio.tools["ffmpeg"]


def test_a_lossy_origin_is_remembered_by_the_lossless_file_itself(
    media: Media, make_audio: MakeAudio, tmp_path: Path
) -> None:
    """F21, M14: an AIFF made of an MP3 is no lossless recording, also when only the AIFF is left."""
    aiff = _staged(media, _order(make_audio("mp3"), "aiff"), tmp_path)["aiff"]
    audio = media.inspect(aiff.path)
    assert not isinstance(audio, Problem)
    assert (audio.lossless, audio.lossy_origin) == (True, True)
    flac = _staged(media, _order(aiff.path, "flac"), tmp_path / "again")["flac"]
    assert flac.audio.lossy_origin is True


@pytest.mark.parametrize(("form", "profile"), [("mp3", "mp3"), ("m4a", "aac")])
def test_a_lossy_source_is_copied_not_encoded_twice(
    media: Media, make_audio: MakeAudio, tmp_path: Path, form: str, profile: str
) -> None:
    """F74: going through the same lossy codec again would only lose."""
    files = _staged(media, _order(make_audio(form), "original", profile), tmp_path)
    assert files[profile].audio.pcm_sha256 == files["original"].audio.pcm_sha256
    assert files[profile].audio.codec == files["original"].audio.codec


def test_mono_and_high_rates_stay_and_what_a_format_cannot_hold_is_said(
    media: Media, make_audio: MakeAudio, tmp_path: Path
) -> None:
    """F74: nothing is reduced in silence."""
    files = _staged(media, _order(make_audio("flac", rate=96_000, channels=1), "aiff", "mp3"), tmp_path)
    assert (files["aiff"].audio.sample_rate_hz, files["aiff"].audio.channels) == (96_000, 1)
    assert (files["mp3"].audio.sample_rate_hz, files["mp3"].audio.channels) == (48_000, 1)
    assert files["mp3"].audio.tools["resampled_from_hz"] == "96000"
    assert "resampled_from_hz" not in files["aiff"].audio.tools


def test_channels_a_format_cannot_hold_are_refused(media: Media, make_audio: MakeAudio, tmp_path: Path) -> None:
    """F74: six channels are not folded into two behind anybody's back."""
    problem = _refused(media, _order(make_audio("flac", channels=6), "mp3"), tmp_path)
    assert problem.failure is FailureClass.CONVERT_FAILED
    assert "channels" in problem.detail


def _cut(source: Path, folder: Path, share: float) -> Path:
    content = source.read_bytes()
    path = folder / source.name
    path.write_bytes(content[: int(len(content) * share)])
    return path


@pytest.mark.parametrize("form", ["mp3", "m4a", "flac", "wav", "aiff"])
def test_a_file_that_was_cut_short_is_not_verified(
    media: Media, make_audio: MakeAudio, tmp_path: Path, form: str
) -> None:
    """F22, I54: an MP3 keeps its Xing header and claims full length; only decoding to the end notices."""
    cut = _cut(make_audio(form), tmp_path, 0.6)
    assert _refused(media, _order(cut, "original"), tmp_path).failure is FailureClass.VERIFY_FAILED
    audio = media.inspect(cut)
    assert isinstance(audio, Problem)
    assert audio.failure is FailureClass.VERIFY_FAILED


def test_an_ogg_that_was_cut_short_is_told_by_its_source(media: Media, make_audio: MakeAudio, tmp_path: Path) -> None:
    """I54: an Ogg claims no length of its own, so that the source's word decides."""
    cut = _cut(make_audio("ogg", seconds=6.0), tmp_path, 0.5)
    problem = _refused(media, _order(cut, "original", expected_ms=6000), tmp_path)
    assert problem.failure in (FailureClass.VERIFY_FAILED, FailureClass.PREVIEW_ONLY)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("page.mp3", b"<!DOCTYPE html><html>no</html>", "a web page"),
        ("zero.mp3", b"", "an empty file"),
        ("text.mp3", b"#EXTM3U\nhttp://192.0.2.1/x\n", "no audio format"),
        ("noise.mp3", b"\xff\xfb" + bytes(range(256)) * 40, ""),
        ("fake.flac", b"fLaC" + b"\0" * 100, ""),
        ("fake.wav", b"RIFF\0\0\0\0WAVEfmt ", ""),
        ("fake.m4a", b"\0\0\0\x18ftypM4A " + b"\0" * 60, ""),
    ],
)
def test_what_is_no_audio_is_never_verified(media: Media, tmp_path: Path, name: str, content: bytes, said: str) -> None:
    """F22, F31: the problem says what was got instead."""
    path = tmp_path / name
    path.write_bytes(content)
    problem = _refused(media, _order(path, "original", "aiff"), tmp_path)
    assert problem.failure is FailureClass.VERIFY_FAILED
    assert said in problem.detail
    assert isinstance(media.inspect(path), Problem)


def test_junk_behind_the_last_frame_of_an_mp3_does_no_harm(media: Media, make_audio: MakeAudio, tmp_path: Path) -> None:
    """A whole MP3 with a torn tag at its end is a whole MP3."""
    path = tmp_path / "junk.mp3"
    path.write_bytes(make_audio("mp3").read_bytes() + bytes(range(256)) * 2)
    assert "original" in _staged(media, _order(path, "original"), tmp_path)


def test_a_persons_file_is_copied_and_stays_as_it_was(media: Media, make_audio: MakeAudio, tmp_path: Path) -> None:
    """Never move or change what a person has."""
    path = tmp_path / "-mine: 100%.mp3"
    path.write_bytes(make_audio("mp3").read_bytes())
    before = path.stat().st_mtime_ns, path.read_bytes()
    _staged(media, _order(path, "original", "aiff"), tmp_path)
    assert (path.stat().st_mtime_ns, path.read_bytes()) == before


def test_a_local_file_that_is_not_there_is_not_found(media: Media, tmp_path: Path) -> None:
    """F30, F31: a missing file is a value with a way out."""
    problem = _refused(media, _order(tmp_path / "missing.mp3", "original"), tmp_path)
    assert problem.failure is FailureClass.NOT_FOUND
    assert problem.hint


def test_a_folder_in_a_files_place_is_a_problem(media: Media, tmp_path: Path) -> None:
    """F31: what the system refuses is a value."""
    assert isinstance(media.acquire(_order(tmp_path, "original"), tmp_path / "workspace"), Problem)
    assert isinstance(media.inspect(tmp_path / "missing.mp3"), Problem)


def test_an_unknown_profile_is_named_with_the_ones_there_are(
    media: Media, make_audio: MakeAudio, tmp_path: Path
) -> None:
    """A typo in the settings is told before anything is fetched."""
    problem = _refused(media, _order(make_audio("mp3"), "original", "aif"), tmp_path)
    assert problem.failure is FailureClass.UNSUPPORTED
    assert "aiff" in problem.hint


def test_silence_has_no_loudness(media: Media, ffmpeg: Path, tmp_path: Path) -> None:
    """F28: what could not be measured is unknown, not -70 and not 0."""
    path = tmp_path / "silence.wav"
    silence = ["-f", "lavfi", "-i", "anullsrc=duration=1", "-y", str(path)]
    subprocess.run([str(ffmpeg), "-nostdin", "-v", "error", *silence], check=True)
    audio = media.inspect(path)
    assert not isinstance(audio, Problem)
    assert (audio.loudness_lufs, audio.true_peak_dbtp) == (None, None)


def test_tags_of_other_programs_stay(media: Media, make_audio: MakeAudio, tmp_path: Path) -> None:
    """P20: a DJ program's cue points live in its own frames."""
    path = tmp_path / "cues.mp3"
    path.write_bytes(make_audio("mp3").read_bytes())
    tags = id3.ID3()
    tags.add(id3.GEOB(encoding=0, desc="Serato Markers2", data=b"cues"))
    tags.save(path, v2_version=4)
    original = _staged(media, _order(path, "original"), tmp_path)["original"]
    kept = id3.ID3(original.path)
    assert kept.getall("GEOB")[0].data == b"cues"
    assert kept.version == (2, 4, 0)


def test_control_characters_never_reach_a_tag(media: Media, make_audio: MakeAudio, tmp_path: Path) -> None:
    """A NUL separates values in ID3; a title holds one."""
    original = _staged(media, _order(make_audio("mp3"), "original", title="a\0b\nc "), tmp_path)["original"]
    assert read_tags(original.path)["title"] == "a b c"


def test_without_ffmpeg_the_problem_says_what_to_do(make_audio: MakeAudio, tmp_path: Path) -> None:
    """M15: a missing tool is this machine's trouble, with a hint, and is looked for again."""
    broken = Media(MediaConfig(ffmpeg=tmp_path / "missing"))
    for problem in (
        _refused(broken, _order(make_audio("mp3"), "original"), tmp_path),
        broken.inspect(make_audio("mp3")),
    ):
        assert isinstance(problem, Problem)
        assert problem.failure is FailureClass.TOOL_MISSING
        assert "ffmpeg" in problem.hint


def test_a_tool_that_never_ends_is_stopped(make_audio: MakeAudio, tmp_path: Path) -> None:
    """Everything outside is bounded in time."""
    script = tmp_path / "ffmpeg"
    script.write_text(_NEVER_ENDING)
    script.chmod(0o755)
    slow = Media(MediaConfig(ffmpeg=script, tool_timeout_s=0.2))
    tools = slow.tools()
    assert isinstance(tools, Problem) or not tools.fingerprints
    assert _refused(slow, _order(make_audio("mp3"), "original"), tmp_path).failure is FailureClass.TIMEOUT


def test_a_source_with_many_channels_is_measured_and_kept(media: Media, make_audio: MakeAudio, tmp_path: Path) -> None:
    """F74: the fingerprint may need fewer channels; the file and its lossless formats keep theirs."""
    files = _staged(media, _order(make_audio("flac", channels=6), "original", "wav"), tmp_path)
    assert {file.audio.channels for file in files.values()} == {6}
