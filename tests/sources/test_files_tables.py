"""Tables as sources: Exportify's in all its forms, everybody else's with a header, and what is wrong with some."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.sources import wording
from engine.sources.files import headers, table
from engine.sources.files.rows import Row, TrackList

LISTS = Path(__file__).parent.parent / "fixtures" / "lists"
SPOTIFY = "https://open.spotify.com/track/"


def read(content: str | bytes) -> TrackList:
    """Give the list in a table that is one."""
    found = table.parse(content.encode() if isinstance(content, str) else content)
    assert found is not None
    return found


def one(content: str) -> Row:
    """Give the only row of a table."""
    (row,) = read(content).rows
    return row


def test_exportify_of_today_is_read() -> None:
    """Order and repeats kept (P14); semicolons part artists; what Spotify no longer has is no track (F30)."""
    listed = read((LISTS / "exportify_current.csv").read_bytes())
    loading, memory, again = listed.rows
    assert loading == again
    assert (loading.title, loading.artist, loading.duration_ms) == ("Loading", "James Blake", 284_551)
    assert (loading.album, loading.label) == ("Playing Robots Into Heaven", "Republic Records")
    assert (loading.address, loading.explicit) == (f"{SPOTIFY}0GQW2gDyxgT5IsNEM4osbJ", False)
    assert (memory.artist, memory.credits) == ("Fred Falke, Elohim, Oliver", ("Fred Falke", "Elohim", "Oliver"))
    assert listed.bad == ()


def test_a_comma_inside_a_name_parts_nobody() -> None:
    """“Tyler, The Creator” is one artist where Exportify escaped the comma, and the next one is another."""
    again, episode, local = read((LISTS / "exportify_escaped.csv").read_bytes()).rows
    assert again.credits == ("Tyler, The Creator", "Kali Uchis")
    assert again.artist == "Tyler, The Creator, Kali Uchis"
    assert (again.isrc, again.explicit, again.release_date) == ("USQX91701275", True, "2017-07-21")
    assert episode.address == "https://open.spotify.com/episode/512ojhOuo1ktJprKbVcKyQ"
    assert (local.artist, local.album, local.title) == ("Ann Artist", "An Album", 'A "Local" Song')
    assert (local.address, local.duration_ms) == (None, 215_000)


def test_as_many_artists_as_ids() -> None:
    """An older Exportify escaped nothing; how many ids there are tells a name with a comma from two names."""
    alabaster, passion = read((LISTS / "exportify_older.csv").read_bytes()).rows
    assert (alabaster.address, alabaster.credits) == (f"{SPOTIFY}4CQwIJsYFk80DBWlwsDJGo", ("All Them Witches",))
    assert (passion.artist, passion.credits) == ("Tyler, The Creator", ("Tyler, The Creator",))
    assert (passion.album, passion.release_date) == ("A, B", None)
    two = one('Track Name,Artist IDs,Artist Name(s)\nS,"a,b","Ann, Bo"\n')
    assert two.credits == ("Ann", "Bo")
    odd = one('Track Name,Artist IDs,Artist Name(s)\nS,"a,b,c","Ann, Bo"\n')
    assert (odd.artist, odd.credits) == ("Ann, Bo", ())


def test_without_ids_a_comma_is_left_as_it_stands() -> None:
    """Nobody can tell a name with a comma from two names: the text is kept and nothing is guessed."""
    row = one('Track Name,Artist Name(s)\nEARFQUAKE,"Tyler, The Creator"\n')
    assert (row.artist, row.credits) == ("Tyler, The Creator", ())


def test_exportify_speaks_other_languages() -> None:
    """Its headers come in the language of the browser."""
    row = one((LISTS / "exportify_german.csv").read_text("utf-8"))
    assert (row.title, row.artist, row.album, row.isrc) == ("Glueland", "Do Nothing", "THE EP'S", "GBBQX2000024")
    assert (row.duration_ms, row.release_date) == (162_295, "2021-09-24")
    assert row.artwork_url == "https://i.scdn.co/image/ab67616d0000b273209d8e1c0cc5c82607a056fc"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_spreadsheets_write_it_in_their_ways(encoding: str, separator: str) -> None:
    """Any usual encoding, any usual separator, any line end, and Excel's line that names the separator."""
    text = separator.join(("Title", "Artist")) + "\r\n" + separator.join(("Jóga", "Björk")) + "\r\n\r\n"
    listed = read(text.encode(encoding))
    assert listed.rows == (Row(title="Jóga", artist="Björk"),)
    assert read(f"sep={separator}\r{text}".encode()).rows == listed.rows


@pytest.mark.parametrize(
    ("header", "cell", "duration_ms"),
    [
        ("Duration (ms)", "284551", 284_551),
        ("duration_ms", "284551.0", 284_551),
        ("Duration (s)", "215", 215_000),
        ("Duration", "215", 215_000),
        ("Duration", "215000", 215_000),
        ("Time", "3:35", 215_000),
        ("Length", "1:03:35", 3_815_000),
        ("Duration", "3,58E+05", 358_000),
        ("Duration", "-1", None),
        ("Duration", "0", None),
        ("Duration", "long", None),
        ("Duration (ms)", "nan", None),
        ("Duration (ms)", "9999999999999", None),
    ],
)
def test_a_length_is_read_in_any_usual_form(header: str, cell: str, duration_ms: int | None) -> None:
    """Milliseconds, seconds and clocks; what is none of them stays unknown."""
    assert one(f'Title,{header}\nSong,"{cell}"\n').duration_ms == duration_ms


def test_a_column_of_lengths_has_one_unit() -> None:
    """A jingle of nine seconds among songs in milliseconds is not two and a half hours long."""
    rows = read("Title,Duration\nA,215000\nB,180000\nC,9000\n").rows
    assert [row.duration_ms for row in rows] == [215_000, 180_000, 9_000]


