"""Blocks, thinly: children can be appended to a page and listed; their text obeys the limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.standins.notion.call import Call
from engine.standins.notion.checks import as_id, as_list, as_object, as_page_size, only_keys
from engine.standins.notion.errors import MISSING, invalid, not_found, should
from engine.standins.notion.render import VERSION_WITHOUT_ARCHIVED, minute, user
from engine.standins.notion.richtext import read_rich_text
from engine.standins.notion.store import BOT, Store

BLOCKS_MAX = 1000
_TEXT_KINDS = (
    "paragraph",
    "heading_1",
    "heading_2",
    "heading_3",
    "bulleted_list_item",
    "numbered_list_item",
    "to_do",
    "toggle",
    "quote",
    "callout",
    "code",
)
_KINDS = (*_TEXT_KINDS, "divider", "bookmark", "embed", "image", "table", "table_row", "table_of_contents", "equation")
_APPEND_KEYS = ("children", "after", "position")


def append_children(call: Call, parent_id: str) -> dict[str, Any]:
    """Answer `PATCH /v1/blocks/{id}/children`."""
    call.require(call.knobs.may_insert)
    store, body = call.store, only_keys("body", call.body, _APPEND_KEYS)
    page_id = _parent(store, parent_id)
    present = store.blocks.setdefault(page_id, [])
    place = _place(call, present)
    added = read_children("body.children", body.get("children", MISSING), store)
    present[place:place] = added
    store.change_page(page_id, {}, actor=BOT)
    return _listed(added, None)


def list_children(call: Call, parent_id: str) -> dict[str, Any]:
    """Answer `GET /v1/blocks/{id}/children`."""
    page_id = _parent(call.store, parent_id)
    size = as_page_size("query.page_size", call.parameter("page_size"))
    present, begin = call.store.blocks.get(page_id, []), 0
    if (token := call.parameter("start_cursor")) is not MISSING:
        begin = _position_of(present, token)
    end = begin + size
    return _listed(present[begin:end], present[end]["id"] if end < len(present) else None)


def read_children(where: str, given: object, store: Store) -> list[dict[str, Any]]:
    """Check new blocks and give them as answers show them."""
    blocks = [_block(f"{where}[{index}]", entry, store) for index, entry in enumerate(as_list(where, given))]
    if _counted(given) > BLOCKS_MAX:
        raise invalid(f"body failed validation: the request has more than `{BLOCKS_MAX}` block elements.")
    return blocks


def _counted(given: object) -> int:
    if isinstance(given, dict):
        return int("object" in given or "type" in given) + sum(_counted(entry) for entry in given.values())
    return sum(_counted(entry) for entry in given) if isinstance(given, list) else 0


def _block(where: str, entry: object, store: Store) -> dict[str, Any]:
    given = as_object(where, entry)
    kinds = [kind for kind in _KINDS if kind in given]
    if len(kinds) != 1 or given.get("type", kinds[0]) != kinds[0]:
        raise should(f"{where}.{given.get('type', 'paragraph')}", "defined", MISSING)
    kind = kinds[0]
    content: Mapping[str, Any] = as_object(f"{where}.{kind}", given[kind])
    if kind in _TEXT_KINDS:
        pieces = read_rich_text(f"{where}.{kind}.rich_text", content.get("rich_text", MISSING))
        content = {"color": "default", **content, "rich_text": list(pieces)}
    now = minute(store.clock())
    return {
        "object": "block",
        "id": store.new_id(),
        "created_time": now,
        "last_edited_time": now,
        "created_by": user(BOT),
        "last_edited_by": user(BOT),
        "has_children": False,
        "in_trash": False,
        "type": kind,
        kind: dict(content),
    }


def _parent(store: Store, parent_id: str) -> str:
    page_id = as_id("path.block_id", parent_id)
    page = store.pages.get(page_id)
    if page is None or not store.sees_page(page):
        raise not_found("block", page_id)
    return page.id


def _place(call: Call, present: list[dict[str, Any]]) -> int:
    body = call.body
    if "after" in body:
        if call.version >= VERSION_WITHOUT_ARCHIVED:
            raise should("body.after", "not present", body["after"])
        return _position_of(present, body["after"]) + 1
    if "position" not in body:
        return len(present)
    if call.version < VERSION_WITHOUT_ARCHIVED:
        raise should("body.position", "not present", body["position"])
    position = as_object("body.position", body["position"])
    if position.get("type") == "after_block":
        return _position_of(present, as_object("body.position.after_block", position.get("after_block")).get("id")) + 1
    if position.get("type") not in ("start", "end"):
        raise should("body.position.type", '`"after_block"`, `"start"` or `"end"`', position.get("type", MISSING))
    return 0 if position["type"] == "start" else len(present)


def _position_of(present: list[dict[str, Any]], block_id: object) -> int:
    for place, block in enumerate(present):
        if block["id"] == block_id:
            return place
    raise invalid(f"Block {block_id} is not a child of this parent.")


def _listed(blocks: list[dict[str, Any]], next_cursor: str | None) -> dict[str, Any]:
    ending = {"next_cursor": next_cursor, "has_more": next_cursor is not None}
    return {"object": "list", "results": list(blocks), **ending, "type": "block", "block": {}}
