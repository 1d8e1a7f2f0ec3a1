"""SoundCloud through real yt-dlp, against the stand-in: what is listed, what it costs, and how it fails."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.domain.events import TrackSeen
from engine.domain.failure import Availability, FailureClass, Problem
from engine.source_ports import Listing, Undescribed
from engine.sources.soundcloud.config import SoundCloudConfig
from engine.sources.soundcloud.source import SoundCloudSource
from engine.standins import faults as misfortunes
from engine.standins.server import Effect, Fault, Response
from engine.standins.soundcloud.catalog import Catalog
from engine.standins.soundcloud.certificates import Authority
from engine.standins.soundcloud.faults import bot_wall, throttled
from engine.standins.soundcloud.records import Delivery, Mention, Playlist, Policy, Track, User
from engine.standins.soundcloud.standin import SoundCloudStandin

SITE = "https://soundcloud.com/ann"
SET = f"{SITE}/sets/mix"
AUDIO = {"mp3_1_0": b"x"}


@pytest.fixture
def standin() -> Iterator[SoundCloudStandin]:
    """Give a SoundCloud with one user."""
    catalog = Catalog()
    catalog.add_user(User(id=1, permalink="ann", username="Ann"))
    with SoundCloudStandin(catalog) as running:
        yield running


@pytest.fixture
def source(standin: SoundCloudStandin, tmp_path: Path) -> Iterator[SoundCloudSource]:
    """Give a source that reaches the stand-in."""
    opened = SoundCloudSource(SoundCloudConfig(proxy=standin.url, tls_verify=False, cache_dir=tmp_path))
    yield opened
    opened.close()


def upload(standin: SoundCloudStandin, *ids: int, **fields: object) -> None:
    """Put tracks on the stand-in."""
    for number in ids:
        track = {"id": number, "user_id": 1, "permalink": f"song-{number}", "title": f"Bob - Song {number}", **fields}
        standin.catalog.add_track(Track(**track), AUDIO)  # type: ignore[arg-type]  # a test's shorthand


def publish(standin: SoundCloudStandin, *ids: int, secret_token: str | None = None) -> None:
    """Put a set on the stand-in."""
    standin.catalog.add_playlist(
        Playlist(id=9, user_id=1, permalink="mix", title="Mix", track_ids=ids, secret_token=secret_token)
    )


def refs(*ids: int) -> tuple[str, ...]:
    """Give the refs of tracks."""
    return tuple(f"soundcloud:track:{number}" for number in ids)


def listed(source: SoundCloudSource, url: str = SET) -> Listing:
    """Give the listing of an address that has one."""
    listing = source.list_playlist(url)
    assert isinstance(listing, Listing), listing
    return listing


def refused(source: SoundCloudSource, url: str = SET) -> Problem:
    """Give the problem with an address that has no listing."""
    problem = source.list_playlist(url)
    assert isinstance(problem, Problem), problem
    return problem


def asked(standin: SoundCloudStandin) -> list[str]:
    """Give the paths asked of the api, oldest first."""
    return [one.path for one in standin.history if one.host == "api-v2.soundcloud.com" and one.method == "GET"]


def test_a_set_is_listed_with_one_request(source: SoundCloudSource, standin: SoundCloudStandin) -> None:
    """P14, P16: order and repeats kept, named by id, one request however long it is."""
    upload(standin, *range(1, 9))
    publish(standin, 8, 1, 8, 3)
    listing = listed(source, f"{SET}?si=1&utm_source=x")
    assert listing.entries == refs(8, 1, 8, 3)
    assert (listing.ref, listing.name, listing.url, listing.owner) == ("soundcloud:set:9", "Mix", SET, "Ann")
    assert (listing.complete, listing.declared_count, bool(listing.watermark)) == (True, 4, True)
    assert asked(standin) == ["/resolve"]
    standin.catalog.rename_playlist(9, "Other")
    assert (listed(source).ref, listed(source).name) == ("soundcloud:set:9", "Other")


def test_five_hundred_tracks_cost_eleven_requests(source: SoundCloudSource, standin: SoundCloudStandin) -> None:
    """P9, F37: one request lists a set and ten describe it, client id apart; the count is what the server saw."""
    upload(standin, *range(1, 501), isrc="GBAYE2100123")
    publish(standin, *range(500, 0, -1))
    seen = list(source.describe(listed(source).entries))
    assert [one.ref for one in seen] == list(refs(*range(500, 0, -1)))
    assert all(isinstance(one, TrackSeen) and one.isrc == "GBAYE2100123" and one.artist == "Bob" for one in seen)
    assert len(asked(standin)) == 11
    assert source.requests() == {"soundcloud": sum(one.method != "CONNECT" for one in standin.history)}


def test_a_set_may_be_huge_or_empty(source: SoundCloudSource, standin: SoundCloudStandin) -> None:
    """Bad input: 5,000 entries are one request; none at all is a complete listing of nothing."""
    upload(standin, 1, 2)
    publish(standin, *([1, 2] * 2_500))
    assert listed(source).entries == refs(1, 2) * 2_500
    standin.catalog.set_entries(9, ())
    assert (listed(source).entries, listed(source).complete) == ((), True)


def test_availability_is_told_apart(source: SoundCloudSource, standin: SoundCloudStandin) -> None:
    """F36, P12: geo, preview, DRM, gone and private are five different answers, and one request each at most."""
    upload(standin, 1, policy=Policy.BLOCK)
    upload(standin, 2, policy=Policy.SNIP, duration_ms=240_000)
    upload(standin, 3, delivery=Delivery.ENCRYPTED)
    upload(standin, 4, removed=True)
    upload(standin, 5)
    standin.script(Fault(effect=Effect.ANSWER, path="/tracks/6", response=Response(status=403)))
    answers = {one.ref: one for one in source.describe(refs(1, 2, 3, 4, 5, 6))}
    assert [answers[ref].availability for ref in refs(1, 2, 3, 4, 5, 6)] == [
        Availability.GEO_BLOCKED,
        Availability.PREVIEW_ONLY,
        Availability.DRM_PROTECTED,
        Availability.GONE,
        Availability.AVAILABLE,
        Availability.PRIVATE,
    ]
    preview, gone = answers[refs(2)[0]], answers[refs(4)[0]]
    assert isinstance(preview, TrackSeen)
    assert isinstance(gone, Undescribed)
    assert preview.duration_ms == 240_000
    assert (gone.problem.failure, gone.problem.http_status) == (FailureClass.GONE, 404)
    assert asked(standin) == ["/tracks", "/tracks/4", "/tracks/6"]


def test_a_track_left_out_of_its_batch_is_asked_for_alone(source: SoundCloudSource, standin: SoundCloudStandin) -> None:
    """A batch leaves tracks out for reasons of its own; only the track's own answer counts."""
    upload(standin, 1)
    standin.script(Fault(effect=Effect.ANSWER, path="/tracks", response=Response.of_json([{"id": None}, 3])))
    (answer,) = source.describe(refs(1))
    assert isinstance(answer, TrackSeen)


