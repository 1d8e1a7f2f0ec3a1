"""Listings: query of a data source, search, and the paging both share.

Without sorts the order is a matter of chance, the same within one chain of cursors and different in the next.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from typing import Any, TypeVar

from engine.standins.notion.call import Call, Cursor
from engine.standins.notion.checks import as_id, as_object, as_page_size, as_text, only_keys
from engine.standins.notion.errors import MISSING, invalid, should
from engine.standins.notion.filters import column_named, compile_filter, compile_sorts
from engine.standins.notion.render import page_object, source_object
from engine.standins.notion.richtext import plain_text
from engine.standins.notion.schema import TITLE_ID, Property
from engine.standins.notion.store import DataSource, Page

Thing = TypeVar("Thing", Page, DataSource)
_QUERY_KEYS = ("filter", "sorts", "start_cursor", "page_size", "in_trash", "archived", "result_type")
_SEARCH_KEYS = ("query", "filter", "sort", "start_cursor", "page_size")


def query_source(call: Call, source_id: str) -> dict[str, Any]:
    """Answer `POST /v1/data_sources/{id}/query`."""
    store, body = call.store, only_keys("body", call.body, _QUERY_KEYS)
    source = store.visible_source(as_id("path.data_source_id", source_id))
    columns = store.visible_columns(source)
    if body.get("result_type", "page") not in ("page", "data_source"):
        raise should("body.result_type", '`"page"` or `"data_source"`', body["result_type"])
    keeps = compile_filter(store, columns, body["filter"], "body.filter") if "filter" in body else lambda _: True
    arrange = compile_sorts(store, columns, body.get("sorts", []), "body.sorts")
    only = wanted_properties(call, columns)
    in_trash = bool(call.in_trash())
    salt = _salt(call, _listing(call, source.id))
    versions = (store.indexed(page) for page in store.rows(source.id))
    rows = [page for page in versions if page and page.in_trash is in_trash and keeps(page)]
    rows.sort(key=lambda page: zlib.crc32(page.id.encode(), salt))
    arrange(rows)
    shown, ending = _cut(call, rows, _listing(call, source.id), salt)
    results = [page_object(store, page, call.version, only=only) for page in shown]
    return {"object": "list", "results": results, "type": "page_or_data_source", "page_or_data_source": {}, **ending}


def search(call: Call) -> dict[str, Any]:
    """Answer `POST /v1/search`: shared pages and data sources whose title contains the words."""
    store, body = call.store, only_keys("body", call.body, _SEARCH_KEYS)
    sought = as_text("body.query", body.get("query", "")).casefold()
    kind = _searched_kind(body)
    listing = _listing(call, "search")
    salt = _salt(call, listing)
    found: list[Any] = []
    if kind != "data_source":
        versions = (store.indexed(page) for page in store.pages.values() if store.sees_page(page))
        found += [page for page in versions if page and not page.in_trash and sought in title(page).casefold()]
    if kind != "page":
        shared = (source for source in store.sources.values() if store.sees_source(source))
        found += [source for source in shared if not source.in_trash and sought in source.title.casefold()]
    found.sort(key=lambda thing: -thing.stamp.edited_s)
    shown, ending = _cut(call, found, listing, salt)
    results = [
        page_object(store, thing, call.version)
        if isinstance(thing, Page)
        else source_object(store, thing, call.version)
        for thing in shown
    ]
    return {"object": "list", "results": results, "type": "page_or_data_source", "page_or_data_source": {}, **ending}


def title(page: Page) -> str:
    """Give a page's title as plain text."""
    return plain_text(page.values.get(TITLE_ID, ()))


def wanted_properties(call: Call, columns: Sequence[Property]) -> set[str] | None:
    """Read `filter_properties`: names or decoded ids. An id that is still encoded matches nothing, as in reality."""
    asked = [given for name, given in call.query if name in ("filter_properties", "filter_properties[]")]
    if not asked:
        return None
    for key in asked:
        if all(key not in (column.name, column.id) for column in columns):
            raise invalid(f"Could not find property with name or id: {key}")
    return {column_named(columns, key).id for key in asked}


def _searched_kind(body: Any) -> str | None:
    if "filter" not in body:
        return None
    given = as_object("body.filter", body["filter"])
    if given.get("property") != "object" or given.get("value") not in ("page", "data_source"):
        raise should("body.filter.value", '`"page"` or `"data_source"`', given.get("value", MISSING))
    return str(given["value"])


def _listing(call: Call, scope: str) -> str:
    asked = {key: given for key, given in call.body.items() if key not in ("start_cursor", "page_size")}
    return json.dumps([scope, asked], sort_keys=True)


def _salt(call: Call, listing: str) -> int:
    token = call.body.get("start_cursor")
    return call.store.requests if token is None else _taken(call, token, listing).salt


def _taken(call: Call, token: object, listing: str) -> Cursor:
    return call.cursors.take(token, listing, now_s=call.store.clock(), life_s=call.knobs.cursor_life_s)


def _cut(call: Call, things: list[Thing], listing: str, salt: int) -> tuple[list[Thing], dict[str, Any]]:
    reachable = things[: call.knobs.rows_max]
    begin, token = 0, call.body.get("start_cursor")
    if token is not None:
        next_id = _taken(call, token, listing).next_id
        places = [place for place, thing in enumerate(reachable) if thing.id == next_id]
        if not places:
            raise invalid(f"The start_cursor provided is invalid: {token}")
        begin = places[0]
    size = min(as_page_size("body.page_size", call.body.get("page_size", MISSING)), call.knobs.rows_per_page_max)
    end = begin + size
    if end < len(reachable):
        cursor = Cursor(listing=listing, salt=salt, next_id=reachable[end].id, made_s=call.store.clock())
        return reachable[begin:end], {"next_cursor": call.cursors.give(cursor), "has_more": True}
    status: dict[str, Any] = {"type": "complete"}
    if len(things) > len(reachable):
        status = {"type": "incomplete", "incomplete_reason": "query_result_limit_reached"}
    return reachable[begin:end], {"next_cursor": None, "has_more": False, "request_status": status}
