"""The one place where it is decided which of SoundCloud's apis is asked."""

from __future__ import annotations

from collections.abc import Callable

from engine.source_ports import Way
from engine.sources.soundcloud.config import SoundCloudConfig
from engine.sources.soundcloud.sessions import Session, Token


def host_of(config: SoundCloudConfig) -> str:
    """Give the host of the api that is asked."""
    return "api.soundcloud.com" if config.official else "api-v2.soundcloud.com"


def open_session(config: SoundCloudConfig, way: Way, pace: Callable[[str], None], token: Token) -> Session:
    """Open a way: to the official api where an app of the person's is known, else to the one the site asks."""
    if config.official:
        from engine.sources.soundcloud.official import OfficialSession  # noqa: PLC0415 - yt-dlp takes long to import

        return OfficialSession(config, way, pace, token)
    from engine.sources.soundcloud.web import WebSession  # noqa: PLC0415 - as above

    return WebSession(config, way, pace)
