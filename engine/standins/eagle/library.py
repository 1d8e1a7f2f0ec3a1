"""One Eagle library on disk: item and folder records, files under `images/<ID>.info`, and the trash.

The folder is the state; a `Library` opened on it again goes on where the last one stopped. No HTTP.
"""

from __future__ import annotations

import json
import re
import shutil
import string
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

Record: TypeAlias = dict[str, Any]

VERSION = "4.0.0"
ID_LETTERS = string.digits + string.ascii_uppercase
ID_LENGTH = 13
_NOT_IN_FILE_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
_NAME_BYTES_MAX = 200  # file systems stop at 255, and the thumbnail's suffix needs room
_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)


class MissingFileError(Exception):
    """The path to import does not lead to a file."""


def new_item_id(now_ms: int, number: int) -> str:
    """Give an id as Eagle makes them: 13 characters of base 36, the time first."""
    return (_base36(now_ms) + _base36(number).rjust(5, "0"))[-ID_LENGTH:].rjust(ID_LENGTH, "0")


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = ID_LETTERS[rest] + digits
    return digits or "0"


def file_name(name: str) -> str:
    """Give the name an item's file has on disk."""
    cleaned = _NOT_IN_FILE_NAMES.sub("_", name).strip(" .")
    return cleaned.encode()[:_NAME_BYTES_MAX].decode("utf-8", "ignore") or "_"


