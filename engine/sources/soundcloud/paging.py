"""Following a list page by page, whichever of SoundCloud's apis gives it: lazily, and never without end."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from engine.domain.failure import Problem
from engine.sources.soundcloud import problems
from engine.sources.soundcloud.records import unreadable
from engine.sources.soundcloud.sessions import Page

PAGES_MAX = 250
"""Pages of one list: of 200 entries each, ten times the longest list known to us."""


def paged(first: str, get: Callable[[str], object], page_items: int) -> Iterator[Page | Problem]:
    """Give a list's pages until the last one, or until a problem, which ends it.

    Args:
        first: the first page's address; every page names the next one.
        get: gives the answer at an address, or a `Problem`.
        page_items: how many entries a page holds at the most.
    """
    url = first
    for _ in range(PAGES_MAX):
        answer = get(url)
        if isinstance(answer, Problem):
            yield answer
            return
        if not isinstance(answer, dict) or not isinstance(answer.get("collection") or [], list):
            yield unreadable("page of a list")
            return
        following = str(answer.get("next_href") or "")
        yield Page(items=tuple(answer.get("collection") or ()), last=not following)
        if not following:
            return
        if following == url:
            yield unreadable("address of the next page")
            return
        url = following
    yield problems.endless(PAGES_MAX * page_items)
