"""`sync tracks`: the recordings."""

from __future__ import annotations

import click

from cli.command import at_option, declare_command, emit_json, read_state
from cli.invocation import Invocation


@declare_command("tracks", "sync tracks --missing boards of canada")
@click.argument("words", nargs=-1)
@click.option("--missing", is_flag=True, help="Only those without a file.")
@click.option("--failed", is_flag=True, help="Only those with something the matter.")
@click.option("--availability", metavar="STATE", help="Only this state, such as geo_blocked or gone.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most N.")
@at_option
def command(
    invocation: Invocation,
    words: tuple[str, ...],
    availability: str | None,
    limit: int | None,
    at: str | None,
    *,
    missing: bool,
    failed: bool,
    as_json: bool,
) -> None:
    """List recordings whose artist and title hold every WORD."""
    from engine.workflows.tracks import TrackQuestion, tracks

    question = TrackQuestion(words=words, missing=missing, failed=failed, availability=availability, limit=limit)
    rows = tracks(read_state(invocation.app(), at), question)
    if as_json:
        emit_json({"tracks": rows})
        return
    from cli.render.music import tracks_text

    click.echo(tracks_text(rows))