def test_likes_and_uploads_are_listed_page_by_page(source: SoundCloudSource, standin: SoundCloudStandin) -> None:
    """M8: a user's likes without the sets among them, and their uploads, two hundred to a page."""
    upload(standin, *range(1, 252))
    publish(standin, 1)
    mentions = [Mention(kind="track", id=number) for number in range(1, 252)]
    standin.catalog.set_likes(1, (*mentions, Mention(kind="playlist", id=9)))
    likes = listed(source, f"{SITE}/likes")
    assert (likes.ref, likes.entries, likes.complete) == ("soundcloud:likes:1", refs(*range(1, 252)), True)
    assert len(listed(source, SITE).entries) == 251
    standin.script(throttled(path="/users/1/likes", skip=1, retry_after_s=7))
    cut = listed(source, f"{SITE}/likes")
    assert (len(cut.entries), cut.complete) == (200, False)
    assert cut.problem
    assert cut.problem.retry_after_s == 7


def test_one_track_is_a_listing_of_one(source: SoundCloudSource, standin: SoundCloudStandin) -> None:
    """M8: by page, by number, by short link; what its listing showed is not asked for again."""
    upload(standin, 1)
    for url in (
        f"{SITE}/song-1",
        "https://api.soundcloud.com/tracks/1",
        standin.catalog.add_short_link("x", f"{SITE}/song-1"),
    ):
        listing = listed(source, url)
        assert (listing.ref, listing.entries, listing.url) == ("soundcloud:single:1", refs(1), f"{SITE}/song-1")
    before = len(asked(standin))
    (seen,) = source.describe(refs(1))
    assert isinstance(seen, TrackSeen)
    assert len(asked(standin)) == before