def _write(path: Path, record: object) -> None:
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(json.dumps(record, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    fresh.replace(path)


class Library:
    """A library folder.

    Args:
        path: the `X.library` folder; made when it is not there.
        clock: seconds since the epoch.
    """

    def __init__(self, path: Path, *, clock: Callable[[], float]) -> None:
        self.path = path
        self._clock = clock
        self._images = path / "images"
        self._images.mkdir(parents=True, exist_ok=True)
        self.items: dict[str, Record] = {}
        for info in sorted(self._images.glob("*.info/metadata.json")):
            record = json.loads(info.read_text(encoding="utf-8"))
            self.items[record["id"]] = record
        self._made = len(self.items)
        self._times_are_old = False
        meta = path / "metadata.json"
        self._meta: Record = json.loads(meta.read_text(encoding="utf-8")) if meta.exists() else self._first_meta()

    def _first_meta(self) -> Record:
        meta: Record = {"folders": [], "smartFolders": [], "quickAccess": [], "tagsGroups": []}
        meta |= {"modificationTime": self.now_ms(), "applicationVersion": VERSION}
        _write(self.path / "metadata.json", meta)
        _write(self.path / "tags.json", {"historyTags": [], "starredTags": []})
        _write(self.path / "mtime.json", {"all": 0})
        return meta

    @property
    def name(self) -> str:
        """The library's name: its folder's, without the ending."""
        return self.path.name.removesuffix(".library")

    @property
    def meta(self) -> Record:
        """The library's own record: folders, tag groups, times."""
        return self._meta

    def now_ms(self) -> int:
        """Give the time as Eagle writes it."""
        return int(self._clock() * 1000)

    def new_id(self) -> str:
        """Give an id nothing in the library has."""
        self._made += 1
        while (made := new_item_id(self.now_ms(), self._made)) in self.items or self.folder(made):
            self._made += 1
        return made

    def file_of(self, record: Mapping[str, Any]) -> Path:
        """Give the path of an item's file."""
        return self._images / f"{record['id']}.info" / f"{file_name(record['name'])}.{record['ext']}"

    def thumbnail_of(self, record: Mapping[str, Any]) -> Path:
        """Give the path of an item's thumbnail."""
        return self._images / f"{record['id']}.info" / f"{file_name(record['name'])}_thumbnail.png"

    def add_file(self, source: Path, fields: Mapping[str, Any], *, item_id: str | None = None) -> Record:
        """Copy a file into the library; what takes Eagle time (size, thumbnail) is left to `complete`.

        Raises:
            MissingFileError: there is no such file.
        """
        if not source.is_file():
            raise MissingFileError(str(source))
        item_id = item_id or self.new_id()
        stat = source.stat()
        record = self._record(item_id, fields.get("name") or source.stem, source.suffix.removeprefix("."), fields)
        record |= {"btime": int(stat.st_ctime * 1000), "mtime": int(stat.st_mtime * 1000)}
        self.file_of(record).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, self.file_of(record))
        return self.put(record)

    def add_bookmark(self, url: str, fields: Mapping[str, Any], *, item_id: str | None = None) -> Record:
        """Add an item that is only a link."""
        item_id = item_id or self.new_id()
        record = self._record(item_id, fields.get("name") or item_id, "url", {**fields, "url": url})
        self.file_of(record).parent.mkdir(parents=True, exist_ok=True)
        self.file_of(record).write_text(f"[InternetShortcut]\nURL={url}\n", encoding="utf-8")
        return self.put(record)

    def _record(self, item_id: str, name: str, ext: str, fields: Mapping[str, Any]) -> Record:
        now_ms = self.now_ms()
        record: Record = {
            "id": item_id,
            "name": name,
            "ext": ext,
            "tags": list(dict.fromkeys(fields.get("tags", ()))),
            "folders": [folder for folder in fields.get("folders", ()) if self.folder(folder)],
            "isDeleted": False,
            "url": fields.get("url", ""),
            "annotation": fields.get("annotation", ""),
            "modificationTime": now_ms,
            "lastModified": now_ms,
            "btime": now_ms,
            "mtime": now_ms,
        }
        return record | ({"star": fields["star"]} if fields.get("star") else {})

    def complete(self, item_id: str) -> None:
        """Finish an import: size and thumbnail appear."""
        record = self.items.get(item_id)
        if record is None or "size" in record:
            return
        file = self.file_of(record)
        self.thumbnail_of(record).write_bytes(_PIXEL)
        done = {"size": file.stat().st_size if file.exists() else 0, "width": 0, "height": 0, "noThumbnail": True}
        self.put({**record, **done, "palettes": []})

    def change(self, item_id: str, fields: Mapping[str, Any]) -> Record:
        """Replace some fields of an item; a new name renames its files."""
        before = self.items[item_id]
        after = {**before, "modificationTime": self.now_ms(), "lastModified": self.now_ms(), **fields}
        if not after.get("star"):
            after.pop("star", None)
        if after["isDeleted"] and not before["isDeleted"]:
            after["deletedTime"] = self.now_ms()
        if not after["isDeleted"]:
            after.pop("deletedTime", None)
        for place in (self.file_of, self.thumbnail_of):
            if place(before) != place(after) and place(before).exists():
                place(before).rename(place(after))
        return self.put(after)

    def put(self, record: Record) -> Record:
        """Store an item's record."""
        _write(self._images / f"{record['id']}.info" / "metadata.json", record)
        self.items[record["id"]] = record
        self._times_are_old = True
        return record

    def empty_trash(self) -> None:
        """Delete what is in the trash, files and all."""
        for item_id in [item_id for item_id, record in self.items.items() if record["isDeleted"]]:
            del self.items[item_id]
            shutil.rmtree(self._images / f"{item_id}.info")
        self._times_are_old = True

    def settle(self) -> None:
        """Bring `mtime.json` up to date; as in Eagle it trails behind the items."""
        if self._times_are_old:
            times = {item_id: record["modificationTime"] for item_id, record in self.items.items()}
            _write(self.path / "mtime.json", {**times, "all": len(times)})
            self._times_are_old = False

    def folders(self) -> Iterator[tuple[Record, str | None]]:
        """Give every folder with its parent's id, parents first."""
        waiting: list[tuple[Record, str | None]] = [(folder, None) for folder in self._meta["folders"]]
        while waiting:
            folder, parent_id = waiting.pop(0)
            yield folder, parent_id
            waiting += [(child, folder["id"]) for child in folder["children"]]

    def folder(self, folder_id: object) -> Record | None:
        """Find a folder by id."""
        return next((folder for folder, _ in self.folders() if folder["id"] == folder_id), None)

    def add_folder(self, name: str, *, description: str = "", parent_id: str | None = None) -> Record:
        """Make a folder; several may have the same name."""
        folder: Record = {
            "id": self.new_id(),
            "name": name,
            "description": description,
            "children": [],
            "modificationTime": self.now_ms(),
            "tags": [],
        }
        parent = self.folder(parent_id)
        (parent["children"] if parent else self._meta["folders"]).append(folder)
        self.put_meta()
        return folder

    def move_folder(self, folder: Record, parent_id: str | None) -> None:
        """Put a folder under another, or at the top."""
        for holder in (self._meta["folders"], *(present["children"] for present, _ in list(self.folders()))):
            if folder in holder:
                holder.remove(folder)
        parent = self.folder(parent_id)
        (parent["children"] if parent else self._meta["folders"]).append(folder)

    def put_meta(self) -> None:
        """Store the library's own record."""
        self._meta["modificationTime"] = self.now_ms()
        _write(self.path / "metadata.json", self._meta)
