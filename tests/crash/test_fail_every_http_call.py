"""Every HTTP call of a whole run fails once, each in every way; the next runs end as if it had not (I36, §14 (5))."""

from __future__ import annotations

import gc
from itertools import count
from pathlib import Path

import pytest

from engine.standins.server import Effect, Fault, Response
from tests.crash.misfortune import aftermath
from tests.crash.stages import Stage
from tests.crash.world import Outside

pytestmark = pytest.mark.filterwarnings("ignore:Do not return:DeprecationWarning")  # yt-dlp's own, about itself

EFFECTS = (Effect.LOSE_REQUEST, Effect.LOSE_RESPONSE, Effect.ACT_THEN_ANSWER)
_SERVER_ERROR = Response(status=500, headers=(("Content-Type", "text/html"),), body=b"<h1>Internal Server Error</h1>")


def struck(outside: Outside) -> bool:
    """Say whether a scripted fault met a request."""
    return any(exchange.fault for standin in outside.standins.values() for exchange in standin.history)


def failing(stage: Stage, place: Path, remote: str, method: str, effect: Effect, number: int) -> list[str] | None:
    """Let one call fail, from 0; give what is wrong at the end, or None when there are not so many calls."""
    fault = Fault(effect=effect, method=method, skip=number, response=_SERVER_ERROR)
    return aftermath(stage, place, struck=struck, prepare=lambda outside: outside.standins[remote].script(fault))


@pytest.mark.parametrize("effect", EFFECTS)
@pytest.mark.parametrize("remote", ["notion", "eagle"])
def test_any_call_to_a_target_may_fail(remote: str, effect: Effect, fetched: Stage, tmp_path: Path) -> None:
    """I28 I30 I36: a lost request, a lost answer and a 500 after the deed, at every call: same end, nothing twice."""
    wrong: dict[int, list[str]] = {}
    for number in count():
        found = failing(fetched, tmp_path / str(number), remote, "*", effect, number)
        if found is None:
            break
        if found:
            wrong[number] = found
    assert wrong == {}
    assert number >= fetched.requests[f"{remote} read"] + fetched.requests[f"{remote} write"]


# yt-dlp leaves the joined file of a segmented download open when a segment fails.
@pytest.mark.filterwarnings("ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("batch", range(4))
@pytest.mark.parametrize("method", ["*", "CONNECT"])
def test_any_call_to_soundcloud_may_fail(method: str, batch: int, cold: Stage, tmp_path: Path) -> None:
    """I36: every page, script, answer and piece of audio fails once, in rotating ways, and the tunnels to them."""
    wrong: dict[int, list[str]] = {}
    for number in count(batch, 4):
        found = failing(cold, tmp_path / str(number), "soundcloud", method, EFFECTS[number % 3], number)
        if found is None:
            break
        if found:
            wrong[number] = found
    gc.collect()  # so that what yt-dlp left open is noticed here and not in the test that comes next
    assert wrong == {}
    assert number > batch
