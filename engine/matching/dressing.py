"""Who and what an offer says, read as the sought name would be written. Pure.

Where it is known what is sought, more may be taken off than from any name (`furniture`), and whoever is sought is
found where no dash says so: `Artist: Title`, `Title by Artist`, `Artist • Title`. Only one who is sought is ever found.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from engine.matching.folding import plain
from engine.matching.furniture import BRACKET, DASH, Known, without_furniture
from engine.matching.parsing import TEXT_MAX, parse
from engine.matching.things import Thing
from engine.matching.tokens import tokens, units
from engine.matching.words import VERSIONS


class Shown(NamedTuple):
    """Who and what an offer says."""

    artist: str | None
    title: str


_SIGN = r"\s(?:[^\w\s()\[\]{}\"'&+,./@#]+)\s"
"""A sign between blanks that stands where a dash would: a bar, a dot, a tilde, an arrow."""
_CREDITED = (
    re.compile(r"^(?P<who>.+?)\s*:\s+(?P<what>.+)$"),
    re.compile(r"^(?P<who>.+?)\s*\"(?P<what>.+)\"(?P<rest>(?:\s*[(\[].*)?)$"),  # `plain` knows one kind of quotes
    re.compile(r"^(?P<who>.+?)\s+'(?P<what>.+)'(?P<rest>(?:\s*[(\[].*)?)$"),
    re.compile(rf"^(?P<who>.+?){_SIGN}(?P<what>.+)$"),
    re.compile(r"^(?P<who>.+?)(?:-+\s|\s-+)\s*(?P<what>.+)$"),
    re.compile(r"^(?P<what>.+)\s+by\s+(?P<who>.+)$", re.IGNORECASE),
    re.compile(rf"^(?P<what>.+?){_SIGN}(?P<who>.+)$"),
)


_ACCOUNT = ("official", "music", "vevo", "oficial")
"""What accounts of those who play have behind their names."""


def undressed(shown: Shown, sought: Thing, *, uploader: str | None, label: str | None = None) -> Shown:
    """Give who and what an offer says, without what uploaders write around it.

    Args:
        shown: what the source says; its artist may be no more than whoever uploaded it.
        sought: what is looked for: what its name says, stays.
        uploader: who uploaded it.
        label: which label the source names.
    """
    known = Known(
        own=frozenset((*tokens(sought.title), *tokens(sought.artist or ""))),
        behind=frozenset(_behind(sought.title)),
        houses=tuple(words for name in (uploader, label) if (words := tokens(name or ""))),
    )
    artist = "" if tokens(shown.artist or "") == tokens(uploader or "") else plain(shown.artist or "")
    written = _shortened(f"{artist}{DASH if artist else ''}{plain(shown.title)}")
    bare = without_furniture(written, known)
    found = Shown(shown.artist, bare)
    if artist:
        who, dash, what = bare.partition(DASH)
        found = Shown(who, what) if dash and tokens(what) else Shown(uploader, bare)
        if not dash or not _is_version_of(found, sought):
            return _turned(found, sought)
        found = Shown(uploader, bare)
    return _by_account(_credited(found, sought), sought, uploader or "")


_ROW = re.compile(r"([^\w\s])\1{8,}")


def _shortened(text: str) -> str:
    """Give a text of a length that people read, without long rows of one sign: every pattern stays quick."""
    return _ROW.sub(lambda found: found[1] * 8, " ".join(text[:TEXT_MAX].split()))


def _behind(title: str) -> tuple[str, ...]:
    """Give what a title says in brackets, or after a dash."""
    return tokens(" ".join((*BRACKET.findall(title), *plain(title).split(DASH)[1:])))


def _known(sought: Thing) -> frozenset[str]:
    return frozenset(units(sought.artist or "")) or frozenset(parse(sought.title).artists)


def _is_version_of(shown: Shown, sought: Thing) -> bool:
    """Whether what stands before the dash is the title that is sought, and behind it no more than which version."""
    title = tuple(word for word in parse(sought.title).title if word not in VERSIONS)
    return tokens(shown.artist or "") == title and VERSIONS.issuperset(tokens(shown.title)[-1:])


def _turned(shown: Shown, sought: Thing) -> Shown:
    """Exchange who and what where a title says them the other way round."""
    who, named, other = _known(sought), units(shown.artist or ""), units(shown.title)
    turned = not who.issuperset(named) and who.issuperset(other) and bool(other)
    return Shown(shown.title, shown.artist or "") if turned else shown


def _credited(shown: Shown, sought: Thing) -> Shown:
    """Find who is sought where a title says who plays in another way than before a dash."""
    who = _known(sought)
    for pattern in _CREDITED if who else ():
        found = pattern.match(shown.title)
        if found and (named := units(found["who"])) and who.issuperset(named):
            return Shown(found["who"], f"{found['what']}{found.groupdict().get('rest') or ''}".strip())
    return shown


def _by_account(shown: Shown, sought: Thing, uploader: str) -> Shown:
    """Read `adamoonofficial` as who is sought, where nothing else says who plays."""
    account = "".join(tokens(uploader))
    if tokens(shown.artist or "") not in ((), tokens(uploader)):
        return shown
    named = (who for who in units(sought.artist or "") if account in {f"{who}{word}" for word in _ACCOUNT})
    return Shown(next(named, shown.artist), shown.title)
