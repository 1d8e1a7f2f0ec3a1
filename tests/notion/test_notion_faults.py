"""What Notion and the way to it can do wrong, and what each says about the effect."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest
from notion_client.errors import InvalidPathParameterError, UnknownHTTPResponseError

from engine.domain.failure import FailureClass
from engine.domain.outcomes import Absent, Deferred, Done, Present, Refused, Unclear, Unknown
from engine.domain.plan import Operation
from engine.standins.faults import bad_gateway, garbage, hang, lost_request, lost_response, truncated
from engine.standins.notion.errors import NotionError
from engine.standins.notion.faults import (
    created_but_500,
    notion_conflict,
    notion_forbidden,
    notion_gateway_timeout,
    notion_internal_error,
    notion_overloaded,
    notion_rate_limited,
    notion_unauthorized,
    notion_unavailable,
)
from engine.standins.notion.standin import TOKEN, NotionStandin
from engine.standins.server import Effect, Fault, Response
from engine.targets.notion.config import NotionConfig
from engine.targets.notion.errors import failure_of, retry_after_s
from engine.targets.notion.target import NotionTarget

PAGES = "/v1/pages.*"
QUERY = "/v1/data_sources/[^/]+/query"
UNCERTAIN = [
    (created_but_500(), FailureClass.REMOTE_ERROR),
    (notion_gateway_timeout(path=PAGES), FailureClass.REMOTE_ERROR),
    (lost_response(path=PAGES), FailureClass.NETWORK),
    (truncated(path=PAGES), FailureClass.NETWORK),
    (garbage(path=PAGES), FailureClass.GARBAGE),
]
CERTAIN = [
    (notion_rate_limited(90, path=PAGES), Deferred, FailureClass.RATE_LIMITED, 90.0),
    (notion_overloaded(7, path=PAGES), Deferred, FailureClass.OVERLOADED, 7.0),
    (notion_conflict(method="POST", path=PAGES), Deferred, FailureClass.WRITE_CONFLICT, None),
    (notion_unauthorized(path=PAGES), Refused, FailureClass.AUTH_EXPIRED, None),
    (notion_forbidden(path=PAGES), Refused, FailureClass.AUTH_EXPIRED, None),
]


def _answer(status: int, code: str, message: str = "Sorry.") -> Response:
    return NotionError(status, code, message).answer("0")


def _known(target: NotionTarget, act: Any) -> None:
    """Let the target find its data source and add its key, so that the next request is the one that matters."""
    assert isinstance(target.send(act(Operation.CREATE, "rzero", {"title": "Z"})), Done)


@pytest.mark.parametrize(("fault", "failure"), UNCERTAIN)
def test_a_create_whose_answer_is_lost_is_unknown_and_a_probe_finds_it(
    notion: NotionStandin, target: NotionTarget, act: Any, fault: Fault, failure: FailureClass
) -> None:
    """I29, P19: never refused, never repeated blindly; the probe by key shows the page that was made."""
    _known(target, act)
    notion.script(fault)
    action = act(Operation.CREATE, "rfirst", {"title": "A"})
    outcome = target.send(action)
    assert isinstance(outcome, Unknown)
    assert outcome.problem.failure is failure
    assert isinstance(target.probe(action), Present)


@pytest.mark.parametrize(
    "fault",
    [
        notion_internal_error(path=PAGES),
        bad_gateway(path=PAGES),
        lost_request(path=PAGES),
        notion_unavailable(path=PAGES),
    ],
)
def test_a_create_that_may_have_failed_is_unknown_and_a_probe_finds_nothing(
    notion: NotionStandin, target: NotionTarget, act: Any, fault: Fault
) -> None:
    """I29: the same errors without an effect look the same; only the probe can tell."""
    _known(target, act)
    notion.script(fault)
    action = act(Operation.CREATE, "rfirst", {"title": "A"})
    assert isinstance(target.send(action), Unknown)
    assert target.probe(action) == Absent()


@pytest.mark.parametrize(("fault", "kind", "failure", "wait_s"), CERTAIN)
def test_a_refusal_is_never_taken_for_an_effect(
    notion: NotionStandin, target: NotionTarget, act: Any, fault: Fault, kind: Any, failure: FailureClass, wait_s: Any
) -> None:
    """Deferred and refused say that nothing was applied; Retry-After is kept whole, however long."""
    _known(target, act)
    notion.script(fault)
    action = act(Operation.CREATE, "rfirst", {"title": "A"})
    outcome = target.send(action)
    assert isinstance(outcome, kind)
    assert (outcome.problem.failure, outcome.problem.retry_after_s) == (failure, wait_s)
    assert target.probe(action) == Absent()


def test_every_attempt_is_one_request(notion: NotionStandin, target: NotionTarget, act: Any) -> None:
    """The client library's own retries are off: every attempt is an event."""
    _known(target, act)
    before = len(notion.history)
    notion.script(notion_rate_limited(1, times=9), notion_unavailable(times=9))
    target.send(act(Operation.CREATE, "rfirst", {"title": "A"}))
    target.probe(act(Operation.UPDATE, "rfirst", remote_id="0" * 32))
    assert len(notion.history) - before == 2


