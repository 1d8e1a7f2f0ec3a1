"""How SoundCloud is reached. Holds no secrets itself, only where they are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundCloudConfig:
    """One way to SoundCloud.

    Attributes:
        proxy: an HTTP or SOCKS proxy; None goes by the environment, as yt-dlp does.
        tls_verify: False accepts any certificate, for stand-ins; a path names the certificates to trust instead.
        cache_dir: where the client id is kept between runs; without it every run looks it up again.
        cookie_file: cookies in Netscape format.
        cookie_browser: a browser to take cookies from, such as "firefox".
        timeout_s: how long one silent connection is waited for.
    """

    proxy: str | None = None
    tls_verify: bool | Path = True
    cache_dir: Path | None = None
    cookie_file: Path | None = None
    cookie_browser: str | None = None
    timeout_s: float = 30.0
