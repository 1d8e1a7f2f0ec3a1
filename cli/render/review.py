"""Questions as text: side by side for a person at a terminal, one after the other for everybody else."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator

from cli.render.table import clean, colours
from cli.render.words import length, many
from engine.workflows.review import Answered, OpenQuestion
from engine.workflows.sides import Side

WIDTH_MAX = 140
"""Wider lines are not read side by side any more."""

STACKED_BELOW = 60
"""On narrower terminals the two sides stand one below the other."""

HELP = (
    "  s  same: one recording         d  different: two recordings\n"
    "  i  this version instead        n  never fetch the new one\n"
    "  l  later, after the others     o  open both in the browser\n"
    "  u  take the last answer back   q  leave; every answer is kept"
)
_KEYS = "[s]ame [d]ifferent [i]nstead [n]ever [l]ater [o]pen [u]ndo [?] [q]uit"
_COMPARED = frozenset({"title", "artist", "album", "length", "ISRC", "released"})


def question_text(found: OpenQuestion, place: int, total: int) -> str:
    """Give one question with its evidence side by side, as wide as the terminal."""
    width = min(shutil.get_terminal_size().columns, WIDTH_MAX)
    head = f"{place} of {total}: one recording?  {_names(found)}, evidence {found.score:+.1f}"
    again = "  (put off before)" if found.later else ""
    impossible = [f"  {option.answer}: {clean(option.effect)}" for option in found.options if not option.possible]
    return "\n".join((head + again, _sides(found, width), *_evidence(found), *impossible, _KEYS))


def questions_text(found: tuple[OpenQuestion, ...]) -> str:
    """Give each question with its evidence and how to answer it."""
    if not found:
        return "no questions"
    count = many(len(found), "question")
    return "\n\n".join((*(_told(row) for row in found), f"{count}; `sync review` asks them one by one on a terminal"))


def answered_text(done: Answered, *, brief: bool = False) -> str:
    """Say what was answered, what followed, and what comes next."""
    if done.seq is None:
        return f"{done.what} already: {clean(done.label)}"
    told = f"{done.what}: {clean(done.label)}" + ("" if brief else f" (event {done.seq})")
    follows = [] if brief else [f"  {clean(line)}" for line in done.follows]
    return "\n".join((told, *follows, *([] if brief else ["next: sync reconcile"])))


def left_text(count: int) -> str:
    """Say how many questions wait, and what comes next."""
    if not count:
        return "no question waits\nnext: sync reconcile"
    return f"{many(count, 'question waits', 'questions wait')}\nnext: sync review; what is answered: sync reconcile"


def _told(row: OpenQuestion) -> str:
    words = " | ".join(option.answer for option in row.options if option.possible)
    return "\n".join(
        (
            f"{row.question_id}  {_names(row)}, evidence {row.score:+.1f}",
            f"  new  {_line(row.newer)}",
            f"  old  {_line(row.older)}",
            *_evidence(row),
            f"  → sync review {row.question_id} --answer {words}",
        )
    )


def _names(row: OpenQuestion) -> str:
    return f"the names say {row.names}" if row.names else "you said so once"


def _line(side: Side) -> str:
    parts = (side.label, length(side.duration_ms), side.source, side.quality, side.url)
    return clean(" · ".join(part for part in parts if part))


def _evidence(row: OpenQuestion) -> Iterator[str]:
    for piece in row.evidence:
        yield f"  {piece.weight:+5.1f}  {clean(piece.feature)}: {clean(piece.detail)}"


def _facts(side: Side) -> Iterator[tuple[str, str]]:
    yield "title", side.title
    yield "artist", side.artist
    yield "album", side.album
    yield "length", length(side.duration_ms)
    yield "ISRC", side.isrc
    yield "released", side.released
    yield "seen in", side.source
    yield "state", side.availability.replace("_", " ")
    yield "file", " · ".join(part for part in (side.quality, side.path) if part)
    yield "playlists", ", ".join(side.playlists)
    yield "address", side.url


def _sides(found: OpenQuestion, width: int) -> str:
    rows = [
        (name, clean(new), clean(old), _mark(name, new, old))
        for (name, new), (_, old) in zip(_facts(found.newer), _facts(found.older), strict=True)
        if new or old
    ]
    if width < STACKED_BELOW:
        return "\n".join(_stacked(rows))
    return _side_by_side(rows, width)


def _mark(name: str, new: str, old: str) -> str:
    if name not in _COMPARED or not (new and old):
        return ""
    return "=" if new == old else "≠"


def _stacked(rows: list[tuple[str, str, str, str]]) -> Iterator[str]:
    for name, new, old, mark in rows:
        yield f"{name} {mark}".rstrip()
        yield f"  new  {new or '–'}"
        yield f"  old  {old or '–'}"


def _side_by_side(rows: list[tuple[str, str, str, str]], width: int) -> str:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    shown = Table(box=None, pad_edge=False, header_style="bold", expand=True)
    for name, ratio in (("", None), ("new", 1), ("", None), ("old", 1)):
        shown.add_column(name, ratio=ratio, overflow="fold", no_wrap=ratio is None)
    for name, new, old, mark in rows:
        shown.add_row(name, Text(new), mark, Text(old))
    out = io.StringIO()
    painted = colours()
    console = Console(
        file=out, width=width, force_terminal=painted, no_color=not painted, highlight=False, legacy_windows=False
    )
    console.print(shown)
    return "\n".join(line.rstrip() for line in out.getvalue().rstrip("\n").split("\n"))
