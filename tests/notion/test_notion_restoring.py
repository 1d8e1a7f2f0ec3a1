"""Pages come back out of Notion's trash: in one write, on evidence, and never by making a second one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.domain.failure import FailureClass
from engine.domain.outcomes import Absent, Done, Present, Refused, Unclear, Unknown
from engine.domain.plan import Operation
from engine.domain.value import Fields
from engine.standins.faults import garbage, lost_response
from engine.standins.notion.faults import notion_internal_error
from engine.standins.notion.standin import NotionStandin
from engine.standins.server import Effect, Fault, Response
from engine.targets.notion.target import NotionTarget

PAGE = "/v1/pages/.*"


def _trashed(target: NotionTarget, act: Any, fields: Fields | None = None, *, kind: str = "track") -> str:
    """Make a page and throw it away; gives its id."""
    made = target.send(act(Operation.CREATE, "rfirst", fields or {"title": "A", "artist": "Ada"}, kind=kind))
    assert isinstance(made, Done), made
    gone = target.send(act(Operation.TRASH, "rfirst", kind=kind, remote_id=made.remote_id))
    assert isinstance(gone, Done), gone
    return made.remote_id


def _writes(notion: NotionStandin) -> list[dict[str, Any]]:
    return [json.loads(line.body) for line in notion.history if line.method == "PATCH" and "/pages/" in line.path]


@pytest.mark.parametrize("kind", ["track", "playlist"])
def test_a_page_comes_back_as_it_was(
    notion: NotionStandin, target: NotionTarget, act: Any, scan: Any, kind: str
) -> None:
    """I32, I45: one request, and the answer shows the page live; nothing is written that was not asked for."""
    page_id = _trashed(target, act, {"title": "A"}, kind=kind)
    restore = act(Operation.RESTORE, "rfirst", kind=kind, remote_id=page_id)
    outcome = target.send(restore)
    assert isinstance(outcome, Done)
    assert (outcome.remote_id, outcome.held) == (page_id, {})
    assert outcome.seen is not None
    assert (outcome.seen.live, outcome.seen.key) == (True, "rfirst")
    assert _writes(notion)[-1] == {"in_trash": False}
    assert [row.remote_id for row in scan(kind)[0]] == [page_id]
    assert isinstance(target.send(restore), Done)  # whoever restored it meanwhile


def test_fields_are_put_back_in_the_same_request(notion: NotionStandin, target: NotionTarget, act: Any) -> None:
    """I22: one write per object; the base is what the answer shows of our fields."""
    page_id = _trashed(target, act)
    before = len(_writes(notion))
    outcome = target.send(act(Operation.RESTORE, "rfirst", {"artist": "Bea", "duration_ms": 7}, remote_id=page_id))
    assert isinstance(outcome, Done)
    assert outcome.held == {"artist": "Bea", "duration_ms": 7}
    assert len(_writes(notion)) == before + 1
    assert not notion.page(page_id).in_trash


def test_a_database_in_the_trash_has_to_come_back_first(
    notion: NotionStandin, target: NotionTarget, act: Any, ids: Any
) -> None:
    """The page stays where it is, and the hint says what to restore."""
    page_id = _trashed(target, act)
    notion.trash_database(ids["tracks"])
    restore = act(Operation.RESTORE, "rfirst", remote_id=page_id)
    outcome = target.send(restore)
    assert isinstance(outcome, Refused)
    assert outcome.problem.failure is FailureClass.NOT_FOUND
    assert "database" in outcome.problem.hint
    assert notion.page(page_id).in_trash
    unread = target.send(restore)  # the schema is read anew, and says it too
    assert isinstance(unread, Refused)
    assert "is in the trash" in unread.problem.detail
    notion.restore_database(ids["tracks"])
    assert isinstance(target.send(restore), Done)


def test_a_page_that_is_gone_for_good_is_told_from_one_that_is_not_shared(
    notion: NotionStandin, target: NotionTarget, act: Any, ids: Any
) -> None:
    """Both answer 404: the data source tells which it is; nothing is made anew here."""
    page_id = _trashed(target, act)
    restore = act(Operation.RESTORE, "rfirst", remote_id=page_id)
    notion.revoke(ids["tracks"])
    unshared = target.send(restore)
    assert isinstance(unshared, Refused)
    assert unshared.problem.failure is FailureClass.NOT_SHARED
    assert isinstance(target.probe(restore), Unclear)
    notion.share(ids["tracks"])
    notion.empty_trash()
    gone = target.send(restore)
    assert isinstance(gone, Refused)
    assert gone.problem.failure is FailureClass.NOT_FOUND
    assert "for good" in gone.problem.hint
    assert target.probe(restore) == Absent()
    assert notion.pages(ids["tracks_source"]) == []


def test_a_lost_answer_is_unknown_and_a_probe_tells(notion: NotionStandin, target: NotionTarget, act: Any) -> None:
    """I28: only a page that is live again, with its fields, is a restored one."""
    page_id = _trashed(target, act)
    restore = act(Operation.RESTORE, "rfirst", {"artist": "Bea"}, remote_id=page_id)
    notion.script(notion_internal_error(method="PATCH", path=PAGE))
    assert isinstance(target.send(restore), Unknown)
    probe = target.probe(restore)
    assert isinstance(probe, Present)
    assert not probe.seen.live
    for fault in (lost_response(method="PATCH", path=PAGE), garbage(method="PATCH", path=PAGE)):
        notion.script(fault)
        assert isinstance(target.send(restore), Unknown)
    probe = target.probe(restore)
    assert isinstance(probe, Present)
    assert (probe.seen.live, probe.seen.fields["artist"]) == (True, "Bea")


def test_an_answer_that_shows_it_in_the_trash_is_no_evidence(
    notion: NotionStandin, target: NotionTarget, act: Any
) -> None:
    """I32: what cannot be read is unknown, what shows the page in the trash is a refusal with a way out."""
    page_id = _trashed(target, act)
    restore = act(Operation.RESTORE, "rfirst", remote_id=page_id)
    still = Response.of_json({"object": "page", "id": page_id, "in_trash": True, "properties": {}})
    notion.script(Fault(effect=Effect.ANSWER, method="PATCH", path=PAGE, response=still))
    outcome = target.send(restore)
    assert isinstance(outcome, Refused)
    assert "by hand" in outcome.problem.hint
    unread = Response.of_json({"object": "page", "id": page_id, "in_trash": False})
    notion.script(Fault(effect=Effect.ANSWER, method="PATCH", path=PAGE, response=unread))
    assert isinstance(target.send(restore), Unknown)


def test_a_restoration_names_a_page_and_fields_there_are(target: NotionTarget, act: Any) -> None:
    """I09: what cannot be addressed is refused before anything is sent."""
    for remote_id, fields in ((None, {}), ("0" * 32, {"mood": "dark"})):
        outcome = target.send(act(Operation.RESTORE, "rfirst", fields, remote_id=remote_id))
        assert isinstance(outcome, Refused)


def test_a_page_in_the_trash_is_not_what_a_create_would_find(target: NotionTarget, act: Any, scan: Any) -> None:
    """I30: a create does not take our own trashed page for its own; restoring that one makes two of a key."""
    page_id = _trashed(target, act)
    create = act(Operation.CREATE, "rfirst", {"title": "A"})
    assert target.probe(create) == Absent()
    made = target.send(create)
    assert isinstance(made, Done)
    assert made.remote_id != page_id
    assert [row.remote_id for row in scan()[0]] == [made.remote_id]
