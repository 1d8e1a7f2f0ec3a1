"""Recordings and playlists as text."""

from __future__ import annotations

from cli.render.table import facts, table
from cli.render.words import length, many, moment, size
from engine.workflows.playlists import PlaylistDetail, PlaylistRow
from engine.workflows.tracks import TrackDetail, TrackRow


def tracks_text(rows: tuple[TrackRow, ...]) -> str:
    """Give a table of recordings and their number."""
    if not rows:
        return "no recordings\nnext: sync follow URL, then sync reconcile"
    lines = [
        (
            row.recording_id[:8],
            row.artist,
            row.title,
            length(row.duration_ms),
            " ".join(row.formats),
            " ".join(row.places),
            "dismissed" if row.dismissed else row.availability.value.replace("_", " "),
            (row.problem or "").replace("_", " "),
        )
        for row in rows
    ]
    head = ("id", "artist", "title", "length", "files", "shown in", "state", "problem")
    return f"{table(head, lines)}\n\n{many(len(rows), 'recording')}; `sync track ID` shows one"


def _rule(rule: str) -> str:
    return "first sight" if rule == "founding" else rule.replace("_", " ")


def track_text(found: TrackDetail) -> str:
    """Give everything of one recording."""
    row = found.track
    parts = [
        facts(
            (
                ("title", row.title),
                ("artist", row.artist),
                ("recording", row.recording_id),
                ("length", length(row.duration_ms)),
                ("state", row.availability.value.replace("_", " ")),
                ("dismissed", found.recording.dismissed),
                ("problem", (row.problem or "").replace("_", " ") or None),
                ("playlists", ", ".join(found.playlists)),
                ("linked by", ", ".join(dict.fromkeys(_rule(rule) for rule in found.recording.rules))),
            )
        )
    ]
    parts.append(
        table(
            ("seen as", "address", "state"),
            [(s.ref, s.url, s.availability.value.replace("_", " ")) for s in found.sightings],
        )
    )
    told = [
        (f"{fact.value}", fact.field, one.provider, f"{fact.confidence:.2f}", one.matched_by)
        for one in found.enrichments
        for fact in one.facts
    ]
    if told:
        parts.append(table(("fact", "of its", "told by", "sure", "by its"), told))
    if found.renditions:
        files = [(r.profile, r.path, size(r.size_bytes), "there" if r.present else "lost") for r in found.renditions]
        parts.append(table(("file", "path", "size", ""), files))
    if found.objects:
        parts.append(table(("shown in", "as", "id"), [(o.target, o.kind, o.remote_id) for o in found.objects]))
    if found.actions:
        lines = [
            (a.action_id[:8], a.kind, a.state.value, a.attempts, a.problem.detail if a.problem else "")
            for a in found.actions
        ]
        parts.append(table(("action", "kind", "state", "attempts", "problem"), lines))
    parts.extend(f"conflict {c.conflict_id}: {c.field}; next: sync resolve {c.conflict_id}" for c in found.conflicts)
    parts.append(f"next: sync why {row.recording_id}")
    return "\n\n".join(parts)


def playlists_text(rows: tuple[PlaylistRow, ...]) -> str:
    """Give a table of playlists."""
    if not rows:
        return "no playlists\nnext: sync follow URL"
    head = ("playlist", "entries", "with file", "state", "listing", "address")
    return table(head, [(r.name or "–", _count(r), r.with_file, _state(r), _listing(r), r.url) for r in rows])


def playlist_text(found: PlaylistDetail) -> str:
    """Give a playlist's facts, what its last listing rests on, and its entries in order."""
    row, seen = found.playlist, found.playlist.evidence
    told = facts(
        (
            ("playlist", row.name),
            ("ref", row.ref),
            ("address", row.url),
            ("state", _state(row)),
            ("listing", _listing(row)),
            ("looked", moment(seen.when_us) if seen else None),
            ("seen whole", moment(seen.complete_us) if seen and seen.complete_us != seen.when_us else None),
            ("change token", ("there is one" if seen.token else "its source gives none") if seen else None),
            ("why", seen.problem if seen else None),
            ("what helps", seen.hint if seen else None),
        )
    )
    lines = [
        (
            entry.position,
            entry.label,
            "file" if entry.has_file else entry.availability.value.replace("_", " "),
            "again" if entry.repeat else "",
        )
        for entry in found.entries
    ]
    return f"{told}\n\n{table(('#', 'track', 'state', ''), lines)}" if lines else f"{told}\n\nno entries seen yet"


def _state(row: PlaylistRow) -> str:
    if not row.active:
        return "not followed"
    if row.held_count is not None:
        return f"a listing of {row.held_count} was not believed"
    if row.shelf:
        return "stands for playlists"
    if row.gathered:
        return "gathers"
    return "in step" if row.seen else "not seen yet"


def _count(row: PlaylistRow) -> int:
    return row.evidence.count if row.shelf and row.evidence else row.entries


def _listing(row: PlaylistRow) -> str | None:
    seen = row.evidence
    if seen is None:
        return None
    declared = f" of {seen.declared:,} declared" if seen.declared is not None else ""
    return f"{seen.result}, {seen.count:,}{declared}"
