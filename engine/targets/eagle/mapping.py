"""Our fields as Eagle's records, and back. Pure.

Our key is a line of its own (`cratelog:<key>`) in a folder's description and in an item's annotation; the other
lines are the person's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from engine.domain.events import RemoteSeen
from engine.domain.value import Fields, FieldValue
from engine.targets.eagle.connection import REMOTE, Record

KEY_LINE = "cratelog:"
AUDIO_EXTENSIONS = frozenset(
    {"aac", "aif", "aiff", "alac", "flac", "m4a", "mp3", "mp4", "oga", "ogg", "opus", "wav", "wma"}
)
"""What an item must end in to be told of when it does not carry our key: a library is mostly pictures."""

_KEY = re.compile(rf"^{KEY_LINE}(.+)$", re.MULTILINE)
_ITEM_NAMES = {"name": "name", "tags": "tags", "annotation": "annotation", "website": "url", "folders": "folders"}
_SETS = ("tags", "folders")


def key_in(text: object) -> str | None:
    """Give the key a description or annotation carries."""
    found = _KEY.search(text) if isinstance(text, str) else None
    return found.group(1).strip() or None if found else None


def with_key(text: FieldValue, key: str) -> str:
    """Give a text that carries the key, with every other line left as it was."""
    line = KEY_LINE + key
    if not isinstance(text, str) or not text.strip():
        return line
    if key_in(text) is None:
        return f"{text}\n{line}"
    return _KEY.sub(lambda _: line, text, count=1)


def settled(field: str, value: FieldValue) -> FieldValue:
    """Give a value as it looks once Eagle has held it."""
    if field in _SETS:
        parts = value if isinstance(value, tuple) else ()
        return tuple(sorted({unicodedata.normalize("NFC", part) for part in parts} - {""}))
    return unicodedata.normalize("NFC", value) or None if isinstance(value, str) else value


def item_seen(record: Record) -> RemoteSeen:
    """Read an item.

    Raises:
        KeyError, TypeError: the record is not what Eagle documents.
    """
    fields: Fields = {
        "name": settled("name", str(record["name"])),
        "tags": settled("tags", tuple(record["tags"])),
        "annotation": settled("annotation", record.get("annotation") or ""),
        "website": settled("website", record.get("url") or ""),
        "folders": settled("folders", tuple(record["folders"])),
    }
    return RemoteSeen(
        target=REMOTE,
        kind="item",
        remote_id=str(record["id"]),
        key=key_in(fields["annotation"]),
        fields=fields,
        live=not record.get("isDeleted", False),
        revision=_revision(record),
    )


def concerns_us(record: Record) -> bool:
    """Say whether an item carries our key or could be adopted."""
    ext = str(record.get("ext", "")).lower()
    return ext in AUDIO_EXTENSIONS or key_in(record.get("annotation")) is not None


def folders_seen(records: Iterable[Record]) -> dict[str, RemoteSeen]:
    """Read a listing of folders by id; a folder's parent is the one whose children it is among.

    Raises:
        KeyError, TypeError: a record is not what Eagle documents.
    """
    found: dict[str, RemoteSeen] = {}
    waiting: list[tuple[Record, str | None]] = [(record, None) for record in records]
    while waiting:
        record, parent = waiting.pop()
        folder_id = str(record["id"])
        known = found.get(folder_id)
        if known is not None and (parent is None or known.fields["parent"] == parent):
            continue
        found[folder_id] = _folder_seen(record, parent or record.get("parent"))
        waiting.extend((child, folder_id) for child in record.get("children") or ())
    return found


def _folder_seen(record: Mapping[str, Any], parent: str | None) -> RemoteSeen:
    fields: Fields = {
        "name": settled("name", str(record["name"])),
        "parent": parent,
        "description": settled("description", record.get("description") or ""),
    }
    return RemoteSeen(
        target=REMOTE,
        kind="folder",
        remote_id=str(record["id"]),
        key=key_in(fields["description"]),
        fields=fields,
        revision=_revision(record),
    )


def item_body(fields: Fields) -> dict[str, Any]:
    """Give the body of an update; an empty name is left out, because Eagle would put the id there."""
    body: dict[str, Any] = {}
    for field, name in _ITEM_NAMES.items():
        if field not in fields:
            continue
        value = settled(field, fields[field])
        if field in _SETS:
            body[name] = list(value) if isinstance(value, tuple) else []
        elif field != "name" or value:
            body[name] = value or ""
    return body


def addition_body(fields: Fields) -> dict[str, Any]:
    """Give the body of an import: where an update says `url`, it says `website`."""
    body = item_body(fields)
    if "url" in body:
        body["website"] = body.pop("url")
    return {"path": fields["path"], **body}


def folder_body(fields: Fields) -> dict[str, Any]:
    """Give the body of a folder's creation or update."""
    body: dict[str, Any] = {}
    if fields.get("name"):
        body["name"] = settled("name", fields["name"])
    if "description" in fields:
        body["description"] = settled("description", fields["description"]) or ""
    if "parent" in fields:
        body["parent"] = fields["parent"]
    return body


def expected(fields: Fields) -> Fields:
    """Give what a read-back has to show of what was written."""
    return {
        field: settled(field, value)
        for field, value in fields.items()
        if field != "path" and not (field == "name" and not value)
    }


def differing(wanted: Fields, seen: RemoteSeen) -> list[str]:
    """Name the fields that do not show what was written."""
    return sorted(field for field, value in expected(wanted).items() if seen.fields.get(field) != value)


def _revision(record: Mapping[str, Any]) -> str | None:
    moment = record.get("modificationTime")
    return None if moment is None else str(moment)
