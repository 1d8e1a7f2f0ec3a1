"""Where a recording's row or item stands when others were merged into it, or a person recognised one that has no key.

What an absorbed recording has and the one that stays has not, is taken over in place: nothing is made beside it.
Decides nothing about identity; what no merge and no answer concerns is located as ever.
"""

from __future__ import annotations

from dataclasses import replace as changed
from typing import TypeAlias

from msgspec.structs import replace

from engine.domain.matching_events import JOINING, PARTING
from engine.domain.plan import Owner
from engine.domain.references import object_key, remote_key
from engine.domain.value import FieldValue
from engine.projections.rows import Question, Remote, TargetObject
from engine.reconciler.catalogue import ROWS_AND_ITEMS, Catalogue
from engine.reconciler.diff import DOUBLED, Ambiguous, Bound, Removed, Standing, locate, meeting_value
from engine.reconciler.keepers import fullest
from engine.reconciler.wanted import WantedObject
from engine.reconciler.wanted_eagle import KEY_LINE

Meets: TypeAlias = dict[tuple[str, FieldValue], list[Remote]]


def stand(index: Catalogue, wanted: WantedObject, meets: Meets) -> Standing:
    """Find the remote that holds a wanted object, among those of all recordings that are one.

    Args:
        index: the state, indexed.
        wanted: what is looked for.
        meets: (field, value) → unkeyed standing remotes of the same target and kind.
    """
    shows_a_recording = (wanted.target, wanted.kind) in ROWS_AND_ITEMS
    if not shows_a_recording or not (wanted.key in index.absorbed or wanted.key in index.unkeyed):
        return locate(index, wanted, meets)
    own = locate(index, wanted, {})
    if isinstance(own, Bound):
        return _with_lineage(index, wanted, own)
    if isinstance(own, Ambiguous):
        return own
    return _inherited(index, wanted) or _recognised(index, wanted) or _unheld(index, wanted, own, meets)


def _with_lineage(index: Catalogue, wanted: WantedObject, own: Bound) -> Bound:
    return changed(own, written=written_of(index, wanted.target, wanted.kind, wanted.key) or own.written)


def written_of(index: Catalogue, target: str, kind: str, key: str) -> TargetObject | None:
    """Give what we last left at an object, with what we left there while it was that of a recording since merged."""
    own = index.bound(target, kind, key)
    members = (index.bound(target, kind, member) for member in index.absorbed.get(key, ()))
    earlier = [row.base for row in members if own and row and row.remote_id == own.remote_id]
    if own is None or not earlier:
        return own
    inherited = {name: value for base in earlier for name, value in base.items()}
    return replace(own, base={**inherited, **own.base})


def _inherited(index: Catalogue, wanted: WantedObject) -> Standing | None:
    """Give the object that is taken over, or that nothing can be while several claim to be one of them."""
    key = index.heirs.get(object_key(wanted.target, wanted.kind, wanted.key))
    if key is not None:
        remote = index.own_remote(wanted.target, wanted.kind, key)
        assert remote is not None  # an heir stands, or it is none
        return Bound(remote=remote, written=index.bound(wanted.target, wanted.kind, key), adopted=False)
    for member in index.absorbed.get(wanted.key, ()):
        carriers = index.keyed.get(object_key(wanted.target, wanted.kind, member), ())
        if carriers:
            return Ambiguous(remote_ids=tuple(row.remote_id for row in carriers), reason=DOUBLED)
    return None


def _recognised(index: Catalogue, wanted: WantedObject) -> Bound | None:
    """Give what has no key and is the recording, by a person's word or on evidence that settled the question."""
    said = (row for row in index.unkeyed.get(wanted.key, ()) if row.answer in JOINING or _settled(row))
    found = [remote for row in said if (remote := unkeyed_remote(index, row, wanted.target, wanted.kind))]
    return Bound(remote=fullest(found), written=None, adopted=True) if found else None


def _settled(row: Question) -> bool:
    return row.answer not in PARTING and row.settled == "accept"


def _unheld(index: Catalogue, wanted: WantedObject, own: Standing, meets: Meets) -> Standing:
    """Give what a recording has of which nothing stands: what a person took away of any of them is not made again."""
    members = (replace(wanted, key=key, meet=()) for key in index.absorbed.get(wanted.key, ()))
    gone = [own, *(locate(index, member, {}) for member in members)]
    removed = next((standing for standing in gone if isinstance(standing, Removed)), None)
    if removed is not None:
        return removed
    apart = {row.newer for row in index.unkeyed.get(wanted.key, ()) if row.answer in PARTING}
    pairs = [(name, meeting_value(name, value)) for name, value in wanted.meet]
    allowed = {pair: [row for row in meets.get(pair, ()) if _thing(row) not in apart] for pair in pairs}
    return locate(index, wanted, allowed)


def _thing(row: Remote) -> str:
    return object_key(row.target, row.kind, row.remote_id)


def unkeyed_remote(index: Catalogue, row: Question, target: str, kind: str) -> Remote | None:
    """Give the row or item a question is about, while it stands in a target, carries no key and is nobody's."""
    prefix = object_key(target, kind, "")
    if not row.newer.startswith(prefix):
        return None
    where = remote_key(target, row.newer.removeprefix(prefix))
    remote = index.state.remotes.get(where)
    free = remote and remote.kind == kind and remote.standing and not remote.key and where not in index.claimed
    return remote if free else None


def asked(index: Catalogue, target: str, kind: str, key: str) -> Question | None:
    """Give the open question whether something in a target is a recording, which nothing is made for until then."""
    rows = (row for row in index.unkeyed.get(key, ()) if row.open)
    return next((row for row in rows if unkeyed_remote(index, row, target, kind)), None)


def rekeyed(index: Catalogue, wanted: WantedObject, standing: Standing) -> WantedObject:
    """Give what an item should hold when it changes hands: our line in its annotation names the one that stays.

    A row's key has a field of its own; an item's lies among a person's words, which stay as they are.
    """
    if not isinstance(standing, Bound) or (wanted.target, wanted.kind) != ("eagle", "item"):
        return wanted
    remote = standing.remote
    changes_hands = standing.adopted or index.into.get(remote.key or "") == wanted.key
    comes_back = object_key(remote.target, remote.kind, remote.key or "") in index.contested.lost
    if not changes_hands and not comes_back:
        return wanted
    text = _with_key(remote.fields.get("annotation"), wanted.key)
    owners = {**wanted.owners, "annotation": Owner.ENGINE}
    return replace(wanted, fields={**wanted.fields, "annotation": text}, owners=owners)


def _with_key(text: FieldValue, key: str) -> str:
    lines = text.split("\n") if isinstance(text, str) and text.strip() else []
    ours = [place for place, line in enumerate(lines) if line.startswith(KEY_LINE)]
    for place in ours[:1]:
        lines[place] = KEY_LINE + key
    return "\n".join(lines if ours else [*lines, KEY_LINE + key])


def without_key(text: FieldValue) -> FieldValue:
    """Give a person's words of an annotation."""
    if not isinstance(text, str):
        return text
    return "\n".join(line for line in text.split("\n") if not line.startswith(KEY_LINE)).strip() or None
