"""Notion as a target: one row per playlist and per recording, found by its `Sync Key`.

`scan` and `probe` only read; `send` writes one page, once. The schema is read anew at every scan, and properties
are addressed by id, so a rename does no harm. Nothing here retries, waits or deletes.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from typing import Any, assert_never

from typing_extensions import override

from engine.domain.crash import Reached, pass_by
from engine.domain.events import RemoteSeen
from engine.domain.failure import FailureClass, Problem
from engine.domain.outcomes import Absent, Done, Duplicated, Outcome, Present, Probe, Refused, Unclear, Unknown
from engine.domain.plan import Action, Operation
from engine.domain.value import Fields
from engine.ports import ScanEnd, ScanPage, Target
from engine.projections.state import State
from engine.targets.failed import Failed, after_sending, before_sending, refused, unreadable
from engine.targets.notion.config import NotionConfig
from engine.targets.notion.connection import REMOTE, Answer, Connection
from engine.targets.notion.mapping import agrees, properties_of, settled
from engine.targets.notion.page import belongs, not_there, seen_of
from engine.targets.notion.property_map import KEY_WORD
from engine.targets.notion.rows import WINDOW_ROWS, RowReader
from engine.targets.notion.source import DataSource, locate, parsed, retrieve
from engine.targets.pacing import Pace, unpaced

KINDS = ("playlist", "track")


class NotionTarget(Target):
    """The rows of up to two Notion databases.

    Args:
        config: where they are.
        pace: called with the remote's name before every request but an action's own write, for which the workflow
            has taken a place; may wait.
        settle_pace: the same for what is asked after a write to learn what became of it; must not raise.
        window_rows: how many rows Notion gives in one query.
        reached: called at crash points.
    """

    def __init__(
        self,
        config: NotionConfig,
        *,
        pace: Pace = unpaced,
        settle_pace: Pace = unpaced,
        window_rows: int = WINDOW_ROWS,
        reached: Reached = pass_by,
    ) -> None:
        self._config = config
        self._connection = Connection(config, pace=pace, settle_pace=settle_pace, reached=reached)
        self._window_rows = window_rows
        self._lock = threading.Lock()
        self._growing = threading.Lock()
        self._sources: dict[str, DataSource] = {}

    @property
    @override
    def name(self) -> str:
        return REMOTE

    @property
    @override
    def kinds(self) -> tuple[str, ...]:
        return KINDS if self._config.playlists_database_id else KINDS[1:]

    @override
    def requests(self) -> Mapping[str, int]:
        return {REMOTE: self._connection.sent}

    def close(self) -> None:
        """Close the connections."""
        self._connection.close()

    def check(self, kind: str) -> DataSource | Problem:
        """Give the data source and what its schema lacks, or what is wrong; for `sync doctor`. Never writes."""
        source = self._located(kind, None)
        return source.problem if isinstance(source, Failed) else source

    @override
    def scan(self, kind: str, known: State) -> Iterator[ScanPage | ScanEnd]:
        scope = known.scopes.get(f"{REMOTE}:{kind}")
        source = self._located(kind, scope.root_identity if scope else None)
        if isinstance(source, Failed):
            yield ScanEnd(complete=False, problem=source.problem)
            return
        problem: Problem | None = None
        reader = RowReader(self._connection, source.id, page_size=self._config.page_size, window_rows=self._window_rows)
        for rows in reader.read():
            shown = rows if isinstance(rows, Failed) else self._shown(kind, source, rows)
            if isinstance(shown, Failed):
                problem = shown.problem
                break
            yield ScanPage(seen=shown)
        yield ScanEnd(
            complete=problem is None, root_identity=source.id, supported=source.schema.supported, problem=problem
        )

    @override
    def probe(self, action: Action) -> Probe:
        source = self._source(action.object_kind)
        if isinstance(source, Failed):
            return Unclear(problem=source.problem)
        if action.remote_id is not None:
            return self._probe_page(action.object_kind, source, action.remote_id)
        return self._probe_key(action.object_kind, source, action.key)

    @override
    def send(self, action: Action) -> Outcome:
        source = self._source(action.object_kind)
        if isinstance(source, Failed):
            return before_sending(source)
        with self._connection.one_write():
            match action.operation:
                case Operation.CREATE | Operation.ADOPT:
                    return self._write(action, {KEY_WORD: action.key, **action.written}, source)
                case Operation.UPDATE:
                    return self._write(action, action.written, source)
                case Operation.TRASH:
                    return self._trash(action, source)
                case Operation.RESTORE:
                    return self._restore(action, source)
                case _:
                    assert_never(action.operation)

    # Where the rows are.

    def _located(self, kind: str, remembered: str | None) -> DataSource | Failed:
        configured = {"track": self._config.tracks_database_id, "playlist": self._config.playlists_database_id}[kind]
        with self._lock:
            cached = self._sources.get(kind)
        root = cached.id if cached else remembered
        source = locate(self._connection, kind, configured or "", root, self._config.property_map)
        with self._lock:
            self._sources.pop(kind, None)
            if isinstance(source, DataSource):
                self._sources[kind] = source
        return source

    def _source(self, kind: str) -> DataSource | Failed:
        with self._lock:
            cached = self._sources.get(kind)
        return cached or self._located(kind, None)

    def _with_key(self, kind: str, source: DataSource) -> DataSource | Failed:
        """Add the `Sync Key` property if the schema lacks it; the first of several writers does, the others wait."""
        if KEY_WORD in source.schema.columns:
            return source
        with self._growing:
            with self._lock:
                current = self._sources.get(kind)
            if current and current.id == source.id and KEY_WORD in current.schema.columns:
                return current
            return self._grown(kind, source)

    def _grown(self, kind: str, source: DataSource) -> DataSource | Failed:
        name = source.schema.key_name
        answer = self._connection.ask(
            lambda client: client.data_sources.update(source.id, properties={name: {"rich_text": {}}})
        )
        if isinstance(answer, Failed):
            return answer
        try:
            grown = parsed(kind, answer, self._config.property_map)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            return unreadable("Notion", f"{type(error).__name__} in a data source")
        if isinstance(grown, DataSource):
            if KEY_WORD not in grown.schema.columns:
                return unreadable("Notion", f"`{name}` was added and is not there")
            with self._lock:
                self._sources[kind] = grown
        return grown

    # Reading.

    def _shown(self, kind: str, source: DataSource, rows: list[Answer]) -> tuple[RemoteSeen, ...] | Failed:
        shown: list[RemoteSeen] = []
        for row in rows:
            seen = seen_of(self._connection, kind, source, row)
            if isinstance(seen, Failed):
                return seen
            shown.append(seen)
        return tuple(shown)

    def _probe_page(self, kind: str, source: DataSource, page_id: str) -> Probe:
        page = self._connection.ask(lambda client: client.pages.retrieve(page_id))
        if isinstance(page, Failed):
            if not not_there(page):
                return Unclear(problem=page.problem)
            # A page that is gone and a database that is not shared any more answer alike.
            database = retrieve(self._connection, source.id)
            return Unclear(problem=database.problem) if isinstance(database, Failed) else Absent()
        if not belongs(page, source):
            return Absent()
        seen = seen_of(self._connection, kind, source, page)
        return Unclear(problem=seen.problem) if isinstance(seen, Failed) else Present(seen=seen)

    def _probe_key(self, kind: str, source: DataSource, key: str) -> Probe:
        column = source.schema.columns.get(KEY_WORD)
        if column is None:
            return Absent()
        asked: dict[str, Any] = {"filter": {"property": column.ids[0], "rich_text": {"equals": key}}}
        answer = self._connection.ask(lambda client: client.data_sources.query(source.id, **asked))
        if isinstance(answer, Failed):
            return Unclear(problem=answer.problem)
        rows = answer.get("results")
        if not isinstance(rows, list) or answer.get("has_more"):
            return Unclear(problem=unreadable("Notion", "a query for one key").problem)
        found = self._shown(kind, source, rows)
        if isinstance(found, Failed):
            return Unclear(problem=found.problem)
        same = [seen for seen in found if seen.key == key]  # Notion may compare without case, keys do not
        if len(same) > 1:
            return Duplicated(remote_ids=tuple(sorted(seen.remote_id for seen in same)))
        return Present(seen=same[0]) if same else Absent()

    # Writing.

    def _write(self, action: Action, fields: Fields, source: DataSource) -> Outcome:
        keyed = self._with_key(action.object_kind, source) if KEY_WORD in fields else source
        if isinstance(keyed, Failed):
            return before_sending(keyed)
        unheld = _unheld(keyed, fields)
        if unheld is not None:
            return Refused(problem=unheld)
        properties = properties_of(keyed.schema, fields)
        if action.operation is Operation.CREATE:
            parent = {"type": "data_source_id", "data_source_id": keyed.id}
            answer = self._connection.ask(
                lambda client: client.pages.create(parent=parent, properties=properties), reserved=True
            )
        elif action.remote_id is None:
            return after_sending(refused(FailureClass.NOT_FOUND, f"no page is known for {action.key}"))
        else:
            page_id = action.remote_id
            answer = self._connection.ask(
                lambda client: client.pages.update(page_id, properties=properties), reserved=True
            )
        return self._judged(action, fields, keyed, answer)

    def _restore(self, action: Action, source: DataSource) -> Outcome:
        """Take a page out of the trash and put fields back, in one request: a page just restored may refuse another."""
        page_id, fields = action.remote_id, action.written
        if page_id is None:
            return after_sending(refused(FailureClass.NOT_FOUND, f"no page is known for {action.key}"))
        unheld = _unheld(source, fields)
        if unheld is not None:
            return Refused(problem=unheld)
        body: dict[str, Any] = {"in_trash": False}
        if fields:
            body["properties"] = properties_of(source.schema, fields)
        answer = self._connection.ask(lambda client: client.pages.update(page_id, **body), reserved=True)
        if isinstance(answer, Failed):
            return after_sending(self._lost(action, source, answer))
        if answer.get("in_trash") is True:
            detail, hint = "Notion answered, but the page is still in the trash", "restore it in Notion by hand"
            return Refused(problem=Problem(failure=FailureClass.INVALID_REQUEST, detail=detail, hint=hint))
        return self._judged(action, fields, source, answer)

    def _judged(self, action: Action, fields: Fields, source: DataSource, answer: Answer | Failed) -> Outcome:
        seen = answer if isinstance(answer, Failed) else seen_of(self._connection, action.object_kind, source, answer)
        if isinstance(answer, Failed):
            return after_sending(self._sharpened(action, answer))
        if isinstance(seen, Failed):
            return Unknown(problem=seen.problem)
        expected = {word: settled(source.schema.columns[word], value) for word, value in fields.items()}
        differing = sorted(word for word, value in expected.items() if not agrees(value, seen.fields.get(word)))
        if differing:
            detail = f"Notion answered, but does not show what was written to: {', '.join(differing)}"
            hint = "look at the type and the options of that property in Notion; `sync refetch` tries it again"
            problem = Problem(failure=FailureClass.INVALID_REQUEST, detail=detail, hint=hint)
            return Refused(problem=problem, facts=(seen,))
        held = {word: seen.fields[word] for word in fields}
        return Done(remote_id=seen.remote_id, held=held, seen=seen, evidence="the answer shows every field")

    def _trash(self, action: Action, source: DataSource) -> Outcome:
        page_id = action.remote_id
        if page_id is None:
            return after_sending(refused(FailureClass.NOT_FOUND, f"no page is known for {action.key}"))
        answer = self._connection.ask(lambda client: client.pages.update(page_id, in_trash=True), reserved=True)
        if isinstance(answer, Failed):
            return after_sending(self._sharpened(action, answer))
        seen = seen_of(self._connection, action.object_kind, source, answer)
        if isinstance(seen, Failed):
            return Unknown(problem=seen.problem)
        if seen.live:
            detail = "Notion answered, but the page is not in the trash"
            hint = "trash it in Notion by hand, or follow a playlist that holds it"
            problem = Problem(failure=FailureClass.INVALID_REQUEST, detail=detail, hint=hint)
            return Refused(problem=problem, facts=(seen,))
        return Done(remote_id=seen.remote_id, held={}, seen=seen, evidence="the answer shows it in the trash")

    def _lost(self, action: Action, source: DataSource, failed: Failed) -> Failed:
        """Tell a page that is gone for good from a database that is not shared any more: Notion answers alike."""
        if not not_there(failed):
            return self._sharpened(action, failed)
        database = retrieve(self._connection, source.id)
        if isinstance(database, Failed) and not_there(database):
            return Failed(problem=database.problem, effect=failed.effect)
        return failed.hinting(
            "it left Notion's trash for good; `sync refetch` makes a new page", failure=FailureClass.NOT_FOUND
        )

    def _sharpened(self, action: Action, failed: Failed) -> Failed:
        """Say more of a refused write, and read the schema anew before the next one: it may have changed."""
        if failed.problem.failure is FailureClass.INVALID_REQUEST:
            with self._lock:
                self._sources.pop(action.object_kind, None)
            if "exceeded the maximum size" in failed.problem.detail:
                return failed.hinting("turn free-text select properties such as `Genre` into text properties")
            if "archived ancestor" in failed.problem.detail:
                return failed.hinting(
                    "the database is in Notion's trash: restore it there, then run again",
                    failure=FailureClass.NOT_FOUND,
                )
            if "is archived" in failed.problem.detail:
                return failed.hinting("the page is in Notion's trash", failure=FailureClass.NOT_FOUND)
        if not_there(failed) and action.remote_id is not None:
            return failed.hinting("the page was deleted, or is not shared any more", failure=FailureClass.NOT_FOUND)
        return failed


def _unheld(source: DataSource, fields: Fields) -> Problem | None:
    """Give what is wrong with fields that the schema has no property for."""
    unheld = sorted(set(fields) - set(source.schema.columns))
    if not unheld:
        return None
    return Problem(
        failure=FailureClass.INVALID_REQUEST,
        detail=f"the database {source.title!r} has no fitting property for: {', '.join(unheld)}",
        hint="`sync doctor` names the properties; the next scan takes the schema as it is",
    )
