"""Notion misbehaves in every documented way: the class, the exit code, the hint; then it ends and all is well."""

from __future__ import annotations

import pytest

from engine.domain.errors import ExitCode
from engine.domain.failure import FailureClass
from engine.standins.faults import garbage, hang, lost_request, lost_response
from engine.standins.notion.faults import (
    created_but_500,
    notion_conflict,
    notion_gateway_timeout,
    notion_internal_error,
    notion_overloaded,
    notion_rate_limited,
    notion_unauthorized,
)
from engine.standins.server import Fault
from tests.hardship.hard_place import HardPlace

PAGES = "/v1/pages.*"
QUERY = ".*/query"
MANY = 10_000
FINE, SOON = ExitCode.FINE, ExitCode.PARTIAL


@pytest.mark.parametrize(
    ("fault", "failure", "code"),
    [
        pytest.param(notion_unauthorized(path=PAGES, times=MANY), FailureClass.AUTH_EXPIRED, SOON, id="401"),
        pytest.param(notion_conflict(method="*", path=PAGES), FailureClass.WRITE_CONFLICT, FINE, id="409"),
        pytest.param(notion_rate_limited(120, path=PAGES), FailureClass.RATE_LIMITED, SOON, id="429"),
        pytest.param(notion_overloaded(90, path=PAGES), FailureClass.OVERLOADED, SOON, id="529"),
        pytest.param(created_but_500(), FailureClass.REMOTE_ERROR, FINE, id="500 after creating"),
        pytest.param(created_but_500(skip=1), FailureClass.REMOTE_ERROR, FINE, id="500 after creating a track"),
        pytest.param(notion_internal_error(path=PAGES), FailureClass.REMOTE_ERROR, FINE, id="500 before"),
        pytest.param(notion_gateway_timeout(path=PAGES), FailureClass.REMOTE_ERROR, FINE, id="504 after creating"),
        pytest.param(garbage(path=PAGES), FailureClass.GARBAGE, FINE, id="garbage"),
        pytest.param(lost_response(path=PAGES), FailureClass.NETWORK, FINE, id="cut off after"),
        pytest.param(lost_request(path=PAGES), FailureClass.NETWORK, FINE, id="cut off before"),
        pytest.param(hang(path=PAGES, seconds=30), FailureClass.TIMEOUT, FINE, id="hangs"),
    ],
)
def test_a_write_that_goes_wrong_is_named_and_made_good(
    two_tracks: HardPlace, fault: Fault, failure: FailureClass, code: ExitCode
) -> None:
    """I28, I30, P11: files and Eagle are done, the trouble is one line with a hint, nothing is doubled or lost.

    What the same run puts right is no failure of the run; what it has to leave for later is.
    """
    two_tracks.settings += "[network]\ntimeout_s = 0.5\n" if failure is FailureClass.TIMEOUT else ""
    two_tracks.notion.script(fault)
    assert two_tracks.reconcile() is code
    assert len(two_tracks.files()) == len(two_tracks.items()) == 2
    assert two_tracks.trouble(failure).hint
    two_tracks.recover()


@pytest.mark.parametrize(
    ("fault", "failure", "code"),
    [
        pytest.param(notion_unauthorized(path=QUERY, times=MANY), FailureClass.AUTH_EXPIRED, SOON, id="401"),
        pytest.param(notion_rate_limited(120, path=QUERY, times=MANY), FailureClass.RATE_LIMITED, SOON, id="429"),
        pytest.param(notion_overloaded(90, path=QUERY, times=MANY), FailureClass.OVERLOADED, SOON, id="529"),
        pytest.param(notion_internal_error(path=QUERY, times=MANY), FailureClass.REMOTE_ERROR, SOON, id="500"),
        pytest.param(garbage(path=QUERY, times=MANY), FailureClass.GARBAGE, SOON, id="garbage"),
        pytest.param(hang(path=QUERY, seconds=30, times=MANY), FailureClass.TIMEOUT, SOON, id="hangs"),
    ],
)
def test_a_notion_that_cannot_be_read_is_not_written_to(
    two_tracks: HardPlace, fault: Fault, failure: FailureClass, code: ExitCode
) -> None:
    """I42, P11: nothing is decided about what was not seen; the other targets are brought in step."""
    two_tracks.settings += "[network]\ntimeout_s = 0.5\n" if failure is FailureClass.TIMEOUT else ""
    two_tracks.notion.script(fault)
    assert two_tracks.reconcile() is code
    assert two_tracks.rows("tracks") == []
    assert len(two_tracks.files()) == len(two_tracks.items()) == 2
    assert two_tracks.trouble(failure).hint
    two_tracks.recover()


def test_a_database_that_is_not_shared_is_named(two_tracks: HardPlace) -> None:
    """P11: 404 is "not shared", with the way to share it; once shared, the rows are made."""
    two_tracks.notion.revoke(two_tracks.ids["tracks"])
    assert two_tracks.reconcile() is ExitCode.PARTIAL
    assert "Connections" in two_tracks.trouble(FailureClass.NOT_SHARED).hint
    assert len(two_tracks.files()) == len(two_tracks.items()) == 2
    two_tracks.notion.share(two_tracks.ids["tracks"])
    two_tracks.recover()


def test_a_row_that_shows_up_later_than_it_is_given_time_is_reported_when_doubled(two_tracks: HardPlace) -> None:
    """I30: a query that lags behind a create whose answer was lost; a person throws one of the two away."""
    two_tracks.notion.store.lag_requests = 6
    two_tracks.notion.script(created_but_500(skip=1))
    two_tracks.reconcile()
    two_tracks.notion.store.lag_requests = 0
    assert two_tracks.reconcile() is ExitCode.NEEDS_PERSON
    keys: set[object] = set()
    for row in two_tracks.rows("tracks"):
        if row.properties["Sync Key"] in keys:
            two_tracks.notion.trash(row.id)
        keys.add(row.properties["Sync Key"])
    two_tracks.recover()
