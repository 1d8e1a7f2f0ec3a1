"""Addresses of music on the web: one spelling per thing, so that two of them meet (F49, F57)."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

_SAME_HOST = {
    "m.soundcloud.com": "soundcloud.com",
    "youtu.be": "youtube.com",
    "m.youtube.com": "youtube.com",
    "music.youtube.com": "youtube.com",
}
_KEPT_PARAMETERS = {"youtube.com": ("v", "list")}
"""Query parameters that say which thing is meant; every other one says how somebody came there."""


def canonical_address(url: str) -> str:
    """Give an address in the one spelling we compare by; text that is no web address comes back as it is."""
    try:
        split = urlsplit(url.strip())
    except ValueError:
        return url
    if split.scheme.lower() not in ("http", "https") or not split.hostname:
        return url
    host = split.hostname.removeprefix("www.")
    path, query = split.path.rstrip("/"), dict(parse_qsl(split.query))
    if host == "youtu.be":
        path, query = "/watch", {"v": path.strip("/")}
    host = _SAME_HOST.get(host, host)
    kept = [(name, query[name]) for name in _KEPT_PARAMETERS.get(host, ()) if name in query]
    return urlunsplit(("https", host, path, urlencode(kept), ""))
