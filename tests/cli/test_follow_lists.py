"""What is typed after `sync follow` means the same from every folder."""

from pathlib import Path

import pytest

from cli.follow import whole_address


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
