"""Which playlist a list is: by the id it carries, else by where it lies, else by what it holds (P16). Pure.

A list that was renamed is the playlist it was, as long as nothing else is; nobody's playlist is taken from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.domain.canonical import short_id
from engine.sources.files.memory import SeenList


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A list as it is now.

    Attributes:
        kind: what kind of list: the second part of its ref.
        native_id: the id it carries in itself.
    """

    kind: str
    url: str
    place: str
    entries: tuple[str, ...]
    native_id: str | None = None


def playlist_ref(found: Found, seen: Mapping[str, SeenList], is_there: Callable[[str], bool]) -> str:
    """Give the ref of the playlist a list is.

    Args:
        found: the list.
        seen: the lists that were ever seen, by ref.
        is_there: whether there still is a list at an address.
    """
    for ref in filter(None, (_native(found), _listed_here(found, seen), moved(found, seen, is_there))):
        holder = seen.get(ref)
        if holder is None or holder.url == found.url or not is_there(holder.url):
            return ref
    by_place = _ref(found.kind, found.place)
    holder = seen.get(by_place)
    free = holder is None or holder.url == found.url or not is_there(holder.url)
    return by_place if free else _ref(found.kind, found.place, "again")


def moved(found: Found, seen: Mapping[str, SeenList], is_there: Callable[[str], bool]) -> str | None:
    """Give the one playlist that held exactly these entries and whose list is gone; of several, none."""
    prefix = f"file:{found.kind}:"
    gone = [
        ref
        for ref, one in seen.items()
        if ref.startswith(prefix) and found.entries and one.entries == found.entries and not is_there(one.url)
    ]
    return gone[0] if len(gone) == 1 else None


def _native(found: Found) -> str | None:
    return _ref(found.kind, "id", found.native_id) if found.native_id else None


def _listed_here(found: Found, seen: Mapping[str, SeenList]) -> str | None:
    return next((ref for ref, one in sorted(seen.items()) if one.url == found.url), None)


def _ref(kind: str, *parts: str) -> str:
    return f"file:{kind}:{short_id('file', *parts)}"
