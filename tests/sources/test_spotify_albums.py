"""Albums, whose tracks come in a shape of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from engine.domain.events import TrackSeen
from engine.domain.failure import FailureClass, Problem
from engine.sources.spotify.config import SpotifyConfig
from engine.sources.spotify.source import SpotifySource
from engine.sources.spotify.tokens import TokenFile, Tokens
from engine.standins.server import Request, Response, Standin
from tests.sources.spotify_account import HOUR_US, fake_clock, listed

ALBUM = "37ZtNwjYgZ0Jc5yTRDzJqW"
URL = f"https://open.spotify.com/album/{ALBUM}"


class Albums(Standin):
    """Serves one album of 60 tracks as the Web API does: fifty embedded, the rest by the page."""

    def __init__(self) -> None:
        super().__init__()
        self.total: object = 60
        self.later = 200

    @override
    def handle(self, request: Request) -> Response:
        if request.path.rstrip("/").endswith("/tracks"):
            offset = int(request.parameter("offset") or 0)
            return Response.of_json(self._page(offset), status=self.later)
        if request.path.endswith(ALBUM):
            return Response.of_json(
                {"id": ALBUM, "name": "The Album", "release_date": "2020-05-06", "tracks": self._page(0)}
            )
        return Response.of_json({"error": {"status": 404, "message": "Not found"}}, status=404)

    def _page(self, offset: int) -> dict[str, Any]:
        items = [
            {"id": f"{number:022}", "type": "track", "name": f"Track {number}", "artists": [{"name": "Ann"}]}
            for number in range(offset, min(offset + 50, 60))
        ]
        return {"items": items, "total": self.total}


@pytest.fixture
def albums() -> Iterator[Albums]:
    """Give the album's service."""
    with Albums() as running:
        yield running


@pytest.fixture
def source(albums: Albums, tmp_path: Path) -> Iterator[SpotifySource]:
    """Give a source that is logged in."""
    clock = fake_clock()
    file = TokenFile(tmp_path / "spotify.json")
    expires_us = clock.now_us() + HOUR_US
    file.write(Tokens(client_id="c", refresh_token="r", access_token="a", access_expires_us=expires_us, account="ada"))
    config = SpotifyConfig(credentials=file.path, client_id="c", api_base=albums.url)
    made = SpotifySource(config, clock=clock, pace=lambda _: None)
    yield made
    made.close()


def test_an_album_is_a_list_whose_tracks_know_their_album(source: SpotifySource) -> None:
    """Its tracks do not say what album they are on; the album does."""
    listing = listed(source, URL)
    assert (listing.ref, listing.name, listing.url) == (f"spotify:album:{ALBUM}", "The Album", URL)
    assert (len(listing.entries), listing.complete, listing.declared_count) == (60, True, 60)
    first, *_, last = source.describe(listing.entries)
    assert isinstance(first, TrackSeen)
    assert isinstance(last, TrackSeen)
    assert (first.album, last.album, last.title, last.release_date) == (
        "The Album",
        "The Album",
        "Track 59",
        "2020-05-06",
    )


def test_an_album_that_fails_half_way_is_incomplete(source: SpotifySource, albums: Albums) -> None:
    """P11: what was shown is taken."""
    albums.later = 500
    cut = listed(source, URL)
    assert (len(cut.entries), cut.complete) == (50, False)
    assert cut.problem is not None
    assert cut.problem.failure is FailureClass.REMOTE_ERROR


def test_an_album_that_cannot_be_read_or_is_not_there_is_a_problem(source: SpotifySource, albums: Albums) -> None:
    """F33: neither is an empty album."""
    albums.total = "sixty"
    odd = source.list_playlist(URL)
    assert isinstance(odd, Problem)
    assert odd.failure is FailureClass.GARBAGE
    missing = source.list_playlist("spotify:album:4cOdK2wGLETKBW3PvgPWqT")
    assert isinstance(missing, Problem)
    assert missing.failure is FailureClass.NOT_FOUND
