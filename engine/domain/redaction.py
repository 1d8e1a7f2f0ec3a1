"""Addresses and sentences without what opens doors: what is recorded, shown or sent elsewhere passes here first. Pure.

A secret is known by where it stands: a user and password before a host, a named query value, SoundCloud's `/s-…`.
What holds none comes back as it was, letter for letter.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

_SECRET_NAMES = (
    "secret_token",
    "oauth_token",
    "access_token",
    "refresh_token",
    "client_id",
    "client_secret",
    "token",
    "sig",
    "signature",
    "policy",
    "key-pair-id",
    "x-amz-signature",
    "x-amz-credential",
    "x-amz-security-token",
)
_WEB = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://", re.ASCII)
_SOUNDCLOUD = re.compile(r"(?:[a-z0-9-]+\.)?soundcloud\.com", re.IGNORECASE)
_TOKEN = re.compile(r"s-[\w-]+")
_LOOSE_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s'\"<>`]+")
_NAMES = "|".join(map(re.escape, _SECRET_NAMES))
_LOOSE_VALUE = re.compile(
    rf"(?P<before>(?:(?<!\w)|(?<=%3F)|(?<=%26))(?:{_NAMES})(?:=|%3D)|[\"'](?:{_NAMES})[\"']\s*:\s*[\"'])"
    r"[^\s&'\"<>,;)\]}]+",
    re.IGNORECASE,
)
_LOOSE_TOKEN = re.compile(r"(?<=/)s-[A-Za-z0-9]{4,}(?![\w-])")
_LOOSE_LOGIN = re.compile(r"(?<![\w@.])[^\s/@:'\"]+:[^\s/@'\"]+@(?=[\w.\[-]+)")
_AUTHORIZATION = re.compile(r"\b(?P<scheme>Bearer|OAuth|Basic)\s+[\w.~+/=-]{6,}", re.IGNORECASE)
_WITHHELD = "…"


def public_address(url: str) -> str:
    """Give an address as anybody may read it: no user and password, no token, no signature."""
    found = _WEB.match(url)
    if found is None:
        return _without_scheme(url)
    if found["scheme"].lower() == "file":
        return url
    rest = url[found.end() :]
    place, mark, fragment = rest.partition("#")
    place, question, query = place.partition("?")
    authority, slash, path = place.partition("/")
    host = authority.rpartition("@")[2]
    kept = _public_query(query)
    kept_fragment = _public_query(fragment) if "=" in fragment else fragment
    return (
        found[0]
        + host
        + slash
        + _public_path(host, path)
        + (question + kept if kept or not query else "")
        + (mark + kept_fragment if kept_fragment or not fragment else "")
    )


def is_private(url: str) -> bool:
    """Say whether an address holds something that opens a door."""
    return public_address(url) != url


def redacted(text: str) -> str:
    """Give a sentence, such as a library's error message, without the secrets that stand in it."""
    said = _LOOSE_ADDRESS.sub(lambda found: public_address(found[0]), text)
    said = _LOOSE_VALUE.sub(lambda found: f"{found['before']}{_WITHHELD}", said)
    said = _LOOSE_LOGIN.sub("", said)
    said = _AUTHORIZATION.sub(lambda found: f"{found['scheme']} {_WITHHELD}", said)
    return _LOOSE_TOKEN.sub(_WITHHELD, said)


def _without_scheme(url: str) -> str:
    """Take what begins with SoundCloud's name for an address of its site, as the source does; else it is a path."""
    host = re.split(r"[/?#]", url, maxsplit=1)[0]
    if _SOUNDCLOUD.fullmatch(host) is None:
        return url
    return public_address(f"https://{url}").removeprefix("https://")


def _public_query(query: str) -> str:
    return "&".join(_public_value(part) for part in query.split("&") if not _is_secret(part))


def _is_secret(part: str) -> bool:
    return unquote(part.partition("=")[0]).lower() in _SECRET_NAMES


def _public_value(part: str) -> str:
    """Give one query value, the address inside it made public too."""
    name, equals, value = part.partition("=")
    inner = unquote(value)
    if _WEB.match(inner) is None or not is_private(inner):
        return part
    return f"{name}{equals}{quote(public_address(inner), safe='')}"


def _public_path(host: str, path: str) -> str:
    """Leave out the token that ends the path of a private set or track on SoundCloud."""
    if _SOUNDCLOUD.fullmatch(host.partition(":")[0]) is None:
        return path
    steps = path.split("/")
    first = 3 if len(steps) > 1 and steps[1] == "sets" else 2  # before it stand the user and the name
    return "/".join(step for place, step in enumerate(steps) if place < first or not _TOKEN.fullmatch(step))