def test_a_private_track_is_downloaded_by_its_secret_link(source: SoundCloudSource, standin: SoundCloudStandin) -> None:
    """E19, I53: what is recorded of it opens nothing; in a run that lists its set, its link is asked for once."""
    upload(standin, 1, secret_token="s-track")
    upload(standin, 2)
    publish(standin, 1, 2, secret_token="s-set")
    public = f"{SITE}/song-1"
    assert source.address_of(refs(1)[0], public) == public
    listed(source, f"{SET}/s-set")
    assert source.address_of(refs(1)[0], public) == f"{public}/s-track"
    before = len(asked(standin))
    assert source.address_of(refs(1)[0], public) == f"{public}/s-track"
    assert source.address_of(refs(2)[0], f"{SITE}/song-2") == f"{SITE}/song-2"
    assert source.address_of(refs(2)[0], f"{SITE}/song-2") == f"{SITE}/song-2"
    assert len(asked(standin)) == before + 1


def test_a_problem_names_no_password_token_or_client_id(standin: SoundCloudStandin) -> None:
    """E19, I53: a proxy that refuses us, and addresses that lead nowhere, are told of without what opens them."""
    unseen = SoundCloudSource(SoundCloudConfig(proxy="http://ann:hunter2@127.0.0.1:9", tls_verify=False))
    odd = SoundCloudSource(SoundCloudConfig(proxy=standin.url, tls_verify=False))
    standin.script(misfortunes.garbage(path="/tracks"))
    found = [
        refused(unseen),
        refused(unseen, f"{SITE}/likes"),
        refused(odd, f"{SITE}/song/s-hunter2"),
        refused(odd, "https://api.soundcloud.com/me?secret_token=s-hunter2"),
        *odd.describe(refs(1)),
    ]
    assert "hunter2" not in repr(found)
    assert "client_id=" not in repr(found).replace("client_id=…", "")


def test_secret_links_open_what_they_name(source: SoundCloudSource, standin: SoundCloudStandin) -> None:
    """F36: a private set and a private track are seen through their secret links, and not without."""
    upload(standin, 1, 2, secret_token="s-track")
    upload(standin, 3)
    publish(standin, 1, 2, 3, secret_token="s-set")
    listing = listed(source, f"{SET}/s-set")
    assert listing.url == SET
    described = list(source.describe(listing.entries))
    assert all(isinstance(one, TrackSeen) for one in described)
    assert "s-set" not in repr((listing, described))
    assert "s-track" not in repr((listing, described))
    numbered = listed(source, "https://api.soundcloud.com/playlists/9?secret_token=s-set")
    assert numbered.entries == listing.entries
    listed(source, f"{SITE}/song-1/s-track")
    (private,) = source.describe(refs(1))
    assert isinstance(private, TrackSeen)
    assert "secret link" in refused(source).hint


@pytest.mark.parametrize(
    "url", [SET, f"{SITE}/nothing", "https://soundcloud.com/nobody", "https://on.soundcloud.com/q"]
)
def test_an_unknown_address_is_gone(source: SoundCloudSource, url: str) -> None:
    """Bad input: an address nobody has answers 404, and the hint says what to check."""
    problem = refused(source, url)
    assert (problem.failure, problem.http_status) == (FailureClass.GONE, 404)
    assert problem.hint


