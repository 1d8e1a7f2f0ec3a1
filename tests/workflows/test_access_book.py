"""The book of ways: what is noted, what becomes news, what outlives the process, and who is asked after whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from engine.domain.events import AccessChanged
from engine.domain.failure import FailureClass, Problem
from engine.projections.rows import Access as AccessRow
from engine.reconciler.access import WayTraits
from engine.source_ports import DIRECT, Way
from engine.workflows.access import AccessBook, DirectOnly, summed, through, traits

PLAIN = Way(name=DIRECT)
GERMANY = Way(name="germany", proxy="http://ann:hush@127.0.0.1:1", country="DE")
FRANCE = Way(name="france", proxy="socks5h://127.0.0.1:2", country="FR")
ACCOUNT = Way(name="account", cookie_file=Path("cookies.txt"))
HOST = "soundcloud.com"
F = FailureClass


def book(rows: Mapping[str, AccessRow] | None = None, now_us: Callable[[], int] = lambda: 10**15) -> AccessBook:
    """Give a book of four ways to SoundCloud."""
    known = rows or {}
    return AccessBook({"soundcloud": (PLAIN, GERMANY, FRANCE, ACCOUNT)}, remembered=lambda: known, now_us=now_us)


def problem(failure: FailureClass) -> Problem:
    """Give a problem."""
    return Problem(failure=failure, detail=f"{failure} it was")


def names(access: AccessBook, *failed: FailureClass, host: str = "") -> list[str]:
    """Give the order of the ways."""
    return [way.name for way in access.ways("soundcloud", failed, host=host)]


def folded(*events: AccessChanged) -> dict[str, AccessRow]:
    """Give the rows that events come to."""
    return {
        f"{event.source}/{event.way}": AccessRow(
            source=event.source,
            way=event.way,
            host=event.host,
            works=event.works,
            failure=event.failure,
            detail=event.detail,
            last_us=10**15,
            last_seq=number,
        )
        for number, event in enumerate(events, start=1)
    }


def test_without_profiles_there_is_one_way_once() -> None:
    """What works without settings works as before."""
    plain = DirectOnly()
    assert plain.ways("soundcloud") == (PLAIN,)
    assert plain.ways("soundcloud", (F.NETWORK,)) == ()
    plain.note("soundcloud", PLAIN, HOST, None, ref="soundcloud:track:1")
    assert (plain.tried("soundcloud:track:1"), plain.take_news()) == ((), ())
    assert book().ways("spotify") == (PLAIN,)


def test_traits_tell_no_secret_and_none_of_the_direct_way() -> None:
    """F56: what plans rest on holds names, not addresses; SoundCloud's own proxy makes its direct way no profile."""
    assert traits(GERMANY) == WayTraits(name="germany", proxied=True, country="DE")
    assert traits(ACCOUNT) == WayTraits(name="account", cookies=True)
    assert traits(Way(name="fox", cookie_browser="firefox")).cookies
    assert traits(Way(name=DIRECT, proxy="http://127.0.0.1:3")) == WayTraits(name=DIRECT)
    assert "hush" not in repr(GERMANY) + repr(traits(GERMANY))


def test_what_a_track_is_refused_by_says_that_the_way_works() -> None:
    """P12: a geo-block is about the track; the profile through which it was met is in order."""
    access = book()
    access.note("soundcloud", GERMANY, HOST, problem(F.GEO_BLOCKED), ref="soundcloud:track:1")
    (news,) = access.take_news()
    assert (news.way, news.works, news.failure, news.host) == ("germany", True, None, HOST)
    assert access.tried("soundcloud:track:1") == ("germany",)
    assert access.tried("soundcloud:track:2") == ()


def test_news_is_a_change_and_nothing_else() -> None:
    """Issue 4.6: works ↔ fails or another class; told once; that the direct way works is no news."""
    access = book()
    access.note("soundcloud", PLAIN, HOST, None)
    assert access.take_news() == ()
    for failure, told in ((F.NETWORK, 1), (F.NETWORK, 0), (F.RATE_LIMITED, 0), (F.TIMEOUT, 1), (F.BOT_CHALLENGE, 1)):
        access.note("soundcloud", PLAIN, HOST, problem(failure))
        assert len(access.take_news()) == told
    access.note("soundcloud", PLAIN, HOST, None)
    (back,) = access.take_news()
    assert (back.works, back.detail) == (True, "")


def test_what_is_recorded_outlives_the_process() -> None:
    """Issue 4.6: the next run passes over the dead proxy and tells nothing twice."""
    first = book()
    first.note("soundcloud", GERMANY, HOST, problem(F.NETWORK))
    first.note("soundcloud", FRANCE, HOST, None)
    first.note("soundcloud", ACCOUNT, HOST, None)
    rows = folded(*sorted(first.take_news(), key=lambda event: event.way, reverse=True))
    second = book(rows)
    assert names(second) == ["direct", "account", "france", "germany"]
    assert second.take_news() == ()
    second.note("soundcloud", GERMANY, HOST, problem(F.NETWORK))
    second.note("soundcloud", FRANCE, HOST, None)
    assert second.take_news() == ()
    assert names(second, F.GEO_BLOCKED) == ["france", "germany"]


