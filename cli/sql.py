"""`sync sql`: questions to the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.command import declare_command, emit_json
from cli.invocation import Invocation

if TYPE_CHECKING:
    from engine.journal.audit.reader import Question

SHAPES = ("table", "csv", "json", "markdown")


@declare_command("sql", "sync sql track_history -p thing=Roygbiv")
@click.argument("question", required=False)
@click.option("--list", "listing", is_flag=True, help="List the questions that are shipped.")
@click.option("--format", "shape", type=click.Choice(SHAPES), default="table", show_default=True, help="How to print.")
@click.option("-p", "--parameter", "parameters", multiple=True, metavar="NAME=VALUE", help="A parameter; repeatable.")
def command(
    invocation: Invocation,
    question: str | None,
    shape: str,
    parameters: tuple[str, ...],
    *,
    listing: bool,
    as_json: bool,
) -> None:
    """Answer QUESTION: a shipped one's name, or a SELECT over v_event, v_track, v_action, v_run (docs/audit.md)."""
    from cli.render.answer import answer_text
    from engine.wiring.keeping import ask, questions
    from engine.workflows.audit import chosen, read_parameters

    shipped = {each.name: each for each in questions()}
    if listing or question is None:
        _list(tuple(shipped.values()), as_json=as_json)
        return
    named = chosen(question, shipped)
    given = read_parameters(parameters, shipped[named].parameters if named else None)
    answer = ask(invocation.settings(), shipped[named].sql if named else question, given)
    click.echo(answer_text(answer, "json" if as_json else shape))
    if answer.cut:
        click.echo("cut: there are more rows; add a LIMIT or narrow the question", err=True)


def _list(shipped: tuple[Question, ...], *, as_json: bool) -> None:
    if as_json:
        rows = [{"name": each.name, "answers": each.answers, "parameters": each.parameters} for each in shipped]
        emit_json({"questions": rows})
        return
    from cli.render.table import table

    lines = [(each.name, " ".join(f"-p {name}=…" for name in each.parameters), each.answers) for each in shipped]
    click.echo(table(("question", "parameters", "answers"), lines))
