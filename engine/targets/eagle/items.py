"""Recordings as items in Eagle: imported under an id of ours, read back by that id, repaired when Eagle misfiled them.

Only `item/get` by id counts as evidence: Eagle's lists of tags and newest items lag behind (F34).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from engine.domain.events import RemoteSeen
from engine.domain.failure import FailureClass, Problem
from engine.domain.outcomes import Done, Outcome, Present, Probe, Refused, Unclear, Unknown
from engine.domain.plan import Action, Operation
from engine.domain.references import eagle_item_id
from engine.domain.value import Fields
from engine.targets.eagle.answers import judged, missing, probed
from engine.targets.eagle.connection import Connection, Record
from engine.targets.eagle.mapping import (
    KEY_LINE,
    addition_body,
    concerns_us,
    differing,
    item_body,
    item_seen,
    with_key,
)
from engine.targets.failed import Effect, Failed, after_sending, before_sending, refused, unreadable

SHOWN_TRIES_MAX = 20  # looks for an item that is being imported
SHOWN_WAIT_S = 0.25  # between two looks
BY_HAND_HINT = "restore it in Eagle's trash by hand"
_EMPTIED = "Eagle's trash was emptied; `sync refetch` imports it again"


class Items:
    """The items of the open library."""

    def __init__(self, connection: Connection, *, wait: Callable[[float], None]) -> None:
        self._connection = connection
        self._wait = wait

    def scan(self) -> tuple[RemoteSeen, ...] | Failed:
        """Give every item that carries our key or is audio."""
        records = self._connection.listed("item/get", keep=concerns_us)
        return records if isinstance(records, Failed) else self._seen(records)

    def probe(self, action: Action) -> Probe:
        """Look for an action's item, by id when there is one, else by our id and by key."""
        if action.remote_id is not None:
            found = self._get(action.remote_id)
            if isinstance(found, Failed):
                return Unclear(problem=found.problem)
            return Present(seen=found) if found else probed(())
        chosen = self._get(eagle_item_id(action.key))
        keyed = chosen if isinstance(chosen, Failed) else self._keyed(action.key)
        if isinstance(chosen, Failed) or isinstance(keyed, Failed):
            failed = chosen if isinstance(chosen, Failed) else keyed
            assert isinstance(failed, Failed)
            return Unclear(problem=failed.problem)
        found_by_id = {seen.remote_id: seen for seen in (*keyed, chosen) if seen is not None and seen.live}
        return probed(list(found_by_id.values()))

    def send(self, action: Action) -> Outcome:
        """Import, change, trash or restore one item, and read it back."""
        match action.operation:
            case Operation.CREATE:
                return self._add(action)
            case Operation.ADOPT:
                return self._adopt(action, action.written)
            case Operation.UPDATE:
                return self._update(action, action.written)
            case Operation.TRASH:
                return self._trash(action)
            case Operation.RESTORE:
                return self._restore(action)
            case _:
                assert_never(action.operation)

    def _add(self, action: Action) -> Outcome:
        written = action.written
        if not written.get("path"):
            return after_sending(refused(FailureClass.INVALID_REQUEST, f"no file to import for {action.key}"))
        fields: Fields = {**written, "annotation": with_key(written.get("annotation"), action.key)}
        item_id = eagle_item_id(action.key)
        answer = self._connection.post("item/add", {"id": item_id, **addition_body(fields)})
        if isinstance(answer, Failed):
            return after_sending(answer)
        seen = self._shown(item_id)
        if isinstance(seen, Failed):
            return Unknown(problem=seen.problem)
        if not seen.live:
            detail, hint = "the item is in Eagle's trash", "restore it in Eagle, or dismiss the recording"
            problem = Problem(failure=FailureClass.INVALID_REQUEST, detail=detail, hint=hint)
            return Refused(problem=problem, facts=(seen,))
        return self._repaired(fields, seen)

    def _repaired(self, fields: Fields, seen: RemoteSeen) -> Outcome:
        """Judge an import, once more after putting right what Eagle left out or filed elsewhere."""
        wrong = differing(fields, seen)
        if wrong:
            body = item_body({field: fields[field] for field in wrong})
            answer = self._connection.post("item/update", {"id": seen.remote_id, **body}, reserved=False)
            again = answer if isinstance(answer, Failed) else self._shown(seen.remote_id)
            if isinstance(again, Failed):
                return Unknown(problem=again.problem)
            seen = again
        return judged(fields, seen)

    def _adopt(self, action: Action, written: Fields) -> Outcome:
        noted = written.get("annotation")
        if "annotation" not in written:
            present = self._get(action.remote_id or "")
            if isinstance(present, Failed):
                return before_sending(present)
            if present is None:
                return missing(action.key)
            noted = present.fields["annotation"]
        return self._update(action, {**written, "annotation": with_key(noted, action.key)})

    def _update(self, action: Action, written: Fields) -> Outcome:
        seen = self._changed(action, item_body(written))
        return judged(written, seen) if isinstance(seen, RemoteSeen) else seen

    def _trash(self, action: Action) -> Outcome:
        seen = self._changed(action, {"isDeleted": True})
        if not isinstance(seen, RemoteSeen):
            return seen
        if seen.live:
            detail = "Eagle answered, but the item is not in the trash"
            hint = "trash it in Eagle by hand, or follow a playlist that holds it"
            problem = Problem(failure=FailureClass.INVALID_REQUEST, detail=detail, hint=hint)
            return Refused(problem=problem, facts=(seen,))
        return Done(remote_id=seen.remote_id, held={}, seen=seen, evidence="reading it back shows it in the trash")

    def _restore(self, action: Action) -> Outcome:
        """Take an item out of the trash and put fields back, in one request."""
        written = action.written
        if "annotation" in written:
            written["annotation"] = with_key(written["annotation"], action.key)
        seen = self._changed(action, {**item_body(written), "isDeleted": False}, gone=_EMPTIED, failed=BY_HAND_HINT)
        if not isinstance(seen, RemoteSeen):
            return seen
        if not seen.live:
            detail = "Eagle answered, but the item is still in the trash"
            problem = Problem(failure=FailureClass.INVALID_REQUEST, detail=detail, hint=BY_HAND_HINT)
            return Refused(problem=problem, facts=(seen,))
        return judged(written, seen)

    def _changed(self, action: Action, body: Record, *, gone: str = "", failed: str = "") -> RemoteSeen | Outcome:
        """Change an item and read it back.

        Args:
            action: what it is about.
            body: the change.
            gone: the way out when the item is not there.
            failed: the way out when Eagle says that it failed.
        """
        item_id = action.remote_id
        if item_id is None:
            return missing(action.key)
        answer = self._connection.post("item/update", {"id": item_id, **body})
        if isinstance(answer, Failed):
            return after_sending(answer)
        seen = self._get(item_id)
        if isinstance(seen, Failed):
            return Unknown(problem=seen.problem)
        if seen is None:
            return missing(action.key, gone)
        if answer is False:
            detail = "Eagle says the change failed, and not why"
            return after_sending(refused(FailureClass.INVALID_REQUEST, detail, failed))
        return seen

    def _shown(self, item_id: str) -> RemoteSeen | Failed:
        """Give an item once Eagle shows it; imports are asynchronous."""
        for attempt in range(SHOWN_TRIES_MAX):
            if attempt:
                self._wait(SHOWN_WAIT_S)
            seen = self._get(item_id)
            if seen is not None:
                return seen
        problem = Problem(failure=FailureClass.TIMEOUT, detail="Eagle took the item and does not show it yet")
        return Failed(problem=problem, effect=Effect.DOUBTFUL)

    def _get(self, item_id: str) -> RemoteSeen | Failed | None:
        found = self._found(self._connection.get("item/get", id=item_id))
        if isinstance(found, Failed):
            return found
        return next((seen for seen in found if seen.remote_id == item_id), None)

    def _keyed(self, key: str) -> tuple[RemoteSeen, ...] | Failed:
        found = self._connection.listed("item/get", annotation=KEY_LINE + key)
        seen = found if isinstance(found, Failed) else self._seen(found)
        return seen if isinstance(seen, Failed) else tuple(one for one in seen if one.key == key)

    def _found(self, page: object) -> tuple[RemoteSeen, ...] | Failed:
        if isinstance(page, Failed):
            return page
        records = page.get("data") if isinstance(page, dict) else None
        return self._seen(records) if isinstance(records, list) else unreadable("Eagle", "no listing")

    @staticmethod
    def _seen(records: list[Record]) -> tuple[RemoteSeen, ...] | Failed:
        try:
            return tuple(item_seen(record) for record in records)
        except (KeyError, TypeError, AttributeError) as error:
            return unreadable("Eagle", f"{type(error).__name__} in an item")
