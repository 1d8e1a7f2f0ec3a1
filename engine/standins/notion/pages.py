"""Pages and their property items: create, retrieve, update, and the values beyond the 25th."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias
from urllib.parse import quote

from engine.standins.notion.blocks import read_children
from engine.standins.notion.call import Call
from engine.standins.notion.checks import as_bool, as_id, as_object, as_page_size, only_keys
from engine.standins.notion.errors import MISSING, NotionError, invalid, not_found, should
from engine.standins.notion.filters import column_named
from engine.standins.notion.query import wanted_properties
from engine.standins.notion.render import PAGED_KINDS, bare_value, page_object
from engine.standins.notion.schema import Property
from engine.standins.notion.store import BOT, Page, Store
from engine.standins.notion.values import read_value

Values: TypeAlias = tuple[tuple[Property, Any], ...]

_CREATE_KEYS = ("parent", "properties", "icon", "cover", "children")
_UPDATE_KEYS = ("properties", "icon", "cover", "in_trash", "archived", "is_locked", "erase_content")


def create_page(call: Call) -> dict[str, Any]:
    """Answer `POST /v1/pages`."""
    call.require(call.knobs.may_insert)
    store, body = call.store, only_keys("body", call.body, _CREATE_KEYS)
    source_id, parent_page_id = _parent(store, body.get("parent", MISSING))
    columns = store.columns_of(Page(id="", data_source_id=source_id, stamp=store.stamped(BOT)))
    values = read_properties(store, columns, body.get("properties", {}), known="properties" in body)
    children = read_children("body.children", body.get("children", []), store)
    chosen = choose_options(store, source_id, values, actor=BOT)
    page = store.add_page(source_id, chosen, actor=BOT, parent_page_id=parent_page_id)
    store.blocks.setdefault(page.id, []).extend(children)
    return page_object(store, page, call.version)


def retrieve_page(call: Call, page_id: str) -> dict[str, Any]:
    """Answer `GET /v1/pages/{id}`; a page in the trash is still there."""
    page = call.store.visible_page(as_id("path.page_id", page_id))
    only = wanted_properties(call, call.store.columns_of(page))
    return page_object(call.store, page, call.version, only=only)


def update_page(call: Call, page_id: str) -> dict[str, Any]:
    """Answer `PATCH /v1/pages/{id}`."""
    call.require(call.knobs.may_update)
    store, body = call.store, only_keys("body", call.body, _UPDATE_KEYS)
    page = store.visible_page(as_id("path.page_id", page_id))
    in_trash = call.in_trash()
    if store.ancestor_in_trash(page):
        raise invalid(
            "Can't edit page on block with an archived ancestor. You must unarchive the ancestor before editing page."
        )
    if page.in_trash and in_trash is not False:
        raise invalid("Can't edit block that is archived. You must unarchive the block before editing.")
    columns = store.columns_of(page)
    values = read_properties(store, columns, body.get("properties", {}), known=True)
    marks = {name: body[name] for name in ("icon", "cover") if name in body}
    if "is_locked" in body:
        marks["is_locked"] = as_bool("body.is_locked", body["is_locked"])
    if in_trash is not None:
        marks["in_trash"] = in_trash
    if values or marks:
        chosen = choose_options(store, page.data_source_id, values, actor=BOT)
        page = store.change_page(page.id, chosen, actor=BOT, **marks)
    return page_object(store, page, call.version)


def retrieve_property(call: Call, page_id: str, property_id: str) -> dict[str, Any]:
    """Answer `GET /v1/pages/{id}/properties/{property_id}`: one value, or a paginated list of its pieces."""
    store = call.store
    page = store.visible_page(as_id("path.page_id", page_id))
    column = next((column for column in store.columns_of(page) if property_id in (column.id, column.name)), None)
    if column is None:
        raise not_found("property", property_id)
    whole = bare_value(store, page, column)
    if column.kind not in PAGED_KINDS:
        return {"object": "property_item", "type": column.kind, "id": column.wire_id, column.kind: whole}
    size = as_page_size("query.page_size", call.parameter("page_size"))
    begin = _item_offset(call.parameter("start_cursor"), page.id, len(whole))
    end = begin + size
    next_cursor = f"{page.id}:{end}" if end < len(whole) else None
    return _item_list(column, whole[begin:end], next_cursor, page.id)


def _item_list(column: Property, pieces: Sequence[Any], next_cursor: str | None, page_id: str) -> dict[str, Any]:
    place = f"https://api.notion.com/v1/pages/{page_id}/properties/{column.wire_id}"
    next_url = f"{place}?start_cursor={quote(next_cursor)}" if next_cursor else None
    return {
        "object": "list",
        "results": [
            {"object": "property_item", "type": column.kind, "id": column.wire_id, column.kind: piece}
            for piece in pieces
        ],
        "next_cursor": next_cursor,
        "has_more": next_cursor is not None,
        "type": "property_item",
        "property_item": {"id": column.wire_id, "next_url": next_url, "type": column.kind, column.kind: {}},
    }


def _item_offset(token: object, page_id: str, length: int) -> int:
    if token is MISSING:
        return 0
    owner, _, offset = str(token).partition(":")
    if owner != page_id or not offset.isdecimal() or int(offset) >= length:
        raise invalid(f"The start_cursor provided is invalid: {token}")
    return int(offset)


def _parent(store: Store, given: object) -> tuple[str | None, str | None]:
    asked = only_keys("body.parent", given, ("type", "data_source_id", "database_id", "page_id"))
    if "data_source_id" in asked:
        return store.visible_source(as_id("body.parent.data_source_id", asked["data_source_id"])).id, None
    if "database_id" in asked:
        database = store.visible_database(as_id("body.parent.database_id", asked["database_id"]))
        sources = store.sources_of(database.id)
        if len(sources) != 1:
            raise invalid("Databases with multiple data sources are not supported here; name a data_source_id.")
        return sources[0].id, None
    if "page_id" in asked:
        return None, store.visible_page(as_id("body.parent.page_id", asked["page_id"])).id
    raise should("body.parent.data_source_id", "defined", MISSING)


def read_properties(store: Store, columns: Sequence[Property], given: object, *, known: bool) -> Values:
    """Check every property value of a request before anything is written.

    Raises:
        NotionError: an unknown property, a value that does not fit, or a relation to a page that is not there.
    """
    if not known:
        raise should("body.properties", "defined", MISSING)
    values: dict[str, tuple[Property, Any]] = {}
    for key, value in as_object("body.properties", given).items():
        try:
            column = column_named(columns, key)
        except NotionError:
            raise invalid(f"{key} is not a property that exists.") from None
        stored = read_value(f"body.properties.{key}", value, column)
        if column.kind == "relation":
            _check_related(store, column, stored)
        values[column.id] = (column, stored)
    return tuple(values.values())


def _check_related(store: Store, column: Property, ids: Sequence[str]) -> None:
    for page_id in ids:
        if store.visible_page(page_id).data_source_id != column.config["data_source_id"]:
            raise invalid(f"{column.name}: page {page_id} is not in the data source this relation points to.")


def choose_options(store: Store, source_id: str | None, values: Values, *, actor: str) -> dict[str, Any]:
    """Turn option references into option ids, making select options on the way."""
    chosen: dict[str, Any] = {}
    for column, stored in values:
        if source_id is not None and column.kind in ("select", "status") and stored is not None:
            chosen[column.id] = store.choose(source_id, column, [stored], actor=actor)[0]
        elif source_id is not None and column.kind == "multi_select":
            chosen[column.id] = tuple(store.choose(source_id, column, stored, actor=actor))
        else:
            chosen[column.id] = stored
    return chosen