def test_a_hanging_answer_is_unknown(
    notion: NotionStandin, config: NotionConfig, build: Callable[..., NotionTarget], act: Any
) -> None:
    """After the request went out, silence says nothing (I29)."""
    target = build(replace(config, timeout_s=0.3))
    _known(target, act)
    notion.script(hang(path=PAGES))
    outcome = target.send(act(Operation.CREATE, "rfirst", {"title": "A"}))
    assert isinstance(outcome, Unknown)
    assert outcome.problem.failure is FailureClass.TIMEOUT


def test_a_database_that_cannot_be_reached_defers(
    notion: NotionStandin, target: NotionTarget, act: Any, scan: Any
) -> None:
    """Nothing went out, so nothing was applied."""
    _known(target, act)
    notion.stop()
    outcome = target.send(act(Operation.CREATE, "rfirst", {"title": "A"}))
    assert isinstance(outcome, Deferred | Unknown)
    again = target.send(act(Operation.CREATE, "rfirst", {"title": "A"}))
    assert isinstance(again, Deferred)
    assert again.problem.failure is FailureClass.NETWORK
    assert scan()[1].complete is False


def test_the_connection_pool_that_lost_its_database_defers(
    notion: NotionStandin, target: NotionTarget, act: Any
) -> None:
    """503 database_connection_unavailable: nothing was applied, whatever the client library makes of it."""
    _known(target, act)
    response = _answer(503, "database_connection_unavailable")
    notion.script(Fault(effect=Effect.ANSWER, path=PAGES, response=response))
    outcome = target.send(act(Operation.CREATE, "rfirst", {"title": "A"}))
    assert isinstance(outcome, Deferred)
    assert outcome.problem.failure is FailureClass.OVERLOADED


def test_a_refused_value_is_refused_with_notions_own_words(
    target: NotionTarget, act: Any, notion: NotionStandin
) -> None:
    """F27: a refusal is visible; and the schema is read anew before the next write."""
    _known(target, act)
    outcome = target.send(act(Operation.CREATE, "rfirst", {"title": "A", "soundcloud_url": "https://x/" + "y" * 2000}))
    assert isinstance(outcome, Refused)
    assert outcome.problem.failure is FailureClass.INVALID_REQUEST
    assert "≤ `2000`" in outcome.problem.detail
    before = len(notion.history)
    target.send(act(Operation.CREATE, "rfirst", {"title": "A"}))
    assert len(notion.history) - before > 1


def test_a_schema_that_grew_too_large_has_a_way_out(notion: NotionStandin, target: NotionTarget, act: Any) -> None:
    """F54: free-text select options fill a schema; the hint says what to do."""
    _known(target, act)
    notion.store.schema_bytes_max = 100
    outcome = target.send(act(Operation.CREATE, "rfirst", {"title": "A", "genre": "Something New"}))
    assert isinstance(outcome, Refused)
    assert "text properties" in outcome.problem.hint


def test_a_database_that_is_not_shared_is_named_with_the_fix(
    notion: NotionStandin, target: NotionTarget, act: Any, scan: Any, ids: Any
) -> None:
    """F52, I42: 404 on the database stops the scan and says how to share it; a probe does not conclude absence."""
    _known(target, act)
    made = target.send(act(Operation.CREATE, "rfirst", {"title": "A"}))
    assert isinstance(made, Done)
    notion.revoke(ids["tracks"])
    update = act(Operation.UPDATE, "rfirst", {"title": "B"}, remote_id=made.remote_id)
    assert isinstance(target.probe(update), Unclear)
    assert isinstance(target.send(update), Refused)
    _, end = scan()
    assert not end.complete
    assert end.problem is not None
    assert end.problem.failure is FailureClass.NOT_SHARED
    assert "Connections" in end.problem.hint
    create = target.send(act(Operation.CREATE, "rother", {"title": "B"}))
    assert isinstance(create, Refused)
    assert create.problem.failure is FailureClass.NOT_SHARED


@pytest.mark.parametrize("body", [b"{}", b'{"id": "x", "properties": {}}', b'{"properties": []}', b"null"])
def test_a_write_answered_in_another_shape_is_unknown(
    notion: NotionStandin, target: NotionTarget, act: Any, body: bytes
) -> None:
    """I32: without evidence there is no done."""
    _known(target, act)
    notion.script(Fault(effect=Effect.ACT_THEN_ANSWER, path=PAGES, times=2, response=Response(body=body)))
    assert isinstance(target.send(act(Operation.CREATE, "rfirst", {"title": "A"})), Unknown)
    assert isinstance(target.send(act(Operation.TRASH, "rfirst", remote_id="0" * 32)), Unknown)


@pytest.mark.parametrize("fault", [garbage(path=QUERY), notion_unavailable(path=QUERY), lost_request(path=QUERY)])
def test_a_probe_that_cannot_see_says_so(notion: NotionStandin, target: NotionTarget, act: Any, fault: Fault) -> None:
    """Absent is a finding, not a failure to look."""
    _known(target, act)
    notion.script(fault)
    assert isinstance(target.probe(act(Operation.CREATE, "rfirst")), Unclear)


