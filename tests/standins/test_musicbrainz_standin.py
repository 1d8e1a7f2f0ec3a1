"""The MusicBrainz stand-in asked directly: shapes, refusals, its one request a second."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from engine.standins.musicbrainz.records import Recording, Release, mbid
from engine.standins.musicbrainz.standin import MusicBrainzStandin, busy

AGENT = "Test/1.0 ( somebody@example.org )"
ONE = Recording(
    title="One",
    credits=(("Ada", " & "), ("Bo", "")),
    length_ms=200_000,
    isrcs=("DEA120000001",),
    first_release_date="2020-05-01",
    releases=(Release(title="First", date="2020-05-01", country="DE", labels=("Label",)),),
    genres=(("deep house", 3),),
)
BARE = Recording(title="Bare", credits=(("Ada", ""),))


class Clock:
    """A time that tests move."""

    now_s = 1_800_000_000.0

    def __call__(self) -> float:
        """Give the time in seconds since the epoch."""
        return self.now_s


@pytest.fixture
def standin() -> Iterator[MusicBrainzStandin]:
    """Give a listening stand-in with two recordings."""
    with MusicBrainzStandin([ONE, BARE]) as standin:
        yield standin


def ask(standin: MusicBrainzStandin, path: str, *, agent: str = AGENT, **query: Any) -> httpx.Response:
    """Ask for JSON, as a client that says who it is."""
    asked = {"fmt": "json", **query}
    return httpx.get(f"{standin.url}{path}", params=asked, headers={"User-Agent": agent})


def test_an_isrc_lists_its_recordings_with_what_is_asked_for(standin: MusicBrainzStandin) -> None:
    """Credits keep their join phrases; releases and ISRCs come only when `inc` names them."""
    bare = ask(standin, "/ws/2/isrc/DEA120000001").json()
    assert (bare["isrc"], bare["recordings"][0]["length"]) == ("DEA120000001", 200_000)
    assert not {"releases", "artist-credit", "isrcs"} & bare["recordings"][0].keys()
    full = ask(standin, "/ws/2/isrc/dea120000001", inc="artist-credits releases isrcs").json()["recordings"][0]
    assert [(row["name"], row["joinphrase"]) for row in full["artist-credit"]] == [("Ada", " & "), ("Bo", "")]
    assert (full["releases"][0]["title"], full["isrcs"]) == ("First", ["DEA120000001"])


def test_a_recording_and_a_release_are_looked_up_by_id(standin: MusicBrainzStandin) -> None:
    """Release groups, genres and labels come where they belong."""
    recording = ask(standin, f"/ws/2/recording/{ONE.mbid}", inc="releases+release-groups+genres").json()
    assert recording["releases"][0]["release-group"]["primary-type"] == "Album"
    assert recording["genres"][0]["name"] == "deep house"
    release = ask(standin, f"/ws/2/release/{ONE.releases[0].mbid}", inc="labels").json()
    assert release["label-info"][0]["label"]["name"] == "Label"
    bare = ask(standin, f"/ws/2/recording/{BARE.mbid}").json()
    assert (bare["length"], "first-release-date" in bare) == (None, False)


def test_a_search_scores_what_it_finds(standin: MusicBrainzStandin) -> None:
    """Exact names and a length in the range give 100; half of the words give less; nothing alike gives nothing."""
    exact = ask(standin, "/ws/2/recording", query='recording:"One" AND artist:"Ada & Bo" AND dur:[199000 TO 201000]')
    (found,) = exact.json()["recordings"]
    assert (found["score"], found["isrcs"], found["releases"][0]["release-group"]["title"]) == (
        100,
        ["DEA120000001"],
        "First",
    )
    partial = ask(standin, "/ws/2/recording", query="artist:ada recording:one").json()
    assert 50 < partial["recordings"][0]["score"] < 100
    assert ask(standin, "/ws/2/recording", query="Nothing alike").json()["count"] == 0
    assert ask(standin, "/ws/2/recording", query="isrc:DEA120000001 dur:[* TO *] release:First").json()["count"] == 1
    assert ask(standin, "/ws/2/recording", query="bare release:x", limit="1", offset="0").json()["recordings"] == []
    assert ask(standin, "/ws/2/recording", query=r'"a \"quoted\" one" &&').json()["count"] == 0
    assert ask(standin, "/ws/2/recording", query='recording:"?"').json()["count"] == 0
    assert ask(standin, "/ws/2/recording", query="Bare").json()["recordings"][0].keys() & {"length", "isrcs"} == set()


def test_what_is_not_there_or_not_sound_is_refused(standin: MusicBrainzStandin) -> None:
    """404 for what is unknown, 400 for what cannot be, in MusicBrainz's envelope."""
    unknown = ask(standin, "/ws/2/isrc/DEA120000009")
    assert (unknown.status_code, unknown.json()["error"]) == (404, "Not Found")
    for path, query in (
        ("/ws/2/isrc/nonsense", {}),
        ("/ws/2/recording/nonsense", {}),
        ("/ws/2/isrc/DEA120000001", {"inc": "release-groups"}),
        ("/ws/2/isrc/DEA120000001", {"inc": "genres"}),
        ("/ws/2/recording", {"query": 'recording:"open'}),
        ("/ws/2/recording", {"query": ""}),
    ):
        assert ask(standin, path, **query).status_code == 400
    for path in (f"/ws/2/recording/{mbid('x')}", f"/ws/2/release/{mbid('x')}", "/ws/2/artist/x"):
        assert ask(standin, path).status_code == 404
    assert httpx.post(f"{standin.url}/ws/2/recording", headers={"User-Agent": AGENT}).status_code == 405


def test_it_speaks_xml_unless_json_is_asked_for(standin: MusicBrainzStandin) -> None:
    """Without `fmt` and `Accept` everything is XML, refusals too."""
    headers = {"User-Agent": AGENT}
    for path in (
        "/ws/2/isrc/DEA120000001",
        "/ws/2/recording?query=One",
        f"/ws/2/recording/{ONE.mbid}",
        "/ws/2/isrc/DEA120000009",
    ):
        answer = httpx.get(f"{standin.url}{path}", headers=headers)
        assert answer.text.startswith("<?xml")
    asked = {**headers, "Accept": "application/json"}
    assert httpx.get(f"{standin.url}/ws/2/recording?query=One", headers=asked).json()["count"] == 1


@pytest.mark.parametrize("agent", ["", "-", "python-httpx/0.28", "Java/17", "curl/8"])
def test_nobody_in_particular_is_turned_away(standin: MusicBrainzStandin, agent: str) -> None:
    """A User-Agent that names no application is forbidden."""
    assert ask(standin, "/ws/2/recording", agent=agent, query="One").status_code == 403


def test_more_than_one_request_a_second_is_too_many() -> None:
    """503 with MusicBrainz's own sentence, until a second has passed."""
    clock = Clock()
    with MusicBrainzStandin([ONE], interval_s=1.0, clock=clock) as standin:
        assert ask(standin, "/ws/2/recording", query="One").status_code == 200
        refused = ask(standin, "/ws/2/recording", query="One")
        assert (refused.status_code, "allowable rate limit" in refused.json()["error"]) == (503, True)
        clock.now_s += 1
        assert ask(standin, "/ws/2/recording", query="One").status_code == 200
        standin.script(busy())
        clock.now_s += 1
        assert ask(standin, "/ws/2/recording", query="One").status_code == 503
        with standin.edit() as rows:
            rows.clear()
        assert ask(standin, "/ws/2/recording", query="One").json()["count"] == 0
