"""Music for the demo: a few distinct pieces, synthesised by ffmpeg. No network, no clock."""

from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from engine.domain.errors import EngineError

SYNTHESIS_S_MAX = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One piece: its length, its chord in hertz and its pulse in beats per minute."""

    name: str
    seconds: int
    chord_hz: tuple[float, float, float]
    bpm: int


PIECES = (
    Piece(name="harbour", seconds=30, chord_hz=(220.0, 261.6, 329.6), bpm=120),
    Piece(name="tunnel", seconds=28, chord_hz=(174.6, 220.0, 293.7), bpm=174),
    Piece(name="lantern", seconds=24, chord_hz=(196.0, 246.9, 311.1), bpm=100),
    Piece(name="gravel", seconds=36, chord_hz=(146.8, 185.0, 220.0), bpm=140),
    Piece(name="orchid", seconds=21, chord_hz=(261.6, 311.1, 392.0), bpm=92),
    Piece(name="ferry", seconds=18, chord_hz=(130.8, 164.8, 196.0), bpm=110),
)


def synthesise(ffmpeg: Path, folder: Path) -> dict[str, dict[str, bytes]]:
    """Make every piece and give its encodings: piece → `mp3_1_0` (MP3 128k) and `aac_160k` (fragmented MP4).

    Raises:
        EngineError: ffmpeg does not do it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(max_workers=2) as pool:
        made = pool.map(lambda piece: _encode(ffmpeg, folder, piece), PIECES)
        return {piece.name: encodings for piece, encodings in zip(PIECES, made, strict=True)}


def _encode(ffmpeg: Path, folder: Path, piece: Piece) -> dict[str, bytes]:
    mp3, aac = folder / f"{piece.name}.mp3", folder / f"{piece.name}.m4a"
    fragments = ["-movflags", "+frag_keyframe+empty_moov+default_base_moof", "-frag_duration", "4000000"]
    command = [
        *[str(ffmpeg), "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", _sound(piece)],
        *["-ac", "2", "-ar", "44100", "-c:a", "libmp3lame", "-b:a", "128k", str(mp3)],
        *["-ac", "2", "-ar", "44100", "-c:a", "aac", "-b:a", "160k", *fragments, "-f", "mp4", str(aac)],
    ]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=SYNTHESIS_S_MAX)  # noqa: S603 - our own words
    except (OSError, subprocess.SubprocessError) as error:
        raise EngineError(f"ffmpeg did not make {piece.name}: {error}", hint="`sync doctor` checks ffmpeg") from error
    return {"mp3_1_0": mp3.read_bytes(), "aac_160k": aac.read_bytes()}


def _sound(piece: Piece) -> str:
    beat_s = 60 / piece.bpm
    chord = "+".join(f"0.12*sin(2*PI*{hertz}*t)*(1+0.3*sin(2*PI*t/7))" for hertz in piece.chord_hz)
    click = f"0.35*sin(2*PI*55*t)*exp(-18*mod(t,{beat_s:.6f}))"
    melody_hz = piece.chord_hz[2] * 2
    melody = f"0.08*sin(2*PI*{melody_hz}*t*(1+0.125*floor(mod(t/{beat_s * 2:.6f},4))))"
    return f"aevalsrc='{chord}+{click}+{melody}':s=22050:d={piece.seconds}"
