"""Says what is wrong with an access profile, before anything is asked by it; a proxy's address is never repeated."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from engine.domain.errors import SettingsError
from engine.settings.model import AccessProfile
from engine.settings.secret import Secret

SCHEMES = ("http", "https", "socks4", "socks4a", "socks5", "socks5h")
SOURCES = ("soundcloud", "youtube")
BROWSERS = ("brave", "chrome", "chromium", "edge", "firefox", "opera", "safari", "vivaldi", "whale")
RESERVED = "direct"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
_COUNTRY = re.compile(r"[A-Za-z]{2}")


def check_profiles(profiles: Sequence[AccessProfile], place: Callable[[str], str]) -> None:
    """Accept profiles that can be used as they stand; `place` says where a key is, for people.

    Raises:
        SettingsError: a name is missing, taken or odd; a profile leads nowhere; an address, country or source is none.
    """
    names: set[str] = set()
    for number, profile in enumerate(profiles):
        for key, detail, hint in _faults(profile, names):
            where = f"access.{number}.{key}"
            raise SettingsError(f"{place(where)}: `{where}`: {detail}", hint=hint)
        names.add(profile.name)


def _faults(profile: AccessProfile, names: set[str]) -> list[tuple[str, str, str]]:
    plain = "give it a name of letters, digits, dots and dashes, such as `germany`"
    different = "every profile has a name of its own; what worked and failed is kept under it"
    address = f"SCHEME://HOST:PORT, of {', '.join(SCHEMES)}; in a password, / is %2F, @ is %40 and : is %3A"
    browser = (profile.browser or "firefox").lower()
    other = [source for source in profile.sources if source not in SOURCES]
    checks = (
        (_NAME.fullmatch(profile.name) is None, "name", f"{profile.name!r} is no name", plain),
        (profile.name == RESERVED, "name", f"`{RESERVED}` is the way without any profile", different),
        (profile.name in names, "name", f"`{profile.name}` is there twice", different),
        (not leads_elsewhere(profile), "name", "has no proxy and no cookies", "give `proxy`, `cookies` or `browser`"),
        (not is_proxy(profile.proxy), "proxy", "is no proxy's address", address),
        (not _is_country(profile.country), "country", f"{profile.country!r} is no country", 'two letters, as in "DE"'),
        (browser not in BROWSERS, "browser", f"{browser!r} is no browser", f"choose from: {', '.join(BROWSERS)}"),
        (bool(profile.cookies and profile.browser), "browser", "stands beside `cookies`", "give one of the two"),
        (not profile.sources, "sources", "serves no source", f"choose from: {', '.join(SOURCES)}, or leave it out"),
        (bool(other), "sources", f"{other[:1]} is no source that is reached so", f"choose from: {', '.join(SOURCES)}"),
    )
    return [(key, detail, hint) for wrong, key, detail, hint in checks if wrong]


def leads_elsewhere(profile: AccessProfile) -> bool:
    """Say whether a profile differs from the direct way at all."""
    return bool(profile.proxy or profile.cookies or profile.browser)


def is_proxy(proxy: Secret | None) -> bool:
    """Say whether a text can be a proxy's address; that there is none is fine."""
    if not proxy:
        return True
    try:
        parts = urlsplit(proxy.reveal())
        return parts.scheme in SCHEMES and bool(parts.hostname) and parts.port != 0 and parts.path in ("", "/")
    except ValueError:
        return False


def _is_country(country: str | None) -> bool:
    return country is None or _COUNTRY.fullmatch(country) is not None
