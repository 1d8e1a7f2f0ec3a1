"""Playlist folders in Eagle: listed whole, because an answer about one folder does not say where it is."""

from __future__ import annotations

from typing import assert_never

from engine.domain.events import RemoteSeen
from engine.domain.failure import FailureClass
from engine.domain.outcomes import Outcome, Present, Probe, Unclear, Unknown
from engine.domain.plan import Action, Operation
from engine.domain.value import Fields
from engine.targets.eagle.answers import judged, missing, probed
from engine.targets.eagle.connection import Connection
from engine.targets.eagle.mapping import folder_body, folders_seen, with_key
from engine.targets.failed import Failed, after_sending, before_sending, refused, unreadable


class Folders:
    """The folders of the open library."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def scan(self) -> tuple[RemoteSeen, ...] | Failed:
        """Give every folder."""
        listed = self._listed()
        return listed if isinstance(listed, Failed) else tuple(listed[folder_id] for folder_id in sorted(listed))

    def probe(self, action: Action) -> Probe:
        """Look for an action's folder, by id when there is one, else by key."""
        listed = self._listed()
        if isinstance(listed, Failed):
            return Unclear(problem=listed.problem)
        if action.remote_id is not None:
            found = listed.get(action.remote_id)
            return Present(seen=found) if found else probed(())
        return probed([seen for seen in listed.values() if seen.key == action.key])

    def send(self, action: Action) -> Outcome:
        """Create or change one folder, and read it back."""
        written = action.written
        match action.operation:
            case Operation.CREATE:
                return self._create(
                    action, {**written, "description": with_key(written.get("description"), action.key)}
                )
            case Operation.ADOPT:
                return self._adopt(action, written)
            case Operation.UPDATE:
                return self._update(action, written)
            case Operation.TRASH | Operation.RESTORE:
                return after_sending(
                    refused(FailureClass.UNSUPPORTED, "Eagle has no trash for folders", "delete the folder in Eagle")
                )
            case _:
                assert_never(action.operation)

    def _create(self, action: Action, written: Fields) -> Outcome:
        body = folder_body(written)
        if body.get("parent", "") is None:
            del body["parent"]
        answer = self._connection.post("folder/create", body)
        if isinstance(answer, Failed):
            return after_sending(answer)
        folder_id = answer.get("id") if isinstance(answer, dict) else None
        if not isinstance(folder_id, str):
            return after_sending(unreadable("Eagle", "a new folder without an id"))
        return self._read_back(action, folder_id, written)

    def _adopt(self, action: Action, written: Fields) -> Outcome:
        described = written.get("description")
        if "description" not in written:
            listed = self._listed()
            if isinstance(listed, Failed):
                return before_sending(listed)
            present = listed.get(action.remote_id or "")
            if present is None:
                return missing(action.key)
            described = present.fields["description"]
        return self._update(action, {**written, "description": with_key(described, action.key)})

    def _update(self, action: Action, written: Fields) -> Outcome:
        if action.remote_id is None:
            return missing(action.key)
        answer = self._connection.post("folder/update", {"id": action.remote_id, **folder_body(written)})
        if isinstance(answer, Failed):
            return after_sending(answer)
        return self._read_back(action, action.remote_id, written)

    def _read_back(self, action: Action, folder_id: str, written: Fields) -> Outcome:
        listed = self._listed()
        if isinstance(listed, Failed):
            return Unknown(problem=listed.problem)
        seen = listed.get(folder_id)
        if seen is None:
            return missing(action.key) if action.remote_id else after_sending(unreadable("Eagle", "no new folder"))
        return judged(written, seen)

    def _listed(self) -> dict[str, RemoteSeen] | Failed:
        records = self._connection.listed("folder/get")
        if isinstance(records, Failed):
            return records
        try:
            return folders_seen(records)
        except (KeyError, TypeError, AttributeError) as error:
            return unreadable("Eagle", f"{type(error).__name__} in a folder")
