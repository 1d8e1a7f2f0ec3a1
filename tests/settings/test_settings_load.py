"""Settings come from TOML, `.env`, environment and flags, in that order, and say so."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from engine.domain.errors import SettingsError
from engine.media.formats import PROFILES
from engine.settings.describe import config_hash, config_rows, secret_texts
from engine.settings.home import locate
from engine.settings.load import load
from engine.settings.model import Format, NotionId
from engine.settings.secret import MASK
from engine.settings.template import template

ID = "01234567-89ab-cdef-0123-456789abcdef"


def test_an_empty_home_gives_the_defaults(tmp_path: Path) -> None:
    """Nothing has to be configured to begin: the library lies in the home, and it alone is a target."""
    settings = load(home=tmp_path, environ={})
    assert settings.library_root == tmp_path / "library"
    assert settings.targets == ("library",)
    assert {row.origin for row in config_rows(settings)} == {"flag --home", "default"}


def test_flags_beat_environment_beats_dotenv_beats_toml(tmp_path: Path) -> None:
    """Precedence is TOML < .env < environment < flags, and each value names its origin."""
    (tmp_path / "cratelog.toml").write_text('[eagle]\nbase_url = "http://toml"\n[limits]\nworkers = 1\n')
    (tmp_path / ".env").write_text("EAGLE_API_BASE=http://dotenv\nNOTION_TOKEN='ntn_x'\n")
    from_toml = load(home=tmp_path / "none", environ={})
    assert from_toml.eagle.base_url == "http://127.0.0.1:41595"
    by_dotenv = load(home=tmp_path, environ={})
    assert (by_dotenv.eagle.base_url, by_dotenv.origins["eagle.base_url"]) == ("http://dotenv", ".env EAGLE_API_BASE")
    assert by_dotenv.origins["limits.workers"] == "cratelog.toml:4"
    by_environment = load(home=tmp_path, environ={"EAGLE_API_BASE": "http://environment"})
    assert by_environment.eagle.base_url == "http://environment"
    assert by_environment.origins["eagle.base_url"] == "environment EAGLE_API_BASE"
    by_flag = load(home=tmp_path, environ={}, flags={"limits.workers": 7, "limits.settle_s": None})
    assert (by_flag.limits.workers, by_flag.origins["limits.workers"]) == (7, "flag --workers")
    assert by_flag.limits.settle_s == by_dotenv.limits.settle_s


@pytest.mark.parametrize(
    "written", [ID, ID.replace("-", ""), f"https://www.notion.so/crew/Tracks-{ID.replace('-', '')}?v=1", ID.upper()]
)
def test_a_notion_id_may_be_written_any_way(tmp_path: Path, written: str) -> None:
    """M22: ids with or without dashes, or the whole address, are one id."""
    settings = load(home=tmp_path, environ={"TRACKS_DB_ID": written, "NOTION_TOKEN": "ntn_x"})
    assert settings.notion.databases.tracks == ID
    assert settings.notion_enabled
    assert isinstance(settings.notion.databases.tracks, NotionId)


@pytest.mark.parametrize(
    ("text", "meant"), [("1", True), ("0", False), ("true", True), ("FALSE", False), ("/ca.pem", "/ca.pem")]
)
def test_certificates_are_checked_or_not_or_by_a_bundle(tmp_path: Path, text: str, meant: bool | str) -> None:  # noqa: FBT001 - a parametrized fact
    """CRATELOG_TLS_VERIFY is 1, 0 or a path."""
    assert load(home=tmp_path, environ={"CRATELOG_TLS_VERIFY": text}).network.tls_verify == meant


def test_empty_environment_values_and_empty_toml_texts_are_not_set(tmp_path: Path) -> None:
    """An uncommented template line with an empty value means the same as no line."""
    (tmp_path / "cratelog.toml").write_text('[notion]\ntoken = ""\n')
    settings = load(home=tmp_path, environ={"EAGLE_TOKEN": " ", "NO_COLOR": ""})
    assert settings.notion.token is None
    assert settings.eagle.token is None
    assert not settings.process.no_color
    assert load(home=tmp_path, environ={"NO_COLOR": "1"}).process.no_color


def test_eagle_is_on_when_anything_of_it_is_set_and_off_when_said(tmp_path: Path) -> None:
    """A target is switched on by being configured; `enabled` has the last word."""
    assert not load(home=tmp_path, environ={}).eagle_enabled
    assert load(home=tmp_path, environ={"EAGLE_TOKEN": "t"}).targets == ("library", "eagle")
    (tmp_path / "cratelog.toml").write_text("[eagle]\nenabled = false\n")
    assert not load(home=tmp_path, environ={"EAGLE_TOKEN": "t"}).eagle_enabled


def test_the_home_is_a_flag_or_a_variable_or_the_checkout_or_the_platform(tmp_path: Path) -> None:
    """The home is looked for in this order, and its origin is kept."""
    inside = tmp_path / "checkout" / "deep"
    inside.mkdir(parents=True)
    (tmp_path / "checkout" / "pyproject.toml").write_text('[project]\nname = "cratelog"\n')
    assert locate(Path("x"), {"CRATELOG_HOME": "/y"}, inside)[1] == "flag --home"
    assert locate(None, {"CRATELOG_HOME": "/y"}, inside) == (Path("/y"), "environment CRATELOG_HOME")
    assert locate(None, {}, inside) == (tmp_path / "checkout" / "var", "checkout")
    (tmp_path / "checkout" / "pyproject.toml").write_text("not toml [")
    assert locate(None, {}, inside)[1] == "platform"


def test_the_config_hash_follows_what_plans_rest_on_and_nothing_else(tmp_path: Path) -> None:
    """I51: a plan belongs to its settings; a moved gateway or another token is not another plan."""
    plain = config_hash(load(home=tmp_path, environ={"EAGLE_TOKEN": "one"}))
    assert plain == config_hash(
        load(home=tmp_path, environ={"EAGLE_TOKEN": "two", "CRATELOG_NOTION_BASE_URL": "http://x"})
    )
    assert plain != config_hash(load(home=tmp_path, environ={"EAGLE_TOKEN": "one"}, flags={"limits.attempts": 3}))
    assert plain != config_hash(load(home=tmp_path, environ={}))


def test_a_secret_does_not_show_itself(tmp_path: Path) -> None:
    """Secrets are masked in every text, and only `reveal` gives them."""
    settings = load(home=tmp_path, environ={"NOTION_TOKEN": "ntn_hush", "CRATELOG_SOUNDCLOUD_PROXY": "http://u:p@h"})
    token = settings.notion.token
    assert token is not None
    assert "hush" not in f"{token} {token!s} {token!r} {settings!r} {token:>20}"
    assert type(token.reveal()) is str
    assert token.reveal() == "ntn_hush"
    shown = {row.key: row.value for row in config_rows(settings)}
    assert shown["notion.token"] == shown["soundcloud.proxy"] == MASK
    assert set(secret_texts(settings)) == {"ntn_hush", "http://u:p@h"}


def test_the_template_is_read_back_as_the_defaults(tmp_path: Path) -> None:
    """What `sync init` writes changes nothing but what was chosen; every setting that TOML takes stands in it."""
    text = template({"library.root": '~/Müsic "x"'}, ("https://x/y",))
    (tmp_path / "cratelog.toml").write_text(text)
    settings = load(home=tmp_path, environ={})
    assert settings.library.root == Path('~/Müsic "x"')
    assert [playlist.url for playlist in settings.playlists] == ["https://x/y"]
    written = {row.key.rsplit(".", 1)[-1] for row in config_rows(settings) if not row.key.startswith("process")}
    assert all(f"{name} = " in text or name in {"home", "playlists", "access"} for name in written)


def test_every_commented_line_of_the_template_may_be_uncommented(tmp_path: Path) -> None:
    """The commented values are examples that work, not decoration."""
    lines = template({}).splitlines()
    bare = [line.removeprefix("# ") if " = " in line and line.startswith("# ") else line for line in lines]
    bare = [line.removeprefix("# ") if line.startswith("# [[") else line for line in bare]
    (tmp_path / "cratelog.toml").write_text(
        "\n".join(line for line in bare if 'https://soundcloud.com/YOUR-NAME"' not in line)
    )
    assert load(home=tmp_path, environ={}).playlists[0].name == "Crate"


@pytest.mark.parametrize("text", ["NOT A LINE", "=x", "1A=x"])
def test_a_dotenv_line_that_is_none_is_named(tmp_path: Path, text: str) -> None:
    """A damaged `.env` stops the program with its line number."""
    (tmp_path / ".env").write_text(f'# fine\n\nexport A=1 # note\nB="x # y"\n{text}\n')
    with pytest.raises(SettingsError, match="line 5"):
        load(home=tmp_path, environ={})


def test_files_that_cannot_be_read_say_so(tmp_path: Path) -> None:
    """A settings file that is a folder or no text is a settings error, not a crash."""
    (tmp_path / ".env").mkdir()
    with pytest.raises(SettingsError, match="cannot be read"):
        load(home=tmp_path, environ={})
    (tmp_path / ".env").rmdir()
    (tmp_path / "cratelog.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="cannot be read"):
        load(home=tmp_path, environ={})


def test_every_format_is_a_profile_that_can_be_made() -> None:
    """A format the settings take is one the media tools make: `aac`, not `m4a`, which may be either of two."""
    assert set(get_args(Format)) == set(PROFILES)


def test_what_has_no_effect_yet_is_said_to_have_none(tmp_path: Path) -> None:
    """Settings that are read and used by nothing are marked where they are declared."""
    rows = {row.key: row.idle for row in config_rows(load(home=tmp_path, environ={}))}
    assert rows["notion.databases.artists"]
    assert not rows["soundcloud.profile"]
    assert not rows["spotify.client_id"]
    assert not rows["limits.soundcloud.burst"]
    assert not rows["notion.databases.playlists"]
    assert "# Artists. No effect yet." in template({})


def test_a_list_comes_from_the_environment_with_commas(tmp_path: Path) -> None:
    """M22: a list needs no TOML, and can be said to be empty; a word that does not belong in it is named."""

    def order(text: str) -> tuple[str, ...]:
        return load(home=tmp_path, environ={"CRATELOG_RESOLUTION_ORDER": text}).resolution.order

    assert order("youtube, soundcloud") == ("youtube", "soundcloud")
    assert order("None") == ()
    with pytest.raises(SettingsError, match="CRATELOG_RESOLUTION_ORDER"):
        order("napster")
