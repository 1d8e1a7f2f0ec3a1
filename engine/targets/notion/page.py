"""One page of Notion as something seen, whole: what a page object cuts off is asked for."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from engine.domain.events import RemoteSeen
from engine.targets.failed import Failed, unreadable
from engine.targets.notion.connection import REMOTE, Answer, Connection
from engine.targets.notion.mapping import decoded, fields_of
from engine.targets.notion.property_map import KEY_WORD, Column
from engine.targets.notion.source import DataSource

ITEM_PAGES_MAX = 1000  # of 100 pieces each; more is a listing gone astray
_MISREAD = (KeyError, TypeError, ValueError, AttributeError)


def seen_of(connection: Connection, kind: str, source: DataSource, page: Answer) -> RemoteSeen | Failed:
    """Read a page object, asking for the relations and texts of which it shows only the beginning."""
    try:
        fields, cut = fields_of(source.schema, page["properties"])
        for column in cut:
            whole = _whole(connection, str(page["id"]), column)
            if isinstance(whole, Failed):
                return whole
            fields[column.word] = decoded(column, whole)
        # A key column that is still to be added holds nothing: its coming must not make every row look changed.
        fields = {KEY_WORD: None, **fields}
        key = fields[KEY_WORD]
        return RemoteSeen(
            target=REMOTE,
            kind=kind,
            remote_id=str(page["id"]),
            key=key if isinstance(key, str) else None,
            fields=fields,
            live=not page["in_trash"],
            revision=str(page["last_edited_time"]),
        )
    except _MISREAD as error:
        return unreadable("Notion", f"{type(error).__name__} in a page")


def belongs(page: Answer, source: DataSource) -> bool:
    """Say whether a page is a row of a data source."""
    parent = page.get("parent")
    return isinstance(parent, dict) and parent.get("data_source_id") == source.id


def not_there(failed: Failed) -> bool:
    """Say whether Notion knows nothing of an object, or does not show it to us."""
    return failed.problem.http_status == HTTPStatus.NOT_FOUND


def _whole(connection: Connection, page_id: str, column: Column) -> list[Any] | Failed:
    contents: list[Any] = []
    for property_id in column.ids:
        pieces = _pieces(connection, page_id, property_id, column)
        if isinstance(pieces, Failed):
            return pieces
        contents.append(pieces)
    return contents


def _pieces(connection: Connection, page_id: str, property_id: str, column: Column) -> list[Any] | Failed:
    pieces: list[Any] = []
    asked: dict[str, Any] = {}
    for _ in range(ITEM_PAGES_MAX):
        answer = connection.ask(
            lambda client: client.pages.properties.retrieve(page_id, quote(property_id, safe=""), **asked)  # noqa: B023 - called at once
        )
        if isinstance(answer, Failed):
            return answer
        pieces.extend(entry[column.type] for entry in answer["results"])
        if not answer["has_more"]:
            return pieces
        asked = {"start_cursor": str(answer["next_cursor"])}
    return unreadable("Notion", "a property that does not end")
