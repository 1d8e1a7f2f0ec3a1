"""A merged world at rest, and hands that edit its rows and items."""

from __future__ import annotations

from engine.domain.events import (
    RemoteSeen,
)
from engine.domain.plan import Action, Operation
from engine.domain.references import eagle_item_id
from engine.domain.value import FieldValue
from engine.projections.rows import Remote
from engine.reconciler.policy import Policy
from tests.reconciler.pure_world import POLICY, Story
from tests.reconciler.test_merging import rec, twins
from tests.reconciler.test_planner import run_to_rest

ONE, TWO = rec(1), rec(2)
ITEM_ONE, ITEM_TWO = eagle_item_id(ONE), eagle_item_id(TWO)
PAGE_ONE, PAGE_TWO = f"notion-track-{ONE}", f"notion-track-{TWO}"


def at_rest() -> Story:
    """Give twins that have a row, an item and files each."""
    story = twins()
    run_to_rest(story)
    return story


def shown(story: Story, remote_id: str) -> Remote:
    """Give what a target holds under a remote id."""
    rows = story.state().remotes
    return rows.get(f"notion/{remote_id}") or rows[f"eagle/{remote_id}"]


def edit(story: Story, remote_id: str, *, live: bool = True, key: str | None = None, **fields: FieldValue) -> None:
    """Let somebody change a row or an item."""
    row = shown(story, remote_id)
    held = {**row.fields, **fields}
    story.tell(
        RemoteSeen(target=row.target, kind=row.kind, remote_id=remote_id, key=key or row.key, fields=held, live=live)
    )


def removed(story: Story, policy: Policy = POLICY) -> dict[str, str]:
    """Give what a plan removes of rows and items, with its reasons."""
    actions = story.plan(policy).actions
    spare = [row for row in actions if row.operation is Operation.TRASH and row.object_kind in ("track", "item")]
    return {row.remote_id or "": row.reason for row in spare}


def of(story: Story, kind: str, key: str) -> list[Action]:
    """Give a plan's actions on one object."""
    return [action for action in story.plan().actions if (action.object_kind, action.key) == (kind, key)]


def _tags(story: Story, remote_id: str) -> tuple[str, ...]:
    tags = shown(story, remote_id).fields["tags"]
    assert isinstance(tags, tuple)
    return tags