@pytest.mark.parametrize("path", ["/v1/pages/[^/]+", "/v1/pages/[^/]+/properties/.*"])
def test_a_probe_of_a_page_that_cannot_be_read_is_unclear(
    notion: NotionStandin, target: NotionTarget, act: Any, ids: Any, path: str
) -> None:
    """A page counts when all of it was read."""
    pages = tuple(notion.create(ids["playlists_source"], {"Name": f"P{number}"}) for number in range(30))
    made = target.send(act(Operation.CREATE, "rfirst", {"title": "A", "playlists": pages}))
    assert isinstance(made, Done)
    for fault in (notion_unavailable(path=path), Fault(effect=Effect.ANSWER, path=path, response=Response(body=b"{}"))):
        notion.script(fault)
        probe = target.probe(act(Operation.UPDATE, "rfirst", remote_id=made.remote_id))
        assert isinstance(probe, Unclear | Absent) if path.endswith("+") else isinstance(probe, Unclear)


def test_a_key_property_that_cannot_be_added_defers_the_write(
    notion: NotionStandin, target: NotionTarget, act: Any
) -> None:
    """The row was not sent, so it was not made, whatever became of the property."""
    notion.script(
        notion_conflict(path="/v1/data_sources/.*"), lost_response(method="PATCH"), garbage(method="PATCH"),
        Fault(effect=Effect.ANSWER, method="PATCH", response=Response(body=b"{}")),
    )  # fmt: skip
    action = act(Operation.CREATE, "rfirst", {"title": "A"})
    for _ in range(4):
        assert isinstance(target.send(action), Deferred)
    assert isinstance(target.send(action), Done)
    assert sum(exchange.path == "/v1/pages" for exchange in notion.history) == 1


def test_without_its_database_a_probe_is_unclear_and_a_write_refused(
    notion: NotionStandin, target: NotionTarget, act: Any
) -> None:
    """F52: the first thing asked is where the rows are."""
    notion.script(notion_unauthorized(times=2))
    assert isinstance(target.probe(act(Operation.CREATE)), Unclear)
    assert isinstance(target.send(act(Operation.CREATE)), Refused)


def test_a_query_for_one_key_that_cannot_be_read_is_unclear(
    notion: NotionStandin, target: NotionTarget, act: Any
) -> None:
    """More than a hundred rows with one key are not a finding; neither is a row that cannot be read."""
    _known(target, act)
    for row in ({}, {"object": "page", "id": "x"}):
        body = {"results": [row], "has_more": not row, "next_cursor": "x"}
        notion.script(Fault(effect=Effect.ANSWER, path=QUERY, response=Response.of_json(body)))
        assert isinstance(target.probe(act(Operation.CREATE, "rfirst")), Unclear)


def test_a_removal_that_is_not_shown_is_not_done(notion: NotionStandin, target: NotionTarget, act: Any) -> None:
    """I32: an answer that shows the page outside the trash is no evidence."""
    made = target.send(act(Operation.CREATE, "rfirst", {"title": "A"}))
    assert isinstance(made, Done)
    access = {"Authorization": f"Bearer {TOKEN}", "Notion-Version": "2025-09-03"}
    page = httpx.get(f"{notion.url}/v1/pages/{made.remote_id}", headers=access)
    notion.script(Fault(effect=Effect.ANSWER, path=PAGES, response=Response(body=page.content)))
    outcome = target.send(act(Operation.TRASH, "rfirst", remote_id=made.remote_id))
    assert isinstance(outcome, Refused)
    assert outcome.facts


def test_a_page_that_vanished_is_not_found(notion: NotionStandin, target: NotionTarget, act: Any) -> None:
    """A removal or update of a page that Notion does not know is refused as such."""
    _known(target, act)
    outcome = target.send(act(Operation.TRASH, "rfirst", remote_id="0" * 32))
    assert isinstance(outcome, Refused)
    assert outcome.problem.failure is FailureClass.NOT_FOUND


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "600"}, 600.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": "-3"}, 0.0),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT", "date": "Wed, 21 Oct 2026 07:27:30 GMT"}, 30.0),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"}, None),
        ({"retry-after": "soon"}, None),
        ({}, None),
    ],
)
def test_retry_after_is_read_in_every_form(headers: dict[str, str], seconds: float | None) -> None:
    """Fractions and dates too, where the client library sees nothing; a date counts from the answer's own."""
    assert retry_after_s(httpx.Headers(headers)) == seconds


def test_errors_before_the_wire_are_told_from_those_after() -> None:
    """A connection that was never made leaves no doubt; a redirect is not an answer of Notion's."""
    assert failure_of(httpx.ConnectTimeout("x")).effect == "none_yet"
    assert failure_of(httpx.ReadTimeout("x")).effect == "doubtful"
    assert failure_of(InvalidPathParameterError()).effect == "none_ever"
    redirect = failure_of(UnknownHTTPResponseError(302, raw_body_text="[1]"))
    assert (redirect.problem.failure, redirect.effect) == (FailureClass.GARBAGE, "doubtful")
