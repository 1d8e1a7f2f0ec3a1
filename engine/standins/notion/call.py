"""One request after the door: what every route handler is given, and the knobs of the service.

The door itself (token, version, rate, routes) is `api`.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.standins.notion.checks import as_bool
from engine.standins.notion.errors import MISSING, NotionError, invalid, should
from engine.standins.notion.render import VERSION_WITHOUT_ARCHIVED
from engine.standins.notion.store import WORKSPACE, Store

ROWS_MAX = 10_000  # a query never gives more rows than this, whatever its cursors
CURSORS_MAX = 10_000
CURSOR_LIFE_S = 4 * 3600.0


@dataclass(slots=True, kw_only=True)
class Knobs:
    """What a test may turn while the stand-in runs."""

    rows_max: int = ROWS_MAX
    rows_per_page_max: int = 100  # lower than the page size asked for: short pages
    cursor_life_s: float = CURSOR_LIFE_S
    may_insert: bool = True
    may_update: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """Where a listing goes on: which listing it was, in what chance order, and the row that comes next."""

    listing: str
    salt: int
    next_id: str
    made_s: float


@dataclass(slots=True, kw_only=True)
class Cursors:
    """The cursors given out; they die of age, of their row vanishing, and of a restart."""

    given: dict[str, Cursor] = field(default_factory=dict)
    made: int = 0

    def give(self, cursor: Cursor) -> str:
        """Give an opaque token for a cursor."""
        self.made += 1
        token = str(uuid.uuid5(WORKSPACE, f"cursor {self.made} {cursor.next_id}"))
        self.given[token] = cursor
        if len(self.given) > CURSORS_MAX:
            del self.given[next(iter(self.given))]
        return token

    def take(self, token: object, listing: str, *, now_s: float, life_s: float) -> Cursor:
        """Find the cursor behind a token.

        Raises:
            NotionError: unknown, too old, or of another listing.
        """
        cursor = self.given.get(token) if isinstance(token, str) else None
        if cursor is None or cursor.listing != listing or now_s - cursor.made_s > life_s:
            raise invalid(f"The start_cursor provided is invalid: {token}")
        return cursor


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request that was let in."""

    store: Store
    knobs: Knobs
    cursors: Cursors
    version: str
    body: Mapping[str, Any]
    query: tuple[tuple[str, str], ...]

    def parameter(self, name: str) -> object:
        """Give the last value of a query parameter, or `MISSING`."""
        return dict(self.query).get(name, MISSING)

    def in_trash(self) -> bool | None:
        """Read the body's trash mark, by the name this API version knows.

        Raises:
            NotionError: `archived` in a version that removed it, or two marks that disagree.
        """
        old, new = self.body.get("archived", MISSING), self.body.get("in_trash", MISSING)
        if old is not MISSING and self.version >= VERSION_WITHOUT_ARCHIVED:
            raise should("body.archived", "not present", old)
        marks = {
            as_bool(f"body.{name}", mark)
            for name, mark in (("archived", old), ("in_trash", new))
            if mark is not MISSING
        }
        if len(marks) > 1:
            raise invalid("body failed validation: body.archived and body.in_trash should be equal.")
        return marks.pop() if marks else None

    def require(self, permitted: bool) -> None:  # noqa: FBT001 - reads as a sentence at the call
        """Refuse a connection that lacks the capability.

        Raises:
            NotionError: 403 restricted_resource.
        """
        if not permitted:
            raise NotionError(403, "restricted_resource", "Insufficient permissions for this endpoint.")
