"""Lists in pages, as api-v2 hands them out: an opaque place to go on from, or a number where it is a search.

A place counts from the list's end, so that what is liked meanwhile moves nobody's page. A place that is none, or
one of another list, is refused. What a listener may not see was asked for all the same: a page may be short.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from http import HTTPStatus
from urllib.parse import urlencode

from engine.standins.server import Request, Response
from engine.standins.soundcloud.shapes import API_V2, Json

PAGE_ITEMS_MAX = 200  # the limit SoundCloud documents for linked partitioning
_PAGE_ITEMS = 10
_PLACE = re.compile(r"(?P<at>[^,]*),(?P<list>[\w-]+),(?P<left>\d{22})")
_SEARCH_KEPT = ("q", "linked_partitioning")


def listed(request: Request, items: Sequence[object], shape: Callable[..., Json | None]) -> Response:
    """Answer with one page of a list, from the place the request names; 400 where it is no place of this list."""
    name = request.path.strip("/").replace("/", "-")
    left = _left(request.parameter("offset") or "0", name, len(items))
    if left is None:
        return Response.of_json({}, status=HTTPStatus.BAD_REQUEST)
    limit = limit_of(request)
    start = max(0, len(items) - left)
    shown = [shaped for shaped in map(shape, items[start : start + limit]) if shaped]
    following = None
    if start + limit < len(items):
        dated = str(shown[-1].get("created_at", "")) if shown else ""
        place = f"{dated},{name},{len(items) - start - limit:022d}"
        following = f"{API_V2}{request.path}?{urlencode([('offset', place), ('limit', limit)])}"
    return Response.of_json({"collection": shown, "next_href": following, "query_urn": None})


def found(request: Request, hits: Sequence[Json]) -> Response:
    """Answer with one page of what a search found, and how much that is; its places are numbers."""
    given = request.parameter("offset") or "0"
    if not given.isdecimal():
        return Response.of_json({}, status=HTTPStatus.BAD_REQUEST)
    offset, limit = int(given), limit_of(request)
    following = None
    if offset + limit < len(hits):
        kept = [(name, value) for name, value in request.query if name in _SEARCH_KEPT]
        following = f"{API_V2}{request.path}?{urlencode([*kept, ('offset', offset + limit), ('limit', limit)])}"
    return Response.of_json(
        {
            "collection": hits[offset : offset + limit],
            "facets": [],
            "total_results": len(hits),
            "next_href": following,
            "query_urn": f"soundcloud:search:{len(hits):032x}",
        }
    )


def limit_of(request: Request, *, most: int = PAGE_ITEMS_MAX) -> int:
    """Give how many lines a page may have."""
    given = request.parameter("limit") or ""
    return min(most, int(given)) if given.isdecimal() and int(given) else _PAGE_ITEMS


def _left(offset: str, name: str, size: int) -> int | None:
    """Give how many lines are left from a place on, or nothing where it is no place of this list."""
    if offset == "0":
        return size
    place = _PLACE.fullmatch(offset)
    return int(place["left"]) if place and place["list"] == name else None
