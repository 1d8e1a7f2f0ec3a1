"""Databases and data sources: what is shared, its schema, and changes to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.standins.notion.call import Call
from engine.standins.notion.checks import as_id, as_object, as_text, only_keys
from engine.standins.notion.errors import MISSING, NotionError, invalid, should
from engine.standins.notion.filters import column_named
from engine.standins.notion.render import database_object, source_object
from engine.standins.notion.richtext import plain_text, read_rich_text
from engine.standins.notion.schema import TITLE_ID, Property, kind_of, settings_of
from engine.standins.notion.store import BOT, DataSource, Store

_DATABASE_KEYS = ("parent", "title", "description", "is_inline", "initial_data_source", "icon", "cover")
_DATABASE_UPDATE_KEYS = ("title", "description", "is_inline", "icon", "cover", "in_trash", "archived", "is_locked")
_SOURCE_UPDATE_KEYS = ("title", "icon", "properties", "in_trash", "archived")


def create_database(call: Call) -> dict[str, Any]:
    """Answer `POST /v1/databases`: the schema stands under `initial_data_source`."""
    call.require(call.knobs.may_insert)
    store, body = call.store, only_keys("body", call.body, _DATABASE_KEYS)
    parent = only_keys("body.parent", body.get("parent", MISSING), ("type", "page_id"))
    page = store.visible_page(as_id("body.parent.page_id", parent.get("page_id", MISSING)))
    first = only_keys("body.initial_data_source", body.get("initial_data_source", {}), ("properties",))
    configs = as_object("body.initial_data_source.properties", first.get("properties", {}))
    titles = [name for name, config in configs.items() if isinstance(config, dict) and "title" in config]
    if len(titles) != 1:
        raise invalid("Title is not provided" if not titles else "A data source has exactly one title property.")
    name = plain_text(read_rich_text("body.title", body.get("title", [])))
    database, source = store.add_database(name, actor=BOT)
    store.put_database(replace(database, parent_page_id=page.id))
    try:
        rename(store, source.id, source.columns[0], titles[0], actor=BOT)
        for column_name, config in configs.items():
            if column_name != titles[0]:
                change_column(
                    store, source.id, column_name, config, f"body.initial_data_source.properties.{column_name}"
                )
    except NotionError:
        del store.databases[database.id], store.sources[source.id]
        raise
    return database_object(store, store.databases[database.id], call.version)


def retrieve_database(call: Call, database_id: str) -> dict[str, Any]:
    """Answer `GET /v1/databases/{id}`."""
    database = call.store.visible_database(as_id("path.database_id", database_id))
    return database_object(call.store, database, call.version)


def update_database(call: Call, database_id: str) -> dict[str, Any]:
    """Answer `PATCH /v1/databases/{id}`: title and trash; schema changes belong to the data source."""
    call.require(call.knobs.may_update)
    store, body = call.store, only_keys("body", call.body, _DATABASE_UPDATE_KEYS)
    database = store.visible_database(as_id("path.database_id", database_id))
    in_trash = call.in_trash()
    changed = replace(
        database,
        title=plain_text(read_rich_text("body.title", body["title"])) if "title" in body else database.title,
        in_trash=database.in_trash if in_trash is None else in_trash,
        stamp=store.stamped(BOT, database.stamp),
    )
    return database_object(store, store.put_database(changed), call.version)


def retrieve_source(call: Call, source_id: str) -> dict[str, Any]:
    """Answer `GET /v1/data_sources/{id}`."""
    source = call.store.visible_source(as_id("path.data_source_id", source_id))
    return source_object(call.store, source, call.version)


def update_source(call: Call, source_id: str) -> dict[str, Any]:
    """Answer `PATCH /v1/data_sources/{id}`: all of its changes, or none."""
    call.require(call.knobs.may_update)
    store, body = call.store, only_keys("body", call.body, _SOURCE_UPDATE_KEYS)
    source = store.visible_source(as_id("path.data_source_id", source_id))
    in_trash = call.in_trash()
    before = dict(store.sources)
    try:
        for key, config in as_object("body.properties", body.get("properties", {})).items():
            change_column(store, source.id, key, config, f"body.properties.{key}")
        if "title" in body:
            title = plain_text(read_rich_text("body.title", body["title"]))
            store.put_source(replace(store.sources[source.id], title=title), actor=BOT)
        if in_trash is not None:
            store.put_source(replace(store.sources[source.id], in_trash=in_trash), actor=BOT)
    except NotionError:
        store.sources = before
        raise
    return source_object(store, store.sources[source.id], call.version)


def change_column(store: Store, source_id: str, key: str, config: object, where: str) -> None:
    """Add, change, rename or (with null) remove one property.

    Raises:
        NotionError: the configuration is wrong, or the title would be lost or doubled.
    """
    present = _present(store.sources[source_id], key)
    if config is None:
        _remove(store, source_id, key, present)
        return
    given = as_object(where, config)
    if present and set(given) <= {"name", "description"}:
        if "name" in given:
            rename(store, source_id, present, as_text(f"{where}.name", given["name"]), actor=BOT)
        return
    kind = kind_of(where, given)
    if (kind == "title") is not (present is not None and present.kind == "title"):
        raise invalid("A data source has exactly one title property.")
    settings = settings_of(where, kind, given, present)
    if kind == "relation":
        _relate(store, source_id, key, settings, where)
        return
    name = as_text(f"{where}.name", given.get("name", present.name if present else key))
    _put(store, source_id, present, Property(id="", name=name, kind=kind, config=settings))


def rename(store: Store, source_id: str, column: Property, name: str, *, actor: str) -> None:
    """Give a property another name; its id stays.

    Raises:
        NotionError: another property has that name.
    """
    holder = _named(store.sources[source_id], name)
    if not name or (holder is not None and holder.id != column.id):
        raise invalid(f"Cannot rename property: {name!r} is empty or taken.")
    store.put_column(source_id, replace(column, name=name), actor=actor)


def _put(store: Store, source_id: str, present: Property | None, wanted: Property) -> None:
    holder = _named(store.sources[source_id], wanted.name)
    if holder is not None and (present is None or holder.id != present.id):
        raise invalid(f"Cannot create property: {wanted.name!r} is taken.")
    if present is None or present.kind not in (wanted.kind, "title"):
        # Another kind is another column: the old values are not carried over.
        if present is not None:
            store.drop_column(source_id, present, actor=BOT)
        made = replace(wanted, id=store.new_property_id(source_id, wanted.name))
    else:
        made = replace(wanted, id=present.id)
    store.put_column(source_id, made, actor=BOT)


def _relate(store: Store, source_id: str, name: str, settings: Mapping[str, Any], where: str) -> None:
    given = only_keys(
        f"{where}.relation", settings, ("data_source_id", "database_id", "type", "single_property", "dual_property")
    )
    target = store.visible_source(as_id(f"{where}.relation.data_source_id", given.get("data_source_id", MISSING)))
    if ("single_property" in given) is ("dual_property" in given):
        raise should(f"{where}.relation.single_property", "defined", MISSING)
    if _named(store.sources[source_id], name) is not None:
        raise invalid(f"Cannot create property: {name!r} is taken.")
    mirror_name = None
    if "dual_property" in given:
        dual = as_object(f"{where}.relation.dual_property", given["dual_property"])
        mirror_name = dual.get("synced_property_name", f"Related to {store.sources[source_id].title} ({name})")
    store.relate(source_id, name, target.id, mirror_name=mirror_name, actor=BOT)


def _remove(store: Store, source_id: str, key: str, present: Property | None) -> None:
    if present is None:
        raise invalid(f"{key} is not a property that exists.")
    if present.id == TITLE_ID:
        raise invalid("The title property cannot be removed.")
    store.drop_column(source_id, present, actor=BOT)


def _named(source: DataSource, name: str) -> Property | None:
    return next((column for column in source.columns if column.name == name), None)


def _present(source: DataSource, key: str) -> Property | None:
    try:
        return column_named(source.columns, key)
    except NotionError:
        return None
