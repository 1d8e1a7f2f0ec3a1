"""From one file to a track's finished files: one decoding makes them all, each is tagged and then proved.

The original's encoded audio is kept byte for byte; a converted file is decoded again, because an encoder that
raised no error is no evidence (F26). Nothing is called better than it is: a lossy origin stays written in the file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from engine.domain.failure import FailureClass, Problem
from engine.domain.recording_events import Audio
from engine.media.config import MediaConfig
from engine.media.decode import Decoded, Wish, decode, payload_of
from engine.media.formats import PROFILES, Conversion, is_lossless
from engine.media.material import Material
from engine.media.tags import LOSSY_ORIGIN, PROFILE, loudness_tags, mp4_codec, read_tags, write_tags
from engine.media.tools import Tools
from engine.media.verify import verdict
from engine.ports import AudioOrder, StagedFile

ORIGINAL = "original"
_LENGTH_SLACK_MS = 100  # a lossy encoder pads its last frame


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What one order is worked on with."""

    order: AudioOrder
    workspace: Path
    tools: Tools
    config: MediaConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heard:
    """The material, decoded to its end and found to be what was promised."""

    material: Material
    decoded: Decoded
    lossy_origin: bool


def stage(bench: Bench, material: Material) -> tuple[StagedFile, ...] | Problem:
    """Make every file an order asks for, or none."""
    profiles = tuple(dict.fromkeys(bench.order.profiles))
    outputs = tuple(_output(bench, material, name) for name in profiles if name != ORIGINAL)
    wish = Wish(scratch=material.path.parent, payload=ORIGINAL in profiles, outputs=outputs)
    decoded = heard(bench.tools, material.path, wish, bench.config, expected_ms=bench.order.expected_duration_ms)
    if isinstance(decoded, Problem):
        return _blamed(bench, material, decoded) if outputs else decoded
    origin = read_tags(material.path).get(LOSSY_ORIGIN)
    lossy = origin == "1" or not is_lossless(decoded.codec)
    known = _Heard(material=material, decoded=decoded, lossy_origin=lossy)
    staged: list[StagedFile] = []
    for profile in profiles:
        made = _original(bench, known) if profile == ORIGINAL else _converted(bench, known, profile)
        if isinstance(made, Problem):
            return made
        staged.append(made)
    return tuple(staged)


def _blamed(bench: Bench, material: Material, problem: Problem) -> Problem:
    """Tell whose fault it is: a source that decodes alone was failed by an encoder."""
    wish = Wish(scratch=material.path.parent, measures=False)
    alone = heard(bench.tools, material.path, wish, bench.config, expected_ms=bench.order.expected_duration_ms)
    if problem.failure is not FailureClass.VERIFY_FAILED or isinstance(alone, Problem):
        return problem
    return _unconvertible("the profiles asked for", problem.detail)


def heard(
    tools: Tools, path: Path, wish: Wish, config: MediaConfig, *, expected_ms: int | None = None
) -> Decoded | Problem:
    """Decode a file and give what was found only when it is whole."""
    decoded = decode(tools, path, wish, timeout_s=config.tool_timeout_s)
    if isinstance(decoded, Problem):
        return decoded
    return verdict(decoded, expected_ms=expected_ms) or decoded


def audio_of(form: str, decoded: Decoded, *, lossy_origin: bool, versions: Mapping[str, str]) -> Audio:
    """Give what was measured as the journal keeps it."""
    return Audio(
        format=form,
        codec=decoded.codec,
        duration_ms=decoded.duration_ms,
        sample_rate_hz=decoded.sample_rate_hz,
        bit_depth=decoded.bit_depth,
        channels=decoded.channels,
        bitrate_bps=decoded.bitrate_bps,
        lossless=is_lossless(decoded.codec),
        lossy_origin=lossy_origin,
        loudness_lufs=decoded.loudness_lufs,
        true_peak_dbtp=decoded.true_peak_dbtp,
        fingerprint=decoded.fingerprint,
        fingerprint_rest=decoded.fingerprint_rest,
        pcm_sha256=decoded.pcm_sha256,
        tools=dict(versions),
    )


def _target(bench: Bench, profile: str) -> Path:
    return bench.workspace / f"{profile}.{PROFILES[profile].format}"


def _output(bench: Bench, material: Material, profile: str) -> tuple[str, ...]:
    """Encode, except where that would put a lossy codec through itself a second time."""
    conversion = PROFILES[profile]
    copied = conversion.codec == ("mp3" if material.form == "mp3" else mp4_codec(material.path))
    encoding = ("-c:a", "copy") if copied and not conversion.lossless else conversion.arguments
    return (*encoding, "-f", conversion.muxer, "-y", f"file:{_target(bench, profile)}")


