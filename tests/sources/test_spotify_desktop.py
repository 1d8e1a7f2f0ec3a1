"""What the Spotify app of this machine plays, asked through programs that are really run."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.failure import FailureClass, Problem
from engine.sources.spotify import parse, variant
from engine.sources.spotify.desktop import BETWEEN, Desktop, run
from engine.sources.spotify.parse import NOTHING, Playback

TITLES = [
    "Plain",
    "One, Two, Three",
    'He said "no"',
    "It's",
    "a\\b",
    "Zwei\nZeilen",
    "Ünïcødé 東京 🎧",
    "{a: 'b'}",
    "a;b|c",
]
ID = "37ZtNwjYgZ0Jc5yTRDzJqW"


class Machine:
    """A folder of programs that say what a test wants, and the player they speak for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def install(self, name: str, out: str, *, code: int = 0, err: str = "") -> None:
        """Put a program there; what it was called with stands in a file beside it."""
        path = self.folder / name
        path.write_text(
            f"#!{sys.executable}\nimport json, sys\n"
            f"json.dump(sys.argv[1:], open({str(path) + '.called'!r}, 'w'))\n"
            f"sys.stdout.buffer.write({out.encode()!r})\nsys.stderr.write({err!r})\nsys.exit({code})\n",
            encoding="utf-8",
        )
        path.chmod(0o755)

    def called(self, name: str) -> list[str]:
        """Give what a program was last called with."""
        arguments: list[str] = json.loads((self.folder / f"{name}.called").read_text(encoding="utf-8"))
        return arguments

    def plays(self, system: str) -> Playback | Problem:
        """Ask what plays."""
        return Desktop(system=system, search_path=str(self.folder)).playback()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Give a machine without any program."""
    return Machine(tmp_path)


def _title(playback: Playback | Problem) -> tuple[str, str | None, str | None, int | None]:
    assert isinstance(playback, Playback), playback
    assert playback.entry is not None
    seen = playback.entry.seen
    assert seen is not None
    assert seen.ref == f"spotify:track:{ID}"
    return seen.title, seen.artist, seen.album, seen.duration_ms


def _one_line(text: str) -> str:
    return text.replace("\n", " ")


def _jxa(title: str) -> str:
    told = {"uri": f"spotify:track:{ID}", "title": title, "artist": title, "album": title, "length_ms": 215_000}
    return json.dumps(told) + "\n"


def _busctl(title: str) -> str:
    values: dict[str, tuple[str, Any]] = {
        "mpris:trackid": ("o", f"/com/spotify/track/{ID}"),
        "xesam:title": ("s", title),
        "xesam:artist": ("as", [title]),
        "xesam:album": ("s", title),
        "mpris:length": ("t", 215_000_000),
    }
    data = {name: {"type": kind, "data": value} for name, (kind, value) in values.items()}
    return json.dumps({"type": "a{sv}", "data": data}) + "\n"


def _glib(text: str) -> str:
    quote = '"' if "'" in text else "'"
    body = text.replace("\\", "\\\\").replace(quote, f"\\{quote}").replace("\n", "\\n")
    return f"{quote}{body}{quote}"


def _gdbus(title: str) -> str:
    said = _glib(title)
    return (
        f"(<{{'mpris:trackid': <objectpath '/com/spotify/track/{ID}'>, 'xesam:title': <{said}>, "
        f"'xesam:artist': <[{said}]>, 'xesam:album': <{said}>, 'mpris:length': <uint64 215000000>, "
        "'xesam:autoRating': <0.53>, 'xesam:discNumber': <1>, 'mpris:artUrl': <@ms nothing>}>,)\n"
    ).replace(", 'mpris:artUrl': <@ms nothing>", "")


def _playerctl(title: str) -> str:
    return BETWEEN.join([f"spotify:track:{ID}", "https://x", title, title, title, "215000000"]) + "\n"


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize(
    ("system", "tool", "said"),
    [
        ("darwin", "osascript", _jxa),
        ("linux", "busctl", _busctl),
        ("linux", "gdbus", _gdbus),
        ("linux", "playerctl", _playerctl),
    ],
)
def test_no_title_breaks_an_answer(machine: Machine, system: str, tool: str, said: Any, title: str) -> None:
    """F43: commas, quotes, lines and any script arrive as they are, whichever program answers."""
    machine.install(tool, said(title))
    line = _one_line(title)
    assert _title(machine.plays(system)) == (line, line, line, 215_000)


def test_programs_are_called_with_lists_of_arguments(machine: Machine) -> None:
    """F43: no shell reads them; the script is one argument, and asks for JSON."""
    machine.install("osascript", "null\n")
    assert machine.plays("darwin") == NOTHING
    first, second, third, script = machine.called("osascript")
    assert [first, second, third] == ["-l", "JavaScript", "-e"]
    assert "JSON.stringify" in script
    assert "running()" in script
    machine.install("busctl", "")
    machine.plays("linux")
    assert machine.called("busctl")[:2] == ["--user", "--json=short"]


@pytest.mark.parametrize(("system", "tool"), [("linux", "gdbus"), ("darwin", "osascript")])
def test_a_machine_knows_whether_it_has_anything_to_ask(machine: Machine, system: str, tool: str) -> None:
    """M9: "nothing plays" is an answer only of what can be asked."""
    assert not Desktop(system=system, search_path=str(machine.folder)).askable
    machine.install(tool, "")
    assert Desktop(system=system, search_path=str(machine.folder)).askable


@pytest.mark.parametrize("tool", ["busctl", "gdbus", "playerctl"])
def test_a_player_that_is_not_there_plays_nothing(machine: Machine, tool: str) -> None:
    """F43: the app does not run, or there is no session: nothing plays."""
    machine.install(tool, "", code=1, err="The name org.mpris.MediaPlayer2.spotify was not provided")
    assert machine.plays("linux") == NOTHING


@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
def test_a_machine_without_programs_plays_nothing(machine: Machine, system: str) -> None:
    """No way to ask is no failure: nobody asked for the app to be there."""
    assert machine.plays(system) == NOTHING


@pytest.mark.parametrize("tool", ["busctl", "gdbus", "playerctl"])
@pytest.mark.parametrize("said", ["", "garbage", "[]", "{}", "(1,)", "((((", '{"data": 1}', "'a"])
def test_an_answer_that_cannot_be_read_is_told(machine: Machine, tool: str, said: str) -> None:
    """F33: what is not understood is not silence."""
    machine.install(tool, said)
    answer = machine.plays("linux")
    assert isinstance(answer, Problem)
    assert answer.failure is FailureClass.GARBAGE


@pytest.mark.parametrize(
    ("said", "failure"),
    [
        ("execution error: Not authorized to send Apple events to Spotify. (-1743)", FailureClass.PERMISSION),
        ("execution error: A identifier can\u2019t go after this. (-2740)", FailureClass.UNEXPECTED),
        ("execution error: Error: TypeError: undefined is not a function (-2700)", FailureClass.UNEXPECTED),
        ("execution error: Error: something of its own (-6004)", FailureClass.UNEXPECTED),
    ],
)
def test_what_the_script_fails_with_is_told_with_a_way_out(machine: Machine, said: str, failure: FailureClass) -> None:
    """F43: -2740, a script's own error and a missing permission are failures that somebody can mend."""
    machine.install("osascript", "", code=1, err=said)
    answer = machine.plays("darwin")
    assert isinstance(answer, Problem)
    assert answer.failure is failure
    assert "sync login spotify" in answer.hint


