"""How Spotify is reached, and where the login lies. Shows no secret."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class SpotifyConfig:
    """One app, one account.

    Attributes:
        credentials: the file that holds the login.
        client_secret: of an app that has one; `sync login` needs none.
        refresh_token: a login made elsewhere; the one made by `sync login` goes before it.
        tls_verify: False accepts any certificate; a path names the certificates to trust instead.
        timeout_s: how long one silent connection is waited for.
        desktop: whether the player of this machine is asked what plays while nobody is logged in.
    """

    credentials: Path
    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    api_base: str = "https://api.spotify.com"
    accounts_base: str = "https://accounts.spotify.com"
    tls_verify: bool | Path = True
    timeout_s: float = 30.0
    desktop: bool = True
