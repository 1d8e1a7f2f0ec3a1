"""yt-dlp's real extractors over InnerTube's shapes: what they make of lists and pages is what the adapter takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from typing_extensions import override

from engine.domain.events import AccessChanged, TrackSeen
from engine.domain.failure import Availability, FailureClass, Problem
from engine.source_ports import DIRECT, Access, Known, Listing, Undescribed, Way
from engine.sources.youtube.config import YouTubeConfig
from engine.sources.youtube.source import YouTubeSource
from tests.sources.youtube_site import UPLOADS, Site, player, video, videos

LIST = "PLabcdefghijklmnop"
URL = f"https://www.youtube.com/playlist?list={LIST}"
VIDEO = "dQw4w9WgXc1"


class OneWay(Access):
    """Knows the direct way only."""

    @override
    def ways(self, source: str, failed: Sequence[FailureClass] = (), *, host: str = "") -> tuple[Way, ...]:
        return () if failed else (Way(name=DIRECT),)

    @override
    def note(self, source: str, way: Way, host: str, problem: Problem | None, *, ref: str | None = None) -> None:
        pass

    @override
    def tried(self, ref: str) -> tuple[str, ...]:
        return ()

    @override
    def take_news(self) -> tuple[AccessChanged, ...]:
        return ()


@pytest.fixture
def site() -> Site:
    """Give a site with a list of 50 videos."""
    site = Site()
    site.lists[LIST] = videos(50)
    return site


@pytest.fixture
def source(site: Site) -> YouTubeSource:
    """Give a source that asks the site."""
    return YouTubeSource(
        YouTubeConfig(),
        access=OneWay(),
        pace=lambda _remote: None,
        opening=lambda _config, _way, _pace: site.session(),
    )


def listed(source: YouTubeSource, url: str, known: Known | None = None) -> Listing:
    """Give the listing of an address that has one."""
    answer = source.list_playlist(url, known)
    assert isinstance(answer, Listing), answer
    return answer


@pytest.mark.parametrize("host", ["www.youtube.com", "music.youtube.com"])
def test_a_list_is_read_a_hundred_a_request(site: Site, source: YouTubeSource, host: str) -> None:
    """P9: the page, the same once more with what it hides, and a request for each further hundred."""
    listing = listed(source, f"https://{host}/playlist?list={LIST}")
    assert (listing.ref, listing.name, len(listing.entries)) == (f"youtube:playlist:{LIST}", "Friday Crate", 50)
    assert (listing.complete, listing.declared_count) == (True, 50)
    assert source.requests() == {"youtube": 4} == {"youtube": len(site.asked)}
    seen = next(iter(source.describe(listing.entries)))
    assert isinstance(seen, TrackSeen)
    assert (seen.artist, seen.title, seen.duration_ms) == ("Bo", "Song 0", 200_000)
    assert len(site.asked) == 4


def test_what_the_site_hides_keeps_its_place(site: Site, source: YouTubeSource) -> None:
    """P14: a private video is asked for, stands where it stood, and says nothing of itself."""
    site.lists[LIST] = [video("vid00000001", "A"), video("vid00000002", "[Private video]", None, None), *videos(1)]
    listing = listed(source, URL)
    assert [ref[-1] for ref in listing.entries] == list("120")
    assert listing.complete
    hidden = list(source.describe(listing.entries))[1]
    assert isinstance(hidden, Undescribed)
    assert hidden.availability is Availability.PRIVATE


@pytest.mark.parametrize("counted", [True, False])
@pytest.mark.parametrize(
    ("part", "instead", "failure", "count"),
    [
        (f"{LIST} 40", {"responseContext": {}}, FailureClass.REMOTE_ERROR, 40),
        (f"{LIST} 40", 429, FailureClass.RATE_LIMITED, 40),
        (f"VL{LIST}", 429, FailureClass.RATE_LIMITED, 49),
        (f"VL{LIST}", {}, FailureClass.REMOTE_ERROR, 49),
    ],
)
def test_a_list_that_breaks_off_proves_presence_only(
    site: Site,
    source: YouTubeSource,
    part: str,
    instead: int | dict[str, Any],
    failure: FailureClass,
    count: int,
    counted: bool,  # noqa: FBT001 - a case
) -> None:
    """I42: yt-dlp takes an empty answer for the end of a list, and does without what is hidden; we take neither."""
    site.counted = counted
    site.lists[LIST] = [*videos(49), video("hiddenvid00", "[Private video]", None, None)]
    site.broken[part] = instead
    listing = listed(source, URL)
    assert (listing.complete, len(listing.entries)) == (False, count)
    assert listing.problem
    assert (listing.problem.failure, bool(listing.problem.hint)) == (failure, True)


def test_a_count_that_is_reached_is_the_whole_list(site: Site, source: YouTubeSource) -> None:
    """A list that hides nothing is whole, though the second look at it failed."""
    site.broken[f"VL{LIST}"] = {}
    assert listed(source, URL).complete


@pytest.mark.parametrize("tabs", [("featured", "videos", "shorts", "streams"), ("featured", "shorts"), ("featured",)])
def test_a_channel_is_its_list_of_uploads(site: Site, source: YouTubeSource, tabs: tuple[str, ...]) -> None:
    """P16: by name or by id it is one list, with shorts and streams, whatever tabs the channel shows."""
    site.tabs = tabs
    site.lists[UPLOADS] = videos(30)
    by_name = listed(source, "https://www.youtube.com/@ada")
    by_id = listed(source, f"https://www.youtube.com/channel/UC{UPLOADS[2:]}")
    assert by_name == by_id
    assert (by_name.ref, len(by_name.entries), by_name.complete) == (f"youtube:playlist:{UPLOADS}", 30, True)
    site.asked.clear()
    assert listed(source, "https://www.youtube.com/@ada", Known(ref=by_name.ref)) == by_name
    assert not [one for one in site.asked if "@ada" in one], "whose list it is was known"


def test_an_albums_page_is_its_list(site: Site, source: YouTubeSource) -> None:
    """The address a browser shows for an album on YouTube Music is the album's list."""
    site.lists["OLAK5uy_abcdefghijk"] = videos(3)
    album = listed(source, "https://music.youtube.com/browse/MPREb_abcdefghijk")
    assert (album.ref, len(album.entries)) == ("youtube:playlist:OLAK5uy_abcdefghijk", 3)
    assert album == listed(source, album.url)