@pytest.mark.parametrize(
    "said",
    [
        "Application can't be found. (-2700)",
        "Application isn\u2019t running. (-600)",
        "Error: Can\u2019t get object. (-1728)",
    ],
)
def test_an_app_that_is_not_there_plays_nothing(machine: Machine, said: str) -> None:
    """F43: not installed, not running and no current track are answers."""
    machine.install("osascript", "", code=1, err=f"execution error: {said}")
    assert machine.plays("darwin") == NOTHING


@pytest.mark.parametrize("said", ["", "[]", "x"])
def test_a_script_that_says_something_else_is_told(machine: Machine, said: str) -> None:
    """F33: no JSON, or another shape."""
    machine.install("osascript", said)
    answer = machine.plays("darwin")
    assert isinstance(answer, Problem)
    assert answer.failure is FailureClass.GARBAGE


@pytest.mark.parametrize("uri", ["spotify:ad:000", "", "spotify:", "spotify:interruption:1"])
def test_advertisements_play_nothing(machine: Machine, uri: str) -> None:
    """F43: what is no track is nothing to be heard."""
    machine.install("osascript", json.dumps({"uri": uri, "title": "Buy"}))
    assert machine.plays("darwin") == NOTHING
    machine.install("busctl", _busctl("Buy").replace("/com/spotify/track/", "/com/spotify/ad/"))
    assert machine.plays("linux") == NOTHING


