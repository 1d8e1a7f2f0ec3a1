"""Each failure its own class: the same ones where lists are asked for as a browser asks, by another library."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.domain.failure import FailureClass
from engine.sources.soundcloud import problems
from engine.sources.soundcloud.config import SoundCloudConfig
from engine.sources.soundcloud.source import SoundCloudSource
from engine.standins import faults as misfortunes
from engine.standins.server import Effect, Fault, Response
from engine.standins.soundcloud.faults import GUARDED, bot_page, bot_wall, country_wall, throttled
from engine.standins.soundcloud.standin import SoundCloudStandin
from tests.fakes.soundcloud import LIKES, SITE, listed, mentions, refused, standin_of_ann, upload

PAGES = "/users/1/likes"


@pytest.fixture(scope="module")
def running() -> Iterator[SoundCloudStandin]:
    """Give a SoundCloud with one liked track, shared by the tests here."""
    with standin_of_ann() as standin:
        upload(standin, 1)
        standin.catalog.set_likes(1, mentions(1))
        yield standin


@pytest.fixture
def standin(running: SoundCloudStandin) -> SoundCloudStandin:
    """Give it in good health."""
    running.calm()
    return running


@pytest.fixture
def source(standin: SoundCloudStandin) -> Iterator[SoundCloudSource]:
    """Give a source that knows its client id already and waits for nobody."""
    opened = SoundCloudSource(SoundCloudConfig(proxy=standin.url, tls_verify=False, timeout_s=2.0))
    listed(opened, f"{SITE}/song-1")
    yield opened
    opened.close()


def answered(status: int, *, times: int = 1) -> Fault:
    """Give an answer of some status, without a body, in the place of a page, which the wall let through."""
    return Fault(effect=Effect.ANSWER, path=PAGES, times=times, response=Response(status=status, headers=GUARDED))


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (throttled(path=PAGES, retry_after_s=79_892), FailureClass.RATE_LIMITED),
        (bot_wall(path=PAGES, times=2), FailureClass.BOT_CHALLENGE),
        (bot_page(path=PAGES, times=2), FailureClass.BOT_CHALLENGE),
        (answered(401, times=2), FailureClass.EXTRACTOR_BROKEN),
        (answered(403, times=2), FailureClass.PRIVATE),
        (answered(404), FailureClass.GONE),
        (answered(410), FailureClass.GONE),
        (answered(451), FailureClass.GEO_BLOCKED),
        (answered(418), FailureClass.EXTRACTOR_BROKEN),
        (answered(503), FailureClass.OVERLOADED),
        (answered(500), FailureClass.REMOTE_ERROR),
        (misfortunes.bad_gateway(path=PAGES, times=2), FailureClass.REMOTE_ERROR),
        (misfortunes.garbage(path=PAGES), FailureClass.GARBAGE),
        (country_wall(path=PAGES, times=2), FailureClass.GEO_BLOCKED),
        (misfortunes.lost_response(path=PAGES), FailureClass.NETWORK),
        (misfortunes.truncated(path=PAGES), FailureClass.NETWORK),
    ],
)
def test_a_page_that_fails_has_its_class(
    source: SoundCloudSource, standin: SoundCloudStandin, fault: Fault, expected: FailureClass
) -> None:
    """P8, P12, F40: whatever a page of likes answers is a problem with a class and a hint; the next try can succeed."""
    standin.script(fault)
    problem = refused(source, LIKES)
    assert problem.failure is expected, problem
    assert problem.hint
    assert problem.retry_after_s == (79_892 if expected is FailureClass.RATE_LIMITED else None)
    standin.calm()
    assert listed(source, LIKES).complete


def test_a_silent_page_is_a_timeout(standin: SoundCloudStandin) -> None:
    """P12: what says nothing is waited for as long as was said; here too."""
    source = SoundCloudSource(SoundCloudConfig(proxy=standin.url, tls_verify=False, timeout_s=0.5))
    standin.script(misfortunes.hang(path=PAGES, times=9))
    problem = refused(source, LIKES)
    assert problem.failure is FailureClass.TIMEOUT, problem
    source.close()


def test_a_certificate_nobody_vouches_for_is_named(standin: SoundCloudStandin) -> None:
    """E22: a page that is asked for as a browser asks wants the same certificates."""
    source = SoundCloudSource(SoundCloudConfig(proxy=standin.url))
    assert "certificate" in refused(source, LIKES).hint


def test_a_list_without_an_end_is_cut_and_says_so() -> None:
    """I5: the bound on a list is a problem that names it."""
    assert "50000" in problems.endless(50_000).detail
