"""What could be had better, or from elsewhere, as text."""

from __future__ import annotations

from cli.render.table import table
from cli.render.words import many
from engine.workflows.upgrades import Offer


def upgrades_text(found: tuple[Offer, ...]) -> str:
    """Give a table of proposals, each with what takes it."""
    if not found:
        return "nothing is proposed"
    rows = [(each.proposal.kind, each.label, each.proposal.has, each.proposal.why, each.way) for each in found]
    head = ("what", "recording", "there is", "why", "next")
    return f"{table(head, rows)}\n\n{many(len(found), 'proposal')}; nothing is fetched until you take it"
