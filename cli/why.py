"""`sync why`: the story of one thing."""

from __future__ import annotations

import click

from cli.command import at_option, declare_command, emit_json, read_state, thing_argument
from cli.invocation import Invocation


@declare_command("why", "sync why ~/Music/Crate/Artist/Title.aiff")
@thing_argument
@at_option
def command(invocation: Invocation, thing: tuple[str, ...], at: str | None, *, as_json: bool) -> None:
    """Tell what happened to a THING and what led to it.

    A THING is a title, a source ref, an address, a file's path, a Notion page, an Eagle item, or the start of an id.
    """
    from engine.workflows.why import why

    app = invocation.app()
    story = why(app.journal, read_state(app, at), " ".join(thing))
    if as_json:
        emit_json(story)
        return
    from cli.render.history import story_text

    click.echo(story_text(story))
