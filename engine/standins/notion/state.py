"""The workspace as one JSON file: what a stopped stand-in needs to go on. History and cursors are not kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from engine.standins.notion.schema import Property
from engine.standins.notion.store import Database, DataSource, Page, Stamp, Store


def save(store: Store, path: Path) -> None:
    """Write the workspace so that a crash leaves the old file or the new one."""
    state = {
        "made": store.made,
        "databases": [asdict(database) for database in store.databases.values()],
        "sources": [asdict(source) for source in store.sources.values()],
        "pages": [asdict(page) for page in store.pages.values()],
        "blocks": store.blocks,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(json.dumps(state, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    fresh.replace(path)


def load(store: Store, path: Path) -> bool:
    """Fill the store from a file, and say whether there was one."""
    if not path.exists():
        return False
    state = json.loads(path.read_text(encoding="utf-8"))
    store.made = state["made"]
    store.databases = {entry["id"]: Database(**_stamped(entry)) for entry in state["databases"]}
    store.sources = {entry["id"]: _source(entry) for entry in state["sources"]}
    store.pages = {entry["id"]: Page(**_stamped(entry)) for entry in state["pages"]}
    store.blocks = state["blocks"]
    return True


def _stamped(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {**entry, "stamp": Stamp(**entry["stamp"])}


def _source(entry: Mapping[str, Any]) -> DataSource:
    columns = tuple(Property(**column) for column in entry["columns"])
    return DataSource(**{**_stamped(entry), "columns": columns})
