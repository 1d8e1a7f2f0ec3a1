"""What Eagle and the way to it can do wrong, and what each says about the effect."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.domain.failure import FailureClass, Problem
from engine.domain.outcomes import Absent, Deferred, Done, Present, Refused, Unclear, Unknown
from engine.domain.plan import Operation
from engine.domain.references import eagle_item_id
from engine.domain.value import Fields
from engine.standins.eagle.faults import added_but_500, eagle_internal_error, eagle_refused, eagle_update_failed
from engine.standins.eagle.standin import EagleStandin
from engine.standins.faults import garbage, hang, lost_request, lost_response, truncated
from engine.standins.server import Effect, Fault, Response
from engine.targets.eagle.config import EagleConfig
from engine.targets.eagle.target import EagleTarget

ADD = "/api/v2/item/add"
UPDATE = "/api/v2/item/update"
GET = "/api/v2/item/get"
FOLDERS = "/api/v2/folder/get"
OUR_ID = eagle_item_id("rfirst")


def _answer(payload: object, path: str, *, status: int = 200, times: int = 1) -> Fault:
    return Fault(effect=Effect.ANSWER, path=path, times=times, response=Response.of_json(payload, status=status))


def _fields(song: str) -> Fields:
    return {"name": "A", "tags": ("x",), "path": song}


@pytest.mark.parametrize(
    ("fault", "failure"),
    [
        (added_but_500(), FailureClass.REMOTE_ERROR),
        (lost_response(path=ADD), FailureClass.NETWORK),
        (truncated(path=ADD), FailureClass.NETWORK),
        (garbage(path=ADD), FailureClass.GARBAGE),
        (_answer({}, ADD), FailureClass.GARBAGE),
        (hang(path=ADD), FailureClass.TIMEOUT),
    ],
)
def test_an_import_whose_answer_is_lost_is_unknown(
    eagle: EagleStandin,
    config: EagleConfig,
    build: Callable[..., EagleTarget],
    act: Any,
    song: str,
    fault: Fault,
    failure: FailureClass,
) -> None:
    """I29: only a probe can tell; and the id of our choosing makes a repeat harmless."""
    target = build(replace(config, timeout_s=0.5))
    eagle.script(fault)
    action = act(Operation.CREATE, "rfirst", _fields(song))
    outcome = target.send(action)
    assert isinstance(outcome, Unknown)
    assert outcome.problem.failure is failure
    assert isinstance(target.probe(action), Present | Absent)
    assert isinstance(target.send(action), Done)
    assert len(eagle.items()) == 1


def test_an_import_that_never_arrived_is_unknown_and_absent(
    eagle: EagleStandin, target: EagleTarget, act: Any, song: str
) -> None:
    """The same silence without an effect: the probe finds nothing."""
    action = act(Operation.CREATE, "rfirst", _fields(song))
    for fault in (lost_request(path=ADD), eagle_internal_error(path=ADD)):
        eagle.script(fault)
        assert isinstance(target.send(action), Unknown)
        assert target.probe(action) == Absent()


@pytest.mark.parametrize("path", [GET, UPDATE])
def test_an_import_that_cannot_be_read_back_is_unknown(
    eagle: EagleStandin, target: EagleTarget, act: Any, song: str, path: str
) -> None:
    """I32: no evidence, no done; a repair that fails leaves the question open too."""
    target.send(act(Operation.CREATE, "rfirst", _fields(song)))
    eagle.edit(OUR_ID, tags=[])
    eagle.script(eagle_internal_error(path=path))
    assert isinstance(target.send(act(Operation.CREATE, "rfirst", _fields(song))), Unknown)


def test_an_item_that_does_not_appear_is_unknown_after_a_bounded_wait(
    eagle: EagleStandin, target: EagleTarget, act: Any, song: str, waits: Any
) -> None:
    """Imports are asynchronous: it is looked for, a bounded number of times (F34)."""
    empty = {"status": "success", "data": {"data": [], "total": 0, "offset": 0, "limit": 50}}
    eagle.script(_answer(empty, GET, times=3))
    assert isinstance(target.send(act(Operation.CREATE, "rfirst", _fields(song))), Done)
    assert len(waits.seconds) == 3
    eagle.script(_answer(empty, GET, times=100))
    outcome = target.send(act(Operation.CREATE, "rsecond", _fields(song)))
    assert isinstance(outcome, Unknown)
    assert outcome.problem.failure is FailureClass.TIMEOUT


@pytest.mark.parametrize(
    ("status", "kind", "failure"),
    [
        (400, Refused, FailureClass.INVALID_REQUEST),
        (401, Refused, FailureClass.AUTH_EXPIRED),
        (403, Refused, FailureClass.AUTH_EXPIRED),
        (404, Refused, FailureClass.UNSUPPORTED),
        (405, Refused, FailureClass.UNSUPPORTED),
        (429, Deferred, FailureClass.RATE_LIMITED),
        (503, Deferred, FailureClass.OVERLOADED),
        (502, Unknown, FailureClass.REMOTE_ERROR),
    ],
)
def test_a_status_says_what_became_of_a_write(
    eagle: EagleStandin, target: EagleTarget, act: Any, song: str, status: int, kind: Any, failure: FailureClass
) -> None:
    """Each status is one class and one kind of outcome."""
    eagle.script(_answer({"status": "error", "message": "no"}, ADD, status=status))
    outcome = target.send(act(Operation.CREATE, "rfirst", _fields(song)))
    assert isinstance(outcome, kind)
    assert outcome.problem.failure is failure


def test_an_error_inside_a_200_is_a_refusal(eagle: EagleStandin, target: EagleTarget, act: Any, song: str) -> None:
    """F26: Eagle's errors may come with HTTP 200; the envelope decides."""
    for operation, path in ((Operation.CREATE, ADD), (Operation.UPDATE, UPDATE), (Operation.TRASH, UPDATE)):
        eagle.script(eagle_refused("no", path=path))
        outcome = target.send(act(operation, "rfirst", _fields(song), remote_id=OUR_ID))
        assert isinstance(outcome, Refused)
        assert outcome.problem.detail == "Eagle refused: no"


