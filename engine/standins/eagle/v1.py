"""Version 1 of Eagle's web API (`/api/...`): older, thinner, still served beside V2."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from engine.standins.eagle import v2
from engine.standins.eagle.desk import Desk
from engine.standins.eagle.envelope import Bare, EagleError, asked, checked, read_body, text, whole
from engine.standins.eagle.library import MissingFileError, Record
from engine.standins.server import Request

LIST_DEFAULT = 200
_CHANGED: Mapping[str, type | tuple[type, ...]] = {"tags": list, "annotation": str, "url": str, "star": int}
_ORDERS: Mapping[str, Callable[[Record], Any]] = {
    "CREATEDATE": lambda record: record["modificationTime"],
    "FILESIZE": lambda record: record.get("size", 0),
    "NAME": lambda record: record["name"].casefold(),
    "RESOLUTION": lambda record: record.get("width", 0) * record.get("height", 0),
}


def application_info(desk: Desk, request: Request) -> Any:
    """Answer `application/info`."""
    return {**v2.app_info(desk, request), "execPath": "/Applications/Eagle.app/Contents/MacOS/Eagle"}


def library_info(desk: Desk, _request: Request) -> Any:
    """Answer `library/info`."""
    return {**desk.open.meta, "library": {"path": str(desk.open.path), "name": desk.open.name}}


def library_history(desk: Desk, _request: Request) -> Any:
    """Answer `library/history`."""
    return [str(path) for path in desk.libraries]


def library_switch(desk: Desk, request: Request) -> Any:
    """Answer `library/switch`."""
    v2.library_switch(desk, request)
    return Bare()


def folder_list(desk: Desk, _request: Request) -> Any:
    """Answer `folder/list`: a tree."""
    return [desk.shown_folder(folder) for folder in desk.open.meta["folders"]]


def folder_create(desk: Desk, request: Request) -> Any:
    """Answer `folder/create`."""
    given = read_body(request)
    parent_id = given.get("parent")
    return desk.shown_folder(desk.open.add_folder(text(given, "folderName"), parent_id=parent_id))


def item_add_from_path(desk: Desk, request: Request) -> Any:
    """Answer `item/addFromPath`: a status and no id."""
    given = read_body(request)
    source = text(given, "path")
    fields = checked(given, {"name": str, "website": str, "annotation": str, "tags": list})
    fields["url"] = fields.pop("website", "")
    fields["folders"] = [given["folderId"]] if given.get("folderId") else []
    try:
        desk.importing(desk.open.add_file(Path(source), fields))
    except MissingFileError:
        raise EagleError(f"File not found: {source}") from None
    return Bare()


def item_info(desk: Desk, request: Request) -> Any:
    """Answer `item/info`."""
    record = desk.open.items.get(request.parameter("id") or "")
    if record is None:
        raise EagleError("Item not found")
    return dict(record)


def item_list(desk: Desk, request: Request) -> Any:
    """Answer `item/list`: without the trash; `offset` counts items."""
    given = asked(request, lists=("tags", "folders"))
    order = str(given.get("orderBy", "-CREATEDATE"))
    key = _ORDERS.get(order.removeprefix("-"))
    if key is None:
        raise EagleError("orderBy is not valid")
    found = [record for record in desk.open.items.values() if not record["isDeleted"] and _kept(record, given)]
    found.sort(key=key, reverse=order.startswith("-"))
    offset = whole(given, "offset", 0)
    return found[offset : offset + whole(given, "limit", LIST_DEFAULT)]


def _kept(record: Record, given: Mapping[str, Any]) -> bool:
    return (
        str(given.get("keyword", "")).casefold() in record["name"].casefold()
        and given.get("ext", record["ext"]) == record["ext"]
        and all(tag in record["tags"] for tag in given.get("tags", ()))
        and all(folder in record["folders"] for folder in given.get("folders", ()))
    )


def item_update(desk: Desk, request: Request) -> Any:
    """Answer `item/update`: tags, annotation, URL and star only, and they replace."""
    given = read_body(request)
    record = desk.open.items.get(text(given, "id"))
    if record is None:
        raise EagleError("Item not found")
    return dict(desk.open.change(record["id"], checked(given, _CHANGED)))


def item_move_to_trash(desk: Desk, request: Request) -> Any:
    """Answer `item/moveToTrash`: unknown ids are passed over in silence."""
    ids = read_body(request).get("itemIds")
    if not isinstance(ids, list):
        raise EagleError("itemIds is required")
    for item_id in ids:
        if item_id in desk.open.items:
            desk.open.change(item_id, {"isDeleted": True})
    return Bare()


def item_thumbnail(desk: Desk, request: Request) -> Any:
    """Answer `item/thumbnail`: where it is, once there is one."""
    record = desk.open.items.get(request.parameter("id") or "")
    if record is None or "size" not in record:
        raise EagleError("Thumbnail not found")
    return str(desk.open.thumbnail_of(record))
