"""Every command: its name, its module, its group and its one line, so that `--help` imports none of them."""

from __future__ import annotations

from typing import NamedTuple


class Entry(NamedTuple):
    """One command; its function is the module's `command`."""

    name: str
    module: str
    group: str
    summary: str


GROUPS = ("Work", "Look", "Decide", "Set up", "Keep safe")
"""The groups of `sync --help`, in order."""

COMMANDS: tuple[Entry, ...] = (
    Entry("reconcile", "cli.reconcile", "Work", "Observe, plan, act, observe again, report."),
    Entry("plan", "cli.plan", "Work", "Show what would be done; change nothing."),
    Entry("apply", "cli.apply", "Work", "Carry out a plan file."),
    Entry("enrich", "cli.enrich", "Work", "Ask providers for facts about recordings."),
    Entry("status", "cli.status", "Look", "Show where everything stands."),
    Entry("tracks", "cli.tracks", "Look", "List recordings."),
    Entry("track", "cli.track", "Look", "Show one recording."),
    Entry("playlists", "cli.playlists", "Look", "List playlists."),
    Entry("playlist", "cli.playlist", "Look", "Show one playlist, in order."),
    Entry("runs", "cli.runs", "Look", "List runs, newest first."),
    Entry("run", "cli.run", "Look", "Show what one run did."),
    Entry("report", "cli.report", "Look", "Show a run's report: gates, troubles, what comes next."),
    Entry("why", "cli.why", "Look", "Tell the story of a track, file, page or action."),
    Entry("availability", "cli.availability", "Look", "Show what sources give, and since when."),
    Entry("match", "cli.match", "Look", "Explain whether two names or files are one recording."),
    Entry("sql", "cli.sql", "Look", "Ask the journal in SQL, read-only."),
    Entry("duplicates", "cli.duplicates", "Look", "Show what is there more than once, and plan to keep one."),
    Entry("rematch", "cli.rematch", "Look", "Show what another matching policy would decide."),
    Entry("conflicts", "cli.conflicts", "Decide", "List what needs your decision."),
    Entry("resolve", "cli.resolve", "Decide", "Decide a conflict."),
    Entry("review", "cli.review", "Decide", "Say whether two things are one recording."),
    Entry("choose", "cli.choose", "Decide", "Say where a recording's audio is."),
    Entry("follow", "cli.follow", "Decide", "Keep a playlist in step."),
    Entry("unfollow", "cli.unfollow", "Decide", "Stop keeping a playlist in step."),
    Entry("refetch", "cli.refetch", "Decide", "Ask for a recording or a playlist again."),
    Entry("undo", "cli.undo", "Decide", "Take back what a run, an action or a decision did."),
    Entry("upgrades", "cli.upgrades", "Decide", "Take better audio, or another source."),
    Entry("dismiss", "cli.dismiss", "Decide", "Throw a recording away for good."),
    Entry("init", "cli.init", "Set up", "Create the home, its settings and its journal."),
    Entry("login", "cli.login", "Set up", "Let a service be asked in your name."),
    Entry("logout", "cli.logout", "Set up", "Forget a login."),
    Entry("demo", "cli.demo", "Set up", "Run the main job for real, offline, on stand-ins."),
    Entry("access", "cli.access", "Set up", "Show the ways to sources, and which one leads to an address."),
    Entry("config", "cli.config", "Set up", "Show every setting and where it came from."),
    Entry("doctor", "cli.doctor", "Set up", "Check this machine and say the fix for each finding."),
    Entry("migrate", "cli.migrate", "Keep safe", "Bring the journal's schema up to date."),
    Entry("verify", "cli.verify", "Keep safe", "Prove that the journal is what was written."),
    Entry("replay", "cli.replay", "Keep safe", "Fold the journal again and compare."),
    Entry("rebuild", "cli.rebuild", "Keep safe", "Fold the journal again and put the result in place."),
    Entry("backup", "cli.backup", "Keep safe", "Copy the journal, also while it is in use."),
    Entry("export", "cli.export", "Keep safe", "Write the journal as JSON Lines."),
    Entry("import", "cli.import_", "Keep safe", "Read a journal from JSON Lines into an empty home."),
)
