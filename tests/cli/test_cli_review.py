"""`sync review`: asked on a terminal by keys, answered from scripts by words, shown as text and as JSON."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
import termios
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result

from cli.render.review import question_text
from cli.review import Asking
from engine.domain.envelope import Draft, Origin
from engine.domain.errors import UsageError
from engine.domain.events import Event, Evidence, MatchAsked
from engine.domain.references import question_id, recording_id
from engine.settings.load import load
from engine.wiring.app import App
from engine.workflows.review import answer, open_questions, take_back
from tests.fakes.crate import FIRST, FIRST_ID, SECOND_ID, crate, linked, seen
from tests.fakes.memory_journal import MemoryJournal

Sync = Callable[..., Result]
THIRD = "soundcloud:track:3"
THIRD_ID = recording_id(THIRD)
PROGRAM_S_MAX = 60.0


def asked(newer: str, older: str) -> MatchAsked:
    """Ask whether two recordings are one."""
    return MatchAsked(
        question_id=question_id(newer, older),
        newer=newer,
        older=older,
        names="same",
        score=2.5,
        evidence=(
            Evidence(feature="title", weight=2.5, detail="“first light”"),
            Evidence(feature="duration", weight=-1.0, detail="61 s and 63 s"),
        ),
        policy_version="1",
    )


QUESTION, OTHER = question_id(SECOND_ID, FIRST_ID), question_id(THIRD_ID, FIRST_ID)
MORE: tuple[Event, ...] = (
    seen(THIRD, "First Light (Live)", artist=None),
    linked(THIRD),
    asked(SECOND_ID, FIRST_ID),
    asked(THIRD_ID, FIRST_ID),
)


@pytest.fixture
def asking_home(home: Path) -> Path:
    """Give a home in which two questions wait."""
    app = App(settings=load(home=home, environ={}))
    app.journal.append([Draft(event=event) for event in MORE], Origin(actor="engine"))
    app.close()
    return home


@pytest.mark.usefixtures("asking_home")
def test_questions_are_listed_where_nobody_can_press_a_key(sync: Sync) -> None:
    """P17: with both sides, the evidence and the words to answer with; 21 while any waits."""
    result = sync("review")
    assert result.exit_code == 21
    assert "new  Ada – Second Wind · 1:01 · soundcloud" in result.output
    assert "old  Ada – First Light · 1:01 · soundcloud · pcm_s24be" in result.output
    assert " +2.5  title: “first light”" in result.output
    assert f"→ sync review {QUESTION} --answer same | different | instead | never | later" in result.output
    assert "2 questions; `sync review` asks them one by one on a terminal" in result.output
    assert sync("review", "--list").output == result.output
    one = sync("review", QUESTION[:8]).output
    assert QUESTION in one
    assert OTHER not in one


@pytest.mark.usefixtures("asking_home")
def test_questions_are_json(sync: Sync) -> None:
    """docs/json.md: everything that is shown, and what each answer would do."""
    result = sync("review", "--json")
    assert result.exit_code == 21
    first = json.loads(result.output)["questions"][0]
    assert (first["question_id"], first["names"], first["later"]) == (QUESTION, "same", False)
    assert first["newer"]["label"] == "Ada – Second Wind"
    assert [option["answer"] for option in first["options"]] == ["same", "different", "instead", "never", "later"]


@pytest.mark.usefixtures("asking_home")
def test_a_question_is_answered_and_taken_back_by_words(sync: Sync) -> None:
    """P17: from a script; what followed is said."""
    result = sync("review", QUESTION[:8], "--answer", "same", "--reason", "heard both")
    assert result.exit_code == 0
    assert "answered: “Ada – Second Wind” is “Ada – First Light” (event" in result.output
    assert "“Ada – Second Wind” counts for “Ada – First Light”" in result.output
    assert "next: sync reconcile" in result.output
    assert "answered already" in sync("review", QUESTION, "--answer", "same").output
    assert "heard both" in sync("why", "second wind").output
    done = json.loads(sync("review", "--undo", "--json").output)
    assert (done["what"], done["key"]) == ("taken back", QUESTION)
    assert "taken back already" in sync("review", QUESTION, "--undo").output
    assert sync("review", OTHER, "--answer", "never").exit_code == 0
    assert sync("review", QUESTION, "--answer", "different").exit_code == 0
    assert sync("review").output == "no questions\n"
    assert sync("review").exit_code == 0


@pytest.mark.usefixtures("asking_home")
def test_what_cannot_be_meant_is_a_usage_fault(sync: Sync) -> None:
    """Design §12: with the way to say it."""
    assert "which question" in sync("review", "--answer", "same").output
    assert "not both" in sync("review", QUESTION, "--answer", "same", "--undo").output
    with pytest.raises(UsageError):
        sync("review", "nothing")
    with pytest.raises(UsageError):
        sync("review", "--undo")


@pytest.mark.usefixtures("asking_home")
def test_status_report_and_plan_say_that_questions_wait(sync: Sync) -> None:
    """P17: nobody has to know the command to find it."""
    status = sync("status").output
    assert "questions      2" in status
    assert "answer 2 questions: sync review" in status
    assert "2 to answer: sync review" in sync("report").output
    assert json.loads(sync("report", "--json").output)["open_questions"] == 2
    assert "question" in sync("why", QUESTION).output


def journal() -> MemoryJournal:
    """Give a journal in which two questions wait."""
    return MemoryJournal(*crate(), *MORE)


def keys(pressed: str) -> Callable[[], str]:
    """Give keys one by one, then the end of input."""
    left: Iterator[str] = iter(pressed)

    def read() -> str:
        for key in left:
            return key
        raise EOFError

    return read


def pressing(pressed: str, at: MemoryJournal, launched: list[str] | None = None) -> None:
    """Review by keys."""
    opened = [] if launched is None else launched
    Asking(at, open_questions(at), read_key=keys(pressed), launch=opened.append).ask()


def waits(at: MemoryJournal) -> list[str]:
    """Give the questions that wait."""
    return [row.question_id for row in open_questions(at)]


def test_one_key_answers_and_the_next_question_comes(capsys: pytest.CaptureFixture[str]) -> None:
    """P17: every answer is an event of its own, told at once."""
    held = journal()
    pressing("Sd", held)
    assert waits(held) == []
    told = capsys.readouterr().out
    assert "1 of 2: one recording?" in told
    assert "2 of 2: one recording?" in told
    assert told.endswith("no question waits\nnext: sync reconcile\n")


@pytest.mark.parametrize("pressed", ["s", "sq", "s\x03"])
def test_leaving_in_the_middle_keeps_what_was_answered(pressed: str, capsys: pytest.CaptureFixture[str]) -> None:
    """I28: the end of input and Ctrl-C leave as `q` does."""
    held = journal()
    interrupted = keys(pressed)

    def read() -> str:
        if (key := interrupted()) == "\x03":
            raise KeyboardInterrupt
        return key

    Asking(held, open_questions(held), read_key=read).ask()
    assert waits(held) == [OTHER]
    assert "1 question waits" in capsys.readouterr().out


def test_other_keys_explain_the_keys(capsys: pytest.CaptureFixture[str]) -> None:
    """P17: nothing happens by mistake."""
    held = journal()
    pressing("?xq", held)
    assert capsys.readouterr().out.count("l  later, after the others") == 2
    assert len(waits(held)) == 2


def test_later_comes_after_the_others_and_can_be_answered_next_time(capsys: pytest.CaptureFixture[str]) -> None:
    """P17: put off is said when it comes back."""
    held = journal()
    pressing("lq", held)
    assert waits(held) == [OTHER, QUESTION]
    pressing("nq", held)
    assert "(put off before)" in capsys.readouterr().out


def test_undo_goes_back_to_the_question(capsys: pytest.CaptureFixture[str]) -> None:
    """P17: first the answers of this session, then the last one before it, then there is nothing left."""
    held = journal()
    pressing("su", held)
    assert waits(held) == [QUESTION, OTHER]
    assert capsys.readouterr().out.count("1 of 2") == 2
    answer(held, QUESTION, "same")
    pressing("uuq", held)
    told = capsys.readouterr().out
    assert "2 of 2" not in told.partition("taken back")[0]
    assert "nothing has been answered yet" in told
    assert waits(held) == [QUESTION, OTHER]


def test_what_follows_from_an_answer_is_not_asked(capsys: pytest.CaptureFixture[str]) -> None:
    """Design §5: B is A and C is A, so nobody asks whether C is B."""
    held = MemoryJournal(*crate(), *MORE, asked(THIRD_ID, SECOND_ID))
    pressing("si", held)
    assert waits(held) == []
    assert "3 of 3" not in capsys.readouterr().out


def test_an_answer_that_cannot_be_is_explained_and_another_taken(capsys: pytest.CaptureFixture[str]) -> None:
    """P2: a contradiction is refused, with what was said before."""
    held = MemoryJournal(*crate(), *MORE, asked(THIRD_ID, SECOND_ID))
    shown = open_questions(held)
    answer(held, QUESTION, "same")
    answer(held, OTHER, "same")
    held.append([Draft(event=asked(THIRD_ID, SECOND_ID))], Origin(actor="engine"))  # a rule that did not look
    Asking(held, shown, read_key=keys("ds")).ask()
    told = capsys.readouterr().out
    assert "contradicts what you answered" in told
    assert "take one of these back first" in told
    assert "different: that contradicts" in question_text(open_questions(_reasked(held))[0], 1, 1)


def _reasked(held: MemoryJournal) -> MemoryJournal:
    take_back(held, question_id(THIRD_ID, SECOND_ID))
    held.append([Draft(event=asked(THIRD_ID, SECOND_ID))], Origin(actor="engine"))
    return held


def test_links_are_opened(capsys: pytest.CaptureFixture[str]) -> None:
    """P17: to hear both; what is no web address is not handed on."""
    held, launched = journal(), list[str]()
    pressing("oq", held, launched)
    assert launched == ["https://soundcloud.com/crew/second-wind", "https://soundcloud.com/crew/first-light"]
    assert "opened 2 of 2" in capsys.readouterr().out


@pytest.mark.parametrize("columns", ["200", "80", "40"])
def test_a_question_fits_its_terminal(columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """G10: side by side, one below the other where that is too narrow; nothing is cut, nothing steers the terminal."""
    monkeypatch.setenv("COLUMNS", columns)
    held = MemoryJournal(*crate(), *MORE, seen(FIRST, "First Light \x1b[31m" + "very " * 30 + "long"))
    text = question_text(open_questions(held)[0], 1, 2)
    assert "\x1b" not in text
    assert "long" in text
    assert columns == "40" or all(len(line) <= int(columns) for line in text.splitlines())
    assert ("title ≠" in text) is (columns == "40")


def read_until(terminal: int, wanted: str) -> str:
    """Read what the program shows until a text appears."""
    told = ""
    while wanted not in told:
        ready, _, _ = select.select([terminal], [], [], PROGRAM_S_MAX)
        assert ready, told
        told += os.read(terminal, 65536).decode(errors="replace")
    return told


def press(terminal: int, key: bytes) -> None:
    """Press a key once the program takes single keys; what is typed before that is thrown away."""
    while termios.tcgetattr(terminal)[3] & termios.ICANON:
        select.select([], [], [], 0.01)
    os.write(terminal, key)


def test_a_real_terminal_asks_and_a_key_answers(asking_home: Path) -> None:
    """P17: the program as a person has it: a terminal, one key each, `q` leaves with 21."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "NO_COLOR": "1", "TERM": "xterm", "COLUMNS": "100", "LINES": "40"}
    call = [sys.executable, "-m", "cli", "--home", str(asking_home), "review"]
    program = subprocess.Popen(
        call, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True
    )
    os.close(theirs)
    try:
        shown = read_until(ours, "[q]uit")
        press(ours, b"d")
        then = read_until(ours, "[q]uit")
        press(ours, b"q")
        left = read_until(ours, "next: sync review")
        assert program.wait(PROGRAM_S_MAX) == 21
    finally:
        program.kill()
        program.wait()
    os.close(ours)
    assert "1 of 2: one recording?" in shown
    assert "\x1b[" not in shown
    assert "answered: “Ada – Second Wind” is not “Ada – First Light”" in then
    assert "1 question waits" in left
