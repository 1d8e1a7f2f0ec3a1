"""What is there more than once, as text."""

from __future__ import annotations

from cli.render.table import clean, table
from cli.render.words import many
from engine.reconciler.grouping import Cut, Proof
from engine.workflows.duplicates import TRASHES, DuplicateGroup, DuplicateReport, Member

GROUPS_SHOWN_MAX = 50
PAIRS_SHOWN_MAX = 10
ID_SHOWN = 8

_FATES = {
    "stays": "stays",
    "goes": "goes",
    "conflict": "conflict",
    "later": "goes later",
    "by hand": "by hand",
}


def duplicates_text(report: DuplicateReport, *, whole: bool, asked: int | None, out: str | None) -> str:
    """Give the groups, what was cut, what a person has to decide, and how to go on.

    Args:
        report: what was found.
        whole: whether to show every group and every pair, with all the evidence.
        asked: how many questions were opened; None when nobody asked for that.
        out: the file a plan was written to.
    """
    parts = [_summary(report)]
    shown = report.groups if whole else report.groups[:GROUPS_SHOWN_MAX]
    parts += [_group(number, group, whole=whole) for number, group in enumerate(shown, start=1)]
    if len(shown) < len(report.groups):
        parts.append(f"and {many(len(report.groups) - len(shown), 'group')} more; `sync -v duplicates` shows all")
    if report.cuts:
        parts.append(_cuts(report, whole=whole))
    if report.asked:
        parts.append(_asked(report, whole=whole))
    parts.append(_next(report, asked, out))
    return "\n\n".join(parts)


def _summary(report: DuplicateReport) -> str:
    compared = f"{many(report.compared, 'pair')} compared"
    if not report.groups:
        return f"nothing is there more than once that evidence shows ({compared})"
    goes = ", ".join(f"{count:,} to {TRASHES[place]}" for place, count in report.goes.items())
    return f"{many(len(report.groups), 'group')} ({compared}); a plan would move {goes or 'nothing'}"


def _group(number: int, group: DuplicateGroup, *, whole: bool) -> str:
    rules = ", ".join(rule.replace("_", " ") for rule in group.rules)
    lines = [f"{number}. {clean(group.label)} – {rules}", f"   {group.keeper} stays: {clean(group.why)}"]
    lines.append(table(("", "place", "where", "what", "why"), [_member(member) for member in group.members]))
    if whole:
        lines += [f"   {_proof(proof)}" for proof in group.proofs]
    return "\n".join(lines)


def _member(member: Member) -> tuple[str, str, str, str, str]:
    return (_FATES[member.fate], member.place, member.where, member.what, member.why)


def _proof(proof: Proof) -> str:
    said = "; ".join(f"{each.feature} {each.weight:+g} {each.detail}".rstrip() for each in proof.evidence)
    return clean(f"{proof.a} = {proof.b}: {proof.rule}, score {proof.score:g} ({said})")


def _cuts(report: DuplicateReport, *, whole: bool) -> str:
    cuts = report.cuts if whole else report.cuts[:PAIRS_SHOWN_MAX]
    lines = [f"{many(len(report.cuts), 'contradiction')}; both sides stay as they are:"]
    lines += [f"  {_cut(report, cut)}" for cut in cuts]
    return "\n".join(lines + _more(len(report.cuts) - len(cuts)))


def _cut(report: DuplicateReport, cut: Cut) -> str:
    one, other = (_named(report, key) for key in cut.via)
    against = cut.against.rule.replace("_", " ") if cut.against else "never compared"
    joined = f"{_named(report, cut.a)} = {_named(report, cut.b)} by {cut.proof.rule}"
    return clean(f"{joined.replace('_', ' ')}, but {one} and {other}: {against}")


def _asked(report: DuplicateReport, *, whole: bool) -> str:
    pairs = report.asked if whole else report.asked[:PAIRS_SHOWN_MAX]
    lines = [f"{many(len(report.asked), 'pair')} that only you can decide:"]
    lines += [f"  {_pair(report, proof)}" for proof in pairs]
    return "\n".join(lines + _more(len(report.asked) - len(pairs)))


def _pair(report: DuplicateReport, proof: Proof) -> str:
    one, other = (_named(report, key) for key in (proof.a, proof.b))
    return clean(f"{one} | {other} – {proof.rule.replace('_', ' ')}")


def _named(report: DuplicateReport, key: str) -> str:
    place, slash, _ = key.partition("/")
    return f"{report.labels.get(key, key)} [{place if slash else key[:ID_SHOWN]}]"


def _more(count: int) -> list[str]:
    return [f"  and {count:,} more; `sync -v duplicates` shows all"] if count > 0 else []


def _next(report: DuplicateReport, asked: int | None, out: str | None) -> str:
    lines = [f"{many(asked, 'question')} opened: sync review"] if asked is not None else []
    if out:
        lines.append(f"written to {out}\nnext: sync apply {out}")
    elif report.groups:
        lines.append(
            "next: sync duplicates --plan FILE writes what would follow; it changes nothing until `sync apply`"
        )
    if report.asked and asked is None:
        lines.append("next: sync duplicates --ask opens those pairs as questions for `sync review`")
    return "\n".join(lines) or "next: nothing"