def test_an_address_is_kept_in_its_one_spelling() -> None:
    """F49, F57: tracking parameters go, a video without its id is no address, a private link is nobody's."""
    rows = read(
        "Title,URL\n"
        "A,https://youtu.be/dQw4w9WgXcQ?si=x\n"
        "B,https://www.youtube.com/watch?list=PL1\n"
        "C,https://m.soundcloud.com/forss/flickermood?utm_source=x\n"
        "D,https://soundcloud.com/forss/flickermood/s-AbCdEf\n"
        "E,https://open.spotify.com/intl-de/track/0GQW2gDyxgT5IsNEM4osbJ?si=x\n"
        "F,nowhere\n"
    ).rows
    assert [row.address for row in rows] == [
        "https://youtube.com/watch?v=dQw4w9WgXcQ",
        None,
        "https://soundcloud.com/forss/flickermood",
        None,
        f"{SPOTIFY}0GQW2gDyxgT5IsNEM4osbJ",
        None,
    ]


def test_words_for_nothing_are_nothing() -> None:
    """F30: "None", "null" and "nan" are what programs write for what they do not know; a title may be one of them."""
    row = one("Title,Artist,Album,ISRC\nNone,Ann,nan,null\n")
    assert row == Row(title="None", artist="Ann")
    assert one("Track URI,Track Name\nspotify:track:0GQW2gDyxgT5IsNEM4osbJ,undefined\n").title == "undefined"
    listed = read("Title,Artist\nnan,nan\n,Ann\nSong,\n")
    assert ([bad.line for bad in listed.bad], listed.rows) == ([3], (Row(title="Song"),))


def test_a_row_that_cannot_be_read_stops_nothing() -> None:
    """P11: too many cells, a quote that is never closed, a cell without end: named by line, the others go on."""
    text = 'Title,Artist\nA,Ann\nB,Bo,too,many\n"C,Cy\nD,Di\nE,"two\nlines"\nF,"Fay\n'
    listed = read(text)
    assert [row.title for row in listed.rows] == ["A", "D", "E", "F"]
    assert [row.artist for row in listed.rows] == ["Ann", "Di", "two lines", "Fay"]
    assert [bad.line for bad in listed.bad] == [3, 4]
    endless = read('Title,Artist\nA,Ann\n"' + "x" * 200_000 + '",Bo\nC,Cy\n')
    assert [row.title for row in endless.rows] == ["A", "C"]
    assert [bad.line for bad in endless.bad] == [3]


def test_a_table_without_names_is_none() -> None:
    """A header must name something a track can be known by; a file of nothing has no header."""
    assert table.parse(b"") is None
    assert table.parse(b"\r\n\r\n") is None
    assert table.parse(b"sep=;\r\n") is None
    assert table.parse(b"Danceability,Energy\n1,2\n") is None
    assert read("Title\n") == TrackList(rows=())


def test_of_two_columns_that_say_the_same_the_first_counts() -> None:
    """A second "Title" does not overwrite what the first said."""
    assert one("Title,Track Name,Artist\nA,B,C\n") == Row(title="A", artist="C")
    assert headers.read(["x", "Title"]) == {1: headers.Column.TITLE}


def test_a_column_may_name_files() -> None:
    """What plays on this machine is named by its path; what is no audio is no path."""
    assert [row.path for row in read("Title,Location\nA,/m/a.mp3\nB,https://x/y\n").rows] == ["/m/a.mp3", None]


NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


@given(
    st.lists(st.tuples(NAMES, NAMES, NAMES), max_size=6),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
@example([('a"b', 'x\ny,"', "\r"), ('a"b', 'x\ny,"', "\r")], ",", csv.QUOTE_MINIMAL, "utf-8")
def test_what_is_written_comes_back(rows: list[tuple[str, str, str]], separator: str, quoting: int, code: str) -> None:
    """P14: whatever names a table holds, they come back exact, in order, as often as they are written."""
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=separator, quoting=quoting).writerows([("Title", "Artist", "Album"), *rows])  # type: ignore[arg-type]  # the stub wants a literal
    listed = read(written.getvalue().encode(code))
    titled = [row for row in rows if wording.clean(row[0])]
    known = [row for row in titled if not all(_is_nothing(name) for name in row[:2])]
    assert [(row.title, row.artist) for row in listed.rows] == [
        (wording.clean(title), wording.clean(artist)) for title, artist, _ in known
    ]


@given(st.lists(NAMES.filter(lambda name: ";" not in name and wording.clean(name) is not None), min_size=1, max_size=4))
def test_credited_names_come_back_one_by_one(names: list[str]) -> None:
    """Exportify's semicolons part any names that hold none."""
    written = io.StringIO(newline="")
    header, ids = ("Track Name", "Artist IDs", "Artist Name(s)"), ",".join("i" * len(names))
    csv.writer(written).writerows([header, ("Song", ids if len(names) > 1 else "", ";".join(names))])
    found = one(written.getvalue()).credits
    if len(names) > 1 and not any("," in name for name in names):
        assert found == tuple(wording.clean(name) for name in names)


@given(st.binary(max_size=300), st.sampled_from([b"", b"Title,Artist\n", b"Track URI\tTrack Name\n"]))
def test_any_bytes_are_some_table_or_none(content: bytes, header: bytes) -> None:
    """Bad input: no bytes stop the reader, and every row names something."""
    listed = table.parse(header + content)
    assert listed is None or all(row.title or row.address or row.isrc for row in listed.rows)


def _is_nothing(name: str) -> bool:
    return (wording.clean(name) or "").casefold() in {"", "undefined", "null", "none", "nan", "n/a", "-"}
