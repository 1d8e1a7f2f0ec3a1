"""What a person does in the Notion window, and a plain view of what stands there.

Values are plain Python: text, numbers, booleans, option names, lists of them, page ids, ISO dates. A person is not
held to the API's request limits, but to the schema. Every edit is marked as the person's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.standins.notion.filters import column_named
from engine.standins.notion.pages import choose_options
from engine.standins.notion.render import bare_value
from engine.standins.notion.richtext import plain_rich_text, plain_text
from engine.standins.notion.schema import CHOICES, TITLE_ID, Property, new_option, status_config
from engine.standins.notion.sources import rename
from engine.standins.notion.store import BOT, PERSON, DataSource, Page, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One page as a person reads it: properties by name, in plain Python."""

    id: str
    properties: Mapping[str, Any]
    in_trash: bool
    created_s: float
    edited_s: float
    created_by: str  # "bot" or "person"
    edited_by: str


class People:
    """A person at the workspace; `NotionStandin` lends its lock around every call."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def create_database(
        self, title: str, columns: Mapping[str, Any], *, ids: tuple[str, str] | None = None
    ) -> tuple[str, str]:
        """Make a database from names and kinds, and give its id and its data source's.

        A column is `"number"`, or `("select", ["a", "b"])`, or `("relation", data_source_id)` (one-sided), or
        `("relation", data_source_id, "Name on the other side")`.
        """
        database, source = self.store.add_database(title, actor=PERSON, ids=ids)
        for name, kind in columns.items():
            self.add_column(source.id, name, kind)
        return database.id, source.id

    def add_column(self, data_source_id: str, name: str, kind: Any) -> str:
        """Add one column (see `create_database`; `"title"` names the title) and give its raw id."""
        store, source = self.store, self.store.sources[data_source_id]
        wanted, *rest = (kind,) if isinstance(kind, str) else kind
        if wanted == "title":
            rename(store, source.id, self._column(source, TITLE_ID), name, actor=PERSON)
            return TITLE_ID
        if wanted == "relation":
            mirror_name = rest[1] if len(rest) > 1 else None
            return store.relate(source.id, name, rest[0], mirror_name=mirror_name, actor=PERSON).id
        config: Mapping[str, Any] = {}
        if wanted == "status":
            config = status_config(rest[0])
        elif wanted in CHOICES:
            config = {"options": tuple(new_option(name, option) for option in (rest[0] if rest else ()))}
        elif wanted in ("number", "unique_id"):
            config = {"format": "number"} if wanted == "number" else {"prefix": rest[0] if rest else None}
        column = Property(id=store.new_property_id(source.id, name), name=name, kind=wanted, config=config)
        store.put_column(source.id, column, actor=PERSON)
        return column.id

    def rename_column(self, data_source_id: str, name: str, new_name: str) -> None:
        """Give a column another name; its id stays."""
        source = self.store.sources[data_source_id]
        rename(self.store, source.id, self._column(source, name), new_name, actor=PERSON)

    def remove_column(self, data_source_id: str, name: str) -> None:
        """Delete a column."""
        source = self.store.sources[data_source_id]
        self.store.drop_column(source.id, self._column(source, name), actor=PERSON)

    def create(self, data_source_id: str, properties: Mapping[str, Any], *, page_id: str | None = None) -> str:
        """Make a page and give its id."""
        values = self._values(data_source_id, properties)
        return self.store.add_page(data_source_id, values, actor=PERSON, page_id=page_id).id

    def edit(self, page_id: str, properties: Mapping[str, Any]) -> None:
        """Change a page's values."""
        source_id = self.store.pages[page_id].data_source_id
        assert source_id is not None
        self.store.change_page(page_id, self._values(source_id, properties), actor=PERSON)

    def trash(self, page_id: str) -> None:
        """Put a page into the trash."""
        self.store.change_page(page_id, {}, actor=PERSON, in_trash=True)

    def restore(self, page_id: str) -> None:
        """Take a page out of the trash."""
        self.store.change_page(page_id, {}, actor=PERSON, in_trash=False)

    def empty_trash(self) -> None:
        """Delete the pages in the trash for good."""
        self.store.empty_trash()

    def trash_database(self, database_id: str, *, in_trash: bool) -> None:
        """Put a database into the trash, or take it out; its pages stay as they are and refuse edits meanwhile."""
        self.store.put_database(replace(self.store.databases[database_id], in_trash=in_trash))

    def share(self, database_id: str, *, shared: bool) -> None:
        """Share a database with the integration, or take it away."""
        self.store.put_database(replace(self.store.databases[database_id], shared=shared))

    def rows(self, data_source_id: str) -> list[Row]:
        """Give every row, trashed ones too, oldest first."""
        return [self.row(page) for page in self.store.rows(data_source_id)]

    def row(self, page: Page) -> Row:
        """Give one page as a person reads it, nothing cut short."""
        source = self.store.sources.get(page.data_source_id or "")
        columns = source.columns if source else self.store.columns_of(page)
        stamp = page.stamp
        return Row(
            id=page.id,
            properties={column.name: plain(self.store, page, column) for column in columns},
            in_trash=page.in_trash,
            created_s=stamp.created_s,
            edited_s=stamp.edited_s,
            created_by="bot" if stamp.created_by == BOT else "person",
            edited_by="bot" if stamp.edited_by == BOT else "person",
        )

    def _values(self, source_id: str, properties: Mapping[str, Any]) -> dict[str, Any]:
        columns = self.store.sources[source_id].columns
        stored = tuple(
            (column, _stored(column, value))
            for column, value in ((column_named(columns, name), value) for name, value in properties.items())
        )
        return choose_options(self.store, source_id, stored, actor=PERSON)

    @staticmethod
    def _column(source: DataSource, name: str) -> Property:
        return column_named(source.columns, name)


def plain(store: Store, page: Page, column: Property) -> Any:
    """Give a value in plain Python: text, number, option names, page ids, the date's start."""
    whole = bare_value(store, page, column)
    if column.kind in ("title", "rich_text"):
        return plain_text(whole)
    if column.kind in ("select", "status"):
        return whole["name"] if whole else None
    if column.kind in ("multi_select", "relation", "people"):
        return [entry["name" if column.kind == "multi_select" else "id"] for entry in whole]
    if column.kind == "date":
        return whole["start"] if whole else None
    return whole["number"] if column.kind == "unique_id" else whole


def _stored(column: Property, value: Any) -> Any:
    if column.kind in ("title", "rich_text"):
        return plain_rich_text(value or "")
    if column.kind in ("select", "status"):
        return None if value is None else {"name": value}
    if column.kind == "multi_select":
        return tuple({"name": name} for name in value)
    if column.kind == "date":
        return None if value is None else {"start": value, "end": None, "time_zone": None}
    return tuple(value) if column.kind in ("relation", "people", "files") else value