def test_what_worked_for_one_host_is_not_preferred_for_another() -> None:
    """Issue 4.6: sticky per host."""
    access = book()
    access.note("soundcloud", FRANCE, "api.example", None)
    assert names(access, F.GEO_BLOCKED, host="api.example") == ["france", "germany"]
    assert names(access, F.GEO_BLOCKED, host="media.example") == ["germany", "france"]
    assert names(access, F.GEO_BLOCKED) == ["france", "germany"]


def test_many_downloads_at_once_lose_no_note() -> None:
    """Downloads run in a pool: every try is known afterwards."""
    access = book()

    def download(number: int) -> None:
        through(access, "soundcloud", lambda _way: problem(F.GEO_BLOCKED), host=HOST, ref=f"soundcloud:track:{number}")
        access.take_news()

    with ThreadPoolExecutor(max_workers=8) as pool:
        list(pool.map(download, range(200)))
    tried = {access.tried(f"soundcloud:track:{number}") for number in range(200)}
    assert tried == {("direct", "france", "germany")}


def test_the_first_answer_ends_the_search() -> None:
    """M11: nothing is asked of a further way than needed, and each is asked once."""
    access = book()
    asked: list[str] = []

    def ask(way: Way) -> str | Problem:
        asked.append(way.name)
        return "it" if way is FRANCE else problem(F.GEO_BLOCKED)

    assert through(access, "soundcloud", ask, host=HOST) == "it"
    assert asked == ["direct", "germany", "france"]


@pytest.mark.parametrize(
    ("verdicts", "failure", "detail"),
    [
        ({DIRECT: F.GONE}, F.GONE, "gone it was"),
        (
            {DIRECT: F.GEO_BLOCKED, "germany": F.NETWORK, "france": F.GEO_BLOCKED},
            F.GEO_BLOCKED,
            "geo_blocked it was; ways tried: direct (geo blocked), germany (network), france (geo blocked)",
        ),
        ({DIRECT: F.PRIVATE, "account": F.RATE_LIMITED}, F.RATE_LIMITED, "rate_limited it was; ways tried: "),
    ],
)
def test_the_most_telling_problem_is_given_with_the_ways(
    verdicts: Mapping[str, FailureClass], failure: FailureClass, detail: str
) -> None:
    """P12: a geo-block is not reported as a broken network because the last proxy was dead."""
    got = through(book(), "soundcloud", lambda way: problem(verdicts[way.name]), host=HOST)
    assert isinstance(got, Problem)
    assert got.failure is failure
    assert got.detail.startswith(detail)


def test_no_way_at_all_is_a_problem_too() -> None:
    """Totality: an empty question has an answer."""
    assert summed({}).failure is F.UNEXPECTED
    nowhere = AccessBook({"soundcloud": ()}, remembered=dict, now_us=int)
    assert isinstance(through(nowhere, "soundcloud", str, host=HOST), Problem)


def test_a_proxy_that_hangs_costs_two_waits_a_run_and_not_one_a_track() -> None:
    """Issue 4.6: the tracks it was left out for count it as tried, so that they wait their week, not the next run."""
    access = book()
    asked: list[str] = []

    def ask(way: Way) -> str | Problem:
        asked.append(way.name)
        return problem(F.TIMEOUT if way.name == "germany" else F.GEO_BLOCKED)

    for number in range(5):
        through(access, "soundcloud", ask, host=HOST, ref=f"soundcloud:track:{number}")
    assert asked.count("germany") == 2
    assert access.tried("soundcloud:track:4") == ("direct", "france", "germany")
    assert access.tried("soundcloud:track:99") == ()
    access.note("soundcloud", GERMANY, HOST, None)
    assert through(access, "soundcloud", lambda _: "audio", host=HOST) == "audio"
    assert names(access, F.GEO_BLOCKED, host=HOST)[0] == "germany"


def test_one_silence_about_many_tracks_is_one_silence() -> None:
    """Issue 4.6: a proxy that hiccups once, while fifty tracks are described by it, is still asked for their audio."""
    access = book()
    once = problem(F.TIMEOUT)
    for number in range(50):
        access.note("soundcloud", GERMANY, HOST, once, ref=f"soundcloud:track:{number}")
    assert "germany" in names(access, F.GEO_BLOCKED)
    access.note("soundcloud", GERMANY, HOST, problem(F.TIMEOUT))
    assert "germany" not in names(access, F.GEO_BLOCKED)


def test_a_way_that_is_dead_for_one_source_is_no_try_of_another() -> None:
    """Issue 4.6: a proxy that YouTube's requests hang on was not left out for a track of SoundCloud's."""
    ways = dict.fromkeys(("soundcloud", "youtube"), (PLAIN, GERMANY))
    access = AccessBook(ways, remembered=dict, now_us=lambda: 10**15)
    for number in range(3):
        access.note("youtube", GERMANY, "youtube.com", problem(F.TIMEOUT), ref=f"youtube:track:{number}")
    access.note("soundcloud", PLAIN, HOST, problem(F.RATE_LIMITED), ref="soundcloud:track:1")
    assert access.tried("soundcloud:track:1") == (DIRECT,)
    assert access.tried("youtube:track:2") == ("germany",)
