"""One ffmpeg process that decodes a file once, to its end, and makes everything that is asked for on the way.

The canonical PCM, whose SHA-256 is a recording's sound regardless of container: signed 24-bit little-endian,
interleaved, at the file's own sample rate and channel count, first audio stream only. 24 bits because every
lossless target keeps 24, so that a file and its AIFF, WAV, ALAC and FLAC have one hash (F7).

Says what it saw; whether that is good enough is `verify`'s business. Reads local files only.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine.domain.failure import FailureClass, Problem
from engine.media.formats import is_lossless
from engine.media.print_parts import in_two
from engine.media.process import Ran, run
from engine.media.tools import Tools

FINGERPRINT_S_MAX = 900
"""What is fingerprinted: the whole, which tells it from an excerpt, but no more than 15 min of a recorded set."""

LISTEN_HINT = "play it at its source; if it plays whole there, `sync refetch` tries it again"
_SAMPLE_BYTES = 3
_SILENCE_LUFS = -70.0  # the gate of ITU-R BS.1770: nothing louder was there to measure
_INPUT = re.compile(r"Input #0.*?(?=Stream mapping|Output #0|\Z)", re.DOTALL)
_DURATION = re.compile(r"Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)")
_STREAM = re.compile(
    r"Stream #\S+ Audio: (?P<codec>\w+).*?, (?P<rate>\d+) Hz, (?P<layout>[^,\n]+), (?P<sample>[a-z]+\d*)p?"
    r"(?: \((?P<bits>\d+) bit\))?(?:, (?P<kbps>\d+) kb/s)?"
)
_LOUDNESS = re.compile(r"Integrated loudness:\s+I:\s+(-?[\d.]+|-?inf|nan) LUFS")
_PEAK = re.compile(r"True peak:\s+Peak:\s+(-?[\d.]+|-?inf|nan) dBFS")
_ERROR = re.compile(r"\[(?:error|fatal)\] (.*)")
_LAYOUTS = {"mono": 1, "stereo": 2, "2.1": 3, "3.0": 3, "4.0": 4, "quad": 4, "5.0": 5, "5.1": 6, "6.1": 7, "7.1": 8}
_BITS = {"u8": 8, "s16": 16, "s32": 32, "s64": 64, "flt": 32, "dbl": 64}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """What came out of decoding.

    Attributes:
        declared_ms: the length the container claims; None when it claims none or ffmpeg had to guess.
        complete: whether the decoder came to the end without an error.
        complaint: the first error, when there was one.
        fingerprint: Chromaprint of the first 120 s.
        fingerprint_rest: of what follows them, where anything does.
        payload_sha256: of the encoded audio packets, which tagging must not change; empty unless asked for.
    """

    codec: str
    sample_rate_hz: int
    channels: int
    bit_depth: int | None
    bitrate_bps: int | None
    duration_ms: int
    declared_ms: int | None
    complete: bool
    complaint: str
    pcm_sha256: str
    loudness_lufs: float | None = None
    true_peak_dbtp: float | None = None
    fingerprint: str | None = None
    fingerprint_rest: str | None = None
    payload_sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a decoding should make besides the PCM hash.

    Attributes:
        measures: loudness, true peak and fingerprint.
        outputs: ffmpeg's arguments of each converted file, its path last.
        scratch: a folder for the small files ffmpeg leaves its answers in.
    """

    scratch: Path
    measures: bool = True
    payload: bool = False
    outputs: tuple[tuple[str, ...], ...] = ()


@dataclass(slots=True)
class _Pcm:
    """Where the canonical PCM goes: hashed and counted, never kept."""

    size_bytes: int = 0
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)

    def take(self, chunk: bytes) -> None:
        self.size_bytes += len(chunk)
        self.digest.update(chunk)


def decode(tools: Tools, path: Path, wish: Wish, *, timeout_s: float) -> Decoded | Problem:
    """Decode a file to its end and give what was found, or why there is nothing to give."""
    pcm = _Pcm()
    ran = run(_arguments(tools, path, wish), timeout_s=timeout_s, sink=pcm.take)
    stopped = _stopped(ran)
    if stopped is not None:
        return stopped
    source = _INPUT.search(ran.log)
    stream = _STREAM.search(source.group()) if source else None
    if source is None or stream is None or not pcm.size_bytes:
        return Problem(
            failure=FailureClass.VERIFY_FAILED, detail=f"cannot be decoded: {_complaint(ran)}", hint=LISTEN_HINT
        )
    return _decoded(tools, path, wish, ran, pcm, source.group())


def payload_of(tools: Tools, path: Path, scratch: Path, *, timeout_s: float) -> str:
    """Give the SHA-256 of a file's encoded audio packets, without decoding; empty when it cannot be read."""
    target = scratch / "payload.txt"
    target.unlink(missing_ok=True)
    run([*_opening(tools, path), *_payload_output(target)], timeout_s=timeout_s)
    return _hash_in(target)


def move_container(tools: Tools, path: Path, target: Path, *, timeout_s: float) -> Problem | None:
    """Copy the encoded audio, unchanged, into the container that `target`'s suffix names."""
    copy = ("-map", "0:a:0", "-c", "copy", "-map_metadata", "-1", "-y", f"file:{target}")
    ran = run([*_opening(tools, path), *copy], timeout_s=timeout_s)
    if ran.code == 0:
        return None
    detail = f"cannot be moved into {target.suffix}: {_complaint(ran)}"
    return _stopped(ran) or Problem(failure=FailureClass.VERIFY_FAILED, detail=detail, hint=LISTEN_HINT)


