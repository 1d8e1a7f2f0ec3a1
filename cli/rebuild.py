"""`sync rebuild`: fold the journal again and put the result in place."""

from __future__ import annotations

import click

from cli.command import declare_command, emit_json
from cli.invocation import Invocation


@declare_command("rebuild", "sync rebuild")
def command(invocation: Invocation, *, as_json: bool) -> None:
    """Fold every event again and swap the rows, in one transaction."""
    from engine.wiring.keeping import rebuild

    app = invocation.app()
    found = rebuild(app.settings, app.reached)
    if as_json:
        emit_json(found)
        return
    click.echo(f"rebuilt {len(found.digests)} projections from {found.head_seq:,} events")
