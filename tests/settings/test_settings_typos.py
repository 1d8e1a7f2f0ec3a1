"""A typo in cratelog.toml names the key, the line and the nearest known key."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.errors import ExitCode, SettingsError
from engine.settings.load import load
from engine.settings.toml_lines import key_lines


@pytest.mark.parametrize(
    ("text", "says", "hint"),
    [
        ('[librry]\nroot = "x"', "line 1: unknown key `librry`", "did you mean `library`?"),
        ('[library]\nrot = "x"', "line 2: unknown key `library.rot`", "did you mean `library.root`?"),
        ('library.rot = "x"', "line 1: unknown key `library.rot`", "did you mean `library.root`?"),
        ("[limits.notion]\nburts = 1", "line 2: unknown key `limits.notion.burts`", "`limits.notion.burst`"),
        ("limits = { notion = { burts = 1 } }", "line 1: unknown key `limits.notion.burts`", "burst"),
        ('[[playlists]]\nurl="x"\n\n[[playlists]]\nurll="y"', "line 5: unknown key `playlists.1.urll`", "url"),
        ("[process]\nno_color = true", "line 2: unknown key `process.no_color`", "known here"),
        ("[library]\nzzzzzzzz = 1", "line 2: unknown key", "known here: library.root"),
        ('[limits]\nworkers = "x"', "line 2: `limits.workers`: expected `int`, got `str`", "Actions under way"),
        ("[limits]\nworkers = 0", "line 2: `limits.workers`", "Actions under way"),
        ('[library]\nformats = ["ogg"]', "line 2: `library.formats`", "Formats"),
        ('[library]\nformats = ["m4a"]', "line 2: `library.formats`", "alac and aac are .m4a files"),
        ("[library]\nroot = 3", "line 2: `library.root`: expected text, got int", "folder"),
        ('[notion.databases]\ntracks = "zz"', "line 2: `notion.databases.tracks`: expected a notion id", "Music"),
        ('[notion.owners]\ngenre = "me"', "line 1: `notion.owners`", "Who decides"),
        ("library = 3", "line 1: `library` must be a table", "[library]"),
        ('playlists = "x"', "line 1: `playlists` must be a list of tables", "[[playlists]]"),
        ("[[playlists]]\nurl = 3", "line 2: `playlists.0.url`", "commented cratelog.toml"),
        ("a = = 2", "line 1", "not TOML"),
        ("[enrichment]\n[enrichment]", "twice", "below the heading that is there already"),
        ("[library]\nroot = 'a'\nroot = 'b'", "overwrite", "below the heading that is there already"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, text: str, says: str, hint: str) -> None:
    """Bad input: a TOML typo names key and line, and the fix; exit code 2."""
    (tmp_path / "cratelog.toml").write_text(text)
    with pytest.raises(SettingsError) as caught:
        load(home=tmp_path, environ={})
    assert says in caught.value.detail
    assert hint in caught.value.hint
    assert caught.value.exit_code is ExitCode.USAGE


def test_a_secret_of_the_wrong_type_is_not_repeated(tmp_path: Path) -> None:
    """An error text never holds a secret."""
    (tmp_path / "cratelog.toml").write_text("[notion]\ntoken = 987654321\n")
    with pytest.raises(SettingsError) as caught:
        load(home=tmp_path, environ={})
    assert "987654321" not in caught.value.detail


def test_a_wrong_environment_value_names_its_variable(tmp_path: Path) -> None:
    """A typo in the environment is named like one in the file."""
    with pytest.raises(SettingsError, match="environment TRACKS_DB_ID"):
        load(home=tmp_path, environ={"TRACKS_DB_ID": "nonsense"})


def test_strings_comments_and_arrays_do_not_confuse_the_lines() -> None:
    """Keys are found where they stand, whatever the values hold."""
    text = (
        'a = "x = 1 # no"  # [b]\n"quoted key" = """\nfake = 1\n"""\n'
        "list = [\n  1, # ]\n  2,\n]\n[ t . u ]  # c\nv.w = { x = 1, 'y' = 2 }\nz = '''one'''\nlast = \"\"\"q\"\"\"\n"
    )
    assert key_lines(text) == {
        "a": 1, "quoted key": 2, "list": 5, "t.u": 9, "t.u.v.w": 10, "t.u.v.w.x": 10, "t.u.v.w.y": 10,
        "t.u.z": 11, "t.u.last": 12,
    }  # fmt: skip


@given(st.text())
def test_any_text_has_lines(text: str) -> None:
    """Finding lines never fails, so that an error is never hidden by another."""
    assert all(line >= 1 for line in key_lines(text).values())
