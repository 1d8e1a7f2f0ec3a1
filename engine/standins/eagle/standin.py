"""The Eagle stand-in as a program: both API versions over library folders on disk.

An Eagle that is not running is a stopped stand-in. It knows nothing of any program that uses it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from typing_extensions import override

from engine.standins.eagle import v1, v2
from engine.standins.eagle.desk import Desk, Knobs
from engine.standins.eagle.envelope import EagleError, success
from engine.standins.eagle.library import Library, Record
from engine.standins.server import Request, Response, Standin

Route = tuple[str, Callable[[Desk, Request], Any]]
_ROUTES: Mapping[str, Route] = {
    "/api/v2/app/info": ("GET", v2.app_info),
    "/api/v2/library/info": ("GET", v2.library_info),
    "/api/v2/library/history": ("GET", v2.library_history),
    "/api/v2/library/switch": ("POST", v2.library_switch),
    "/api/v2/item/get": ("GET POST", v2.item_get),
    "/api/v2/item/query": ("POST", v2.item_query),
    "/api/v2/item/countAll": ("GET", v2.item_count),
    "/api/v2/item/add": ("POST", v2.item_add),
    "/api/v2/item/update": ("POST", v2.item_update),
    "/api/v2/folder/get": ("GET POST", v2.folder_get),
    "/api/v2/folder/create": ("POST", v2.folder_create),
    "/api/v2/folder/update": ("POST", v2.folder_update),
    "/api/v2/tag/get": ("GET POST", v2.tag_get),
    "/api/application/info": ("GET", v1.application_info),
    "/api/library/info": ("GET", v1.library_info),
    "/api/library/history": ("GET", v1.library_history),
    "/api/library/switch": ("POST", v1.library_switch),
    "/api/folder/list": ("GET", v1.folder_list),
    "/api/folder/create": ("POST", v1.folder_create),
    "/api/item/addFromPath": ("POST", v1.item_add_from_path),
    "/api/item/info": ("GET", v1.item_info),
    "/api/item/list": ("GET", v1.item_list),
    "/api/item/thumbnail": ("GET", v1.item_thumbnail),
    "/api/item/update": ("POST", v1.item_update),
    "/api/item/moveToTrash": ("POST", v1.item_move_to_trash),
}


class EagleStandin(Standin):
    """A loopback Eagle.

    Args:
        libraries: the `X.library` folders it knows; the first is open.
        port: where to listen; 0 takes a free one.
        history_path: where every exchange is appended.
        state_path: where the open library's path is kept between runs.
        clock: seconds since the epoch.
        serves_v2: false for an Eagle older than 4.0 build 21.
    """

    def __init__(
        self,
        libraries: Sequence[Path],
        *,
        port: int = 0,
        history_path: Path | None = None,
        state_path: Path | None = None,
        clock: Callable[[], float] = time.time,
        serves_v2: bool = True,
    ) -> None:
        super().__init__(port=port, history_path=history_path, clock=clock)
        self.knobs = Knobs()
        self._serves_v2 = serves_v2
        self._state_path = state_path
        self._desk = Desk(libraries, clock=clock, knobs=self.knobs)
        if state_path is not None and state_path.exists():
            self._desk.switch(Path(state_path.read_text(encoding="utf-8")))

    @override
    def handle(self, request: Request) -> Response:
        self._desk.tick()
        try:
            return success(self._route(request)(self._desk, request))
        except EagleError as refusal:
            return refusal.answer()
        finally:
            self._save()

    @override
    def stop(self) -> None:
        super().stop()
        self._desk.settle()

    def _route(self, request: Request) -> Callable[[Desk, Request], Any]:
        route = _ROUTES.get(request.path)
        if route is None or (request.path.startswith("/api/v2/") and not self._serves_v2):
            raise EagleError("Not Found", status=404)
        methods, handler = route
        if request.method not in methods.split():
            raise EagleError("Method Not Allowed", status=405)
        return handler

    @property
    def library_path(self) -> Path:
        """The path of the open library: its identity."""
        with self._lock:
            return self._desk.open.path

    def items(self, library_path: Path | None = None) -> dict[str, Record]:
        """Give every item of a library by id, trashed ones too; of the open one when none is named."""
        with self._lock:
            return {item_id: dict(record) for item_id, record in self._library(library_path).items.items()}

    def file_of(self, item_id: str, library_path: Path | None = None) -> Path:
        """Give the path of an item's file."""
        with self._lock:
            library = self._library(library_path)
            return library.file_of(library.items[item_id])

    def folders(self, library_path: Path | None = None) -> dict[str, tuple[str, str | None]]:
        """Give every folder's name and parent id, by id."""
        with self._lock:
            folders = self._library(library_path).folders()
            return {folder["id"]: (folder["name"], parent_id) for folder, parent_id in folders}

    def edit(self, item_id: str, **fields: Any) -> None:
        """Change an item of the open library as a person."""
        with self._lock:
            self._desk.open.change(item_id, fields)

    def trash(self, item_id: str) -> None:
        """Put an item into the trash as a person."""
        self.edit(item_id, isDeleted=True)

    def restore(self, item_id: str) -> None:
        """Take an item out of the trash as a person."""
        self.edit(item_id, isDeleted=False)

    def empty_trash(self) -> None:
        """Delete what is in the open library's trash, files and all."""
        with self._lock:
            self._desk.open.empty_trash()

    def switch_library(self, path: Path) -> None:
        """Open another library as a person.

        Raises:
            KeyError: this Eagle does not know it.
        """
        with self._lock:
            if not self._desk.switch(path):
                raise KeyError(path)
            self._save()

    def _library(self, path: Path | None) -> Library:
        return self._desk.open if path is None else self._desk.libraries[path]

    def _save(self) -> None:
        if self._state_path is not None:
            self._state_path.parent.mkdir(parents=True, exist_ok=True)
            fresh = self._state_path.with_name(self._state_path.name + ".new")
            fresh.write_text(str(self._desk.open.path), encoding="utf-8")
            fresh.replace(self._state_path)
