"""The composition root gives what the settings switch on, and opens nothing before it is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.domain.plan import Owner
from engine.settings.load import load
from engine.wiring.app import App, journal_path
from engine.wiring.seeing import trusted

ENVIRONMENT = {
    "NOTION_TOKEN": "ntn_x",
    "TRACKS_DB_ID": "0123456789abcdef0123456789abcdef",
    "EAGLE_API_BASE": "http://127.0.0.1:9",
    "EAGLE_TOKEN": "t",
    "CRATELOG_SOUNDCLOUD_PROXY": "http://127.0.0.1:9",
    "CRATELOG_TLS_VERIFY": "/ca.pem",
}


@pytest.fixture
def app(tmp_path: Path) -> App:
    """Give an App with every target switched on and its journal made."""
    (tmp_path / "cratelog.toml").write_text(
        '[notion.owners]\ngenre = "person"\n[notion.properties]\ntrack = { genre = "Style", title = ["A", "B"] }\n'
    )
    made = App(settings=load(home=tmp_path, environ=ENVIRONMENT))
    assert made.make_journal()
    return made


def test_an_app_opens_nothing_by_itself(tmp_path: Path) -> None:
    """Building an App touches no disk, so that `sync config` works anywhere."""
    built = App(settings=load(home=tmp_path / "none", environ={}))
    built.close()
    assert not journal_path(built.settings).exists()


def test_the_world_holds_what_is_switched_on(app: App) -> None:
    """Targets, sources, policy and ports come from the settings; making the journal again changes nothing."""
    world = app.world(actor="person:test")
    assert set(world.targets) == {"library", "notion", "eagle"}
    assert world.sources[0].name == "soundcloud"
    assert world.policy.owners["notion/track"] == {"genre": Owner.PERSON}
    assert world.policy.profiles == ("original", "aiff")
    assert world.actor == "person:test"
    assert not app.make_journal()
    app.close()


def test_the_library_is_marked_once(app: App) -> None:
    """The marker is made once and kept."""
    assert app.mark_library()
    assert not app.mark_library()


def test_a_certificate_file_is_trusted_by_everything_that_asks_the_web(app: App) -> None:
    """E22: a path is a path, not merely something true."""
    assert trusted(app.settings) == Path("/ca.pem")
    assert trusted(load(home=app.settings.home, environ={})) is True