def test_an_address_that_is_no_list_asks_nobody(source: SoundCloudSource, standin: SoundCloudStandin) -> None:
    """A page without tracks is unsupported; so are a short link to another and a ref from elsewhere."""
    assert refused(source, "https://soundcloud.com/discover").failure is FailureClass.UNSUPPORTED
    (foreign,) = source.describe(["spotify:track:1"])
    assert isinstance(foreign, Undescribed)
    assert foreign.problem.failure is FailureClass.UNSUPPORTED
    assert list(source.describe([])) == []
    assert source.requests() == {"soundcloud": 0}
    first = standin.catalog.add_short_link("a", "https://soundcloud.com/")
    assert refused(source, first).failure is FailureClass.UNSUPPORTED


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (throttled(path="/resolve", times=9, retry_after_s=79_892), FailureClass.RATE_LIMITED),
        (bot_wall(path="/resolve", times=9), FailureClass.BOT_CHALLENGE),
        (Fault(effect=Effect.ANSWER, path="/resolve", times=9, response=Response(status=403)), FailureClass.PRIVATE),
        (Fault(effect=Effect.ANSWER, path="/resolve", response=Response(status=503)), FailureClass.OVERLOADED),
        (Fault(effect=Effect.ANSWER, path="/resolve", response=Response(status=400)), FailureClass.EXTRACTOR_BROKEN),
        (misfortunes.bad_gateway(path="/resolve"), FailureClass.REMOTE_ERROR),
        (misfortunes.garbage(path="/resolve"), FailureClass.GARBAGE),
        (misfortunes.lost_response(path="/resolve"), FailureClass.NETWORK),
        (misfortunes.truncated(path="/resolve"), FailureClass.NETWORK),
        (Fault(effect=Effect.ANSWER, path="/resolve", response=Response.of_json([])), FailureClass.EXTRACTOR_BROKEN),
        (Fault(effect=Effect.ANSWER, path="/", response=Response(body=b"<html>")), FailureClass.EXTRACTOR_BROKEN),
    ],
)
def test_every_failure_has_its_class(
    source: SoundCloudSource, standin: SoundCloudStandin, fault: Fault, expected: FailureClass
) -> None:
    """P12: what a remote does wrong is a problem with a class, never an exception; the next try can succeed."""
    publish(standin)
    standin.script(fault)
    problem = refused(source)
    assert problem.failure is expected, problem
    assert problem.retry_after_s == (79_892 if expected is FailureClass.RATE_LIMITED else None)
    standin.calm()
    assert listed(source).complete


def test_a_wait_may_be_given_as_a_date(source: SoundCloudSource, standin: SoundCloudStandin) -> None:
    """A Retry-After that is a date counts from the answer's own date; one that is neither is no wait at all."""
    waits = (("Wed, 21 Oct 2065 07:28:00 GMT", True), ("Fri, 01 Jan 1999 00:00:00 GMT", True), ("soon", False))
    for given, is_known in waits:
        headers = (("Retry-After", given),)
        standin.script(Fault(effect=Effect.ANSWER, path="/resolve", response=Response(status=429, headers=headers)))
        assert (refused(source).retry_after_s is not None) is is_known


def test_silence_is_a_timeout(standin: SoundCloudStandin) -> None:
    """A remote that says nothing is waited for as long as was said, and no longer."""
    source = SoundCloudSource(SoundCloudConfig(proxy=standin.url, tls_verify=False, timeout_s=0.2))
    standin.script(misfortunes.hang(path="/"))
    assert refused(source).failure is FailureClass.TIMEOUT


def test_nobody_there_is_a_network_problem(standin: SoundCloudStandin) -> None:
    """A proxy that is down, a certificate nobody vouches for, and cookies nobody can read say so."""
    unseen = SoundCloudSource(SoundCloudConfig(proxy="http://127.0.0.1:9", tls_verify=False))
    assert refused(unseen).failure is FailureClass.NETWORK
    wary = SoundCloudSource(SoundCloudConfig(proxy=standin.url))
    assert "certificate" in refused(wary).hint


