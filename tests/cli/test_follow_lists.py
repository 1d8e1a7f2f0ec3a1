"""What is typed after `sync follow` means the same from every folder."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from cli.follow import whole_address
from engine.domain.errors import UsageError


def test_paths_patterns_and_playlists_in_files_are_noted_in_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """M8: cron runs from elsewhere; a web address stays as it is, whatever signs are in it."""
    (tmp_path / "crate.xml").write_text("<x/>")
    monkeypatch.chdir(tmp_path)
    assert whole_address("crate.xml") == f"{tmp_path}/crate.xml"
    assert whole_address("crate.xml#Gigs/Friday") == f"{tmp_path}/crate.xml#Gigs/Friday"
    assert whole_address("exports/*.csv") == f"{tmp_path}/exports/*.csv"
    assert whole_address("soundcloud.com/ann/song?in=x#t=3") == "soundcloud.com/ann/song?in=x#t=3"
    assert whole_address("https://youtu.be/x#a[b]") == "https://youtu.be/x#a[b]"
    assert whole_address("spotify:liked") == "spotify:liked"


@pytest.mark.parametrize("typed", ["", "  "])
def test_nothing_is_no_address(typed: str) -> None:
    """M21: an empty variable in a script follows nothing, least of all the folder the script stands in."""
    with pytest.raises(UsageError, match="leads nowhere"):
        whole_address(typed)


def test_a_path_with_nothing_at_it_is_not_followed(
    sync: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """M21: a slip of the finger is told at once; what a pattern stands for may come later."""
    monkeypatch.chdir(tmp_path)
    for typed in ("none.csv", str(tmp_path / "none.m3u8"), "none.xml#Gigs"):
        with pytest.raises(UsageError, match="there is nothing at /"):
            sync("follow", typed)
    assert sync("follow", "later/*.csv").exit_code == 0
    (tmp_path / "new.txt").write_text("https://soundcloud.com/ann/song\n")
    assert sync("follow", "new.txt").exit_code == 0
    assert sync("unfollow", "new.txt").exit_code == 0
    assert sync("unfollow", "later/*.csv").exit_code == 0
    found = json.loads(sync("playlists", "--json").stdout)
    assert not [row for row in found["playlists"] if row["url"].startswith(str(tmp_path))]


def test_what_can_be_followed_is_said_where_an_address_is_not_known(sync: Callable[..., Result]) -> None:
    """M8: the hint names every kind of source there is."""
    with pytest.raises(UsageError) as refused:
        sync("follow", "nonsense")
    for word in ("SoundCloud", "Spotify", "YouTube", "spotify:liked", "CSV", "rekordbox"):
        assert word in refused.value.hint
