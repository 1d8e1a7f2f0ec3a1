"""What a SoundCloud address asks for, read from the address alone. Pure; asks nobody."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import SplitResult, parse_qs, urlsplit

_SITE = "https://soundcloud.com"
_PAGE_HOSTS = ("soundcloud.com", "www.soundcloud.com", "m.soundcloud.com")
_API_HOSTS = ("api.soundcloud.com", "api-v2.soundcloud.com")
_PLAYER_HOSTS = ("w.soundcloud.com", "player.soundcloud.com")
_SHORT_HOSTS = ("on.soundcloud.com", "snd.sc", "soundcloud.app.goo.gl")
_HOSTS = (*_PAGE_HOSTS, *_API_HOSTS, *_PLAYER_HOSTS, *_SHORT_HOSTS)
_API_PATH = re.compile(r"/(?P<kind>tracks|playlists)/(?:soundcloud(?::|%3A)\w+(?::|%3A))?(?P<id>\d+)/?", re.IGNORECASE)
_API_USER = re.compile(
    r"/users/(?:soundcloud(?::|%3A)users(?::|%3A))?(?P<id>\d+)(?:/(?P<which>tracks|likes))?/?", re.IGNORECASE
)
_LISTS = ("tracks", "likes", "reposts")
_SHELVES = ("sets", "albums")
_OWN = "soundcloud:"
_NO_LISTS = ("albums", "sets", "spotlight", "comments", "recommended", "followers", "following", "popular-tracks")
_NO_USERS = (
    *("discover", "stations", "search", "you", "stream", "feed", "charts", "tags", "upload", "pages", "settings"),
    *("messages", "notifications", "connect", "signin", "login", "logout"),
)
_TOKEN = re.compile(r"s-[\w-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A set or a track, by the address of its page; a private one with its token."""

    url: str
    token: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """A set or a track, by its number."""

    kind: str  # "tracks" or "playlists"
    number: str
    token: str | None = None

    @property
    def url(self) -> str:
        """Its address for clients of the api, without its token."""
        return f"https://api-v2.soundcloud.com/{self.kind}/{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class UserList:
    """One of a user's lists."""

    url: str
    which: str  # "tracks", "likes" or "reposts"

    @property
    def profile(self) -> str:
        """The address of the user's page."""
        return self.url.rpartition("/")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class UserSets:
    """All of a user's sets, or all that are albums."""

    url: str
    which: str  # "sets" or "albums"

    @property
    def profile(self) -> str:
        """The address of the user's page."""
        return self.url.rpartition("/")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnList:
    """One of the person's own lists, named by a word that stands for its address."""

    which: str  # "tracks", "likes", "reposts", "sets" or "albums"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortLink:
    """An address that leads to another one."""

    url: str


Address: TypeAlias = Page | Numbered | UserList | UserSets | OwnList | ShortLink


def is_soundcloud(url: str) -> bool:
    """Say whether an address is on one of SoundCloud's hosts, or a word for one of the person's own lists."""
    return _own(url) is not None or _split(url).hostname in _HOSTS


def read(url: str) -> Address | None:
    """Give what an address asks for, in canonical form, or nothing when it is no list and no track."""
    if own := _own(url):
        return own
    split = _split(url)
    query = {name: values[-1] for name, values in parse_qs(split.query).items()}
    host, token = split.hostname, _token(query.get("secret_token"))
    if host in _SHORT_HOSTS:
        return ShortLink(url=f"https://{host}{split.path}") if split.path.strip("/") else None
    if host in _PLAYER_HOSTS:
        inner = query.get("url", "")
        return read(inner) if _split(inner).hostname in (*_PAGE_HOSTS, *_API_HOSTS) else None
    if host in _API_HOSTS:
        found = _API_PATH.fullmatch(split.path)
        numbered = Numbered(kind=found["kind"].lower(), number=found["id"], token=token) if found else None
        return numbered or _user_of_api(split.path)
    return _page([step for step in split.path.split("/") if step], token) if host in _PAGE_HOSTS else None


def own(meant: OwnList, profile: str | None) -> UserList | UserSets | None:
    """Give the list of a profile that a word stands for, or nothing without the address of a profile."""
    page = read(profile or "")
    if not isinstance(page, UserList):
        return None
    return _list_of(page.profile.rpartition("/")[2], meant.which)


def _list_of(user: str, which: str) -> UserList | UserSets:
    url = f"{_SITE}/{user}/{which}"
    return UserSets(url=url, which=which) if which in _SHELVES else UserList(url=url, which=which)


def _own(url: str) -> OwnList | None:
    which = url.removeprefix(_OWN)
    return OwnList(which=which) if which != url and which in (*_LISTS, *_SHELVES) else None


def _page(steps: list[str], token: str | None) -> Address | None:
    if not steps or steps[0] in _NO_USERS:
        return _page_of_discovery(steps)
    match steps[:4]:
        case [user]:
            return UserList(url=f"{_SITE}/{user}/tracks", which="tracks")
        case [user, which] if which in (*_LISTS, *_SHELVES):
            return _list_of(user, which)
        case [user, "sets", name, *rest]:
            return _with_token(f"{_SITE}/{user}/sets/{name}", rest, token)
        case [user, name, *rest] if name not in _NO_LISTS:
            return None if rest and rest[0] in _NO_LISTS else _with_token(f"{_SITE}/{user}/{name}", rest, token)
        case _:
            return None


def _user_of_api(path: str) -> UserList | None:
    """Give the list of a user who is named by number."""
    found = _API_USER.fullmatch(path)
    if found is None:
        return None
    which = (found["which"] or "tracks").lower()
    return UserList(url=f"https://{_API_HOSTS[0]}/users/{found['id']}/{which}", which=which)


def _page_of_discovery(steps: list[str]) -> Page | OwnList | None:
    match steps:
        case ["discover", "sets", name]:
            return Page(url=f"{_SITE}/discover/sets/{name}")
        case ["you", which] if which in (*_LISTS, *_SHELVES):
            return OwnList(which=which)  # where the site shows each person their own
        case _:
            return None


def _with_token(url: str, rest: list[str], token: str | None) -> Page:
    secret = _token(rest[0]) if rest else token
    return Page(url=f"{url}/{secret}" if secret else url, token=secret)


def _token(text: str | None) -> str | None:
    return text if text and _TOKEN.fullmatch(text) else None


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url if "://" in url else f"https://{url}")
    except ValueError:  # such as an address with half of an IPv6 host
        return urlsplit("")
