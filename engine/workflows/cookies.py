"""A person's cookies for one way: read, never written, none of them told, and none kept for anybody else's hosts.

Whoever speaks for a way reads its cookie file here and shows here what it holds, so that one file means one thing to
whoever lists and to whoever downloads.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.domain.failure import FailureClass, Problem
from engine.source_ports import Way

if TYPE_CHECKING:
    from http.cookiejar import Cookie, CookieJar

HOSTS: Mapping[str, str] = {"soundcloud": "soundcloud.com", "youtube": "youtube.com"}
"""Source → the host that its cookies are of; the hosts of audio and pictures are given none."""
_LOGINS = {"soundcloud": "oauth_token", "youtube": "LOGIN_INFO"}
_HEADER = "# Netscape HTTP Cookie File"
_HTTP_ONLY = "#HttpOnly_"
_FIELDS = 7
_EXPIRY = re.compile(r"[0-9]*(?:\.[0-9]+)?")
_STALE = ("cookies are no longer valid", "cookies have been rotated")
_INVALID = "authorization token is invalid"
_REFUSED = re.compile(r"HTTP Error 40[013]")
_EXPORT = "export the cookies again, in Netscape format, to where the settings say (docs/access.md)"


def cookie_text(path: Path) -> str | Problem:
    """Give what a cookie file holds for the sources, in Netscape format, or why it is no cookie file.

    Every line is looked at first: the libraries print a line they cannot read, which holds the login.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        return _unusable(f"the cookie file {path.name} cannot be read: {_reason(error)}")
    rows: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        said = line.removeprefix(_HTTP_ONLY)
        if not said.strip() or said.startswith("#"):
            continue
        fields = said.split("\t")
        if len(fields) != _FIELDS or _EXPIRY.fullmatch(fields[4]) is None:
            return _unusable(f"line {number} of the cookie file {path.name} is not in Netscape format")
        if is_own(fields[0]):
            rows.append("\t".join(_agreeing(fields)))
    if not rows:
        return _unusable(f"the cookie file {path.name} holds no cookies of {' or '.join(HOSTS.values())}")
    return "\n".join([_HEADER, *rows, ""])


def own_cookies(
    way: Way, source: str, options: MutableMapping[str, Any], load: Callable[[], CookieJar]
) -> CookieJar | Problem:
    """Give the cookies of a way as a jar that holds nothing for other hosts, or why they are of no use.

    Args:
        way: whose cookies they are.
        source: for which source they shall be good.
        options: the library's, of which its `cookiefile` is set to the file's text before it loads.
        load: has the library read them, from the browser too; it may raise what it raises.
    """
    if way.cookie_file is not None:
        text = cookie_text(way.cookie_file)
        if isinstance(text, Problem):
            return text
        options["cookiefile"] = io.StringIO(text)
    jar = load()
    for cookie in [cookie for cookie in jar if not is_own(cookie.domain)]:
        jar.clear(cookie.domain, cookie.path, cookie.name)
    detail = unfit(jar, source, way, getattr(options.get("logger"), "warnings", ()))
    return jar if detail is None else _unusable(detail)


def is_own(domain: str) -> bool:
    """Say whether a cookie's domain is one of a source that is reached by ways."""
    name = domain.lower().lstrip(".")
    return any(name == host or name.endswith(f".{host}") for host in HOSTS.values())


def unfit(cookies: Iterable[Cookie], source: str, way: Way, warnings: Iterable[str] = ()) -> str | None:
    """Say why the cookies of a way are of no use for a source, before anything is asked with them; else nothing.

    A login that has ended, or that stays encrypted without the browser's key, would be left out without a word, and
    the way would answer as a guest does.
    """
    if source not in HOSTS or not (way.cookie_file or way.cookie_browser):
        return None
    host = HOSTS[source]
    origin = _origin(way)
    own = [cookie for cookie in cookies if f".{cookie.domain.lstrip('.')}".endswith(f".{host}")]
    alive = {cookie.name for cookie in own if cookie.value and not cookie.is_expired()}
    if _LOGINS[source] in alive:
        return None
    if way.cookie_browser and any("decrypt" in warning for warning in warnings):
        return f"the cookies of {origin} cannot be decrypted: its keyring is closed, or not of this machine"
    if not own:
        return f"{origin} holds no cookies of {host}"
    if not alive or any(cookie.name == _LOGINS[source] for cookie in own):
        return f"the login at {host} in {origin} has expired"
    return None


def refused_login(warnings: Iterable[str], source: str, way: Way) -> Problem | None:
    """Name a login that a source does not take any more, as the library warns before it goes on as a guest.

    A service that cannot say so just now, with a 503 perhaps, has refused nothing.
    """
    said = " ".join(warnings)
    ended = any(phrase in said for phrase in _STALE) or (_INVALID in said and _REFUSED.search(said) is not None)
    if not ended:
        return None
    detail = f"{HOSTS.get(source, source)} does not take the login in {_origin(way)} any more"
    hint = "sign in there again, and export the cookies anew if they are in a file (docs/access.md)"
    return Problem(failure=FailureClass.AUTH_EXPIRED, detail=detail, hint=hint)


def _origin(way: Way) -> str:
    if way.cookie_browser:
        return f"the browser {way.cookie_browser}"
    return f"the cookie file {way.cookie_file.name if way.cookie_file else ''}"


def _agreeing(fields: list[str]) -> list[str]:
    """Make the domain's dot and the word about subdomains say the same; the library breaks where they do not."""
    domain, tail, path, *rest = fields
    wide = domain.startswith(".") or tail.upper() == "TRUE"
    name = domain.lstrip(".")
    return [f".{name}" if wide else name, "TRUE" if wide else "FALSE", path, *rest]


def _reason(error: OSError | UnicodeDecodeError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "it is no text in UTF-8"
    return error.strerror or type(error).__name__


def _unusable(detail: str) -> Problem:
    return Problem(failure=FailureClass.AUTH_EXPIRED, detail=detail, hint=_EXPORT)
