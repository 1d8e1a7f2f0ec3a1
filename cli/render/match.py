"""Two names or files side by side, what each piece of evidence adds, and the decision."""

from __future__ import annotations

import click

from cli.render.table import clean, colours, table
from engine.matching.things import Decision
from engine.workflows.match import Matched, Parts

_COLOURS = {Decision.ACCEPT: "green", Decision.ASK: "yellow", Decision.REJECT: "red"}
_MEANING = {
    Decision.ACCEPT: "one recording",
    Decision.ASK: "a person has to say: the evidence does not decide it",
    Decision.REJECT: "two recordings",
}


def matched_text(matched: Matched) -> str:
    """Give the two as they were understood, the evidence, and what follows."""
    said = matched.judgement
    understood = table(("", "a", "b"), _rows(matched.a, matched.b))
    evidence = table(("evidence", "adds", ""), [(e.feature, f"{e.weight:+g}", clean(e.detail)) for e in said.evidence])
    decision = click.style(said.decision, fg=_COLOURS[said.decision], bold=True) if colours() else said.decision
    verdict = f"names: {said.names}\ndecision: {decision} ({said.rule.replace('_', ' ')}, score {said.score:g}): "
    return f"{understood}\n\n{evidence}\n\n{verdict}{_MEANING[said.decision]}"


def _rows(a: Parts, b: Parts) -> list[tuple[str, str, str]]:
    pairs = (
        ("name", a.text, b.text),
        ("artists", ", ".join(a.artists), ", ".join(b.artists)),
        ("title", a.title, b.title),
        ("version", a.version, b.version),
        ("part", a.part, b.part),
        ("guests", a.featured, b.featured),
        ("album", a.album, b.album),
        ("also says", a.extra, b.extra),
        ("left out", ", ".join(a.noise), ", ".join(b.noise)),
    )
    return [(name, clean(one), clean(other)) for name, one, other in pairs if one or other]
