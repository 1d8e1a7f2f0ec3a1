"""Web addresses as people and programs write them into lists: one canonical address per track, or why it is none. Pure.

Canonical addresses are what sightings of different sources meet by (F49, F57).
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from engine.domain.addresses import canonical_address
from engine.domain.redaction import is_private, public_address

YOUTUBE_HOSTS = frozenset(
    {"youtube.com", "www.youtube.com", "m.youtube.com", "music.youtube.com", "youtu.be", "www.youtube-nocookie.com"}
)
_SOUNDCLOUD_HOSTS = frozenset({"soundcloud.com", "www.soundcloud.com", "m.soundcloud.com"})
_SPOTIFY_HOST = "open.spotify.com"
_HOSTS = YOUTUBE_HOSTS | _SOUNDCLOUD_HOSTS | {_SPOTIFY_HOST, "on.soundcloud.com"}
_VIDEO_PATHS = ("shorts", "live", "embed", "v", "e")
_VIDEO = re.compile(r"[0-9A-Za-z_-]{11}")
_SPOTIFY_URI = re.compile(r"spotify:(?P<kind>track|episode):(?P<id>[0-9A-Za-z]{22})", re.IGNORECASE)
_SPOTIFY_PATH = re.compile(r"/(?:intl-[a-z-]+/)?(?:embed/)?(?P<kind>track|episode)/(?P<id>[0-9A-Za-z]{22})/?")
_SOUNDCLOUD_LISTS = ("sets", "likes", "tracks", "reposts", "albums")
_TRACK_STEPS = 2  # a user and a track


def split(url: str) -> SplitResult:
    """Take an address apart; one without a scheme is a web address all the same."""
    try:
        return urlsplit(url if "://" in url else f"https://{url}")
    except ValueError:  # such as an address with half of an IPv6 host
        return urlsplit("")


def names_web(text: str) -> bool:
    """Say whether a text is a web address, its scheme left out only where the host is one we know."""
    scheme, mark, _ = text.partition("://")
    if mark:
        return scheme.lower() in ("http", "https") and bool(split(text).hostname)
    return not re.search(r"\s", text) and split(text).hostname in _HOSTS and "/" in text


def video_id(url: str) -> str | None:
    """Give the id of the video an address on YouTube's hosts names, or nothing when it names none."""
    parts = split(url)
    if parts.hostname not in YOUTUBE_HOSTS:
        return None
    steps = [step for step in parts.path.split("/") if step]
    if parts.hostname == "youtu.be":
        named = steps[0] if steps else ""
    elif steps and steps[0] in _VIDEO_PATHS:
        named = steps[1] if len(steps) > 1 else ""
    else:
        named = parse_qs(parts.query).get("v", [""])[-1]
    return named if _VIDEO.fullmatch(named) else None


def video_address(text: str) -> str | None:
    """Give the canonical address of the video a bare id names, or nothing when it is no id."""
    return f"https://youtube.com/watch?v={text}" if _VIDEO.fullmatch(text) else None


def spotify_address(text: str) -> str | None:
    """Give the canonical address a Spotify URI, address or bare id of a track or an episode stands for."""
    if found := _SPOTIFY_URI.fullmatch(text):
        return f"https://{_SPOTIFY_HOST}/{found['kind'].lower()}/{found['id']}"
    parts = split(text)
    found = _SPOTIFY_PATH.fullmatch(parts.path) if parts.hostname == _SPOTIFY_HOST else None
    return f"https://{_SPOTIFY_HOST}/{found['kind']}/{found['id']}" if found else None


def track_address(text: str) -> str | None:
    """Give the canonical public address of what may be one track, or nothing when an address can name none (F49)."""
    if spotify := spotify_address(text):
        return spotify
    if not names_web(text):
        return None
    parts = split(text)
    host = parts.hostname or ""
    if host in YOUTUBE_HOSTS:
        video = video_id(text)
        return f"https://youtube.com/watch?v={video}" if video else None
    if host in _SOUNDCLOUD_HOSTS:
        open_track = _is_soundcloud_track(parts) and not is_private(text)
        return canonical_address(_whole(text)) if open_track else None
    return None if host == _SPOTIFY_HOST else public_address(_whole(text))


def gives_audio(text: str) -> bool:
    """Say whether audio can be had from an address just as it stands: a video, or a public track on SoundCloud."""
    if video_id(text):
        return True
    parts = split(text)
    return parts.hostname in _SOUNDCLOUD_HOSTS and _is_soundcloud_track(parts)


def shown_name(address: str) -> str:
    """Give what to call the track at an address of which nothing else is known."""
    if video := video_id(address):
        return f"YouTube {video}"
    parts = split(address)
    return unquote(parts.path.rstrip("/").rpartition("/")[2]) or parts.netloc


def _is_soundcloud_track(parts: SplitResult) -> bool:
    steps = [step for step in parts.path.split("/") if step]
    return len(steps) >= _TRACK_STEPS and not {steps[0], steps[1]} & {*_SOUNDCLOUD_LISTS, "discover", "you", "search"}


def _whole(text: str) -> str:
    return text if "://" in text else f"https://{text}"
