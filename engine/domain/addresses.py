"""Addresses of music on the web: one spelling per thing, so that two of them meet (F49, F57)."""

from __future__ import annotations

from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from engine.domain.references import source_of

_SAME_HOST = {
    "m.soundcloud.com": "soundcloud.com",
    "youtu.be": "youtube.com",
    "m.youtube.com": "youtube.com",
    "music.youtube.com": "youtube.com",
}
_SERVED_BY = {
    "soundcloud.com": "soundcloud",
    "on.soundcloud.com": "soundcloud",
    "api.soundcloud.com": "soundcloud",
    "youtube.com": "youtube",
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


def serving_source(ref: str, url: str) -> str:
    """Give the source that serves a sighting's audio: whose site its address is on where only a list named it (F57)."""
    named = source_of(ref)
    return served_by(url) or named if named == "file" else named


def served_by(url: str) -> str | None:
    """Give the source on whose site an address is, or nothing when that serves no audio."""
    return _SERVED_BY.get(_parts(url).hostname or "")


def named_by_address(title: str, url: str) -> bool:
    """Say whether a title is nothing but the end of an address, as of a row that says no name."""
    split = _parts(url)
    video = dict(parse_qsl(split.query)).get("v")
    return title in (unquote(split.path.rpartition("/")[2]), video and f"YouTube {video}")


def _parts(url: str) -> SplitResult:
    try:
        return urlsplit(canonical_address(url))
    except ValueError:
        return urlsplit("")
