"""The fingerprints of a piece and of everything made of it: two ffmpeg runs a piece, kept in the workspace."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from engine.domain.failure import Problem
from engine.matching.fingerprint import decode
from engine.media.config import MediaConfig
from engine.media.tools import find_tools
from tests.scorecard.audio_music import MusicMissingError, Piece
from tests.scorecard.audio_transformations import TRANSFORMATIONS, Transformation

LENGTH_S_MAX = 110.0
"""Pieces are cut to this: enough for 18 windows, and the whole measurement stays a matter of minutes."""

LENGTH_S_MIN = 45.0
ORIGINAL = "as it is"
WITHOUT = "without its guitar"

_LEVEL_DB = -20.0  # all pieces are brought to one loudness, so that "12 dB under it" means that
_FINGERPRINT = ("-f", "chromaprint", "-fp_format", "base64", "-y")
_FORM = "aformat=sample_fmts=s16:channel_layouts=stereo|mono"
_MEAN = re.compile(r"mean_volume: (-?[\d.]+) dB")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waves:
    """A piece as the transformations take it, beside another: WAVs of agreed loudness."""

    piece: Path
    length_s: float
    other: Path | None
    without: Path | None


class Prints(msgspec.Struct, frozen=True):
    """The words of a piece, by what was done to it."""

    name: str
    words: dict[str, tuple[int, ...]]


def ffmpeg_program() -> Path:
    """Give the ffmpeg in use.

    Raises:
        MusicMissingError: there is none that can fingerprint.
    """
    tools = find_tools(MediaConfig())
    if isinstance(tools, Problem) or not tools.fingerprints:
        raise MusicMissingError("no ffmpeg with Chromaprint: `pip install imageio-ffmpeg` brings one")
    return tools.ffmpeg


def prints_of(ffmpeg: Path, piece: Piece, other: Piece | None, kept: Path) -> Prints | None:
    """Give a piece's fingerprint and, with `other` to mix in, those of all its transformations; made once.

    Returns:
        Nothing when this ffmpeg cannot read the piece.
    """
    chosen = TRANSFORMATIONS if other is not None else ()
    recipe = repr([(each.name, each.graph(100.0, 0), each.encoding) for each in chosen])
    key = hashlib.sha256(f"{recipe} {piece} {other} {LENGTH_S_MAX}".encode()).hexdigest()[:16]
    known = kept / f"{key}.json"
    if known.exists():
        return msgspec.json.decode(known.read_bytes(), type=Prints)
    scratch = kept / f"{key}.work"
    scratch.mkdir(parents=True, exist_ok=True)
    try:
        texts = _transformed(ffmpeg, _waves(ffmpeg, piece, other, scratch), chosen, scratch)
    except _UnreadableError as unreadable:
        sys.stderr.write(f"\n{piece.name} is left out: {unreadable}\n")
        return None
    finally:
        shutil.rmtree(scratch)
    made = Prints(piece.name, {name: decode(text) or () for name, text in texts.items()})
    known.write_bytes(msgspec.json.encode(made))
    return made


class _UnreadableError(Exception):
    """ffmpeg could not do it."""


def _waves(ffmpeg: Path, piece: Piece, other: Piece | None, folder: Path) -> _Waves:
    """Decode, mix the tracks of a piece, and bring it to the agreed loudness."""
    gain_db = _LEVEL_DB - _loudness_db(ffmpeg, piece.files)
    wave = _decoded(ffmpeg, piece.files, folder / "piece.wav", gain_db)
    beside = without = None
    if other is not None:
        beside = _decoded(ffmpeg, other.files, folder / "other.wav", _LEVEL_DB - _loudness_db(ffmpeg, other.files))
    if other is not None and piece.without is not None:
        without = _decoded(ffmpeg, (piece.without,), folder / "without.wav", gain_db)
    length_s = wave.stat().st_size / (44_100 * 4)
    return _Waves(piece=wave, length_s=length_s, other=beside, without=without)


def _loudness_db(ffmpeg: Path, files: Sequence[Path]) -> float:
    found = _MEAN.search(_run(ffmpeg, [*_mix(files), "-f", "null", "-"]))
    return float(found.group(1)) if found else _LEVEL_DB


def _decoded(ffmpeg: Path, files: Sequence[Path], target: Path, gain_db: float) -> Path:
    _run(ffmpeg, [*_mix(files, gain_db), "-ac", "2", "-c:a", "pcm_s16le", "-y", str(target)])
    return target


def _mix(files: Sequence[Path], gain_db: float = 0.0) -> list[str]:
    inputs = [part for path in files for part in ("-t", str(LENGTH_S_MAX), "-i", str(path))]
    mixed = f"amix=inputs={len(files)}:normalize=0:duration=longest,aresample=44100,volume={gain_db:.2f}dB"
    return [*inputs, "-filter_complex", f"{mixed},volumedetect"]


def _transformed(ffmpeg: Path, waves: _Waves, chosen: Sequence[Transformation], scratch: Path) -> Mapping[str, str]:
    prints = {ORIGINAL: scratch / "original.txt"}
    inputs = ["-i", str(waves.piece)] + (["-i", str(waves.other)] if waves.other else [])
    arguments = ["-map", "0:a", "-af", _FORM, *_FINGERPRINT, str(prints[ORIGINAL])]
    if waves.without is not None:
        inputs += ["-i", str(waves.without)]
        prints[WITHOUT] = scratch / "without.txt"
        arguments += ["-map", f"{inputs.count('-i') - 1}:a", "-af", _FORM, *_FINGERPRINT, str(prints[WITHOUT])]
    graph = _split("0:a", "in", range(len(chosen)))
    graph += _split("1:a", "other", [number for number, each in enumerate(chosen) if each.mixes])
    encoded: dict[str, Path] = {}
    for number, each in enumerate(chosen):
        prints[each.name] = scratch / f"{number}.txt"
        graph.append(f"{each.graph(waves.length_s, number)}{'' if each.encoding else f',{_FORM}'}[out{number}]")
        arguments += ["-map", f"[out{number}]"]
        if each.encoding:
            encoded[each.name] = scratch / f"{number}.{each.suffix}"
            arguments += [*each.encoding, str(encoded[each.name])]
        else:
            arguments += [*_FINGERPRINT, str(prints[each.name])]
    _run(ffmpeg, [*inputs, *(["-filter_complex", ";".join(graph)] if graph else []), *arguments])
    if encoded:
        _listen(ffmpeg, [(path, prints[name]) for name, path in encoded.items()])
    return {name: path.read_text() for name, path in prints.items()}


def _split(source: str, label: str, numbers: Sequence[int]) -> list[str]:
    if not numbers:
        return []
    return [f"[{source}]asplit={len(numbers)}" + "".join(f"[{label}{number}]" for number in numbers)]


def _listen(ffmpeg: Path, files: Sequence[tuple[Path, Path]]) -> None:
    """Decode encoded files and fingerprint them, all in one run."""
    inputs = [part for path, _ in files for part in ("-i", str(path))]
    outputs = [
        part
        for number, (_, target) in enumerate(files)
        for part in ("-map", f"{number}:a", "-af", _FORM, *_FINGERPRINT, str(target))
    ]
    _run(ffmpeg, [*inputs, *outputs])


def _run(ffmpeg: Path, arguments: Sequence[str]) -> str:
    command = [str(ffmpeg), "-nostdin", "-hide_banner", "-nostats", *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    if ran.returncode:
        raise _UnreadableError(ran.stderr[-600:])
    return ran.stderr
