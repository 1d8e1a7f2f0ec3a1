"""`sync status`: where everything stands."""

from __future__ import annotations

import click

from cli.command import at_option, declare_command, emit_json, read_state
from cli.invocation import Invocation


@declare_command("status", "sync status --at 2026-05-01T18:30")
@at_option
def command(invocation: Invocation, at: str | None, *, as_json: bool) -> None:
    """Show where everything stands: recordings, files, targets, what is open and what to do next."""
    from engine.workflows.status import READS, status, status_now

    app = invocation.app()
    now_us = app.clock.now_us()
    found = status(read_state(app, at, READS), now_us) if at else status_now(app.journal, now_us)
    if as_json:
        emit_json(found)
        return
    from cli.render.status import status_text

    click.echo(status_text(found))
