"""Whether a provider speaks of the recording it was asked about, by names alone."""

from __future__ import annotations

import pytest

from engine.source_ports import Described
from engine.sources.agreement import Naming, named, same_artist, same_title


@pytest.mark.parametrize(
    ("title", "artist", "asked", "by", "expected"),
    [
        ("First Light", "Ada", "first light", None, Naming.ALIKE),
        ("First Light", "Ada", "First Light", "some uploader", Naming.ALIKE),
        ("First Light (Original Mix)", "Ada", "First Light", "Ada", Naming.ALIKE),
        ("First Light (feat. Bo)", "Ada", "First Light", "Ada", Naming.ALIKE),
        ("First Light", "Ada", "Ada - First Light [PREMIERE]", "A Label", Naming.ALIKE),
        ("Primera luz", "Ada", "First Light", "Ada", Naming.OTHERWISE),
        ("Primera luz", "Ada", "First Light", None, Naming.OTHERWISE),
        ("First Light", "Ada", "?", None, Naming.OTHERWISE),
        ("Primera luz", "Zed", "First Light", "Ada", Naming.ANOTHER),
        ("First Light", "Ada", "First Light (Bo Remix)", "Ada", Naming.ANOTHER),
        ("First Light (Live)", "Ada", "First Light", "Ada", Naming.ANOTHER),
        ("First Light - Radio Edit", "Ada", "First Light", "Ada", Naming.ANOTHER),
        ("First Light, Pt. 1", "Ada", "First Light, Pt. 2", "Ada", Naming.ANOTHER),
    ],
)
def test_an_isrc_leads_to_the_same_to_a_doubt_or_to_something_else(
    title: str, artist: str, asked: str, by: str | None, expected: Naming
) -> None:
    """F9, F18: version words are identity; a spelling, a guest or a translation is none."""
    assert named(title, artist, Described(recording_id="r", title=asked, artist=by)) is expected


def test_nothing_is_like_nothing() -> None:
    """F28: titles and credits without a letter agree with nobody's."""
    assert not same_title("?", "?")
    assert not same_artist("", "")
    assert same_artist("Ada feat. Bo", "bo & ADA")
    assert same_artist("X", "x")
