"""What YouTube's downloads need of this machine, as it was found: for `sync doctor`. Imported late, changes nothing."""

from __future__ import annotations

from importlib import metadata

from yt_dlp.utils import _jsruntime

from engine.domain.remote_words import RUNTIMES
from engine.workflows.doctor import Runtime

_KINDS = {
    "deno": _jsruntime.DenoJsRuntime,
    "node": _jsruntime.NodeJsRuntime,
    "bun": _jsruntime.BunJsRuntime,
    "quickjs": _jsruntime.QuickJsRuntime,
}


def runtimes() -> tuple[Runtime, ...]:
    """Give the JavaScript runtimes that yt-dlp finds here, each asked for its version."""
    found = []
    for name in RUNTIMES:
        kind = _KINDS[name]
        information = kind().info
        if information is not None:
            lowest = ".".join(map(str, kind.MIN_SUPPORTED_VERSION))
            runtime = Runtime(
                name=information.name,
                version=information.version,
                lowest=lowest,
                supported=bool(information.supported),
            )
            found.append(runtime)
    return tuple(found)


def impersonation() -> bool:
    """Say whether yt-dlp can speak like a browser: whether its curl_cffi loads."""
    try:
        from yt_dlp.networking import _curlcffi  # noqa: PLC0415 - only importable where curl_cffi fits
    except ImportError:
        return False
    return bool(_curlcffi)


def solver_wanted() -> str | None:
    """Give the version of those scripts that this yt-dlp takes, its last part apart; nothing when it does not say."""
    try:
        from yt_dlp.extractor.youtube.jsc._builtin.vendor import VERSION  # noqa: PLC0415 - where yt-dlp keeps it today
    except ImportError:  # pragma: no cover - another yt-dlp than the one that is locked
        return None
    return str(VERSION)


def solver() -> str | None:
    """Give the version of the scripts that solve the player's challenges, or nothing."""
    try:
        return metadata.version("yt-dlp-ejs")
    except metadata.PackageNotFoundError:
        return None