def test_data_false_is_a_failed_update(eagle: EagleStandin, target: EagleTarget, act: Any, song: str) -> None:
    """`data: false` under a success changed nothing, for an item that is there and for one that is not."""
    target.send(act(Operation.CREATE, "rfirst", _fields(song)))
    eagle.script(eagle_update_failed())
    outcome = target.send(act(Operation.UPDATE, "rfirst", {"tags": ("y",)}, remote_id=OUR_ID))
    assert isinstance(outcome, Refused)
    assert outcome.problem.failure is FailureClass.INVALID_REQUEST
    gone = target.send(act(Operation.UPDATE, "rfirst", {"tags": ("y",)}, remote_id="NOTTHERE"))
    assert isinstance(gone, Refused)
    assert gone.problem.failure is FailureClass.NOT_FOUND


def test_a_removal_that_is_not_shown_is_not_done(eagle: EagleStandin, target: EagleTarget, act: Any, song: str) -> None:
    """I32: an answer without the effect is no evidence."""
    target.send(act(Operation.CREATE, "rfirst", _fields(song)))
    trash = act(Operation.TRASH, "rfirst", remote_id=OUR_ID)
    eagle.script(_answer({"status": "success", "data": {"id": OUR_ID}}, UPDATE))
    outcome = target.send(trash)
    assert isinstance(outcome, Refused)
    assert outcome.facts
    eagle.script(garbage(path=GET))
    assert isinstance(target.send(trash), Unknown)


def test_an_eagle_that_is_not_running_defers_everything(
    eagle: EagleStandin, target: EagleTarget, act: Any, scan: Any, song: str
) -> None:
    """F50: nothing is lost: writes wait, scans say they saw nothing, probes do not conclude."""
    eagle.stop()
    outcome = target.send(act(Operation.CREATE, "rfirst", _fields(song)))
    assert isinstance(outcome, Deferred)
    assert outcome.problem.failure is FailureClass.NOT_RUNNING
    seen, end = scan()
    assert (seen, end.complete) == ({}, False)
    assert end.problem == outcome.problem
    assert isinstance(target.probe(act(Operation.CREATE, "rfirst")), Unclear)
    assert isinstance(target.check(), Problem)


