"""`sync backup`: a consistent copy of the journal."""

from __future__ import annotations

from pathlib import Path

import click

from cli.command import declare_command, emit_json
from cli.invocation import Invocation


@declare_command("backup", "sync backup ~/backups/cratelog-2026-05-01.sqlite3")
@click.argument("copy", type=click.Path(path_type=Path, dir_okay=False))
def command(invocation: Invocation, copy: Path, *, as_json: bool) -> None:
    """Copy the journal to the file COPY, also while it is in use; the copy is checked."""
    from engine.wiring.keeping import backup

    made = backup(invocation.settings(), copy.expanduser().absolute())
    if as_json:
        emit_json({"copy": str(made), "size_bytes": made.stat().st_size})
        return
    from cli.render.words import size

    click.echo(f"copied to {made} ({size(made.stat().st_size)})")
