"""How YouTube is asked. Holds no secrets: those belong to the ways."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class YouTubeConfig:
    """What is the same for every way to YouTube.

    Attributes:
        tls_verify: False accepts any certificate, for stand-ins; a path names the certificates to trust instead.
        cache_dir: where yt-dlp keeps what it learned of YouTube's player; without it every run learns it again.
        timeout_s: how long one silent connection is waited for.
    """

    tls_verify: bool | Path = True
    cache_dir: Path | None = None
    timeout_s: float = 30.0
