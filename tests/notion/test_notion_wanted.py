"""What a row should hold is what Notion gives back: else every run would write the row again."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.outcomes import Done, Present
from engine.domain.plan import Operation
from engine.domain.recording_events import Audio
from engine.domain.value import Fields
from engine.projections.rows import Playlist, Recording, Rendition, Sighting
from engine.projections.state import State
from engine.reconciler.catalogue import Piece, catalogue
from engine.reconciler.policy import Policy
from engine.reconciler.wanted_notion import wanted_playlist_page, wanted_track_page
from engine.standins.notion.seed import seed_music_workspace
from engine.standins.notion.standin import TOKEN, NotionStandin
from engine.targets.notion.config import NotionConfig
from engine.targets.notion.target import NotionTarget

KEY = "rkey"
LOST = "Mu\u0308sik\x7f/a\x01b  c"
WORD = st.text(
    st.characters() | st.sampled_from("e\u0301\u0327\u1112\u1161,\u201a \t\x00\x7f\u2028\U0001f525"), max_size=30
)
TEXT = WORD | st.builds(lambda word, times: word * times, WORD, st.integers(2, 120))


@pytest.fixture(scope="module")
def choosing() -> Iterator[NotionTarget]:
    """Give a target whose labels are a select, as its genres are, over a stand-in that lives for the module."""
    with NotionStandin() as standin:
        ids = seed_music_workspace(standin)
        standin.add_column(ids["tracks_source"], "Imprint", {"select": {}})
        target = NotionTarget(
            NotionConfig(
                token=TOKEN,
                tracks_database_id=ids["tracks"],
                playlists_database_id=ids["playlists"],
                base_url=standin.url,
                property_map={"track.label": "Imprint"},
            )
        )
        yield target
        target.close()


def _wanted(title: str, other: str, name: str, root: str) -> Fields:
    sighting = Sighting(
        ref="soundcloud:track:1",
        title=title,
        url="https://x/" + other,
        artist=other,
        album=name,
        genre=other,
        label=name,
    )
    renditions = tuple(
        Rendition(
            rendition_id=kind, recording_id=KEY, profile=kind, source_ref=sighting.ref, path=f"{other}/{title}.{kind}",
            size_bytes=1, mtime_ns=1, file_sha256="s", audio=Audio(format=kind, codec="x", duration_ms=1),
        )
        for kind in ("wav", "aiff")
    )  # fmt: skip
    piece = Piece(
        recording=Recording(recording_id=KEY, refs=(sighting.ref,)), sighting=sighting, sightings=(sighting,),
        renditions=renditions, lost=(), playlists=(), departed_us=None, fetch_action=None, eagle_action=None,
        in_eagle=False,
    )  # fmt: skip
    return wanted_track_page(catalogue(State()), piece, Policy(library_root=root)).fields


@settings(max_examples=60, deadline=None)
@given(
    title=TEXT, other=TEXT, name=TEXT, root=st.sampled_from(["/music", unicodedata.normalize("NFD", "/Müsik"), "/\x1b"])
)
def test_every_wanted_text_is_its_own_round_trip(
    choosing: NotionTarget, act: Any, title: str, other: str, name: str, root: str
) -> None:
    """E13, E20, F54, F55: NFD roots, control characters, long and astral names: what is read is what was wanted."""
    wanted = {word: value for word, value in _wanted(title, other, name, root).items() if value not in (None, ())}
    outcome = choosing.send(act(Operation.CREATE, KEY, wanted))
    assert isinstance(outcome, Done), outcome
    probe = choosing.probe(act(Operation.UPDATE, KEY, remote_id=outcome.remote_id))
    assert isinstance(probe, Present)
    assert {word: probe.seen.fields[word] or None for word in wanted} == {
        word: value or None for word, value in wanted.items()
    }


@settings(max_examples=30, deadline=None)
@given(name=TEXT, url=TEXT)
def test_every_wanted_text_of_a_playlist_is_its_own_round_trip(
    choosing: NotionTarget, act: Any, name: str, url: str
) -> None:
    """E13, F55: the same for playlists."""
    playlist = Playlist(ref="soundcloud:set:1", name=name, url=f"https://x/{url}")
    wanted = {
        word: value for word, value in wanted_playlist_page(playlist, Policy()).fields.items() if value is not None
    }
    outcome = choosing.send(act(Operation.CREATE, playlist.ref, wanted, kind="playlist"))
    assert isinstance(outcome, Done), outcome
    assert outcome.held == wanted


def test_a_label_too_long_for_a_select_is_cut_and_done(choosing: NotionTarget, act: Any) -> None:
    """E20, F54: whoever asks for more than an option's name can hold gets its beginning, and no refusal."""
    outcome = choosing.send(act(Operation.CREATE, KEY, {"title": "A", "label": "L" * 150, "genre": "🔥" * 60}))
    assert isinstance(outcome, Done), outcome
    assert (outcome.held["label"], outcome.held["genre"]) == ("L" * 100, "🔥" * 50)


def test_a_path_is_shown_in_the_form_it_reads_back() -> None:
    """E13: the root is NFD and a name holds control characters; neither is written again and again."""
    wanted = _wanted("t", LOST, "n", unicodedata.normalize("NFD", "/Volumes/Müsik"))
    assert wanted["wav_path"] == "/Volumes/Müsik/Müsik /a b  c/t.wav"