def test_another_open_library_stops_reading_and_writing(
    eagle: EagleStandin, target: EagleTarget, act: Any, scan: Any, song: str, libraries: tuple[Path, Path]
) -> None:
    """I42: another library is neither empty of our items nor a place for them."""
    target.send(act(Operation.CREATE, "rfirst", _fields(song)))
    eagle.switch_library(libraries[1])
    outcome = target.send(act(Operation.CREATE, "rsecond", _fields(song)))
    assert isinstance(outcome, Deferred)
    assert outcome.problem.failure is FailureClass.WRONG_LIBRARY
    assert str(libraries[0]) in outcome.problem.hint
    for kind in ("item", "folder"):
        seen, end = scan(kind)
        assert (seen, end.complete) == ({}, False)
    assert isinstance(target.probe(act(Operation.CREATE, "rfirst")), Unclear)
    assert eagle.items() == {}


def test_a_library_switched_during_a_scan_spoils_it(
    eagle: EagleStandin, config: EagleConfig, build: Callable[..., EagleTarget], scan: Any, libraries: Any
) -> None:
    """I42: the identity is asked for again at the end; without a named library too."""
    other = {"status": "success", "data": {"path": str(libraries[1])}}
    for library_path in (config.library_path, None):
        eagle.script(replace(_answer(other, "/api/v2/library/info"), skip=1))
        seen, end = scan(by=build(replace(config, library_path=library_path)))
        assert (seen, end.complete) == ({}, False)
        assert end.problem is not None
        assert end.problem.failure is FailureClass.WRONG_LIBRARY
        eagle.calm()


@pytest.mark.parametrize("kind", ["item", "folder"])
@pytest.mark.parametrize(
    "fault",
    [
        garbage(path=f"{GET}|{FOLDERS}"),
        eagle_internal_error(path=f"{GET}|{FOLDERS}"),
        lost_response(path=f"{GET}|{FOLDERS}"),
        _answer({"status": "success", "data": {"data": [{}], "total": 1}}, f"{GET}|{FOLDERS}"),
        _answer({"status": "success", "data": {"data": [], "total": 1}}, f"{GET}|{FOLDERS}"),
        _answer({"status": "success", "data": {"data": [{"id": "x", "ext": "mp3"}], "total": 1}}, f"{GET}|{FOLDERS}"),
        _answer({"status": "success", "data": [1]}, f"{GET}|{FOLDERS}"),
        _answer({"status": "success", "data": {}}, "/api/v2/library/info"),
        _answer([], "/api/v2/library/info"),
        _answer({"status": "success", "data": 5}, "/api/v2/library/info"),
    ],
)
def test_a_scan_that_fails_anywhere_is_incomplete(eagle: EagleStandin, scan: Any, fault: Fault, kind: str) -> None:
    """F33, I42: an error is not an empty library."""
    eagle.script(fault)
    seen, end = scan(kind)
    assert (seen, end.complete) == ({}, False)
    assert end.problem is not None


def test_a_library_that_changes_while_it_is_read_is_not_concluded_from(
    eagle: EagleStandin, config: EagleConfig, build: Callable[..., EagleTarget], scan: Any
) -> None:
    """Pages are cut by position: a change shifts them, and something may fall between."""

    def page(ids: list[str], total: int) -> Fault:
        records = [{"id": one, "name": one, "tags": [], "folders": [], "ext": "mp3"} for one in ids]
        return _answer({"status": "success", "data": {"data": records, "total": total}}, GET)

    target = build(replace(config, page_size=2))
    for second in (page(["C"], 4), page(["B"], 3), page([], 3)):
        eagle.script(page(["A", "B"], 3), second)
        seen, end = scan(by=target)
        assert (seen, end.complete) == ({}, False)
        eagle.calm()


