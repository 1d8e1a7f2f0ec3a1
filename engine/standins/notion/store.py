"""The stand-in's one store: databases, data sources, pages, blocks, and who changed what when.

Bot and people write through the same methods, told apart by `actor`. Values are in stored form (see `values`);
nothing here knows HTTP. Times come from the clock given, ids from a counter, so a run repeats exactly.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from engine.standins.notion.errors import invalid, not_found
from engine.standins.notion.schema import (
    SCHEMA_BYTES_MAX,
    TITLE_ID,
    Property,
    property_id,
    schema_bytes,
    with_options,
)

WORKSPACE = uuid.UUID("5f0c6f0e-2d0c-5e4b-9a55-1f2d3c4b5a69")
BOT = str(uuid.uuid5(WORKSPACE, "bot"))
PERSON = str(uuid.uuid5(WORKSPACE, "person"))
ROOT_PAGE = str(uuid.uuid5(WORKSPACE, "root page"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """Who made and last changed a thing, and when (seconds since the epoch)."""

    created_s: float
    created_by: str
    edited_s: float
    edited_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """A container of data sources; sharing is decided here."""

    id: str
    title: str
    parent_page_id: str
    stamp: Stamp
    shared: bool = True
    in_trash: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSource:
    """A schema and the rows under it."""

    id: str
    title: str
    database_id: str
    stamp: Stamp
    columns: tuple[Property, ...]
    in_trash: bool = False
    numbered: int = 0  # the last unique_id given out


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A row, or a plain page when it has no data source. `values` are keyed by raw property id."""

    id: str
    data_source_id: str | None
    stamp: Stamp
    parent_page_id: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    in_trash: bool = False
    is_locked: bool = False
    icon: Any = None
    cover: Any = None


