"""All rows of a data source, oldest first, in pages.

A query ends after 10,000 rows and a cursor dies of age, so reading goes on in windows: the next one begins at the
minute the last row was created in, and rows already given are left out. No cursor outlives its window.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from engine.domain.failure import FailureClass, Problem
from engine.targets.failed import Effect, Failed, unreadable
from engine.targets.notion.connection import Answer, Connection

WINDOW_ROWS = 10_000  # Notion gives no more in one query
WINDOW_PAGES_MAX = 10_000  # a page holds at least one row, or the query has gone astray


@dataclass(frozen=True, slots=True)
class Interrupted:
    """A window ended before the rows did; `failed` is what to say when another would not get further."""

    failed: Failed


class RowReader:
    """One reading of one data source; `read` may be called once."""

    def __init__(
        self, connection: Connection, source_id: str, *, page_size: int, window_rows: int = WINDOW_ROWS
    ) -> None:
        self._connection = connection
        self._source_id = source_id
        self._page_size = page_size
        self._window_rows = window_rows
        self._newest = ""  # created_time of the newest row given
        self._edge: set[str] = set()  # ids of the rows created in that minute

    def read(self) -> Iterator[list[Answer] | Failed]:
        """Give pages of rows; a `Failed`, when there is one, comes last and says that rows are missing."""
        more = True
        while more:
            since = self._newest
            more = False
            for given in self._window(since):
                if not isinstance(given, Interrupted):
                    yield given
                    if isinstance(given, Failed):
                        return
                elif self._newest > since:
                    more = True
                else:
                    yield given.failed
                    return

    def _window(self, since: str) -> Iterator[list[Answer] | Failed | Interrupted]:
        cursor: str | None = None
        count = 0
        for _ in range(WINDOW_PAGES_MAX):
            answer = self._ask(since, cursor)
            if isinstance(answer, Failed):
                stale = cursor is not None and answer.problem.http_status == HTTPStatus.BAD_REQUEST
                yield Interrupted(answer) if stale else answer
                return
            try:
                rows, cursor, ended_early = _page(answer)
                count += len(rows)
                fresh = self._fresh(rows)
            except (KeyError, TypeError, ValueError) as error:
                yield unreadable("Notion", f"{type(error).__name__} in a page of rows")
                return
            if fresh:
                yield fresh
            if cursor is None:
                if ended_early or count >= self._window_rows:
                    yield Interrupted(_capped())
                return
        yield unreadable("Notion", "a query that does not end")

    def _ask(self, since: str, cursor: str | None) -> Answer | Failed:
        asked: dict[str, Any] = {
            "sorts": [{"timestamp": "created_time", "direction": "ascending"}],
            "page_size": self._page_size,
        }
        if since:
            asked["filter"] = {"timestamp": "created_time", "created_time": {"on_or_after": since}}
        if cursor is not None:
            asked["start_cursor"] = cursor
        return self._connection.ask(lambda client: client.data_sources.query(self._source_id, **asked))

    def _fresh(self, rows: Sequence[Answer]) -> list[Answer]:
        fresh: list[Answer] = []
        for row in rows:
            if row["object"] != "page" or row["id"] in self._edge:
                continue
            created = str(row["created_time"])
            if created > self._newest:
                self._newest, self._edge = created, set()
            if created == self._newest:
                self._edge.add(str(row["id"]))
            fresh.append(row)
        return fresh


def _page(answer: Answer) -> tuple[list[Answer], str | None, bool]:
    rows = answer["results"]
    if not isinstance(rows, list):
        raise TypeError("results")
    cursor = answer["next_cursor"] if answer["has_more"] else None
    if answer["has_more"] and not isinstance(cursor, str):
        raise TypeError("next_cursor")
    status = answer.get("request_status") or {}
    return rows, cursor, status.get("type") == "incomplete"


def _capped() -> Failed:
    problem = Problem(
        failure=FailureClass.UNEXPECTED,
        detail=f"more than {WINDOW_ROWS} rows were created within one minute; Notion gives no way past them",
        hint="split the database, or import the rows again in smaller batches",
    )
    return Failed(problem=problem, effect=Effect.NONE_EVER)
