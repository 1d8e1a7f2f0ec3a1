"""From what a person configured to the data source that holds the rows, and its schema as it is now.

Reads only. A remembered data source costs one request, an address that was never seen costs two.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from http import HTTPStatus

from engine.domain.failure import FailureClass
from engine.targets.failed import Failed, refused, unreadable
from engine.targets.notion.connection import Answer, Connection
from engine.targets.notion.property_map import KEY_WORD, Overrides, Schema, resolve

_ID = re.compile(r"[0-9a-fA-F]{32}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSource:
    """A data source and the part of its schema that concerns us."""

    id: str
    title: str
    schema: Schema


def dashed(text: str) -> str | None:
    """Give the id in an id or an address, in lower case with dashes; nothing when there is none."""
    found = _ID.findall(text.partition("?")[0])
    return str(uuid.UUID(found[-1])) if found else None


def locate(
    connection: Connection, kind: str, configured: str, remembered: str | None, names: Overrides
) -> DataSource | Failed:
    """Find the data source of one kind of object and read its schema.

    Args:
        connection: the way to Notion.
        kind: "playlist" or "track".
        configured: a database or data source, as id or address.
        remembered: the data source's id when it was seen before.
        names: overrides of the property map.
    """
    wanted = dashed(configured)
    if wanted is None:
        return refused(
            FailureClass.INVALID_REQUEST,
            f"the {kind} database {configured!r} is not a Notion id or address",
            "copy the database's link from Notion (••• > Copy link) into the settings",
        )
    found = _recall(connection, wanted, remembered) if remembered else None
    found = found or _discover(connection, wanted)
    if isinstance(found, Failed):
        return found
    try:
        return parsed(kind, found, names)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return unreadable("Notion", f"{type(error).__name__} in a data source")


def parsed(kind: str, answer: Answer, names: Overrides) -> DataSource | Failed:
    """Read a data source's answer.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: the answer is not what Notion documents.
    """
    title = "".join(piece["plain_text"] for piece in answer["title"])
    if answer.get("in_trash"):
        return refused(FailureClass.NOT_FOUND, f"the {kind} database {title!r} is in the trash", "restore it in Notion")
    schema = resolve(kind, answer["properties"], names)
    if KEY_WORD not in schema.columns and not schema.key_addable:
        return refused(
            FailureClass.INVALID_REQUEST,
            f"`{schema.key_name}` of {title!r} is not a text property, so rows cannot carry our key",
            f"rename that property in Notion; a text property `{schema.key_name}` is added when it is needed",
        )
    return DataSource(id=str(answer["id"]), title=title, schema=schema)


def retrieve(connection: Connection, source_id: str) -> Answer | Failed:
    """Ask for one data source."""
    return connection.ask(lambda client: client.data_sources.retrieve(source_id))


def _recall(connection: Connection, wanted: str, remembered: str) -> Answer | Failed | None:
    answer = retrieve(connection, remembered)
    if isinstance(answer, Failed):
        return None if answer.problem.http_status == HTTPStatus.NOT_FOUND else answer
    parent = answer.get("parent")
    ours = {answer.get("id"), parent.get("database_id") if isinstance(parent, dict) else None}
    return answer if wanted in ours else None


def _discover(connection: Connection, wanted: str) -> Answer | Failed:
    database = connection.ask(lambda client: client.databases.retrieve(wanted))
    if isinstance(database, Failed):
        missing = database.problem.http_status == HTTPStatus.NOT_FOUND
        return retrieve(connection, wanted) if missing else database
    entries = database.get("data_sources")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) and "id" in entry for entry in entries):
        return unreadable("Notion", "a database without data sources")
    if len(entries) != 1:
        listed = ", ".join(f"{entry.get('name')} ({entry['id']})" for entry in entries)
        return refused(
            FailureClass.INVALID_REQUEST,
            f"the database {wanted} has {len(entries)} data sources: {listed}",
            "put the id of the one you mean into the settings (data source > ••• > Copy data source ID)",
        )
    return retrieve(connection, str(entries[0]["id"]))
