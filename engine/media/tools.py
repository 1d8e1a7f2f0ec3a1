"""The programs media work needs, found once: ffmpeg (the system's, else the wheel's) and, if there, fpcalc.

Installs nothing and downloads nothing.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine.domain.failure import FailureClass, Problem
from engine.media.config import MediaConfig
from engine.media.process import run

_PROBE_TIMEOUT_S = 30.0
_VERSION = re.compile(r"ffmpeg version n?(\S+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What was found, with versions for the record."""

    ffmpeg: Path
    ffmpeg_version: str
    fingerprints: bool  # whether this ffmpeg was built with Chromaprint
    fpcalc: Path | None = None


def find_tools(config: MediaConfig, *, which: Callable[[str], str | None] = shutil.which) -> Tools | Problem:
    """Give the programs to use, or the problem that there is no working ffmpeg."""
    for candidate in _candidates(config, which):
        version = _version_of(candidate)
        if version is None:
            continue
        found = config.fpcalc or which("fpcalc")
        return Tools(
            ffmpeg=candidate,
            ffmpeg_version=version,
            fingerprints=_can_fingerprint(candidate),
            fpcalc=Path(found) if found else None,
        )
    return Problem(
        failure=FailureClass.TOOL_MISSING,
        detail=f"no working ffmpeg{f' at {config.ffmpeg}' if config.ffmpeg else ''}",
        hint="install ffmpeg, or reinstall cratelog so that imageio-ffmpeg brings one, or set its path in the settings",
    )


def _candidates(config: MediaConfig, which: Callable[[str], str | None]) -> list[Path]:
    if config.ffmpeg is not None:
        return [config.ffmpeg]
    system = which("ffmpeg")
    return [Path(path) for path in (system, _from_wheel()) if path]


def _from_wheel() -> str | None:
    try:
        from imageio_ffmpeg import get_ffmpeg_exe  # noqa: PLC0415 - heavy

        return str(get_ffmpeg_exe())
    except (ImportError, RuntimeError):
        return None


def _output(arguments: list[str]) -> str:
    chunks: list[bytes] = []
    try:
        ran = run(arguments, timeout_s=_PROBE_TIMEOUT_S, sink=chunks.append)
    except OSError:
        return ""
    return b"".join(chunks).decode(errors="replace") if ran.code == 0 else ""


def _version_of(ffmpeg: Path) -> str | None:
    found = _VERSION.search(_output([str(ffmpeg), "-version"]))
    return found.group(1) if found else None


def _can_fingerprint(ffmpeg: Path) -> bool:
    return " chromaprint " in _output([str(ffmpeg), "-hide_banner", "-muxers"])
