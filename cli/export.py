"""`sync export`: the journal as JSON Lines."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from cli.command import declare_command, emit_json
from cli.invocation import Invocation


@declare_command("export", "sync export crate.jsonl")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True), default="-")
def command(invocation: Invocation, file: Path, *, as_json: bool) -> None:
    """Write every event to FILE, or to standard output, byte for byte; `sync import` reads it back."""
    from engine.wiring.keeping import export

    lines = export(invocation.settings())
    if str(file) == "-":
        for line in lines:
            sys.stdout.buffer.write(line)
        return
    from engine.workflows.exchange import write_whole

    written = write_whole(file.expanduser(), lines)
    if as_json:
        emit_json({"file": str(file), "lines": written})
        return
    click.echo(f"wrote {written:,} lines to {file}")
