"""`sync sql`: questions to the journal."""

from __future__ import annotations

import click

from cli.command import declare_command, emit_json
from cli.invocation import Invocation

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
    """Answer QUESTION: the name of a shipped one, or a SELECT over v_event, v_track, v_action, v_run (docs/audit.md)."""
    from cli.render.answer import answer_text
    from engine.wiring import ask, questions
    from engine.workflows.audit import chosen, read_parameters

    shipped = {each.name: each for each in questions()}
    if listing or question is None:
        rows = [
            {"name": each.name, "answers": each.answers, "parameters": each.parameters} for each in shipped.values()
        ]
        _list(rows, as_json=as_json)
        return
    named = chosen(question, shipped)
    given = read_parameters(parameters, shipped[named].parameters if named else None)
    answer = ask(invocation.settings(), shipped[named].sql if named else question, given)
    click.echo(answer_text(answer, "json" if as_json else shape))
    if answer.cut:
        click.echo("cut: there are more rows; add a LIMIT or narrow the question", err=True)


def _list(rows: list[dict[str, object]], *, as_json: bool) -> None:
    if as_json:
        emit_json({"questions": rows})
        return
    from cli.render.table import table

    wanted = [" ".join(f"-p {name}=…" for name in _names(row["parameters"])) for row in rows]
    lines = [(row["name"], want, row["answers"]) for row, want in zip(rows, wanted, strict=True)]
    click.echo(table(("question", "parameters", "answers"), lines))


def _names(parameters: object) -> tuple[str, ...]:
    return tuple(str(name) for name in parameters) if isinstance(parameters, tuple) else ()