def _original(bench: Bench, known: _Heard) -> StagedFile | Problem:
    target = bench.workspace / f"{ORIGINAL}.{known.material.form}"
    known.material.path.rename(target)
    problem = _tagged(bench, known, known.decoded, target)
    if problem is not None:
        return problem
    scratch = known.material.path.parent
    payload = payload_of(bench.tools, target, scratch, timeout_s=bench.config.tool_timeout_s)
    if payload != known.decoded.payload_sha256:
        hint = "nothing was placed; `sync refetch` tries it again, and a report of it helps"
        return Problem(failure=FailureClass.CONVERT_FAILED, detail="tagging changed the original's audio", hint=hint)
    return _finished(bench, known, ORIGINAL, target, known.decoded)


def _converted(bench: Bench, known: _Heard, profile: str) -> StagedFile | Problem:
    """A lossless file has its source's loudness, so it is tagged first and proved as it will be placed."""
    conversion, target = PROFILES[profile], _target(bench, profile)
    if conversion.lossless:
        problem = _tagged(bench, known, known.decoded, target)
        if problem is not None:
            return problem
    made = _proved(bench, known, conversion, target)
    if isinstance(made, Problem):
        return made
    if not conversion.lossless:
        problem = _tagged(bench, known, made, target)
        if problem is not None:
            return problem
    return _finished(bench, known, profile, target, made)


def _proved(bench: Bench, known: _Heard, conversion: Conversion, target: Path) -> Decoded | Problem:
    """Decode a converted file: a lossless one must sound exactly as its source, a lossy one last as long."""
    wish = Wish(scratch=known.material.path.parent, measures=not conversion.lossless)
    made = heard(bench.tools, target, wish, bench.config)
    if isinstance(made, Problem):
        return _unconvertible(target.stem, made.detail)
    source = known.decoded
    if made.channels != source.channels:
        return _unconvertible(target.stem, f"{conversion.format} cannot hold {source.channels} channels")
    if not conversion.lossless:
        off_ms = abs(made.duration_ms - source.duration_ms)
        return made if off_ms <= _LENGTH_SLACK_MS else _unconvertible(target.stem, f"its length is off by {off_ms} ms")
    if made.pcm_sha256 != source.pcm_sha256:
        return _unconvertible(target.stem, "it does not sound as its source")
    return replace(
        made,
        loudness_lufs=source.loudness_lufs,
        true_peak_dbtp=source.true_peak_dbtp,
        fingerprint=source.fingerprint,
        fingerprint_rest=source.fingerprint_rest,
    )


def _unconvertible(target: str, why: str) -> Problem:
    return Problem(
        failure=FailureClass.CONVERT_FAILED,
        detail=f"conversion to {target} failed: {why}",
        hint="take this profile off, or choose another",
    )


def _tagged(bench: Bench, known: _Heard, decoded: Decoded, target: Path) -> Problem | None:
    tags = {**bench.order.tags, PROFILE: target.stem, LOSSY_ORIGIN: "1" if known.lossy_origin else "0"}
    if bench.config.replaygain:
        tags |= loudness_tags(decoded.loudness_lufs, decoded.true_peak_dbtp)
    return write_tags(target, tags, known.material.picture)


def _finished(bench: Bench, known: _Heard, profile: str, path: Path, decoded: Decoded) -> StagedFile:
    with path.open("rb") as file:
        file_sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    versions = {**known.material.versions, "ffmpeg": bench.tools.ffmpeg_version, **_reductions(known.decoded, decoded)}
    audio = audio_of(path.suffix[1:], decoded, lossy_origin=known.lossy_origin, versions=versions)
    return StagedFile(profile=profile, path=path, size_bytes=path.stat().st_size, file_sha256=file_sha256, audio=audio)


def _reductions(source: Decoded, made: Decoded) -> dict[str, str]:
    """Name what a target format could not keep, so that nothing is reduced in silence (F74)."""
    reductions: dict[str, str] = {}
    if made.sample_rate_hz != source.sample_rate_hz:
        reductions["resampled_from_hz"] = str(source.sample_rate_hz)
    if source.bit_depth is not None and made.bit_depth is not None and made.bit_depth < source.bit_depth:
        reductions["reduced_from_bits"] = str(source.bit_depth)
    return reductions
