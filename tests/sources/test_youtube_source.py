"""YouTube as a source and a finder: lists from memory, pages one by one, ways tried where they can help."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from engine.domain.events import AccessChanged, TrackSeen
from engine.domain.failure import Availability, FailureClass, Problem
from engine.projections.rows import Sighting
from engine.source_ports import Access, Describing, Finder, Listing, Source, Undescribed, Way
from engine.sources.youtube.config import YouTubeConfig
from engine.sources.youtube.source import Asking, YouTubeSource

RESULTS = Path(__file__).parent.parent / "fixtures" / "youtube"
DIRECT = Way(name="direct")
GERMANY = Way(name="germany", proxy="http://127.0.0.1:1", country="DE")
COOKIES = Way(name="me", cookie_file=Path("/cookies.txt"))
PLAYLIST = "https://www.youtube.com/playlist?list=PLabcdefghijklmnop"
VIDEO = "https://www.youtube.com/watch?v=dQw4w9WgXc1"


def result(name: str) -> dict[str, Any]:
    """Give one of the written results."""
    found: dict[str, Any] = json.loads((RESULTS / f"{name}.json").read_text("utf-8"))
    return found


def problem(failure: FailureClass) -> Problem:
    """Give a problem of a class."""
    return Problem(failure=failure, detail=f"{failure} it was")


class Book(Access):
    """Knows three ways; each is tried once."""

    def __init__(self, *ways: Way) -> None:
        self.known = ways or (DIRECT,)
        self.noted: list[tuple[str, FailureClass | None, str | None]] = []

    @override
    def ways(self, source: str, failed: Sequence[FailureClass] = (), *, host: str = "") -> tuple[Way, ...]:
        return self.known

    @override
    def note(self, source: str, way: Way, host: str, problem: Problem | None, *, ref: str | None = None) -> None:
        self.noted.append((way.name, problem.failure if problem else None, ref))

    @override
    def tried(self, ref: str) -> tuple[str, ...]:
        return ()

    @override
    def take_news(self) -> tuple[AccessChanged, ...]:
        return ()


class Scripted(Asking):
    """Answers what it is told to, by address; counts what it is asked."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.asked: list[str] = []
        self.closed = False

    @property
    @override
    def sent(self) -> int:
        return len(self.asked)

    @override
    def playlist(self, url: str) -> tuple[dict[str, Any], tuple[object, ...], Problem | None] | Problem:
        self.asked.append(url)
        answer = self.answers[url]
        if isinstance(answer, Problem):
            return answer
        return answer, tuple(answer["entries"]), answer.get("ended")

    @override
    def video(self, url: str) -> dict[str, Any] | Problem:
        self.asked.append(url)
        found: dict[str, Any] | Problem = self.answers[url]
        return found

    @override
    def close(self) -> None:
        self.closed = True


class Scene:
    """A source whose ways answer what they are told to."""

    def __init__(self, *ways: Way, known: dict[str, Sighting] | None = None, **answers: dict[str, Any]) -> None:
        self.book = Book(*ways)
        self.sessions: dict[str, Scripted] = {}
        self.answers = answers

        def opening(_config: YouTubeConfig, way: Way, _pace: object) -> Scripted:
            self.sessions[way.name] = Scripted(self.answers[way.name])
            return self.sessions[way.name]

        self.source = YouTubeSource(
            YouTubeConfig(),
            access=self.book,
            pace=lambda _remote: None,
            remembered=(known or {}).get,
            opening=opening,
        )

    def listed(self, url: str) -> Listing:
        """Give the listing of an address that has one."""
        answer = self.source.list_playlist(url)
        assert isinstance(answer, Listing), answer
        return answer

    def refused(self, url: str) -> Problem:
        """Give the problem with an address that has no listing."""
        answer = self.source.list_playlist(url)
        assert isinstance(answer, Problem), answer
        return answer


def test_a_listing_brings_its_metadata_along() -> None:
    """P9: one reading of a list, no request for any video in it."""
    scene = Scene(direct={PLAYLIST: result("playlist")})
    listing = scene.listed(PLAYLIST + "&si=x")
    answers = list(scene.source.describe(listing.entries))
    assert [answer.ref for answer in answers] == list(dict.fromkeys(listing.entries))
    assert scene.source.requests() == {"youtube": 1}
    assert sum(isinstance(answer, TrackSeen) for answer in answers) == 6
    assert scene.source.describing is Describing.LISTED


