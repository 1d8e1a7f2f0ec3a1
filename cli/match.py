"""`sync match`: ask directly whether two names or two files are one recording."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.command import declare_command, emit_json
from cli.invocation import Invocation

if TYPE_CHECKING:
    from engine.matching.things import Thing

SIDES = 2


@declare_command("match", 'sync match "Artist - Song (X Remix)" "Artist - Song"')
@click.argument("things", nargs=-1, metavar="[A B]")
@click.option("--pairs", type=click.Path(path_type=Path, allow_dash=True), help="A table of pairs; - reads stdin.")
def command(invocation: Invocation, things: tuple[str, ...], pairs: Path | None, *, as_json: bool) -> None:
    """Explain whether A and B are one recording: two names, or two audio files.

    With --pairs, a table with tabs and the columns a and b (and, if known, duration_a_s, duration_b_s, isrc_a,
    isrc_b, artist_a, artist_b) gives one line for each pair: what the names say (same, version, part, different,
    unclear) and what is decided over all that is given (accept, ask, reject). Needs no journal.
    """
    if (pairs is None) is (len(things) != SIDES):
        raise click.UsageError("give two names, two files, or --pairs FILE")
    if pairs is None:
        _explain(invocation, things[0], things[1], as_json=as_json)
    else:
        _print_pairs(invocation, pairs, as_json=as_json)


def _print_pairs(invocation: Invocation, pairs: Path, *, as_json: bool) -> None:
    import msgspec

    from engine.domain.errors import UsageError
    from engine.workflows.match import match_pairs

    try:
        with click.open_file(str(pairs), encoding="utf-8", errors="replace") as lines:
            for line in match_pairs(lines, invocation.app().policy.matching):
                click.echo(msgspec.json.encode(line).decode() if as_json else f"{line.names} {line.decision}")
    except OSError as error:
        raise UsageError(
            f"cannot read {pairs}: {error.strerror}", hint="--pairs takes a file, or - for stdin"
        ) from error


def _explain(invocation: Invocation, one: str, other: str, *, as_json: bool) -> None:
    from engine.workflows.match import match_things

    policy = invocation.app().policy.matching
    matched = match_things(*_both(invocation, one, other), policy)
    if as_json:
        emit_json(matched)
        return
    from cli.render.match import matched_text

    click.echo(matched_text(matched))


def _both(invocation: Invocation, one: str, other: str) -> tuple[Thing, Thing]:
    """Give both as files where both are files, else both as names."""
    from engine.domain.errors import UsageError
    from engine.domain.failure import Problem
    from engine.matching.things import Thing

    paths = [Path(text) for text in (one, other)]
    there = [_is_file(path) for path in paths]
    if not any(there):
        return Thing(key="a", title=one), Thing(key="b", title=other)
    if not all(there):
        lacking = paths[there.index(False)]
        raise UsageError(f"{lacking} is no file", hint="compare two files, or two names")
    from engine.wiring.hearing import listener

    listen = listener(invocation.app())
    heard = []
    for path in paths:
        thing = listen(path)
        if isinstance(thing, Problem):
            raise UsageError(f"{path} cannot be heard: {thing.detail}", hint=thing.hint or "is it a whole audio file?")
        heard.append(thing)
    return heard[0], heard[1]


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False  # a name may be longer than any path
