"""Version 2 of Eagle's web API (`/api/v2/...`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from engine.standins.eagle.desk import Desk
from engine.standins.eagle.envelope import EagleError, asked, checked, paged, read_body, text
from engine.standins.eagle.library import VERSION, MissingFileError, Record
from engine.standins.server import Request

BATCH_MAX = 1000
BUILD = "20260401"
_LISTS = ("ids", "tags", "folders", "fields", "keywords")
_SOURCES = ("path", "url", "base64", "bookmarkURL")
_ADDED = {"name": str, "tags": list, "folders": list, "annotation": str, "website": str, "star": int}
_CHANGED: Mapping[str, type | tuple[type, ...]] = {
    "name": str,
    "tags": list,
    "folders": list,
    "annotation": str,
    "url": str,
    "star": int,
    "modificationTime": int,
    "noThumbnail": bool,
    "noPreview": bool,
    "isDeleted": bool,
}
_FOLDER: Mapping[str, type | tuple[type, ...]] = {"name": str, "description": str, "tags": list, "iconColor": str}


def app_info(_desk: Desk, _request: Request) -> Any:
    """Answer `app/info`."""
    return {"version": VERSION, "prereleaseVersion": None, "buildVersion": BUILD, "platform": "darwin"}


def library_info(desk: Desk, _request: Request) -> Any:
    """Answer `library/info`."""
    meta = desk.open.meta
    return {
        "name": desk.open.name,
        "path": str(desk.open.path),
        "modificationTime": meta["modificationTime"],
        "applicationVersion": meta["applicationVersion"],
        "folders": [desk.shown_folder(folder) for folder in meta["folders"]],
        "smartFolders": meta["smartFolders"],
        "quickAccess": meta["quickAccess"],
        "tagGroups": meta["tagsGroups"],
    }


def library_history(desk: Desk, request: Request) -> Any:
    """Answer `library/history`."""
    known = [{"name": library.name, "path": str(library.path)} for library in desk.libraries.values()]
    return paged(known, asked(request))


def library_switch(desk: Desk, request: Request) -> Any:
    """Answer `library/switch`."""
    if not desk.switch(Path(text(read_body(request), "libraryPath"))):
        raise EagleError("Library not found")
    return True


def item_get(desk: Desk, request: Request) -> Any:
    """Answer `item/get`: filters joined by and, trash excluded unless asked for by id."""
    given = asked(request, lists=_LISTS)
    found = [record for record in _newest(desk) if _matches(record, given)]
    page = paged(found, given)
    fields = given.get("fields")
    page["data"] = [shown(record, fields) for record in page["data"]]
    return page


def item_query(desk: Desk, request: Request) -> Any:
    """Answer `item/query`: words, `-word`, `OR` and parentheses over name, tags, annotation, URL and folder."""
    given = read_body(request)
    matches = _expression(text(given, "query"))
    names = {folder["id"]: folder["name"] for folder, _ in desk.open.folders()}
    found = [record for record in _newest(desk) if not record["isDeleted"] and matches(_searched(record, names))]
    page = paged(found, given)
    page["data"] = [shown(record) for record in page["data"]]
    return page


def item_count(desk: Desk, _request: Request) -> Any:
    """Answer `item/countAll`."""
    return sum(not record["isDeleted"] for record in desk.open.items.values())


def item_add(desk: Desk, request: Request) -> Any:
    """Answer `item/add`, one or a batch."""
    given = read_body(request)
    if "items" not in given:
        return {"id": _add(desk, given)}
    items = given["items"]
    if not isinstance(items, list) or not 0 < len(items) <= BATCH_MAX:
        raise EagleError(f"items must be an array of 1 to {BATCH_MAX}")
    if not all(isinstance(item, dict) for item in items):
        raise EagleError("items must be objects")
    return {"ids": [_add(desk, item) for item in items]}


def _add(desk: Desk, given: Mapping[str, Any]) -> str:
    named = [source for source in _SOURCES if source in given]
    if len(named) != 1:
        raise EagleError(f"Exactly one of {', '.join(_SOURCES)} is required")
    item_id = given.get("id")
    if item_id is not None and not (isinstance(item_id, str) and re.fullmatch(r"[A-Za-z0-9]{1,64}", item_id)):
        raise EagleError("id is not valid")
    if item_id in desk.open.items:
        if desk.knobs.refuse_known_id:
            raise EagleError(f"Item {item_id} already exists")
        return str(item_id)
    fields = checked(given, _ADDED)
    fields["url"] = fields.pop("website", "")
    if given.get("name") == "" and item_id is not None:
        fields["name"] = item_id
    source = text(given, named[0])
    if named == ["path"]:
        try:
            record = desk.open.add_file(Path(source), fields, item_id=item_id)
        except MissingFileError:
            raise EagleError(f"File not found: {source}") from None
    elif named == ["bookmarkURL"]:
        record = desk.open.add_bookmark(source, fields, item_id=item_id)
    else:
        raise EagleError(f"Download failed: {named[0]}")
    desk.importing(record)
    return str(record["id"])


def item_update(desk: Desk, request: Request) -> Any:
    """Answer `item/update`: lists replace; `false` when the item is not there."""
    given = read_body(request)
    record = desk.open.items.get(text(given, "id"))
    if record is None:
        return False
    fields = checked(given, _CHANGED)
    if "folders" in fields:
        fields["folders"] = [folder for folder in fields["folders"] if desk.open.folder(folder)]
    if "tags" in fields:
        fields["tags"] = list(dict.fromkeys(fields["tags"]))
    if not fields.get("name", "x"):
        del fields["name"]
    return shown(desk.open.change(record["id"], fields))


def folder_get(desk: Desk, request: Request) -> Any:
    """Answer `folder/get`; a folder does not say what it is in."""
    given = asked(request, lists=("ids",))
    folders = [desk.shown_folder(folder) for folder, _ in desk.open.folders()]
    if "id" in given or "ids" in given:
        wanted = given.get("ids", [given.get("id")])
        folders = [folder for folder in folders if folder["id"] in wanted]
    return paged(folders, given)


def folder_create(desk: Desk, request: Request) -> Any:
    """Answer `folder/create`; the same name twice makes two folders."""
    given = read_body(request)
    parent_id = given.get("parent")
    if parent_id is not None and desk.open.folder(parent_id) is None:
        raise EagleError("Parent folder not found")
    description = str(given.get("description", ""))
    return desk.shown_folder(desk.open.add_folder(text(given, "name"), description=description, parent_id=parent_id))


def folder_update(desk: Desk, request: Request) -> Any:
    """Answer `folder/update`."""
    given = read_body(request)
    folder = desk.open.folder(text(given, "id"))
    if folder is None:
        raise EagleError("Folder not found")
    folder |= checked(given, _FOLDER)
    if "parent" in given:
        if given["parent"] is not None and desk.open.folder(given["parent"]) is None:
            raise EagleError("Parent folder not found")
        desk.open.move_folder(folder, given["parent"])
    desk.open.put_meta()
    return desk.shown_folder(folder)


def tag_get(desk: Desk, request: Request) -> Any:
    """Answer `tag/get`: the list lags behind the items."""
    tags = [{"name": name, "count": count} for name, count in sorted(desk.tags().items())]
    return paged(tags, asked(request))


def shown(record: Record, fields: object = None) -> Record:
    """Give an item as V2 answers show it: with every key it has, or with the fields asked for."""
    if isinstance(fields, list):
        return {name: record[name] for name in ("id", *fields) if name in record}
    return dict(record)


def _newest(desk: Desk) -> list[Record]:
    return sorted(desk.open.items.values(), key=lambda record: record["id"], reverse=True)


def _matches(record: Record, given: Mapping[str, Any]) -> bool:
    wanted_ids = given.get("ids", [given["id"]] if "id" in given else None)
    if wanted_ids is not None:
        if record["id"] not in wanted_ids:
            return False
    elif record["isDeleted"]:
        return False
    return all(test(record, given[name]) for name, test in _FILTERS.items() if name in given)


def _yes(value: object) -> bool:
    return value in (True, "true")


_FILTERS: Mapping[str, Callable[[Record, Any], bool]] = {
    "isSelected": lambda _record, value: not _yes(value),
    "isUntagged": lambda record, value: not record["tags"] if _yes(value) else True,
    "isUnfiled": lambda record, value: not record["folders"] if _yes(value) else True,
    "keywords": lambda record, value: all(word.casefold() in _searched(record, {}) for word in value),
    "tags": lambda record, value: any(tag in record["tags"] for tag in value),
    "folders": lambda record, value: any(folder in record["folders"] for folder in value),
    "ext": lambda record, value: bool(record["ext"].casefold() == str(value).casefold()),
    "annotation": lambda record, value: str(value).casefold() in record["annotation"].casefold(),
    "url": lambda record, value: str(value).casefold() in record["url"].casefold(),
    "rating": lambda record, value: str(record.get("star", 0)) == str(value),
}


def _searched(record: Record, folders: Mapping[str, str]) -> str:
    named = [folders.get(folder, "") for folder in record["folders"]]
    return " ".join([record["name"], *record["tags"], record["annotation"], record["url"], *named]).casefold()


def _expression(query: str) -> Callable[[str], bool]:
    tokens = re.findall(r'\(|\)|-?"[^"]*"|[^\s()]+', query)

    def either() -> Callable[[str], bool]:
        parts = [every()]
        while tokens and tokens[0] == "OR":
            tokens.pop(0)
            parts.append(every())
        return lambda words: any(part(words) for part in parts)

    def every() -> Callable[[str], bool]:
        parts: list[Callable[[str], bool]] = []
        while tokens and tokens[0] not in (")", "OR"):
            parts.append(one())
        return lambda words: all(part(words) for part in parts)

    def one() -> Callable[[str], bool]:
        token = tokens.pop(0)
        if token == "(":
            inner = either()
            if tokens:
                tokens.pop(0)
            return inner
        word = token.removeprefix("-").strip('"').casefold()
        return lambda words: (word in words) is not token.startswith("-")

    return either()