def test_a_list_that_broke_off_proves_presence_only() -> None:
    """I42: what came is there; why it ended is said."""
    ended = problem(FailureClass.NETWORK)
    scene = Scene(direct={PLAYLIST: {**result("playlist"), "ended": ended}})
    listing = scene.listed(PLAYLIST)
    assert (len(listing.entries), listing.complete, listing.problem) == (9, False, ended)


def test_one_video_is_a_list_of_one() -> None:
    """Its own page says most, and is asked once."""
    scene = Scene(direct={VIDEO: result("video")})
    listing = scene.listed("https://youtu.be/dQw4w9WgXc1")
    assert (listing.ref, listing.entries) == ("youtube:single:dQw4w9WgXc1", ("youtube:track:dQw4w9WgXc1",))
    (seen,) = scene.source.describe(listing.entries)
    assert isinstance(seen, TrackSeen)
    assert (seen.artist, listing.name, listing.complete) == ("Stephen, Cy", "Voyeur Girl", True)
    assert scene.source.requests() == {"youtube": 1}


def test_a_channel_is_its_uploads() -> None:
    """A handle is asked whose it is; the list is known by the channel's id."""
    about, uploads = "https://www.youtube.com/@ada/about", f"UU{'b' * 22}"
    listed = f"https://www.youtube.com/playlist?list={uploads}"
    scene = Scene(direct={about: result("uploads"), listed: {**result("playlist"), "id": uploads}})
    assert scene.listed("https://www.youtube.com/@ada").ref == f"youtube:playlist:{uploads}"
    unread = Scene(direct={about: {"entries": []}}).refused("https://www.youtube.com/@ada")
    assert unread.failure is FailureClass.EXTRACTOR_BROKEN


def test_what_a_page_said_outlives_what_a_list_says() -> None:
    """I50: a list knows less of a video than its page; the two do not take turns."""
    ref = "youtube:track:dQw4w9WgXc1"
    known = Sighting(
        ref=ref, title="The Girl", url=VIDEO, artist="Stephen, Cy", credits=("Stephen", "Cy"), described=True
    )
    scene = Scene(direct={PLAYLIST: result("playlist")}, known={ref: known})
    scene.listed(PLAYLIST)
    (seen,) = scene.source.describe([ref])
    assert isinstance(seen, TrackSeen)
    assert (seen.title, seen.artist, seen.credits, seen.duration_ms) == (
        "The Girl",
        "Stephen, Cy",
        ("Stephen", "Cy"),
        207_000,
    )


@pytest.mark.parametrize(
    ("failure", "availability"),
    [
        (FailureClass.GONE, Availability.GONE),
        (FailureClass.PRIVATE, Availability.PRIVATE),
        (FailureClass.AGE_GATED, Availability.AGE_GATED),
        (FailureClass.MEMBERS_ONLY, Availability.MEMBERS_ONLY),
        (FailureClass.GEO_BLOCKED, Availability.GEO_BLOCKED),
        (FailureClass.NOT_YET, Availability.UNKNOWN),
        (FailureClass.TIMEOUT, Availability.UNKNOWN),
    ],
)
def test_a_page_that_is_refused_proves_what_it_says(failure: FailureClass, availability: Availability) -> None:
    """P12: each class its own; what passes proves nothing."""
    scene = Scene(direct={VIDEO: problem(failure)})
    (answer,) = scene.source.describe(["youtube:track:dQw4w9WgXc1"])
    assert isinstance(answer, Undescribed)
    assert (answer.availability, answer.problem.failure) == (availability, failure)
    assert scene.refused(VIDEO).failure is failure


def test_after_a_wall_nothing_more_is_asked() -> None:
    """P13: a wall against robots would meet the next request as well; what was not asked is not known."""
    scene = Scene(direct={VIDEO: problem(FailureClass.BOT_CHALLENGE)})
    refs = [f"youtube:track:dQw4w9WgXc{number}" for number in (1, 2, 3)]
    answers = list(scene.source.describe([*refs, "soundcloud:track:1"]))
    assert {answer.problem.failure for answer in answers if isinstance(answer, Undescribed)} == {
        FailureClass.BOT_CHALLENGE
    }
    assert scene.source.requests() == {"youtube": 1}


def test_foreign_refs_and_other_videos_are_no_answers() -> None:
    """A page that speaks of another video says nothing of this one; another source's ref is not asked about."""
    scene = Scene(direct={VIDEO: {**result("video"), "id": "aaaaaaaaaaa"}})
    other, foreign = scene.source.describe(["youtube:track:dQw4w9WgXc1", "soundcloud:track:1"])
    assert isinstance(other, Undescribed)
    assert isinstance(foreign, Undescribed)
    assert other.problem.failure is FailureClass.EXTRACTOR_BROKEN
    assert other.availability is foreign.availability is Availability.UNKNOWN


