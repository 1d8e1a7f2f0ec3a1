"""What is recorded or shown opens no door (I53)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.redaction import is_private, public_address, redacted

STEP = st.text("abcs-0/?#&=%@: .é", max_size=20)
ADDRESS = STEP | st.builds(
    lambda host, rest: f"https://{host}/{rest}", st.sampled_from(["soundcloud.com", "u:p@x.test:8"]), STEP
)


@pytest.mark.parametrize(
    ("url", "public"),
    [
        ("https://soundcloud.com/ann/sets/mix/s-AbC12", "https://soundcloud.com/ann/sets/mix"),
        ("https://soundcloud.com/ann/song/s-AbC12?si=1", "https://soundcloud.com/ann/song?si=1"),
        ("soundcloud.com/ann/song/s-AbC12", "soundcloud.com/ann/song"),
        (
            "https://api.soundcloud.com/playlists/9?secret_token=s-AbC12&x=1",
            "https://api.soundcloud.com/playlists/9?x=1",
        ),
        (
            "https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/1%3Fsecret_token%3Ds-A&a=b",
            "https://w.soundcloud.com/player/?url=https%3A%2F%2Fapi.soundcloud.com%2Ftracks%2F1&a=b",
        ),
        ("http://ann:pw@proxy.test:8080/x", "http://proxy.test:8080/x"),
        ("https://cf.test/a.mp3?Policy=a&Signature=b&Key-Pair-Id=c", "https://cf.test/a.mp3"),
        ("https://x.test/?client_id=a&q=b", "https://x.test/?q=b"),
        ("https://x.test/#access_token=a&b=c", "https://x.test/#b=c"),
    ],
)
def test_a_secret_is_taken_out_of_an_address(url: str, public: str) -> None:
    """E19, I53: tokens, signatures and passwords; the rest stays, so that people know what is meant."""
    assert public_address(url) == public
    assert is_private(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://soundcloud.com/ann/sets/s-wave",
        "https://soundcloud.com/ann/s-wave",
        "https://soundcloud.com/ann/likes?",
        "https://x.test/a/b/s-AbC12",
        "/Music/s-1/a?token=b",
        "~/Music/a.m3u8",
        "file:///Music/a%20b?sig=1",
        "https://x.test/#top",
        "",
    ],
)
def test_what_holds_no_secret_stays_as_it_is(url: str) -> None:
    """E19: a name that begins like a token is none, and a path on this machine is no address."""
    assert public_address(url) == url
    assert not is_private(url)


@settings(max_examples=200, deadline=None)
@given(url=ADDRESS)
def test_making_public_is_total_and_done_once(url: str) -> None:
    """I53: whatever was typed comes back, and nothing is left for a second time."""
    once = public_address(url)
    assert public_address(once) == once
    assert "u:p@" not in once or not url.startswith("https://u:p@")


@pytest.mark.parametrize(
    "said",
    [
        "Unable to connect to proxy http://ann:hunter2@10.0.0.1:8080",
        "HTTP Error 403 (caused by https://cf.test/x.mp3?Policy=hunter2&Signature=hunter2)",
        "GET /tracks?client_id=hunter2&x=1 failed",
        '{"secret_token": "hunter2"}',
        "[soundcloud] ann/song/s-hunter2: Unable to download JSON",
        "Authorization: OAuth hunter2-1234",
        "could not resolve ann:hunter2@proxy.test",
        "url=https%3A%2F%2Fapi.soundcloud.com%2Ftracks%2F1%3Fsecret_token%3Dhunter2",
    ],
)
def test_a_sentence_holds_no_secret(said: str) -> None:
    """E19, I53: libraries put addresses into their messages."""
    assert "hunter2" not in redacted(said)


def test_a_sentence_without_secrets_is_kept() -> None:
    """E19: a message stays of use."""
    said = "[soundcloud] 17: Unable to download JSON metadata: HTTP Error 404: Not Found (caused by <HTTPError 404>)"
    assert redacted(said) == said