def _opening(tools: Tools, path: Path) -> list[str]:
    """The input is named as a local file, so that no name and no playlist inside can reach the network."""
    log = ["-nostdin", "-hide_banner", "-nostats", "-loglevel", "level+info", "-xerror"]
    return [str(tools.ffmpeg), *log, "-protocol_whitelist", "file,pipe", "-i", f"file:{path.absolute()}"]


def _arguments(tools: Tools, path: Path, wish: Wish) -> list[str]:
    listens = wish.measures
    prints = listens and tools.fingerprints
    branches = ["pcm"] + ["loud"] * listens + ["print"] * prints
    graph = [f"[0:a:0]asplit={len(branches)}{''.join(f'[{name}]' for name in branches)}"]
    if listens:
        graph.append("[loud]ebur128=peak=true:framelog=quiet,anullsink")
    if prints:
        graph.append(f"[print]atrim=end={FINGERPRINT_S_MAX},aformat=sample_fmts=s16:channel_layouts=stereo|mono[short]")
    arguments = [*_opening(tools, path), "-filter_complex", ";".join(graph)]
    arguments += ["-map", "[pcm]", "-c:a", "pcm_s24le", "-f", "s24le", "pipe:1"]
    if prints:
        target = wish.scratch / "fingerprint.txt"
        arguments += ["-map", "[short]", "-f", "chromaprint", "-fp_format", "base64", "-y", f"file:{target}"]
    if wish.payload:
        arguments += _payload_output(wish.scratch / "payload.txt")
    for output in wish.outputs:
        arguments += ["-map", "0:a:0", "-map_metadata", "-1", *output]
    return arguments


def _payload_output(target: Path) -> list[str]:
    return ["-map", "0:a:0", "-c", "copy", "-f", "hash", "-hash", "sha256", "-y", f"file:{target}"]


def _decoded(tools: Tools, path: Path, wish: Wish, ran: Ran, pcm: _Pcm, source: str) -> Decoded:
    stream = _STREAM.search(source)
    assert stream is not None
    begins, rest = in_two(_fingerprint(tools, path, wish))
    rate_hz, channels = int(stream["rate"]), _channels(stream["layout"])
    return Decoded(
        codec=stream["codec"],
        sample_rate_hz=rate_hz,
        channels=channels,
        bit_depth=_bit_depth(stream),
        bitrate_bps=int(stream["kbps"]) * 1000 if stream["kbps"] else None,
        duration_ms=round(pcm.size_bytes * 1000 / (_SAMPLE_BYTES * channels * rate_hz)),
        declared_ms=_declared_ms(ran.log, source),
        complete=ran.code == 0,
        complaint="" if ran.code == 0 else _complaint(ran),
        pcm_sha256=pcm.digest.hexdigest(),
        loudness_lufs=_above(_LOUDNESS.search(ran.log), _SILENCE_LUFS),
        true_peak_dbtp=_above(_PEAK.search(ran.log), float("-inf")),
        fingerprint=begins,
        fingerprint_rest=rest,
        payload_sha256=_hash_in(wish.scratch / "payload.txt") if wish.payload else "",
    )


def _stopped(ran: Ran) -> Problem | None:
    """Tell what is this machine's trouble, not the file's."""
    if ran.timed_out:
        return Problem(failure=FailureClass.TIMEOUT, detail="ffmpeg did not finish in time")
    if "No space left on device" in ran.log:
        return Problem(failure=FailureClass.DISK_FULL, detail="the disk is full", hint="free some space and run again")
    if "Permission denied" in ran.log:
        hint = "check who may write in the home and the library folder"
        return Problem(failure=FailureClass.PERMISSION, detail=f"ffmpeg: {_complaint(ran)}", hint=hint)
    return None


def _complaint(ran: Ran) -> str:
    found = _ERROR.search(ran.log)
    return found.group(1).strip() if found else f"ffmpeg ended with {ran.code}"


def _channels(layout: str) -> int:
    counted = re.match(r"(\d+) channels?", layout)
    return int(counted.group(1)) if counted else _LAYOUTS.get(layout.partition("(")[0].strip(), 2)


def _bit_depth(stream: re.Match[str]) -> int | None:
    """A lossy codec has no bit depth; a decoder's working format is not one (F28)."""
    if not is_lossless(stream["codec"]):
        return None
    return int(stream["bits"]) if stream["bits"] else _BITS.get(stream["sample"].removesuffix("p"))


def _declared_ms(log: str, source: str) -> int | None:
    found = _DURATION.search(source)
    if found is None or "Estimating duration from bitrate" in log:
        return None
    hours, minutes, seconds = found.groups()
    return round((int(hours) * 3600 + int(minutes) * 60 + float(seconds)) * 1000)


def _above(found: re.Match[str] | None, floor: float) -> float | None:
    if found is None or found.group(1) == "nan":
        return None
    value = float(found.group(1))
    return value if value > floor else None


def _fingerprint(tools: Tools, path: Path, wish: Wish) -> str | None:
    if not wish.measures:
        return None
    if tools.fingerprints:
        return _text_of(wish.scratch / "fingerprint.txt") or None
    return None if tools.fpcalc is None else _fpcalc(tools.fpcalc, path)


def _fpcalc(fpcalc: Path, path: Path) -> str | None:
    """Ask Chromaprint's own program; it may end with 3 and a good fingerprint at the end of a file."""
    answer: list[bytes] = []
    arguments: Sequence[str] = (str(fpcalc), "-length", str(FINGERPRINT_S_MAX), "-plain", str(path.absolute()))
    run(arguments, timeout_s=FINGERPRINT_S_MAX, sink=answer.append)
    return b"".join(answer).decode(errors="replace").strip() or None


def _hash_in(target: Path) -> str:
    return _text_of(target).partition("=")[2]


def _text_of(target: Path) -> str:
    return target.read_text().strip() if target.exists() else ""