def test_another_way_is_tried_where_it_can_help() -> None:
    """P12: blocked here, served there; both are remembered for the track."""
    scene = Scene(
        DIRECT,
        GERMANY,
        direct={VIDEO: problem(FailureClass.GEO_BLOCKED)},
        germany={VIDEO: result("video")},
    )
    ref = "youtube:track:dQw4w9WgXc1"
    (seen,) = scene.source.describe([ref])
    assert isinstance(seen, TrackSeen)
    assert scene.book.noted == [("direct", FailureClass.GEO_BLOCKED, ref), ("germany", None, ref)]


def test_an_accounts_own_list_needs_the_account() -> None:
    """`LL` and `LM` are everybody's: without cookies nobody is asked, with them the likes are listed."""
    likes = "https://www.youtube.com/playlist?list=LL"
    bare = Scene(direct={})
    refused = bare.refused(likes)
    assert (refused.failure, "[[access]]" in refused.hint) == (FailureClass.PRIVATE, True)
    assert bare.source.requests() == {"youtube": 0}
    shown = {**result("playlist"), "id": "LL"}
    named = Scene(DIRECT, COOKIES, me={likes: shown}, direct={}).listed(likes)
    assert (named.ref, named.owner) == ("youtube:playlist:LL", "Ada")
    scene = Scene(DIRECT, COOKIES, me={likes: {**shown, "channel": None, "uploader": None}}, direct={})
    assert scene.listed(likes).owner == "account of me", "everybody's has that address"


def test_an_address_that_names_nothing_is_refused_without_a_request() -> None:
    """F49: `/watch` without `v=` was tried for 247 s; it is not tried at all."""
    scene = Scene(direct={})
    for url in ("https://www.youtube.com/watch", "https://www.youtube.com/playlist?list=RDMM"):
        assert scene.refused(url).failure is FailureClass.UNSUPPORTED
    assert scene.source.requests() == {"youtube": 0}
    assert scene.source.recognises("https://youtu.be/x")
    assert scene.source.expand(PLAYLIST) == (PLAYLIST,)


def test_a_list_that_cannot_be_read_or_had_is_a_problem() -> None:
    """A refusal is the answer; a head without an id is no list."""
    assert Scene(direct={PLAYLIST: problem(FailureClass.GONE)}).refused(PLAYLIST).failure is FailureClass.GONE
    broken = Scene(direct={PLAYLIST: {"entries": []}}).refused(PLAYLIST)
    assert broken.failure is FailureClass.EXTRACTOR_BROKEN


def test_a_search_gives_what_can_be_had() -> None:
    """Best first and at most as many as asked for; a stream that runs now is no candidate."""
    scene = Scene(direct={"ytsearch4:bo song": result("search"), "ytsearch1:bo song": result("search")})
    found = scene.source.find("  bo\nsong ", 4)
    assert isinstance(found, tuple)
    assert [(one.artist, one.title) for one in found] == [
        ("Bo", "Bo - Song"),
        (None, "Song by Bo"),
        ("Bo x Cy", "Song [VIP]"),
    ]
    one = scene.source.find("bo song", 1)
    assert isinstance(one, tuple)
    assert len(one) == 1
    assert scene.source.find("   ", 4) == ()
    assert scene.source.find("bo", 0) == ()


def test_a_search_that_fails_is_no_empty_answer() -> None:
    """P2: "nothing found" is a fact and is kept for days; a failure is none."""
    ended = problem(FailureClass.RATE_LIMITED)
    scene = Scene(
        direct={
            "ytsearch2:a": ended,
            "ytsearch2:b": {"entries": [], "ended": ended},
            "ytsearch2:c": {"entries": []},
        }
    )
    assert scene.source.find("a", 2) == ended
    assert scene.source.find("b", 2) == ended
    assert scene.source.find("c", 2) == ()


def test_it_is_a_source_and_a_finder() -> None:
    """One object behind both ports, let go of once."""
    scene = Scene(direct={PLAYLIST: result("playlist")})
    source: Source = scene.source
    finder: Finder = scene.source
    assert source.name == finder.name == "youtube"
    scene.listed(PLAYLIST)
    scene.source.close()
    assert scene.sessions["direct"].closed
