"""Eagle as a running program: which library is open, what is still being imported, and the lagging tag list.

Shared by both API versions. No HTTP.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.standins.eagle.library import Library, Record


@dataclass(slots=True, kw_only=True)
class Knobs:
    """What a test may turn while the stand-in runs."""

    import_requests: int = 2  # an added item is complete after this many further requests
    tag_lag_requests: int = 0  # the tag list is this many requests old
    refuse_known_id: bool = False  # what Eagle does with a re-used custom id is undocumented


@dataclass(slots=True, kw_only=True)
class _Import:
    library: Library
    item_id: str
    due: int


@dataclass(slots=True, kw_only=True)
class _Tags:
    taken_at: int
    counts: dict[str, int] = field(default_factory=dict)


class Desk:
    """The open library and everything that happens with time."""

    def __init__(self, paths: Sequence[Path], *, clock: Callable[[], float], knobs: Knobs) -> None:
        self.knobs = knobs
        self.requests = 0
        self.libraries = {path: Library(path, clock=clock) for path in paths}
        self.open = next(iter(self.libraries.values()))
        self._imports = [
            _Import(library=library, item_id=item_id, due=0)
            for library in self.libraries.values()
            for item_id, record in library.items.items()
            if "size" not in record
        ]
        self._tags: list[_Tags] = []

    def tick(self) -> None:
        """Count a request, and finish the imports that are due."""
        self.requests += 1
        due = [entry for entry in self._imports if entry.due < self.requests]
        self._imports = [entry for entry in self._imports if entry.due >= self.requests]
        for entry in due:
            entry.library.complete(entry.item_id)
        if not self._imports:
            self.open.settle()
        if self.knobs.tag_lag_requests:
            self._tags.append(_Tags(taken_at=self.requests, counts=self._count_tags()))
            del self._tags[: -self.knobs.tag_lag_requests - 2]

    def settle(self) -> None:
        """Finish what trails behind, as a program does when it quits."""
        for library in self.libraries.values():
            library.settle()

    def importing(self, record: Record) -> None:
        """Let an item's import go on in the background."""
        due = self.requests + self.knobs.import_requests
        self._imports.append(_Import(library=self.open, item_id=record["id"], due=due))

    def switch(self, path: Path) -> bool:
        """Open another known library, and say whether there is one."""
        library = self.libraries.get(path)
        if library is None:
            return False
        self.open = library
        self._tags.clear()
        return True

    def tags(self) -> dict[str, int]:
        """Give the tag list with counts, as old as its lag."""
        if not self.knobs.tag_lag_requests:
            return self._count_tags()
        seen = [entry for entry in self._tags if entry.taken_at <= self.requests - self.knobs.tag_lag_requests]
        return (seen[-1] if seen else self._tags[0]).counts if self._tags else self._count_tags()

    def _count_tags(self) -> dict[str, int]:
        present = (record for record in self.open.items.values() if not record["isDeleted"])
        return dict(Counter(tag for record in present for tag in record["tags"]))

    def shown_folder(self, folder: Record) -> Record:
        """Give a folder as listings show it: counted, its children too, its parent nowhere."""
        children = [self.shown_folder(child) for child in folder["children"]]
        count = sum(
            folder["id"] in record["folders"] and not record["isDeleted"] for record in self.open.items.values()
        )
        below = sum(child["descendantImageCount"] for child in children)
        extra: dict[str, Any] = {"extendTags": [], "pinyin": folder["name"], "password": "", "passwordTips": ""}
        counted = {"imageCount": count, "descendantImageCount": count + below}
        return {**folder, "children": children, **extra, **counted}
