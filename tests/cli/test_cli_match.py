"""`sync match`: two names, a table of pairs, two files; without a journal."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from engine.domain.errors import UsageError

Sync = Callable[..., Result]

HEAD = "a\tb\tduration_a_s\tduration_b_s\tisrc_a\tisrc_b\tartist_a\tartist_b\tnote\n"
ROWS = (
    "Sully - I Need You (Foo Remix)\tSully - I Need You Foo Remix\t213.4\t213\t\t\t\t\tx",
    "Sully - I Need You (Foo Remix)\tSully - I Need You\t213.4\t213.4\t\t\t\t\t",
    "Song, Pt. 1\tSong, Pt. 2",
    "Numb\tNumb\t185\t185\t\t\t\t\t",
    'Say "It"\tSay It\t\t\tDE-A12-34-00001\tdea123400001\tFlume\tFlume\t',
    "Numb\tNumb\t185\t185\t\t\tLinkin Park\tPortishead\t",
)
TWO_WORDS = ["same accept", "version reject", "part reject", "unclear ask", "same accept", "different reject"]


@pytest.fixture
def away(tmp_path: Path) -> tuple[str, str]:
    """Give the options of a home in which nothing was ever made."""
    return "--home", str(tmp_path / "nothing")


def test_a_table_of_pairs_is_answered_in_two_words_a_line(sync: Sync, away: tuple[str, str], tmp_path: Path) -> None:
    """F2, F9: what the names say and what is decided, line by line; other columns are ignored, short lines are fine."""
    table = tmp_path / "pairs.tsv"
    table.write_text("\ufeff" + HEAD + "\n".join(ROWS) + "\n", encoding="utf-8")
    result = sync(*away, "match", "--pairs", str(table))
    assert result.exit_code == 0
    assert result.output.splitlines() == TWO_WORDS
    assert not (tmp_path / "nothing").exists()


def test_a_hostile_table_is_answered_line_by_line(sync: Sync, away: tuple[str, str]) -> None:
    """Quotes, control characters, names longer than any, blank lines: each pair has its answer."""
    rows = ("a\tb", "x" * 200_000 + "\ty", "", "\t", 'q"q\tq"q', "foo\x00bar\tfoo bar")
    result = sync(*away, "match", "--pairs", "-", typed="\r\n".join(rows))
    assert result.output.splitlines() == ["different reject", "unclear ask", "unclear ask"]


def test_a_table_on_stdin_is_answered_as_json_lines(sync: Sync, away: tuple[str, str]) -> None:
    """One object a line: names, decision, reasons and both names taken apart."""
    result = sync(*away, "match", "--pairs", "-", "--json", typed=HEAD + ROWS[1] + "\n")
    found = [json.loads(line) for line in result.output.splitlines()]
    assert [(row["names"], row["decision"]) for row in found] == [("version", "reject")]
    assert found[0]["parsed_a"]["version"] == "foo remix"
    assert found[0]["parsed_a"]["artists"] == ["sully"]
    assert any("foo remix" in reason for reason in found[0]["reasons"])


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("a\tc\nx\ty\n", "no column `b`"),
        ("", "no column `a`"),
        ("a\tb\nx\n", "line 2 has one column only"),
        ("a\tb\tduration_a_s\nx\ty\tlong\n", "line 2: `long` is no duration"),
        ("a\tb\tduration_a_s\nx\ty\tinf\n", "line 2: `inf` is no duration"),
    ],
)
def test_a_table_that_is_none_is_refused_with_what_it_should_be(
    sync: Sync, away: tuple[str, str], table: str, said: str
) -> None:
    """A clear message with the line, and what a table is."""
    with pytest.raises(UsageError, match=said) as refused:
        sync(*away, "match", "--pairs", "-", typed=table)
    assert "duration_a_s" in refused.value.hint or "seconds" in refused.value.hint


def test_two_names_are_explained(sync: Sync, away: tuple[str, str]) -> None:
    """What each was understood as, what each piece of evidence adds, and the decision in plain words."""
    said = sync(*away, "match", "01 Lunar Eclipse (Alix Perez Remix)", "Lunar Eclipse").output
    assert "alix perez remix" in said
    assert "names: version" in said
    assert "decision: reject (other version" in said
    assert said.rstrip().endswith("two recordings")


def test_equal_names_alone_are_asked_never_accepted(sync: Sync, away: tuple[str, str]) -> None:
    """F1: however equal two names are, they are no proof."""
    name = "Mr. Bill & Au5 - The Recency Effect"
    found = json.loads(sync(*away, "match", name, name, "--json").output)
    assert (found["judgement"]["names"], found["judgement"]["decision"]) == ("same", "ask")


TUNE = "0.4*sin(2*PI*t*220*pow(2\\,floor(12*abs(sin(floor(t*3)*{seed}.7)))/12))"
BASS = "0.3*sin(2*PI*t*110*pow(2\\,floor(7*abs(sin(floor(t*2)*{seed}.3)))/12))"


def tune(ffmpeg: Path, path: Path, *, seed: int) -> Path:
    """Give a file of half a minute of notes; another seed, other notes."""
    sound = f"aevalsrc={TUNE}+{BASS}:s=44100:d=30".replace("{seed}", str(seed))
    path.parent.mkdir(exist_ok=True)
    subprocess.run([ffmpeg, "-nostdin", "-v", "error", "-f", "lavfi", "-i", sound, "-y", path], check=True)
    return path


def test_two_files_are_compared_by_what_they_sound_like(
    sync: Sync, away: tuple[str, str], tmp_path: Path, ffmpeg: Path
) -> None:
    """F7: one sound in two formats is one recording; another sound is not, whatever the names say."""
    name = "Sully - I Need You"
    original = tune(ffmpeg, tmp_path / f"{name}.wav", seed=3)
    copy = tmp_path / f"{name}.m4a"
    subprocess.run([ffmpeg, "-nostdin", "-v", "error", "-i", original, "-b:a", "128k", "-y", copy], check=True)
    other = tune(ffmpeg, tmp_path / "other" / f"{name}.wav", seed=8)
    same = json.loads(sync(*away, "match", str(original), str(copy), "--json").output)["judgement"]
    assert (same["names"], same["decision"], same["rule"]) == ("same", "accept", "same_audio")
    different = json.loads(sync(*away, "match", str(original), str(other), "--json").output)["judgement"]
    assert (different["names"], different["decision"], different["rule"]) == ("same", "reject", "other_audio")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("notes.wav", "A name"), "is no file"),
        (("notes.wav", "notes.wav"), "cannot be heard"),
        (("--pairs", "none.tsv"), "cannot read"),
    ],
)
def test_what_cannot_be_compared_is_said(
    sync: Sync, away: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    """A file against a name, a file that is no audio, a table that is not there: each with a hint."""
    (tmp_path / "notes.wav").write_text("no audio", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=said) as refused:
        sync(*away, "match", *arguments)
    assert refused.value.hint


def test_one_name_alone_is_no_pair_and_a_name_may_be_longer_than_a_path(sync: Sync, away: tuple[str, str]) -> None:
    """The usage exit code; and no crash over what a file system would refuse."""
    assert sync(*away, "match", "A name").exit_code == 2
    assert sync(*away, "match", "A", "B", "--pairs", "-").exit_code == 2
    assert sync(*away, "match", "x" * 5000, "y").exit_code == 0
