"""The AcoustID stand-in asked directly: shapes, codes, its rate."""

import gzip
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from engine.standins.acoustid.standin import (
    CLIENT_KEY,
    AcoustIdStandin,
    Print,
    Recording,
    ReleaseGroup,
    throttled,
    unavailable,
)

PRINT = "AQADtEmUaEkSRZEG"
RECORDING = Recording(
    id="b1a9c0e9-d987-4042-ae91-78d6a3267d69",
    title="One",
    artists=(("Ada", " & "), ("Bo", "")),
    duration_s=200.0,
    isrcs=("DEA120000001",),
    groups=(
        ReleaseGroup(title="First", artists=(("Ada", " & "), ("Bo", ""))),
        ReleaseGroup(title="Hits", secondary=("Compilation",), artists=(("Various Artists", ""),)),
        ReleaseGroup(title="Loose", kind=None, artists=()),
    ),
)


@pytest.fixture
def standin() -> Iterator[AcoustIdStandin]:
    """Give a listening stand-in that knows one sound."""
    with AcoustIdStandin(clock=lambda: 1_800_000_000.0) as standin:
        standin.submit(Print(fingerprint=PRINT, duration_s=200, score=0.97, recordings=(RECORDING,)))
        yield standin


def ask(standin: AcoustIdStandin, **form: Any) -> httpx.Response:
    """Post a look-up of the known sound, with changes; what is empty is left out."""
    asked = {"client": CLIENT_KEY, "fingerprint": PRINT, "duration": "200", "meta": "recordings releasegroups", **form}
    return httpx.post(f"{standin.url}/v2/lookup", data={name: value for name, value in asked.items() if value})


def test_a_known_sound_gives_its_recordings(standin: AcoustIdStandin) -> None:
    """Score, recordings, artists with join phrases, release groups; a length within seven seconds."""
    (result,) = ask(standin).json()["results"]
    (recording,) = result["recordings"]
    assert (result["score"], recording["title"], recording["duration"]) == (0.97, "One", 200.0)
    assert [artist.get("joinphrase") for artist in recording["artists"]] == [" & ", None]
    assert [row.get("type") for row in recording["releasegroups"]] == ["Album", "Album", None]
    assert "isrcs" not in recording
    assert len(ask(standin, duration="207").json()["results"]) == 1
    assert ask(standin, duration="208").json()["results"] == []


def test_meta_says_how_much_is_told(standin: AcoustIdStandin) -> None:
    """Nothing, ids only, ISRCs, and artists left out where they are the recording's."""
    assert "recordings" not in ask(standin, meta="").json()["results"][0]
    assert ask(standin, meta="recordingids").json()["results"][0]["recordings"] == [{"id": RECORDING.id}]
    told = ask(standin, meta="recordings releasegroups compress isrcs").json()["results"][0]["recordings"][0]
    assert told["isrcs"] == ["DEA120000001"]
    assert ["artists" in row for row in told["releasegroups"]] == [False, True, False]
    standin.submit(Print(fingerprint=PRINT[::-1], duration_s=100, recordings=(Recording(id="x"),)))
    bare = ask(standin, fingerprint=PRINT[::-1], duration="100").json()["results"][0]
    assert bare["recordings"] == [{"id": "x"}]
    standin.submit(Print(fingerprint=PRINT[::-1], duration_s=50, recordings=(Recording(id="y", title="Y"),)))
    assert ask(standin, fingerprint=PRINT[::-1], duration="50", meta="recordings").json()["results"][0][
        "recordings"
    ] == [{"id": "y", "title": "Y"}]


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"client": ""}, 2),
        ({"client": "another"}, 4),
        ({"fingerprint": ""}, 2),
        ({"duration": ""}, 2),
        ({"duration": "0"}, 2),
        ({"fingerprint": "§"}, 3),
        ({"fingerprint": "AQAB"}, 3),
        ({"format": "yaml"}, 1),
    ],
)
def test_what_is_wrong_has_its_code(standin: AcoustIdStandin, form: dict[str, str], code: int) -> None:
    """Every refusal is a 400 with a code and a sentence."""
    refused = ask(standin, **form)
    assert (refused.status_code, refused.json()["status"], refused.json()["error"]["code"]) == (400, "error", code)


def test_other_ways_to_ask(standin: AcoustIdStandin) -> None:
    """GET works, a gzipped body works, XML is given when asked for, other paths are not there."""
    url = f"{standin.url}/v2/lookup"
    query = f"client={CLIENT_KEY}&fingerprint={PRINT}&duration=200&format=xml"
    assert httpx.get(f"{url}?{query}").text.startswith("<?xml")
    form = gzip.compress(f"client={CLIENT_KEY}&fingerprint={PRINT}&duration=200".encode())
    assert len(httpx.post(url, content=form, headers={"Content-Encoding": "gzip"}).json()["results"]) == 1
    assert httpx.get(f"{standin.url}/v2/submit").status_code == 404


def test_too_many_requests_and_an_outage_say_so() -> None:
    """Code 14 with 429 over the rate of a second, code 13 with 503 by script."""
    with AcoustIdStandin(requests_per_s=1, clock=iter((0.0, 0.0, 0.5, 0.5, 2.0, 2.0)).__next__) as standin:
        assert ask(standin).status_code == 200
        assert (ask(standin).status_code, ask(standin).json()["status"]) == (429, "ok")
    with AcoustIdStandin() as standin:
        standin.script(throttled(), unavailable())
        assert [ask(standin).json()["error"]["code"] for _ in range(2)] == [14, 13]