def test_an_eagle_without_v2_is_named_with_the_fix(
    libraries: tuple[Path, Path], build: Callable[..., EagleTarget], act: Any, scan: Any
) -> None:
    """V2 needs Eagle 4.0 build 21; an older one is told from something that is not Eagle."""
    with EagleStandin(libraries, serves_v2=False) as old:
        target = build(EagleConfig(base_url=old.url))
        _, end = scan(by=target)
        assert end.problem is not None
        assert end.problem.failure is FailureClass.UNSUPPORTED
        assert "build 21" in end.problem.hint
        assert isinstance(target.send(act(Operation.CREATE)), Refused)
        old.script(_answer({"status": "error"}, "/api/application/info", status=404))
        assert "not Eagle" in scan(by=target)[1].problem.detail
        old.script(eagle_internal_error(path="/api/v2/app/info"))
        assert scan(by=target)[1].problem.failure is FailureClass.REMOTE_ERROR
        target.close()


@pytest.mark.parametrize("position", [0, 1])
def test_a_probe_that_cannot_see_says_so(eagle: EagleStandin, target: EagleTarget, act: Any, position: int) -> None:
    """Absent is a finding, not a failure to look: by our id, by key, by remote id, and for folders."""
    create = act(Operation.CREATE, "rfirst")
    eagle.script(replace(garbage(path=GET), skip=position))
    assert isinstance(target.probe(create), Unclear)
    eagle.calm()
    eagle.script(garbage(path=f"{GET}|{FOLDERS}", times=2))
    assert isinstance(target.probe(act(Operation.UPDATE, "rfirst", remote_id=OUR_ID)), Unclear)
    assert isinstance(target.probe(act(Operation.CREATE, "root", kind="folder")), Unclear)


def test_a_folder_whose_answer_is_lost_is_unknown_and_found_by_key(
    eagle: EagleStandin, target: EagleTarget, act: Any
) -> None:
    """P19: folder ids are Eagle's; the key in the description tells whether it was made."""
    fields: Fields = {"name": "Playlists", "parent": None}
    create = act(Operation.CREATE, "root", fields, kind="folder")
    eagle.script(lost_response(path="/api/v2/folder/create"))
    assert isinstance(target.send(create), Unknown)
    found = target.probe(create)
    assert isinstance(found, Present)
    update = act(Operation.UPDATE, "root", {"name": "Lists"}, kind="folder", remote_id=found.seen.remote_id)
    eagle.script(garbage(path=FOLDERS))
    assert isinstance(target.send(update), Unknown)
    eagle.script(eagle_refused(path="/api/v2/folder/update"))
    assert isinstance(target.send(update), Refused)
    adopt = act(Operation.ADOPT, "root", {}, kind="folder", remote_id=found.seen.remote_id)
    eagle.script(garbage(path=FOLDERS))
    assert isinstance(target.send(adopt), Deferred)
    assert len(eagle.folders()) == 1


def test_a_folder_answered_in_another_shape_is_unknown(eagle: EagleStandin, target: EagleTarget, act: Any) -> None:
    """I32: without an id, or with one that nobody lists, there is no evidence."""
    create = act(Operation.CREATE, "root", {"name": "Playlists"}, kind="folder")
    for data in (True, {"id": "NOBODY"}):
        eagle.script(_answer({"status": "success", "data": data}, "/api/v2/folder/create"))
        assert isinstance(target.send(create), Unknown)


def test_an_adoption_that_cannot_look_first_waits(eagle: EagleStandin, target: EagleTarget, act: Any) -> None:
    """What a person wrote has to be read before a line is added to it."""
    eagle.script(garbage(path=GET))
    assert isinstance(target.send(act(Operation.ADOPT, "rfirst", {"tags": ()}, remote_id=OUR_ID)), Deferred)


def test_the_token_goes_to_eagle_and_nowhere_else(
    eagle: EagleStandin, config: EagleConfig, build: Callable[..., EagleTarget], scan: Any, caplog: Any
) -> None:
    """F56, I53: it travels in the address, so neither problems, nor representations, nor logs may show addresses."""
    secret = "very-secret"
    settings = replace(config, token=secret)
    target = build(settings)
    with caplog.at_level("DEBUG"):
        eagle.script(eagle_internal_error(path=GET))
        _, end = scan(by=target)
        eagle.stop()
        _, stopped = scan(by=target)
    assert all(dict(exchange.query)["token"] == secret for exchange in eagle.history)
    assert secret not in json.dumps([repr(settings), str(end), str(stopped), caplog.text])
