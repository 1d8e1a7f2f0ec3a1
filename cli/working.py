"""What the commands that do work share: progress while somebody looks, and the report at the end."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from cli.command import emit_json

if TYPE_CHECKING:
    from engine.ports import Progress
    from engine.wiring.app import App
    from engine.workflows.reconcile import Reconciled


def progress_of(app: App) -> Progress:
    """Give progress on stderr when it is a terminal, none otherwise."""
    if not sys.stderr.isatty():
        return app.progress
    from cli.render.progress import TerminalProgress

    return TerminalProgress(colours=not app.settings.process.no_color)


def finish(ctx: click.Context, app: App, result: Reconciled, *, as_json: bool) -> None:
    """Show the run's report, made from the journal, and end with its exit code."""
    from engine.workflows.report import report

    found = report(app.journal, result.run_id, result.problems)
    if as_json:
        problems = dict(sorted(result.problems.items()))
        emit_json(
            {"exit_code": int(result.exit_code), "settled": result.settled, "problems": problems, "report": found}
        )
    else:
        from cli.render.report import report_text

        click.echo(report_text(found))
    ctx.exit(int(result.exit_code))
