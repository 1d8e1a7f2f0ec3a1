"""What can go wrong while a scan reads, and why it then proves presence only."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from engine.domain.failure import FailureClass, Problem
from engine.projections.rows import Scope
from engine.projections.state import State
from engine.standins.faults import garbage, lost_response
from engine.standins.notion.errors import NotionError
from engine.standins.notion.faults import (
    notion_overloaded,
    notion_rate_limited,
    notion_unauthorized,
    notion_unavailable,
)
from engine.standins.notion.standin import TOKEN, NotionStandin
from engine.standins.server import Effect, Fault, Response
from engine.targets.notion.config import NotionConfig
from engine.targets.notion.source import DataSource
from engine.targets.notion.target import NotionTarget

QUERY = "/v1/data_sources/[^/]+/query"


@pytest.mark.parametrize("position", [0, 1, 2])
@pytest.mark.parametrize(
    ("fault", "failure"),
    [
        (notion_rate_limited(90, path=QUERY), FailureClass.RATE_LIMITED),
        (notion_overloaded(path=QUERY), FailureClass.OVERLOADED),
        (notion_unauthorized(path=QUERY), FailureClass.AUTH_EXPIRED),
        (lost_response(path=QUERY), FailureClass.NETWORK),
        (garbage(path=QUERY), FailureClass.GARBAGE),
    ],
)
def test_a_scan_that_fails_at_any_page_is_incomplete(
    notion: NotionStandin, scan: Any, ids: Any, fault: Fault, failure: FailureClass, position: int
) -> None:
    """F33, I42: an error is not an empty list; what was seen before it still counts as presence."""
    for number in range(250):
        notion.create(ids["tracks_source"], {"Title": f"T{number}"})
    notion.script(replace(fault, skip=position))
    seen, end = scan()
    assert len(seen) == 100 * position
    assert not end.complete
    assert end.problem is not None
    assert end.problem.failure is failure
    assert end.problem.retry_after_s == (90.0 if failure is FailureClass.RATE_LIMITED else end.problem.retry_after_s)


def test_a_scan_that_fails_at_the_schema_is_incomplete(notion: NotionStandin, scan: Any) -> None:
    """The schema is part of what a scan has to know."""
    for path in ("/v1/databases/.*", "/v1/data_sources/[^/]+"):
        notion.script(garbage(path=path))
        _, end = scan()
        assert not end.complete
        assert end.problem is not None
        assert end.problem.failure is FailureClass.GARBAGE


def test_a_cursor_that_died_costs_a_new_window_not_the_scan(
    notion: NotionStandin, clock: Any, scan: Any, ids: Any
) -> None:
    """F59: reading goes on where it was, by time, without repeats."""
    for number in range(250):
        clock.now_s += 30
        notion.create(ids["tracks_source"], {"Title": f"T{number}"})
    stale = NotionError(400, "validation_error", "The start_cursor provided is invalid: x").answer("0")
    notion.script(Fault(effect=Effect.ANSWER, path=QUERY, skip=1, response=stale))
    seen, end = scan()
    assert end.complete
    assert len(seen) == 250
    assert len({row.remote_id for row in seen}) == 250


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"{}",
        b'{"results": {}, "has_more": false}',
        b'{"results": [], "has_more": true, "next_cursor": null}',
        b'{"results": [{"object": "page"}], "has_more": false}',
        b'{"results": [{"object": "page", "id": "x", "created_time": "x", "properties": {}}], "has_more": false}',
        b"\xff\xfe",
    ],
)
def test_an_answer_of_another_shape_ends_the_scan(notion: NotionStandin, scan: Any, body: bytes) -> None:
    """What cannot be read is neither an empty list nor a crash (F33)."""
    notion.script(Fault(effect=Effect.ANSWER, path=QUERY, response=Response(body=body)))
    seen, end = scan()
    assert seen == []
    assert not end.complete
    assert end.problem is not None
    assert end.problem.failure is FailureClass.GARBAGE


@pytest.mark.parametrize("data_sources", [None, [{}], ["x"]])
def test_a_database_without_readable_data_sources_ends_the_scan(
    notion: NotionStandin, scan: Any, data_sources: Any
) -> None:
    """What cannot be read is not guessed at."""
    response = Response.of_json({"object": "database", "data_sources": data_sources})
    notion.script(Fault(effect=Effect.ANSWER, path="/v1/databases/.*", response=response))
    assert scan()[1].problem.failure is FailureClass.GARBAGE


def test_a_data_source_in_another_shape_ends_the_scan(
    notion: NotionStandin, build: Callable[..., NotionTarget], scan: Any, ids: Any
) -> None:
    """A schema that cannot be read holds no fields; a remembered place that cannot be asked is not given up."""
    known = State(scopes={"notion:track": Scope(scope="notion:track", root_identity=ids["tracks_source"])})
    fresh = build()
    odd = Response.of_json({"title": [], "properties": {"A": {}}})
    notion.script(Fault(effect=Effect.ANSWER, path="/v1/data_sources/[^/]+", response=odd))
    assert scan(by=fresh)[1].problem.failure is FailureClass.GARBAGE
    notion.script(notion_unavailable(path="/v1/data_sources/[^/]+"))
    assert scan(known=known, by=fresh)[1].problem.failure is FailureClass.REMOTE_ERROR
    assert isinstance(fresh.check("playlist"), DataSource)
    notion.script(notion_unauthorized())
    assert isinstance(fresh.check("playlist"), Problem)
    notion.script(notion_unauthorized())
    assert isinstance(fresh.check("track"), Problem)


def test_a_database_with_two_data_sources_has_to_be_named_exactly(notion: NotionStandin, scan: Any, ids: Any) -> None:
    """Which of them is meant is a person's word, not a guess."""
    first = notion.store.sources[ids["tracks_source"]]
    second = "11111111-1111-4111-8111-111111111111"
    notion.store.sources[second] = replace(first, id=second, title="Archive")
    _, end = scan()
    assert end.problem is not None
    assert second in end.problem.detail


def test_a_database_in_the_trash_is_not_an_empty_one(notion: NotionStandin, scan: Any, ids: Any) -> None:
    """I42: rows of a trashed database are not gone."""
    notion.store.sources[ids["tracks_source"]] = replace(notion.store.sources[ids["tracks_source"]], in_trash=True)
    _, end = scan()
    assert not end.complete
    assert end.problem is not None
    assert end.problem.failure is FailureClass.NOT_FOUND


def test_what_is_not_an_id_is_said_before_anything_is_sent(
    config: NotionConfig, build: Callable[..., NotionTarget], scan: Any, notion: NotionStandin
) -> None:
    """F52: the settings are wrong, not the remote."""
    _, end = scan(by=build(replace(config, tracks_database_id="Music Tracks")))
    assert end.problem is not None
    assert "Copy link" in end.problem.hint
    assert notion.history == ()


def test_no_problem_carries_the_token(
    notion: NotionStandin, config: NotionConfig, build: Callable[..., NotionTarget], scan: Any, caplog: Any
) -> None:
    """F56, I53: neither details, nor representations, nor logs show the credential."""
    assert TOKEN not in repr(config)
    secret = "ntn_very_secret"
    target = build(replace(config, token=secret))
    with caplog.at_level("DEBUG"):
        _, end = scan(by=target)
    assert end.problem is not None
    assert end.problem.failure is FailureClass.AUTH_EXPIRED
    assert secret not in json.dumps([str(end.problem), caplog.text])