def test_older_builds_name_the_track_by_its_uri(machine: Machine) -> None:
    """C.4: `mpris:trackid` was the URI itself."""
    machine.install("busctl", _busctl("Old").replace("/com/spotify/track/", "spotify:track:"))
    assert _title(machine.plays("linux"))[0] == "Old"


def test_a_local_file_has_the_ref_its_playlist_gives_it(machine: Machine) -> None:
    """What is heard here and what a playlist lists are one sighting: by tags and seconds."""
    told = {"uri": "spotify:local:x", "title": "It: T", "artist": "Ann", "album": "Al", "length_ms": 61_700}
    machine.install("osascript", json.dumps(told))
    playback = machine.plays("darwin")
    assert isinstance(playback, Playback)
    assert playback.entry is not None
    assert playback.entry.ref == parse.local_ref("Ann", "Al", "It: T", "61")


def test_an_episode_is_its_shows_here_too(machine: Machine) -> None:
    """The app names the show as the artist."""
    machine.install("osascript", json.dumps({"uri": f"spotify:episode:{ID}", "title": "One", "artist": "Show"}))
    playback = machine.plays("darwin")
    assert isinstance(playback, Playback)
    assert playback.entry is not None
    assert playback.entry.seen is not None
    assert (playback.entry.ref, playback.entry.seen.artist) == (f"spotify:episode:{ID}", "Show")


def test_a_track_without_a_title_is_nothing_to_be_heard(machine: Machine) -> None:
    """The app says so for a moment while it loads."""
    machine.install("osascript", json.dumps({"uri": f"spotify:track:{ID}", "title": "", "artist": ""}))
    assert machine.plays("darwin") == NOTHING


@pytest.mark.parametrize(
    ("system", "tool"), [("darwin", "osascript"), ("linux", "busctl"), ("linux", "gdbus"), ("linux", "playerctl")]
)
def test_a_program_that_does_not_end_is_no_silence_of_the_player(machine: Machine, system: str, tool: str) -> None:
    """F43: a hanging bus, or a question of macOS that nobody answered, is told; it is not “nothing plays”."""
    machine.install(tool, "")
    hanging = (sys.executable, "-c", "import time; time.sleep(60)")
    player = Desktop(run=lambda *_: run(hanging, 0.2), system=system, search_path=str(machine.folder))
    found = player.playback()
    assert isinstance(found, Problem)
    assert (found.failure, "sync login spotify" in found.hint) == (FailureClass.TIMEOUT, True)


def test_a_program_that_is_not_there_says_nothing(machine: Machine) -> None:
    """It may have been taken away since it was looked for."""
    assert run((str(machine.folder / "nothing"),), 1.0) is None


GLIB = st.recursive(
    st.booleans() | st.integers(-(2**31), 2**31) | st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab:", max_size=3), inner, max_size=3),
    max_leaves=8,
)


def _printed(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return _glib(value)
        case list():
            return f"[{', '.join(f'<{_printed(each)}>' for each in value)}]"
        case dict():
            return f"{{{', '.join(f'{_glib(name)}: <{_printed(each)}>' for name, each in value.items())}}}"
        case _:
            return f"int32 {value}"


@given(GLIB)
def test_what_gdbus_prints_is_read_back(value: Any) -> None:
    """Whatever is nested in whatever, the value is the one that was printed."""
    assert variant.read(f"({_printed(value)},)\n") == [value]


@given(st.text(max_size=30))
def test_no_text_does_more_than_to_be_unreadable(text: str) -> None:
    """A text is a value or a `ValueError`."""
    try:
        variant.read(text)
    except ValueError:
        return


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r"'a\u00e4\U0001f3a7\n\'\\'", "aä🎧\n'\\"),
        ('"it\'s"', "it's"),
        ("-3.5e2", -350.0),
        ("0x1f", 31),
        ("@as []", []),
        ("{}", {}),
        ("(true, byte 0x01)", [True, 1]),
    ],
)
def test_the_notation_of_glib_is_read(text: str, value: Any) -> None:
    """GVariant text format: escapes, types before values, both quotes."""
    assert variant.read(text) == value


@pytest.mark.parametrize("text", ["", "(", "[1", "<1, 2>", "{'a'}", "1 2", ")", "int32", "'a", "(" * 50])
def test_what_is_no_value_is_refused(text: str) -> None:
    """Cut short, or nested without end."""
    with pytest.raises(ValueError, match=r".+"):
        variant.read(text)
