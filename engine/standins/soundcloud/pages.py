"""Lists in pages, as api-v2 hands them out: an opaque place to go on from, or a number where it is a search.

A place counts from the list's end, so that what is liked meanwhile moves nobody's page. A place that is none, or
one of another list, is refused. What a listener may not see was asked for all the same: a page may be short.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from http import HTTPStatus
from urllib.parse import unquote, urlencode

from engine.standins.server import Request, Response
from engine.standins.soundcloud.shapes import API_V2, Json

PAGE_ITEMS_MAX = 200  # the limit SoundCloud documents for linked partitioning
_PAGE_ITEMS = 10
_PLACE = re.compile(r"(?P<at>[^,]*),(?P<list>[\w-]+),(?P<left>\d{22})")
_SEARCH_KEPT = ("q", "linked_partitioning")


def listed(request: Request, items: Sequence[object], shape: Callable[..., Json | None]) -> Response:
    """Answer with one page of a list, from the place the request names; 400 where it is no place of this list."""
    left = left_from(request.parameter("offset") or "0", name_of(request), len(items))
    limit = limit_of(request)
    if left is None or limit is None:
        return Response.of_json({}, status=HTTPStatus.BAD_REQUEST)
    start = max(0, len(items) - left)
    shown = [shaped for shaped in map(shape, items[start : start + limit]) if shaped]
    following = None
    if start + limit < len(items):
        dated = str(shown[-1].get("created_at", "")) if shown else ""
        place = place_of(dated, name_of(request), len(items) - start - limit)
        following = f"{API_V2}{request.path}?{urlencode([('offset', place), ('limit', limit)])}"
    return Response.of_json({"collection": shown, "next_href": following, "query_urn": None})


def found(request: Request, hits: Sequence[Json]) -> Response:
    """Answer with one page of what a search found, and how much that is; its places are numbers."""
    given = request.parameter("offset") or "0"
    limit = limit_of(request)
    if not given.isdecimal() or limit is None:
        return Response.of_json({}, status=HTTPStatus.BAD_REQUEST)
    offset = int(given)
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


def limit_of(request: Request, *, usual: int = _PAGE_ITEMS) -> int | None:
    """Give how many lines a page may have, never more than the service allows; nothing where that is no number."""
    given = request.parameter("limit") or str(usual)
    return min(PAGE_ITEMS_MAX, int(given)) if given.isdecimal() and int(given) else None


def name_of(request: Request) -> str:
    """Give the name a list's places carry."""
    return re.sub(r"[^\w]+", "-", unquote(request.path).strip("/"))


def place_of(dated: str, name: str, left: int) -> str:
    """Give the place in a list from which so many lines are left."""
    return f"{dated},{name},{left:022d}"


def left_from(place: str, name: str, size: int) -> int | None:
    """Give how many lines are left from a place on, or nothing where it is no place of this list."""
    if place == "0":
        return size
    read = _PLACE.fullmatch(place)
    return int(read["left"]) if read and read["list"] == name else None
