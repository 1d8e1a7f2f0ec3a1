"""`sync review`: a person decides whether two things are one recording, one key each; or from a script."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from cli.command import declare_command, emit_json
from cli.invocation import Invocation

if TYPE_CHECKING:
    from engine.ports import Journal
    from engine.workflows.review import Answered, OpenQuestion

NEEDS_PERSON = 21
WORDS = ("same", "different", "instead", "never", "later")
KEYS = {word[0]: word for word in WORDS}


@declare_command("review", "sync review; sync review qhgmwf3g --answer different")
@click.argument("question", required=False)
@click.option("--answer", "said", type=click.Choice(WORDS), help="Answer QUESTION.")
@click.option("--reason", default="", metavar="TEXT", help="Your own words, kept with the answer.")
@click.option("--undo", is_flag=True, help="Take the answer to QUESTION back; the last answer without one.")
@click.option("--list", "as_list", is_flag=True, help="List the questions and ask nothing.")
@click.pass_context
def command(
    ctx: click.Context,
    invocation: Invocation,
    question: str | None,
    said: str | None,
    reason: str,
    *,
    undo: bool,
    as_list: bool,
    as_json: bool,
) -> None:
    """Say whether two things are one recording, where evidence cannot.

    On a terminal one question at a time, one key each. Until you answer, the newer one is not fetched and gets no row
    and no item. Answers outlive every scan and every change of rules, and can be taken back.
    """
    _sensible(question, said, undo=undo)
    journal = invocation.app().journal
    if said is not None and question is not None:
        _answer(journal, question, said, reason, as_json=as_json)
    elif undo:
        _take_back(journal, question, reason, as_json=as_json)
    else:
        ctx.exit(NEEDS_PERSON if _review(journal, question, as_list=as_list, as_json=as_json) else 0)


def _sensible(question: str | None, said: str | None, *, undo: bool) -> None:
    if said is not None and (undo or question is None):
        what = "give --answer or --undo, not both" if undo else "say which question the answer is to"
        raise click.UsageError(f"{what}: sync review QUESTION --answer {said}")


def _answer(journal: Journal, question: str, said: str, reason: str, *, as_json: bool) -> None:
    from engine.workflows.review import answer

    _emit(answer(journal, question, said, reason), as_json=as_json)


def _take_back(journal: Journal, question: str | None, reason: str, *, as_json: bool) -> None:
    from engine.workflows.review import take_back

    _emit(take_back(journal, question, reason), as_json=as_json)


def _emit(done: Answered, *, as_json: bool) -> None:
    if as_json:
        emit_json(done)
        return
    from cli.render.review import answered_text

    click.echo(answered_text(done))


def _review(journal: Journal, question: str | None, *, as_list: bool, as_json: bool) -> int:
    """Show or ask what waits, and give how many questions wait after that."""
    from engine.workflows.questions import open_count
    from engine.workflows.review import open_questions, question_named

    found = open_questions(journal)
    if question is not None:
        found = (question_named(found, question),)
    if as_json:
        emit_json({"questions": found})
    elif as_list or not found or not _is_terminal():
        from cli.render.review import questions_text

        click.echo(questions_text(found))
    else:
        Asking(journal, found).ask()
        return open_count(journal)
    return len(found)


def _is_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


class Asking:
    """Asks questions one by one; every answer is recorded at once, so that nothing is lost by leaving.

    Args:
        journal: where answers are recorded.
        questions: what to ask, in order.
        read_key: gives the next key; the one seam through which keys come.
        launch: opens an address for the person.
    """

    def __init__(
        self,
        journal: Journal,
        questions: tuple[OpenQuestion, ...],
        *,
        read_key: Callable[[], str] = click.getchar,
        launch: Callable[[str], object] = click.launch,
    ) -> None:
        self._journal = journal
        self._questions = list(questions)
        self._read_key = read_key
        self._launch = launch
        self._place = 0
        self._answered: list[int] = []  # places, the last answer last

    def ask(self) -> None:
        """Ask until everything was asked or the person leaves."""
        from cli.render.review import left_text, question_text
        from engine.workflows.questions import open_count
        from engine.workflows.review import still_waits

        while self._place < len(self._questions):
            shown = self._questions[self._place]
            if not still_waits(self._journal, shown.question_id):
                self._place += 1
                continue
            click.echo("\n" + question_text(shown, self._place + 1, len(self._questions)))
            if not self._heed(shown):
                break
        click.echo(left_text(open_count(self._journal)))

    def _heed(self, shown: OpenQuestion) -> bool:
        """Take keys until one answers, goes back or leaves; gives whether to go on."""
        from cli.render.review import HELP

        while True:
            key = self._key()
            if key == "q":
                return False
            if key in KEYS:
                if self._give(shown, KEYS[key]):
                    return True
            elif key == "u":
                if self._undo():
                    return True
            elif key == "o":
                self._open(shown)
            else:
                click.echo(HELP)

    def _key(self) -> str:
        try:
            return self._read_key().lower()
        except (EOFError, KeyboardInterrupt):
            return "q"

    def _give(self, shown: OpenQuestion, word: str) -> bool:
        from cli.render.review import answered_text
        from engine.domain.errors import UsageError
        from engine.workflows.review import answer

        try:
            done = answer(self._journal, shown.question_id, word)
        except UsageError as error:
            click.echo(f"{error.detail}\n{error.hint}".rstrip())
            return False
        click.echo(answered_text(done, brief=True))
        self._answered.append(self._place)
        self._place += 1
        return True

    def _undo(self) -> bool:
        from cli.render.review import answered_text
        from engine.domain.errors import UsageError
        from engine.workflows.review import open_questions, take_back

        place = self._answered.pop() if self._answered else None
        try:
            done = take_back(self._journal, None if place is None else self._questions[place].question_id)
        except UsageError as error:
            click.echo(error.detail)
            return False
        click.echo(answered_text(done, brief=True))
        if place is None:
            again = [row for row in open_questions(self._journal) if row.question_id == done.key]
            self._questions[self._place : self._place] = again
        else:
            self._place = place
        return True

    def _open(self, shown: OpenQuestion) -> None:
        addresses = [side.url for side in (shown.newer, shown.older) if side.url.startswith(("https://", "http://"))]
        for address in addresses:
            self._launch(address)
        click.echo(f"opened {len(addresses)} of 2")