class Store:
    """Everything in the workspace.

    Args:
        clock: seconds since the epoch.
        seed: makes the ids of this workspace differ from another's.
    """

    def __init__(self, *, clock: Callable[[], float], seed: str = "workspace") -> None:
        self.clock = clock
        self.seed = seed
        self.made = 0
        self.changes = 0
        self.requests = 0
        self.lag_requests = 0
        self.schema_bytes_max = SCHEMA_BYTES_MAX
        self.databases: dict[str, Database] = {}
        self.sources: dict[str, DataSource] = {}
        self.pages: dict[str, Page] = {}
        self.blocks: dict[str, list[dict[str, Any]]] = {}
        self._unindexed: dict[str, list[tuple[int, Page | None]]] = {}
        root = Page(id=ROOT_PAGE, data_source_id=None, stamp=self.stamped(PERSON))
        self.pages[root.id] = root

    def new_id(self) -> str:
        """Give the next id; the same seed gives the same ids."""
        self.made += 1
        return str(uuid.uuid5(WORKSPACE, f"{self.seed}/{self.made}"))

    def stamped(self, actor: str, before: Stamp | None = None) -> Stamp:
        """Give a stamp for a thing made or changed now."""
        now_s = self.clock()
        if before is None:
            return Stamp(created_s=now_s, created_by=actor, edited_s=now_s, edited_by=actor)
        return replace(before, edited_s=now_s, edited_by=actor)

    # What the integration can see.

    def sees_source(self, source: DataSource) -> bool:
        """Say whether the data source is shared with the integration."""
        return self.databases[source.database_id].shared

    def sees_page(self, page: Page) -> bool:
        """Say whether the page is shared with the integration."""
        return page.data_source_id is None or self.sees_source(self.sources[page.data_source_id])

    def visible_source(self, source_id: str) -> DataSource:
        """Give a shared data source, or raise the 404."""
        source = self.sources.get(source_id)
        if source is None or not self.sees_source(source):
            raise not_found("data_source", source_id)
        return source

    def visible_database(self, database_id: str) -> Database:
        """Give a shared database, or raise the 404."""
        database = self.databases.get(database_id)
        if database is None or not database.shared:
            raise not_found("database", database_id)
        return database

    def visible_page(self, page_id: str) -> Page:
        """Give a shared page, in the trash or not, or raise the 404."""
        page = self.pages.get(page_id)
        if page is None or not self.sees_page(page):
            raise not_found("page", page_id)
        return page

    def ancestor_in_trash(self, page: Page) -> bool:
        """Say whether the data source or the database a page lies in is in the trash."""
        source = self.sources.get(page.data_source_id or "")
        return source is not None and (source.in_trash or self.databases[source.database_id].in_trash)

    def visible_columns(self, source: DataSource) -> tuple[Property, ...]:
        """Give the columns, without relations to data sources that are not shared."""
        return tuple(
            column
            for column in source.columns
            if column.kind != "relation" or self.sees_source(self.sources[column.config["data_source_id"]])
        )

    def columns_of(self, page: Page) -> tuple[Property, ...]:
        """Give a page's visible columns; a plain page has only a title."""
        if page.data_source_id is None:
            return (Property(id=TITLE_ID, name="title", kind="title"),)
        return self.visible_columns(self.sources[page.data_source_id])

    def sources_of(self, database_id: str) -> list[DataSource]:
        """Give a database's data sources."""
        return [source for source in self.sources.values() if source.database_id == database_id]

    # Queries see a page late when visibility lags.

    def indexed(self, page: Page) -> Page | None:
        """Give the version of a page that queries see at this moment, or nothing."""
        if not self._unindexed:
            return page
        waiting = [entry for entry in self._unindexed.get(page.id, ()) if entry[0] > self.requests]
        if waiting:
            self._unindexed[page.id] = waiting
            return waiting[0][1]
        self._unindexed.pop(page.id, None)
        return page

    def put_page(self, page: Page) -> Page:
        """Store a page; when visibility lags, queries keep seeing what was there before."""
        if self.lag_requests:
            due = self.requests + self.lag_requests + 1
            self._unindexed.setdefault(page.id, []).append((due, self.pages.get(page.id)))
        self.pages[page.id] = page
        self.changes += 1
        return page

    # Databases and schemas.

    def add_database(
        self, title: str, *, actor: str, ids: tuple[str, str] | None = None
    ) -> tuple[Database, DataSource]:
        """Make a database with one data source that has only a title column."""
        database_id, source_id = ids or (self.new_id(), self.new_id())
        stamp = self.stamped(actor)
        database = Database(id=database_id, title=title, parent_page_id=ROOT_PAGE, stamp=stamp)
        columns = (Property(id=TITLE_ID, name="Name", kind="title"),)
        source = DataSource(id=source_id, title=title, database_id=database_id, stamp=stamp, columns=columns)
        self.databases[database_id] = database
        self.sources[source_id] = source
        self.changes += 1
        return database, source

    def put_database(self, database: Database) -> Database:
        """Store a changed database."""
        self.databases[database.id] = database
        self.changes += 1
        return database

    def put_source(self, source: DataSource, *, actor: str) -> DataSource:
        """Store a changed data source.

        Raises:
            NotionError: the schema has grown over the size Notion accepts.
        """
        if schema_bytes(source.columns) > self.schema_bytes_max:
            raise invalid(
                "Updates to this database's schema have exceeded the maximum size. Remove unused properties or options."
            )
        stored = replace(source, stamp=self.stamped(actor, source.stamp))
        self.sources[stored.id] = stored
        self.changes += 1
        return stored

    def put_column(self, source_id: str, column: Property, *, actor: str) -> DataSource:
        """Add or replace one column, by its id."""
        source = self.sources[source_id]
        known = any(present.id == column.id for present in source.columns)
        columns = tuple(column if present.id == column.id else present for present in source.columns)
        return self.put_source(replace(source, columns=columns if known else (*columns, column)), actor=actor)

    def new_property_id(self, source_id: str, name: str) -> str:
        """Give an unused property id."""
        taken = {column.id for column in self.sources[source_id].columns}
        self.made += 1
        attempt = 0
        while (made := property_id(f"{source_id}/{name}/{self.made}/{attempt}")) in taken:
            attempt += 1
        return made

    def drop_column(self, source_id: str, column: Property, *, actor: str) -> None:
        """Remove a column and its mirror; the values stay behind unseen, as they do when it is undone."""
        source = self.sources[source_id]
        columns = tuple(present for present in source.columns if present.id != column.id)
        self.put_source(replace(source, columns=columns), actor=actor)
        mirror = column.config.get("mirror_id")
        other = self.sources[column.config["data_source_id"]] if mirror else None
        if other:
            kept = tuple(present for present in other.columns if present.id != mirror)
            self.put_source(replace(other, columns=kept), actor=actor)

    def relate(self, source_id: str, name: str, target_id: str, *, mirror_name: str | None, actor: str) -> Property:
        """Add a relation; with a mirror name, the other side gets a column that always agrees."""
        column = Property(
            id=self.new_property_id(source_id, name), name=name, kind="relation", config={"data_source_id": target_id}
        )
        if mirror_name is not None:
            mirror = Property(
                id=self.new_property_id(target_id, mirror_name),
                name=mirror_name,
                kind="relation",
                config={"data_source_id": source_id, "mirror_id": column.id},
            )
            column = replace(column, config={**column.config, "mirror_id": mirror.id})
            self.put_column(target_id, mirror, actor=actor)
        self.put_column(source_id, column, actor=actor)
        return column

    # Pages.

    def add_page(
        self,
        source_id: str | None,
        values: Mapping[str, Any],
        *,
        actor: str,
        page_id: str | None = None,
        parent_page_id: str | None = None,
    ) -> Page:
        """Make a page and mirror its relations."""
        page = Page(
            id=page_id or self.new_id(),
            data_source_id=source_id,
            parent_page_id=parent_page_id,
            stamp=self.stamped(actor),
            values={**self._numbers(source_id), **values},
        )
        self.put_page(page)
        self._mirror(page, {})
        return page

    def _numbers(self, source_id: str | None) -> dict[str, int]:
        if source_id is None:
            return {}
        source = self.sources[source_id]
        numbered = source.numbered + 1
        self.sources[source_id] = replace(source, numbered=numbered)
        return {column.id: numbered for column in source.columns if column.kind == "unique_id"}

    def change_page(self, page_id: str, values: Mapping[str, Any], *, actor: str, **marks: Any) -> Page:
        """Change a page's values and marks (`in_trash`, `icon` and so on), and mirror its relations."""
        before = self.pages[page_id]
        after = replace(before, values={**before.values, **values}, stamp=self.stamped(actor, before.stamp), **marks)
        self.put_page(after)
        self._mirror(after, before.values)
        return after

    def _mirror(self, page: Page, before: Mapping[str, Any]) -> None:
        # The other side changes without being stamped: nobody edited that page.
        source = self.sources.get(page.data_source_id or "")
        for column in source.columns if source else ():
            mirror_id = column.config.get("mirror_id")
            if column.kind != "relation" or mirror_id is None:
                continue
            old: Sequence[str] = before.get(column.id, ())
            new: Sequence[str] = page.values.get(column.id, ())
            for other_id in [entry for entry in new if entry not in old]:
                self._link(other_id, mirror_id, page.id, present=True)
            for other_id in [entry for entry in old if entry not in new]:
                self._link(other_id, mirror_id, page.id, present=False)

    def _link(self, page_id: str, column_id: str, other_id: str, *, present: bool) -> None:
        page = self.pages.get(page_id)
        if page is None:  # it left the trash for good
            return
        linked = [entry for entry in page.values.get(column_id, ()) if entry != other_id]
        if present:
            linked.append(other_id)
        self.put_page(replace(page, values={**page.values, column_id: tuple(linked)}))

    def empty_trash(self) -> None:
        """Delete the pages in the trash for good."""
        self.pages = {page_id: page for page_id, page in self.pages.items() if not page.in_trash}
        self.changes += 1

    def rows(self, source_id: str) -> list[Page]:
        """Give every row of a data source, trashed ones too, oldest first."""
        return [page for page in self.pages.values() if page.data_source_id == source_id]

    def linked(self, ids: Sequence[str]) -> list[str]:
        """Give the related pages an answer shows: those that are not in the trash."""
        return [page_id for page_id in ids if page_id in self.pages and not self.pages[page_id].in_trash]

    def choose(self, source_id: str, column: Property, chosen: Sequence[Mapping[str, str]], *, actor: str) -> list[str]:
        """Give option ids for references by id or name, making select options that are not there yet."""
        names = [entry["name"] for entry in chosen if "id" not in entry]
        grown = with_options(column, names)
        if grown is not column:
            self.put_column(source_id, grown, actor=actor)
        found = [
            entry["id"] if "id" in entry else str((grown.option("name", entry["name"]) or {})["id"]) for entry in chosen
        ]
        return list(dict.fromkeys(found))
