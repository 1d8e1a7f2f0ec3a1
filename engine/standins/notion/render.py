"""Objects on their way out: the exact shapes of pages, databases, data sources, property items and lists.

Reads the store, changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from engine.standins.notion.richtext import plain_rich_text
from engine.standins.notion.schema import Property
from engine.standins.notion.store import Database, DataSource, Page, Stamp, Store

VERSION_WITHOUT_ARCHIVED = "2026-03-11"
REFERENCES_SHOWN_MAX = 25  # a page object never shows more references or text pieces of one property
PAGED_KINDS = ("title", "rich_text", "relation", "people")


def minute(epoch_s: float) -> str:
    """Give a time as Notion does: rounded down to the minute."""
    return datetime.fromtimestamp(epoch_s // 60 * 60, UTC).strftime("%Y-%m-%dT%H:%M:00.000Z")


def user(user_id: str) -> dict[str, Any]:
    """Give a partial user."""
    return {"object": "user", "id": user_id}


def _option(column: Property, option_id: str) -> dict[str, Any] | None:
    option = column.option("id", option_id)
    return None if option is None else {key: option[key] for key in ("id", "name", "color")}


def bare_value(store: Store, page: Page, column: Property) -> Any:
    """Give a value as it stands under its kind's key, whole."""
    if column.kind in _COMPUTED:
        return _COMPUTED[column.kind](page, column)
    stored = page.values.get(column.id)
    if column.kind == "relation":
        return [{"id": page_id} for page_id in store.linked(stored or ())]
    if column.kind in ("select", "status"):
        return None if stored is None else _option(column, stored)
    if column.kind == "checkbox":
        return bool(stored)
    return _listed(column, stored or ()) if column.kind in _LISTED else stored


def _listed(column: Property, stored: Iterable[Any]) -> list[Any]:
    if column.kind == "people":
        return [user(user_id) for user_id in stored]
    if column.kind == "multi_select":
        return [option for option in (_option(column, option_id) for option_id in stored) if option]
    return list(stored)


_LISTED = ("title", "rich_text", "files", "people", "multi_select")
_COMPUTED: Mapping[str, Callable[[Page, Property], Any]] = {
    "created_time": lambda page, _: minute(page.stamp.created_s),
    "last_edited_time": lambda page, _: minute(page.stamp.edited_s),
    "created_by": lambda page, _: user(page.stamp.created_by),
    "last_edited_by": lambda page, _: user(page.stamp.edited_by),
    "unique_id": lambda page, column: {
        "prefix": column.config.get("prefix"),
        "number": page.values.get(column.id),
    },
}


def value(store: Store, page: Page, column: Property) -> dict[str, Any]:
    """Give a value as it stands in a page object: references and text cut at 25."""
    whole = bare_value(store, page, column)
    shown = {"id": column.wire_id, "type": column.kind, column.kind: whole}
    if column.kind in PAGED_KINDS:
        shown[column.kind] = whole[:REFERENCES_SHOWN_MAX]
    if column.kind == "relation":
        shown["has_more"] = len(whole) > REFERENCES_SHOWN_MAX
    return shown


def page_object(store: Store, page: Page, version: str, *, only: Collection[str] | None = None) -> dict[str, Any]:
    """Give a page; `only` keeps the properties with these raw ids."""
    columns = [column for column in store.columns_of(page) if only is None or column.id in only]
    properties = {column.name: value(store, page, column) for column in columns}
    return {
        "object": "page",
        "id": page.id,
        **_stamped(page.stamp),
        "cover": page.cover,
        "icon": page.icon,
        "parent": _parent(store, page),
        **_trashed(version, in_trash=page.in_trash),
        "is_archived": False,
        "is_locked": page.is_locked,
        "properties": properties,
        "url": f"https://www.notion.so/{page.id.replace('-', '')}",
        "public_url": None,
    }


def database_object(store: Store, database: Database, version: str) -> dict[str, Any]:
    """Give a database: a container, without properties."""
    return {
        "object": "database",
        "id": database.id,
        "title": list(plain_rich_text(database.title)),
        "description": [],
        "parent": {"type": "page_id", "page_id": database.parent_page_id},
        "is_inline": False,
        **_trashed(version, in_trash=database.in_trash),
        "is_locked": False,
        "created_time": minute(database.stamp.created_s),
        "last_edited_time": minute(database.stamp.edited_s),
        "data_sources": [{"id": source.id, "name": source.title} for source in store.sources_of(database.id)],
        "icon": None,
        "cover": None,
        "url": f"https://www.notion.so/{database.id.replace('-', '')}",
        "public_url": None,
    }


def source_object(store: Store, source: DataSource, version: str) -> dict[str, Any]:
    """Give a data source with its schema."""
    database = store.databases[source.database_id]
    return {
        "object": "data_source",
        "id": source.id,
        "title": list(plain_rich_text(source.title)),
        "description": [],
        "parent": {"type": "database_id", "database_id": database.id},
        "database_parent": {"type": "page_id", "page_id": database.parent_page_id},
        "is_inline": False,
        **_trashed(version, in_trash=source.in_trash or database.in_trash),
        **_stamped(source.stamp),
        "icon": None,
        "cover": None,
        "properties": {column.name: column_object(store, column) for column in store.visible_columns(source)},
        "url": f"https://www.notion.so/{database.id.replace('-', '')}",
        "public_url": None,
    }


def column_object(store: Store, column: Property) -> dict[str, Any]:
    """Give one property of a schema."""
    return {
        "id": column.wire_id,
        "name": column.name,
        "description": column.description,
        "type": column.kind,
        column.kind: _settings(store, column),
    }


def _settings(store: Store, column: Property) -> Mapping[str, Any]:
    if column.kind != "relation":
        return {name: list(entry) if isinstance(entry, tuple) else entry for name, entry in column.config.items()}
    target = store.sources[column.config["data_source_id"]]
    shown: dict[str, Any] = {"database_id": target.database_id, "data_source_id": target.id}
    mirror = next((other for other in target.columns if other.id == column.config.get("mirror_id")), None)
    if mirror is None:
        return {**shown, "type": "single_property", "single_property": {}}
    synced = {"synced_property_name": mirror.name, "synced_property_id": mirror.wire_id}
    return {**shown, "type": "dual_property", "dual_property": synced}


def _stamped(stamp: Stamp) -> dict[str, Any]:
    return {
        "created_time": minute(stamp.created_s),
        "last_edited_time": minute(stamp.edited_s),
        "created_by": user(stamp.created_by),
        "last_edited_by": user(stamp.edited_by),
    }


def _trashed(version: str, *, in_trash: bool) -> dict[str, bool]:
    return (
        {"in_trash": in_trash} if version >= VERSION_WITHOUT_ARCHIVED else {"in_trash": in_trash, "archived": in_trash}
    )


def _parent(store: Store, page: Page) -> dict[str, Any]:
    if page.data_source_id is not None:
        database_id = store.sources[page.data_source_id].database_id
        return {"type": "data_source_id", "data_source_id": page.data_source_id, "database_id": database_id}
    if page.parent_page_id is not None:
        return {"type": "page_id", "page_id": page.parent_page_id}
    return {"type": "workspace", "workspace": True}
