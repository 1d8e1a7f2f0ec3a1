"""What media work may use: programs, network ways and limits, as one frozen value. Reads no environment."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaConfig:
    """How audio is fetched and worked on.

    Attributes:
        ffmpeg: the ffmpeg to use; None takes the system's, else the one in the wheel.
        fpcalc: Chromaprint's program, used only where ffmpeg cannot fingerprint.
        proxy: for downloads by ways that have none; None leaves it to the environment, "" means none.
        tls_verify: False accepts any certificate, a path names the certificates to trust.
        cache_dir: where the extractor keeps client ids; None keeps nothing.
        artwork: whether cover pictures are fetched and embedded.
        replaygain: whether measured loudness is written as ReplayGain tags.
    """

    ffmpeg: Path | None = None
    fpcalc: Path | None = None
    proxy: str | None = field(default=None, repr=False)  # may hold a password
    tls_verify: bool | Path = True
    cache_dir: Path | None = None
    socket_timeout_s: float = 30.0
    tool_timeout_s: float = 1800.0
    artwork: bool = True
    replaygain: bool = True
