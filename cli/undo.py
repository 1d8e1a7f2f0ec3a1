"""`sync undo`: take back what a run, an action or a decision did."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from cli.command import declare_command, emit_json
from cli.invocation import Invocation
from cli.signals import finishing_gently
from cli.working import progress_of

if TYPE_CHECKING:
    from engine.wiring.app import App
    from engine.workflows.undo import Preview, Undone

NAMED_BY = ("sightings", "recordings", "playlists")


@declare_command("undo", "sync undo last --dry-run")
@click.argument("thing", metavar="RUN|ACTION|EVENT|QUESTION")
@click.option("--dry-run", is_flag=True, help="Show what would be undone, from what was last seen; change nothing.")
@click.option("--allow-removals", type=click.IntRange(min=0), default=0, metavar="N", help="For this undo only.")
@click.option("--yes", is_flag=True, help="Do not ask before things go to a trash.")
@click.option("--workers", type=click.IntRange(min=1), metavar="N", help="Actions under way at once.")
@click.pass_context
def command(
    ctx: click.Context,
    invocation: Invocation,
    thing: str,
    allow_removals: int,
    workers: int | None,
    *,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Take back what was done, as far as nobody changed it since. What is undone is not done again by itself.

    Takes the id of a run or an action or the start of one, `last` for the last run that changed anything, the number
    of the event of a decision, such as a dismissal, or the id of a question, for its last answer. An undo is a run:
    undo it to have everything back.
    """
    from engine.workflows.undo import preview, undo

    app = invocation.app({"limits.workers": workers})
    found = preview(app.world(), thing, allow_removals)
    if dry_run or found.idle or not found.undoing.allowed:
        _show(app, found, as_json=as_json)
        ctx.exit(0 if dry_run else int(found.exit_code))
    if not _agreed(app, found, yes=yes):
        click.echo("nothing was done", err=True)
        ctx.exit(0)
    app.progress = progress_of(app)
    with finishing_gently(app.stop):
        result = undo(app.world(), found.meant, allow_removals)
    _finish(app, result, as_json=as_json)
    ctx.exit(int(result.exit_code))


def _agreed(app: App, found: Preview, *, yes: bool) -> bool:
    """Ask before anything goes to a trash, where somebody is there to be asked."""
    removals = found.undoing.removals
    if yes or not removals or not sys.stdin.isatty():
        return True
    _show(app, found, as_json=False, err=True)
    return click.confirm(f"{removals} to a trash. Go on?", err=True)


def _show(app: App, found: Preview, *, as_json: bool, err: bool = False) -> None:
    if as_json:
        emit_json({"meant": found.meant, "undoing": found.undoing})
        return
    from cli.render.undo import undoing_text
    from engine.workflows.lookup import thing_label

    state = app.journal.state(only=NAMED_BY)
    click.echo(undoing_text(found.meant, found.undoing, lambda key: thing_label(state, key)), err=err)


def _finish(app: App, result: Undone, *, as_json: bool) -> None:
    """Show what was undone and what was not, and the run's report, made from the journal."""
    from engine.workflows.report import report

    told = report(app.journal, result.run_id, result.problems)
    if as_json:
        emit_json(
            {
                "exit_code": int(result.exit_code),
                "meant": result.meant,
                "undoing": result.undoing,
                "remaining": result.remaining,
                "report": told,
            }
        )
        return
    from cli.render.report import report_text
    from cli.render.undo import undone_text
    from engine.workflows.lookup import thing_label

    state = app.journal.state(only=NAMED_BY)
    click.echo(undone_text(result, lambda key: thing_label(state, key)))
    click.echo("\n" + report_text(told))
    click.echo(f"to have it all back: sync undo {result.run_id}")