def test_a_list_that_is_gone_says_what_helps(source: YouTubeSource) -> None:
    """M21: no advice on tracks, and nothing of the extractor's own."""
    for url in (URL.replace("abc", "xyz"), "https://www.youtube.com/@nobody"):
        answer = source.list_playlist(url)
        assert isinstance(answer, Problem)
        assert (answer.failure, "sync unfollow" in answer.hint) == (FailureClass.GONE, True)
        assert "[youtube" not in answer.detail


def test_a_videos_page_is_one_request(site: Site, source: YouTubeSource) -> None:
    """P9: the page says it all; no player is asked, and no run-time for its programs is missed (P13)."""
    site.players[VIDEO] = player()
    listing = listed(source, f"https://youtu.be/{VIDEO}")
    (seen,) = source.describe(listing.entries)
    assert isinstance(seen, TrackSeen)
    assert (seen.artist, seen.title, seen.album) == ("Stephen, Cy", "Voyeur Girl", "Sincerely")
    assert (seen.release_date, seen.duration_ms, seen.availability) == ("2017-02-03", 207_000, Availability.AVAILABLE)
    assert len(site.asked) == 1


def test_a_page_that_opens_can_be_had(site: Site, source: YouTubeSource) -> None:
    """An age limit keeps others out, not the one whom the page was shown to."""
    site.players[VIDEO] = player(microformat={"isFamilySafe": False})
    (seen,) = source.describe([f"youtube:track:{VIDEO}"])
    assert isinstance(seen, TrackSeen)
    assert seen.availability is Availability.AVAILABLE


@pytest.mark.parametrize(
    ("shown", "failure"),
    [
        (player("LOGIN_REQUIRED", "Sign in to confirm you’re not a bot"), FailureClass.BOT_CHALLENGE),
        (
            player("LOGIN_REQUIRED", "Please complete a check", errorScreen={"playerCaptchaViewModel": {"x": 1}}),
            FailureClass.BOT_CHALLENGE,
        ),
        (player("LOGIN_REQUIRED", "Sign in to confirm your age", "It may be inappropriate"), FailureClass.AGE_GATED),
        (player("LOGIN_REQUIRED", "Private video", "Sign in if you've been granted access"), FailureClass.PRIVATE),
        (player("UNPLAYABLE", "Join this channel to get access to members-only content"), FailureClass.MEMBERS_ONLY),
        (player("UNPLAYABLE", "This video is only available to Music Premium members"), FailureClass.MEMBERS_ONLY),
        (
            player(
                "UNPLAYABLE",
                "Video unavailable",
                "The uploader has not made this video available in your country",
                microformat={"availableCountries": ["DE"]},
            ),
            FailureClass.GEO_BLOCKED,
        ),
        (player("UNPLAYABLE", "Video unavailable", "SME has blocked it on copyright grounds"), FailureClass.GONE),
        (player("ERROR", "Video unavailable", "This video has been removed by the uploader"), FailureClass.GONE),
        (player("ERROR", "This content isn't available, try again later."), FailureClass.RATE_LIMITED),
        (
            player("ERROR", "Video unavailable. This content isn’t available, try again later."),
            FailureClass.RATE_LIMITED,
        ),
        (player("LIVE_STREAM_OFFLINE", "Premieres in 3 hours"), FailureClass.NOT_YET),
        (player("ERROR", "An error occurred. Please try again later."), FailureClass.REMOTE_ERROR),
        (player("ERROR", "A sentence that nobody knows"), FailureClass.EXTRACTOR_BROKEN),
    ],
)
def test_every_refusal_comes_through_in_plain_words(
    site: Site, source: YouTubeSource, shown: dict[str, Any], failure: FailureClass
) -> None:
    """P12, P13: what the player says, through yt-dlp's own wording, to its class and a hint; no options of yt-dlp's."""
    site.players[VIDEO] = shown
    (answer,) = source.describe([f"youtube:track:{VIDEO}"])
    assert isinstance(answer, Undescribed)
    problem = answer.problem
    assert (problem.failure, bool(problem.hint)) == (failure, True)
    assert not [word for word in ("--", "http", "[youtube", VIDEO, "report") if word in problem.detail], problem.detail
