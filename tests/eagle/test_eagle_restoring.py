"""Items come back out of Eagle's trash: in one write, read back, and only where Eagle can."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.domain.failure import FailureClass
from engine.domain.outcomes import Absent, Deferred, Done, Present, Refused, Unknown
from engine.domain.plan import Operation
from engine.domain.references import eagle_item_id
from engine.domain.value import Fields
from engine.standins.eagle.faults import eagle_internal_error, eagle_update_failed
from engine.standins.eagle.standin import EagleStandin
from engine.standins.faults import garbage, lost_response
from engine.standins.server import Effect, Fault, Response
from engine.targets.eagle.config import EagleConfig
from engine.targets.eagle.target import EagleTarget

UPDATE = "/api/v2/item/update"
GET = "/api/v2/item/get"
OUR_ID = eagle_item_id("rfirst")


@pytest.fixture
def restore(target: EagleTarget, act: Any, song: str) -> Callable[..., Any]:
    """Give a way to build restorations of an item that was made and thrown away."""
    fields: Fields = {"name": "A", "tags": ("x",), "path": song}
    assert isinstance(target.send(act(Operation.CREATE, "rfirst", fields)), Done)
    assert isinstance(target.send(act(Operation.TRASH, "rfirst", remote_id=OUR_ID)), Done)
    return lambda written=None, remote_id=OUR_ID: act(Operation.RESTORE, "rfirst", written, remote_id=remote_id)


@pytest.fixture
def older(libraries: tuple[Path, Path]) -> Iterator[EagleStandin]:
    """Give a running Eagle that is too old for V2."""
    with EagleStandin(libraries, clock=lambda: 1_700_000_000.0, serves_v2=False) as standin:
        yield standin


def _updates(eagle: EagleStandin) -> int:
    return sum(line.path == UPDATE for line in eagle.history)


def test_an_item_comes_back_with_its_fields_in_one_request(
    eagle: EagleStandin, target: EagleTarget, restore: Any, scan: Any
) -> None:
    """I22, I32: reading it back shows it live and shows what was put back; the file never moved."""
    before = _updates(eagle)
    outcome = target.send(restore({"tags": ("x", "y"), "website": "https://soundcloud.com/ada/a"}))
    assert isinstance(outcome, Done)
    assert outcome.held == {"tags": ("x", "y"), "website": "https://soundcloud.com/ada/a"}
    assert outcome.seen is not None
    assert outcome.seen.live
    assert _updates(eagle) == before + 1
    assert scan()[0][OUR_ID].key == "rfirst"
    assert not eagle.items()[OUR_ID]["isDeleted"]
    assert eagle.file_of(OUR_ID).exists()
    assert isinstance(target.send(restore()), Done)  # whoever restored it meanwhile


def test_a_note_that_is_put_back_keeps_our_key(eagle: EagleStandin, target: EagleTarget, restore: Any) -> None:
    """I30: an item that lost its key would be imported a second time."""
    outcome = target.send(restore({"annotation": "theirs"}))
    assert isinstance(outcome, Done)
    assert eagle.items()[OUR_ID]["annotation"] == "theirs\ncratelog:rfirst"


def test_data_false_is_a_failure_whatever_the_status_says(
    eagle: EagleStandin, target: EagleTarget, restore: Any
) -> None:
    """`data: false` under a success restored nothing, and says what a person can do."""
    eagle.script(eagle_update_failed())
    outcome = target.send(restore())
    assert isinstance(outcome, Refused)
    assert "by hand" in outcome.problem.hint
    assert eagle.items()[OUR_ID]["isDeleted"]


def test_an_emptied_trash_gives_nothing_back(eagle: EagleStandin, target: EagleTarget, restore: Any) -> None:
    """Nothing is imported where something was to be restored."""
    eagle.empty_trash()
    for remote_id in (OUR_ID, None):
        outcome = target.send(restore(None, remote_id))
        assert isinstance(outcome, Refused)
        assert outcome.problem.failure is FailureClass.NOT_FOUND
    assert "refetch" in target.send(restore()).problem.hint  # type: ignore[union-attr]  # refused above
    assert target.probe(restore()) == Absent()
    assert eagle.items() == {}


def test_an_answer_without_the_effect_is_no_evidence(eagle: EagleStandin, target: EagleTarget, restore: Any) -> None:
    """I32: the item is read back; still in the trash is a refusal, unreadable is unknown."""
    answer = Response.of_json({"status": "success", "data": {"id": OUR_ID, "isDeleted": False}})
    eagle.script(Fault(effect=Effect.ANSWER, path=UPDATE, response=answer))
    outcome = target.send(restore())
    assert isinstance(outcome, Refused)
    assert (outcome.facts != (), "by hand" in outcome.problem.hint) == (True, True)
    eagle.script(garbage(path=GET))
    assert isinstance(target.send(restore()), Unknown)


def test_a_lost_answer_is_unknown_and_a_probe_tells(eagle: EagleStandin, target: EagleTarget, restore: Any) -> None:
    """I28: what a probe shows live was restored, what it shows in the trash was not."""
    eagle.script(eagle_internal_error(path=UPDATE))
    assert isinstance(target.send(restore()), Unknown)
    probe = target.probe(restore())
    assert isinstance(probe, Present)
    assert not probe.seen.live
    eagle.script(lost_response(path=UPDATE))
    assert isinstance(target.send(restore()), Unknown)
    probe = target.probe(restore())
    assert isinstance(probe, Present)
    assert probe.seen.live


def test_an_older_eagle_leaves_it_to_the_person(
    older: EagleStandin, config: EagleConfig, build: Callable[..., EagleTarget], act: Any
) -> None:
    """V1 has no way out of the trash: refused, and the hint is Eagle's own trash."""
    target = build(replace(config, base_url=older.url))
    outcome = target.send(act(Operation.RESTORE, "rfirst", remote_id=OUR_ID))
    assert isinstance(outcome, Refused)
    assert outcome.problem.failure is FailureClass.UNSUPPORTED
    assert "by hand" in outcome.problem.hint
    assert all(line.method == "GET" for line in older.history)


def test_a_restoration_waits_for_eagle_and_its_library(
    eagle: EagleStandin, target: EagleTarget, restore: Any, libraries: tuple[Path, Path], act: Any
) -> None:
    """F50: another open library or a closed Eagle defers; folders have no trash."""
    eagle.switch_library(libraries[1])
    outcome = target.send(restore())
    assert isinstance(outcome, Deferred)
    assert outcome.problem.failure is FailureClass.WRONG_LIBRARY
    eagle.switch_library(libraries[0])
    folder = target.send(act(Operation.RESTORE, "rfirst", kind="folder", remote_id="F"))
    assert isinstance(folder, Refused)
    eagle.stop()
    outcome = target.send(restore())
    assert isinstance(outcome, Deferred)
    assert outcome.problem.failure is FailureClass.NOT_RUNNING
