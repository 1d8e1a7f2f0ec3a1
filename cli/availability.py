"""`sync availability`: when tracks could be had, and when they could not."""

from __future__ import annotations

import click

from cli.command import at_option, declare_command, emit_json, read_state
from cli.invocation import Invocation


@declare_command("availability", "sync availability --changed-since 7d")
@click.argument("track", nargs=-1)
@click.option("--changed-since", metavar="WHEN", help="Only what changed since 7d ago, yesterday, a date, a position.")
@click.option("--now", "state", metavar="STATE", help="Only what is so now, such as geo_blocked or gone.")
@at_option
def command(
    invocation: Invocation,
    track: tuple[str, ...],
    changed_since: str | None,
    state: str | None,
    at: str | None,
    *,
    as_json: bool,
) -> None:
    """Show what cannot be had and since when; of one TRACK, everything that was ever found out."""
    from engine.workflows.availability import AvailabilityQuestion, availability
    from engine.workflows.moment import time_of

    app = invocation.app()
    question = AvailabilityQuestion(thing=" ".join(track), changed_since=changed_since, now=state)
    known = read_state(app, at)
    found = availability(app.journal, known, question, time_of(app.journal, known) if at else app.clock.now_us())
    if as_json:
        emit_json(found)
        return
    from cli.render.availability import availability_text

    click.echo(availability_text(found, question))
