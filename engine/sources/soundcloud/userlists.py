"""A user's likes, uploads and reposts, read a page at a time and no further than what is new (F37).

The first page is enough when it meets the list as it was known, right behind the thing that was newest then, and the
user's own counts grew by exactly what stands before it. Anything else is read to the end. What such counts cannot
show, one hidden far down while another comes back, is found by reading everything now and then.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from engine.domain.failure import Problem
from engine.source_ports import Known, Listing
from engine.sources.soundcloud import listings, parse
from engine.sources.soundcloud.addresses import UserList
from engine.sources.soundcloud.listings import Member, Owner
from engine.sources.soundcloud.memory import Memory
from engine.sources.soundcloud.sessions import Session

SHORT_LISTINGS_MAX = 50
"""So many times in a row only the first page is read; then all are, whatever the counts say."""
_WATERMARK = re.compile(r"(?P<short>\d+)/(?P<sets>\d*)/(?P<newest>(?:track|playlist):\S+)")
"""How many short listings led here, how many sets the user is said to like, and what was newest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Joined:
    """A first page that meets the known list: the entries, old and new, and how many short listings that makes."""

    entries: tuple[str, ...]
    short: int


def list_user(session: Session, address: UserList, known: Known | None, memory: Memory) -> Listing | Problem:
    """Give a user's list, an incomplete one where its pages ended in a problem, or why nothing came at all."""
    prefix = f"soundcloud:{address.which}:"
    number = known.ref.removeprefix(prefix) if known and known.ref.startswith(prefix) else None
    answer = session.user(address.profile, number)
    whose = answer if isinstance(answer, Problem) else listings.owner(answer, address.which)
    if isinstance(whose, Problem):
        return whose
    shown: list[Member | None] = []
    joined: _Joined | None = None
    problem: Problem | None = None
    for page in session.pages(whose.native, address.which):
        if isinstance(page, Problem):
            problem = page
            break
        is_first = not shown
        shown += listings.members(page.items)
        joined = _joined(whose, address.which, shown, known) if is_first and not page.last else None
        if joined:
            break
    if problem and not shown:
        return problem  # nothing was seen of it: it may be a list that nobody may see
    memory.keep(one.record for one in shown if one and one.kind == "track")
    return listings.user_list(
        whose,
        joined.entries if joined else _entries(shown),
        which=address.which,
        url=address.url,
        shown=shown,
        watermark=_watermark(whose, shown, joined.short if joined else 0),
        problem=problem,
    )


def list_sets(session: Session, profile: str, which: str) -> tuple[str, ...] | Problem:
    """Give the addresses of a user's sets or albums: all of them, or why not."""
    answer = session.user(profile, None)
    whose = answer if isinstance(answer, Problem) else listings.owner(answer, which)
    if isinstance(whose, Problem):
        return whose
    found: list[str] = []
    for page in session.pages(whose.native, which):
        shown = page if isinstance(page, Problem) else listings.set_addresses(page.items)
        if isinstance(shown, Problem):
            return shown
        found += shown
    return tuple(dict.fromkeys(found))


def _joined(whose: Owner, which: str, shown: Sequence[Member | None], known: Known | None) -> _Joined | None:
    """Put what is new before what is known, where the first page and the counts prove that nothing else changed."""
    mark = _WATERMARK.fullmatch(known.watermark or "") if known else None
    if mark is None or known is None or known.ref != f"soundcloud:{which}:{whose.native}":
        return None
    marks = [one.mark if one else "" for one in shown]
    if mark["newest"] not in marks or "" in marks or int(mark["short"]) >= SHORT_LISTINGS_MAX:
        return None
    if whose.declared_count is None or known.declared_count is None:
        return None
    new = shown[: marks.index(mark["newest"])]
    met = _entries(shown[len(new) :])
    grown = (whose.declared_count - known.declared_count, _more_sets(whose, mark["sets"]))
    entries = (*_entries(new), *known.entries)
    if not _accounted(new, *grown) or met != known.entries[: len(met)] or len(set(entries)) != len(entries):
        return None  # what stands twice was liked anew, whatever the counts say
    return _Joined(entries=entries, short=int(mark["short"]) + 1)


def _accounted(new: Sequence[Member | None], grown: int, grown_sets: int | None) -> bool:
    """Say whether counts grew by what is new and nothing left: sets are counted in, or apart, or not at all."""
    return grown == len(new) or (grown == len(_entries(new)) and grown_sets == len(new) - grown)


def _more_sets(whose: Owner, before: str) -> int | None:
    return whose.declared_sets - int(before) if whose.declared_sets is not None and before else None


def _entries(shown: Sequence[Member | None]) -> tuple[str, ...]:
    return tuple(parse.track_ref(one.native) for one in shown if one and one.kind == "track")


def _watermark(whose: Owner, shown: Sequence[Member | None], short: int) -> str | None:
    sets = "" if whose.declared_sets is None else whose.declared_sets
    return f"{short}/{sets}/{shown[0].mark}" if shown and shown[0] else None