def test_a_named_authority_is_trusted_and_no_other(
    standin: SoundCloudStandin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """E22: a path in tls_verify names whom to trust, for listings as for downloads; it does not mean anybody."""
    monkeypatch.setenv("SSL_CERT_FILE", "")
    upload(standin, 1)
    publish(standin, 1)
    other = tmp_path / "other.pem"
    other.write_bytes(Authority().pem)
    assert "certificate" in refused(SoundCloudSource(SoundCloudConfig(proxy=standin.url, tls_verify=other))).hint
    ours = tmp_path / "ours.pem"
    ours.write_bytes(standin.authority.pem)
    assert listed(SoundCloudSource(SoundCloudConfig(proxy=standin.url, tls_verify=ours))).entries == refs(1)


def test_cookies_that_cannot_be_read_are_the_persons_business(standin: SoundCloudStandin, tmp_path: Path) -> None:
    """A cookie file that is none stops nothing but this source, and is left as it is."""
    cookies = tmp_path / "cookies.txt"
    cookies.write_text("these are no cookies\n")
    source = SoundCloudSource(SoundCloudConfig(proxy=standin.url, tls_verify=False, cookie_file=cookies))
    assert refused(source).failure is FailureClass.AUTH_EXPIRED
    source.close()
    assert cookies.read_text() == "these are no cookies\n"


def test_a_rotated_client_id_is_looked_up_again(source: SoundCloudSource, standin: SoundCloudStandin) -> None:
    """A refused client id costs a look-up, not an error."""
    upload(standin, 1)
    publish(standin, 1)
    listed(source)
    standin.rotate_client_id()
    (seen,) = source.describe(refs(1))
    assert isinstance(seen, TrackSeen)


def test_a_client_id_is_kept_between_runs(standin: SoundCloudStandin, tmp_path: Path) -> None:
    """P9: the next run asks the api at once."""
    publish(standin)
    config = SoundCloudConfig(proxy=standin.url, tls_verify=False, cache_dir=tmp_path)
    listed(SoundCloudSource(config))
    second = SoundCloudSource(config)
    listed(second)
    assert second.requests() == {"soundcloud": 1}


def test_a_rate_limit_ends_the_description(source: SoundCloudSource, standin: SoundCloudStandin) -> None:
    """P9: a client told to wait asks nothing more; every ref still has its answer, which proves nothing."""
    upload(standin, *range(1, 121))
    standin.script(throttled(path="/tracks", skip=1, times=9, retry_after_s=60))
    answers = list(source.describe(refs(*range(1, 121))))
    assert len(answers) == 120
    assert sum(isinstance(one, TrackSeen) for one in answers) == 50
    assert {one.problem.retry_after_s for one in answers if isinstance(one, Undescribed)} == {60}
    assert {one.availability for one in answers if isinstance(one, Undescribed)} == {Availability.UNKNOWN}
    assert asked(standin) == ["/tracks"] * 2


def test_a_rate_limit_ends_the_single_questions(source: SoundCloudSource, standin: SoundCloudStandin) -> None:
    """P9: the same where tracks are asked for one by one."""
    standin.script(throttled(path="/tracks/1", times=9, retry_after_s=60))
    assert len(list(source.describe(refs(1, 2, 3)))) == 3
    assert asked(standin) == ["/tracks", "/tracks/1"]


def test_one_bad_batch_does_not_end_the_description(source: SoundCloudSource, standin: SoundCloudStandin) -> None:
    """A gateway's hiccup costs its own batch; an answer that is no batch costs all that would follow."""
    upload(standin, *range(1, 121))
    standin.script(misfortunes.bad_gateway(path="/tracks"))
    answers = list(source.describe(refs(*range(1, 121))))
    assert sum(isinstance(one, TrackSeen) for one in answers) == 70
    standin.script(Fault(effect=Effect.ANSWER, path="/tracks", response=Response.of_json({})))
    answers = list(source.describe(refs(*range(1, 121))))
    assert not any(isinstance(one, TrackSeen) for one in answers)


def test_an_unreadable_track_is_the_extractors_fault(source: SoundCloudSource, standin: SoundCloudStandin) -> None:
    """A track whose own answer says nothing is not gone."""
    standin.script(Fault(effect=Effect.ANSWER, path="/tracks/1", response=Response.of_json({})))
    (answer,) = source.describe(refs(1))
    assert isinstance(answer, Undescribed)
    assert (answer.availability, answer.problem.failure) == (Availability.UNKNOWN, FailureClass.EXTRACTOR_BROKEN)


def test_the_source_knows_its_own(source: SoundCloudSource) -> None:
    """F41: an address goes to the source whose host it names."""
    assert source.name == "soundcloud"
    assert source.recognises(SET)
    assert not source.recognises("https://open.spotify.com/playlist/1")


def test_yt_dlp_waits_until_soundcloud_is_asked() -> None:
    """G10: to know of SoundCloud costs no import of yt-dlp."""
    code = "import sys, engine.sources.soundcloud.source as s; sys.exit('yt_dlp' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(__file__).parents[2]).returncode == 0
