"""F57: fields → request → stand-in → answer → fields, for any value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.outcomes import Done, Present
from engine.domain.plan import Operation
from engine.domain.text import clean
from engine.domain.value import Fields
from engine.standins.notion.seed import seed_music_workspace
from engine.standins.notion.standin import TOKEN, NotionStandin
from engine.targets.notion.config import NotionConfig
from engine.targets.notion.target import NotionTarget

_TEXT = (
    st.text(alphabet=st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=40).map(clean).filter(bool)
)
_OPTION = st.text(alphabet="abcDEF ,é-&/", min_size=1, max_size=30).filter(lambda text: text.strip(" ,") != "")
_NUMBER = st.one_of(st.none(), st.integers(-(2**53), 2**53), st.floats(allow_nan=False, allow_infinity=False, width=32))
_FIELDS = st.fixed_dictionaries(
    {"title": _TEXT},
    optional={
        "artist": st.one_of(st.none(), _TEXT),
        "genre": st.one_of(st.none(), _OPTION),
        "release_date": st.one_of(st.none(), st.dates().map(str)),
        "downloaded": st.booleans(),
        "status": st.sets(_OPTION, max_size=5).map(lambda tags: tuple(sorted(tags))),
        "wav_fingerprint": st.text(alphabet="AbC09+", max_size=100).map(lambda text: text * 70),
        "duration_s": _NUMBER,
        "loudness_lufs": _NUMBER,
        "soundcloud_url": st.one_of(st.none(), _TEXT.map(lambda text: "https://x/" + text)),
    },
)


@pytest.fixture(scope="module")
def lasting() -> Iterator[NotionTarget]:
    """Give a target over a stand-in that lives for the whole module."""
    with NotionStandin() as standin:
        ids = seed_music_workspace(standin)
        target = NotionTarget(NotionConfig(token=TOKEN, tracks_database_id=ids["tracks"], base_url=standin.url))
        yield target
        target.close()


@settings(max_examples=40, deadline=None)
@given(fields=_FIELDS)
def test_what_is_written_is_what_is_read(lasting: NotionTarget, act: Any, fields: Fields) -> None:
    """F57: every value survives the way to Notion and back, in its own shape."""
    written = {word: None if value == "" else value for word, value in fields.items()}
    outcome = lasting.send(act(Operation.CREATE, "rfirst", written))
    assert isinstance(outcome, Done), outcome
    probe = lasting.probe(act(Operation.UPDATE, "rfirst", remote_id=outcome.remote_id))
    assert isinstance(probe, Present)
    assert outcome.held == {"sync_key": "rfirst", **written}
    assert {word: probe.seen.fields[word] for word in outcome.held} == outcome.held
