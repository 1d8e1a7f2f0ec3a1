"""The Notion stand-in as a program: a loopback server over one workspace, kept in a file when asked.

Tests and the demo speak to the API over HTTP and to the person's side through the methods here. It knows nothing of
any program that uses it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from typing_extensions import override

from engine.standins.notion import state
from engine.standins.notion.api import Api
from engine.standins.notion.call import Knobs
from engine.standins.notion.people import People, Row
from engine.standins.notion.rate import Budget
from engine.standins.notion.store import Store
from engine.standins.server import Request, Response, Standin

Done = TypeVar("Done")

TOKEN = "ntn_standin"
REQUESTS_PER_WINDOW = 100_000  # generous: a test that wants to be limited says so


class NotionStandin(Standin):
    """A loopback Notion.

    Args:
        port: where to listen; 0 takes a free one.
        token: the bearer token that is let in.
        state_path: where the workspace is kept between runs.
        history_path: where every exchange is appended.
        clock: seconds since the epoch; decides what minute it is.
        requests_per_window: the connection's budget per 60 seconds.
        lag_requests: a written page shows up in queries only after this many further requests.
        seed: makes the ids of this workspace differ from another's.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        token: str = TOKEN,
        state_path: Path | None = None,
        history_path: Path | None = None,
        clock: Callable[[], float] = time.time,
        requests_per_window: int = REQUESTS_PER_WINDOW,
        lag_requests: int = 0,
        seed: str = "workspace",
    ) -> None:
        super().__init__(port=port, history_path=history_path, clock=clock)
        self.token = token
        self.knobs = Knobs()
        self.budget = Budget(requests_max=requests_per_window)
        self.store = Store(clock=clock, seed=seed)
        self.store.lag_requests = lag_requests
        self._state_path = state_path
        if state_path is not None:
            state.load(self.store, state_path)
        self._saved = self.store.changes
        self._api = Api(self.store, token=token, budget=self.budget, knobs=self.knobs)
        self._people = People(self.store)

    @override
    def handle(self, request: Request) -> Response:
        answer = self._api.answer(request)
        self._save()
        return answer

    def expire_cursors(self) -> None:
        """Make every cursor given out so far invalid."""
        with self._lock:
            self._api.cursors.given.clear()

    def create_database(
        self, title: str, columns: Mapping[str, Any], *, ids: tuple[str, str] | None = None
    ) -> tuple[str, str]:
        """Make a database as a person, and give its id and its data source's (columns: see `People`)."""
        return self._by_person(lambda people: people.create_database(title, columns, ids=ids))

    def add_column(self, data_source_id: str, name: str, kind: Any) -> str:
        """Add a column as a person and give its raw id."""
        return self._by_person(lambda people: people.add_column(data_source_id, name, kind))

    def rename_property(self, data_source_id: str, name: str, new_name: str) -> None:
        """Rename a column as a person."""
        self._by_person(lambda people: people.rename_column(data_source_id, name, new_name))

    def remove_property(self, data_source_id: str, name: str) -> None:
        """Delete a column as a person."""
        self._by_person(lambda people: people.remove_column(data_source_id, name))

    def create(self, data_source_id: str, properties: Mapping[str, Any], *, page_id: str | None = None) -> str:
        """Make a page as a person and give its id."""
        return self._by_person(lambda people: people.create(data_source_id, properties, page_id=page_id))

    def edit(self, page_id: str, properties: Mapping[str, Any]) -> None:
        """Change a page as a person; values are plain Python."""
        self._by_person(lambda people: people.edit(page_id, properties))

    def trash(self, page_id: str) -> None:
        """Put a page into the trash as a person."""
        self._by_person(lambda people: people.trash(page_id))

    def restore(self, page_id: str) -> None:
        """Take a page out of the trash as a person."""
        self._by_person(lambda people: people.restore(page_id))

    def empty_trash(self) -> None:
        """Delete the pages in the trash for good, as a person does, or time."""
        self._by_person(lambda people: people.empty_trash())

    def trash_database(self, database_id: str) -> None:
        """Put a database into the trash as a person."""
        self._by_person(lambda people: people.trash_database(database_id, in_trash=True))

    def restore_database(self, database_id: str) -> None:
        """Take a database out of the trash as a person."""
        self._by_person(lambda people: people.trash_database(database_id, in_trash=False))

    def share(self, database_id: str) -> None:
        """Share a database with the integration."""
        self._by_person(lambda people: people.share(database_id, shared=True))

    def revoke(self, database_id: str) -> None:
        """Take a database away from the integration: it answers 404 from now on."""
        self._by_person(lambda people: people.share(database_id, shared=False))

    def pages(self, data_source_id: str) -> list[Row]:
        """Give every row of a data source in plain Python, trashed ones too, oldest first."""
        with self._lock:
            return self._people.rows(data_source_id)

    def page(self, page_id: str) -> Row:
        """Give one page in plain Python."""
        with self._lock:
            return self._people.row(self.store.pages[page_id])

    def schema(self, data_source_id: str) -> dict[str, str]:
        """Give a data source's column names with their kinds."""
        with self._lock:
            return {column.name: column.kind for column in self.store.sources[data_source_id].columns}

    def _by_person(self, act: Callable[[People], Done]) -> Done:
        with self._lock:
            done = act(self._people)
            self._save()
            return done

    def _save(self) -> None:
        if self._state_path is not None and self.store.changes != self._saved:
            state.save(self.store, self._state_path)
            self._saved = self.store.changes
