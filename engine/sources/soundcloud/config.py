"""How SoundCloud is reached. The app's secret is the only one it holds, and is kept out of its `repr`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundCloudConfig:
    """How SoundCloud is reached, whichever access profile is taken.

    Attributes:
        proxy: an HTTP or SOCKS proxy, for ways that have none of their own; None goes by the environment.
        tls_verify: False accepts any certificate, for stand-ins; a path names the certificates to trust instead.
        cache_dir: where the client id is kept between runs; without it every run looks it up again.
        cookie_file: cookies in Netscape format, for ways that have none of their own.
        cookie_browser: a browser to take cookies from, such as "firefox", likewise.
        timeout_s: how long one silent connection is waited for.
        profile: the address of the person's own profile, for `soundcloud:likes` and the like.
        client_id: of an app registered with SoundCloud; with its secret, the official API is asked.
    """

    proxy: str | None = field(default=None, repr=False)
    tls_verify: bool | Path = True
    cache_dir: Path | None = None
    cookie_file: Path | None = None
    cookie_browser: str | None = None
    timeout_s: float = 30.0
    profile: str | None = None
    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)

    @property
    def official(self) -> bool:
        """Whether the official API is asked: client id and secret of an app are known."""
        return bool(self.client_id and self.client_secret)
