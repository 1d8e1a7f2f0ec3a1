"""Real files, measured by the media tools and compared: what `sync match FILE FILE` rests on."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from engine.domain.failure import Problem
from engine.domain.recording_events import Audio
from engine.matching.audio import AudioLevel, AudioVerdict, audio_verdict
from engine.matching.fingerprint import decode
from engine.matching.overlap import compare
from engine.media.media import Media

MELODY_S = 40
_NOTE = "mod(floor(t*{tempo})*{step}*(1+floor(t/7)),24)"
_TONE = "0.4*sin(2*PI*220*pow(2,{note}/12)*t)+0.2*sin(2*PI*330*pow(2,{note}/12)*t)"


def sound(tempo: float, step: int) -> str:
    """Give ffmpeg's description of a tune."""
    tone = _TONE.format(note=_NOTE.format(tempo=tempo, step=step))
    return f"aevalsrc='{tone}':duration={MELODY_S}:sample_rate=11025"


@pytest.fixture(scope="module")
def tune(ffmpeg: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a tune of a minute as WAV."""
    path = tmp_path_factory.mktemp("tunes") / "tune.wav"
    subprocess.run([str(ffmpeg), "-nostdin", "-v", "error", "-f", "lavfi", "-i", sound(2.7, 5), str(path)], check=True)
    return path


def heard(media: Media, path: Path) -> Audio:
    """Give what is measured of a file."""
    audio = media.inspect(path)
    assert not isinstance(audio, Problem)
    return audio


def verdict(one: Audio, other: Audio) -> AudioVerdict:
    """Give what the sound of two files says."""
    prints = [decode(audio.whole_fingerprint or "") for audio in (one, other)]
    assert prints[0] is not None
    assert prints[1] is not None
    return audio_verdict(compare(prints[0], prints[1]), one.duration_ms, other.duration_ms)


@pytest.mark.parametrize(
    ("change", "level"),
    [
        (("-c:a", "libmp3lame", "-b:a", "64k", "changed.mp3"), AudioLevel.SAME),
        (("-ss", "1.3", "-c:a", "aac", "changed.m4a"), AudioLevel.SAME),
        (("-t", "30", "changed.flac"), AudioLevel.UNCLEAR),
        (("-af", "adelay=6000:all=1", "changed.flac"), AudioLevel.UNCLEAR),
        (("-af", "asetrate=11680,aresample=11025", "changed.flac"), AudioLevel.DIFFERENT),
    ],
    ids=["MP3", "first 1.3 s cut, AAC", "excerpt", "6 s of silence before", "a semitone up"],
)
def test_a_changed_file_is_heard_for_what_it_is(
    change: tuple[str, ...], level: AudioLevel, tune: Path, media: Media, ffmpeg: Path, tmp_path: Path
) -> None:
    """F18: a re-encoding is the same; an excerpt is not clear; another pitch is another sound."""
    changed = tmp_path / change[-1]
    subprocess.run([str(ffmpeg), "-nostdin", "-v", "error", "-i", str(tune), *change[:-1], str(changed)], check=True)
    one, other = heard(media, tune), heard(media, changed)
    found = verdict(one, other)
    assert found.level is level, found.reasons
    assert verdict(other, one).level is level
    assert one.pcm_sha256 != other.pcm_sha256


def test_another_tune_is_different(tune: Path, media: Media, ffmpeg: Path, tmp_path: Path) -> None:
    """F2: as long, as loud, and another piece."""
    other = tmp_path / "other.wav"
    source = ["-f", "lavfi", "-i", sound(3.3, 7)]
    subprocess.run([str(ffmpeg), "-nostdin", "-v", "error", *source, str(other)], check=True)
    assert verdict(heard(media, tune), heard(media, other)).level is AudioLevel.DIFFERENT
