"""Judges the condition of this machine and of the settings: each finding with its fix. Looks at nothing itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from enum import StrEnum

from engine.domain.errors import ExitCode
from engine.domain.failure import Problem
from engine.domain.remote_words import UPDATE
from engine.domain.value import Value
from engine.workflows.logins import LoginStanding

PYTHON_MIN = (3, 11)
SQLITE_MIN = (3, 37, 0)  # STRICT tables
SQLITE_WAL_FIXED = (3, 51, 3)
EXTRACTOR_OLD_DAYS = 60
FREE_BYTES_MIN = 2_000_000_000
BEGAN_US = 1_735_689_600_000_000  # 2025-01-01: a clock before this was never set
AHEAD_US_MAX = 120_000_000  # a journal may be this far ahead of a clock that was just corrected


class Verdict(StrEnum):
    """How a finding stands."""

    FINE = "fine"
    NOTE = "note"  # works; worth knowing
    BROKEN = "broken"  # something will fail until it is fixed


class Finding(Value, frozen=True):
    """One thing looked at."""

    check: str
    verdict: Verdict
    detail: str
    fix: str = ""


class Folder(Value, frozen=True):
    """One folder as it was found."""

    name: str
    path: str
    exists: bool
    writable: bool
    free_bytes: int | None
    network: str | None = None  # the network file system it lies on
    marked: bool | None = None  # the library only


class Reach(Value, frozen=True):
    """What came of asking one remote, read-only."""

    remote: str
    problem: Problem | None


class WayCondition(Value, frozen=True):
    """One access profile as it was found.

    Attributes:
        trouble: what is wrong with its cookies: detail and fix.
        failed: what it last failed with by itself.
    """

    way: str
    via: str
    trouble: tuple[str, str] | None = None
    failed: str | None = None


class ProviderCondition(Value, frozen=True):
    """One provider of facts that is asked, and whether it was given what it needs."""

    provider: str  # "spotify", "musicbrainz", "acoustid"
    equipped: bool


class Runtime(Value, frozen=True):
    """One JavaScript runtime as it was found, and the lowest version that serves."""

    name: str
    version: str
    lowest: str
    supported: bool


class YouTubeNeeds(Value, frozen=True):
    """What downloads from YouTube need beside yt-dlp, as it was found.

    Attributes:
        solver: the version of yt-dlp-ejs.
        solver_wanted: the version that yt-dlp takes; the last part of it may differ.
        impersonation: whether yt-dlp can speak like a browser, by curl_cffi.
        cookies: whether an access profile for YouTube has any.
        followed: whether anything on YouTube is followed; else nothing of this is broken.
    """

    runtimes: tuple[Runtime, ...]
    solver: str | None
    impersonation: bool
    cookies: bool
    followed: bool
    solver_wanted: str | None = None


class Condition(Value, frozen=True):
    """Everything that is judged, as it was found.

    Attributes:
        journal_problem: why the journal does not open: message and hint.
        reached: what came of asking each remote; None when nobody asked (no `--online`).
    """

    now_us: int
    python: tuple[int, int, int]
    sqlite: str
    ffmpeg: str | None
    extractor: str | None  # yt-dlp's version, which is a date
    folders: tuple[Folder, ...]
    journal_problem: tuple[str, str] | None
    journal_last_us: int | None
    targets: tuple[str, ...]
    playlists: int
    notion_access: str  # "missing", "odd", "present"
    notion_tracks: bool  # whether its id is known
    reached: tuple[Reach, ...] | None
    logins: tuple[LoginStanding, ...] = ()
    ways: tuple[WayCondition, ...] = ()
    youtube: YouTubeNeeds | None = None
    providers: tuple[ProviderCondition, ...] = ()


class Diagnosis(Value, frozen=True):
    """Every finding."""

    findings: tuple[Finding, ...]

    @property
    def exit_code(self) -> ExitCode:
        """Fine while nothing is broken."""
        broken = any(finding.verdict is Verdict.BROKEN for finding in self.findings)
        return ExitCode.PARTIAL if broken else ExitCode.FINE


def diagnose(found: Condition) -> Diagnosis:
    """Judge a condition, the program first, then the machine, the settings, the journal and the remotes."""
    return Diagnosis(
        findings=(
            *_programs(found),
            *(finding for folder in found.folders for finding in _folder(folder)),
            *_clock(found),
            *_settings(found),
            *_journal(found),
            *map(_login, found.logins),
            *map(_way, found.ways),
            *map(_provider, found.providers),
            *_remotes(found),
        )
    )


def _programs(found: Condition) -> Iterator[Finding]:
    python = ".".join(map(str, found.python))
    fits = found.python[:2] >= PYTHON_MIN
    yield _judged("Python", fits, python, "install Python 3.11 or newer")
    yield _sqlite(found.sqlite)
    yield _judged("ffmpeg", found.ffmpeg is not None, found.ffmpeg or "not found", "pip install imageio-ffmpeg")
    yield _extractor(found)
    if found.youtube is not None:
        yield from _youtube(found.youtube)


def _sqlite(version: str) -> Finding:
    number = tuple(int(part) for part in version.split("."))
    if number < SQLITE_MIN:
        return Finding(
            check="SQLite", verdict=Verdict.BROKEN, detail=version, fix="use a Python with SQLite 3.37 or newer"
        )
    if number < SQLITE_WAL_FIXED:
        detail = f"{version}: before 3.51.3 two connections that checkpoint at once can damage a database"
        fix = "nothing to do while only Cratelog writes; do not open the journal read-write with other tools"
        return Finding(check="SQLite", verdict=Verdict.NOTE, detail=detail, fix=fix)
    return Finding(check="SQLite", verdict=Verdict.FINE, detail=version)


def _extractor(found: Condition) -> Finding:
    check = "yt-dlp"
    update = f"{UPDATE}: sites change, and old versions stop working"
    if found.extractor is None:
        return Finding(check=check, verdict=Verdict.BROKEN, detail="not found", fix="pip install yt-dlp")
    parts = re.match(r"(\d{4})\.(\d{1,2})\.(\d{1,2})", found.extractor)
    if parts is None:
        return Finding(check=check, verdict=Verdict.NOTE, detail=f"{found.extractor}: no date in it", fix=update)
    today = date.fromordinal(date(1970, 1, 1).toordinal() + found.now_us // 86_400_000_000)
    age = (today - date(int(parts[1]), int(parts[2]), int(parts[3]))).days
    old = age > EXTRACTOR_OLD_DAYS
    detail = f"{found.extractor}, {max(0, age)} days old"
    return Finding(check=check, verdict=Verdict.NOTE if old else Verdict.FINE, detail=detail, fix=update if old else "")


def _youtube(needs: YouTubeNeeds) -> Iterator[Finding]:
    """Judge what a download from YouTube needs (P13); while nothing there is followed, nothing is broken."""
    bad = Verdict.BROKEN if needs.followed else Verdict.NOTE
    yield _runtime(needs.runtimes, bad)
    yield _solver(needs, bad)
    if needs.impersonation:
        yield Finding(check="curl_cffi", verdict=Verdict.FINE, detail="yt-dlp can speak like a browser")
    else:
        fix = UPDATE
        detail = "yt-dlp cannot speak like a browser: some answers are refused"
        yield Finding(check="curl_cffi", verdict=Verdict.NOTE, detail=detail, fix=fix)
    if needs.followed and not needs.cookies:
        detail = "none: likes, age-gated and members' videos stay closed, and walls against robots come sooner"
        fix = 'an access profile with cookies = "…" or browser = "…"; see docs/youtube.md'
        yield Finding(check="YouTube cookies", verdict=Verdict.NOTE, detail=detail, fix=fix)


def _solver(needs: YouTubeNeeds, bad: Verdict) -> Finding:
    """Judge the scripts: yt-dlp takes those of one version only, and leaves any other out with a warning."""
    check, fix = "YouTube solver", f"{UPDATE}: it brings the yt-dlp-ejs that yt-dlp takes"
    if needs.solver is None:
        return Finding(check=check, verdict=bad, detail="yt-dlp-ejs is not found", fix=fix)
    wanted = needs.solver_wanted or needs.solver
    if needs.solver.split(".")[:2] != wanted.split(".")[:2]:
        detail = f"yt-dlp-ejs {needs.solver}, and yt-dlp takes {wanted}"
        return Finding(check=check, verdict=bad, detail=detail, fix=fix)
    return Finding(check=check, verdict=Verdict.FINE, detail=f"yt-dlp-ejs {needs.solver}")


def _runtime(runtimes: tuple[Runtime, ...], bad: Verdict) -> Finding:
    check = "JavaScript runtime"
    able = next((one for one in runtimes if one.supported), None)
    if able is not None:
        return Finding(check=check, verdict=Verdict.FINE, detail=f"{able.name} {able.version}")
    fix = "install deno 2.3 or newer, or node 22 or newer: YouTube's player asks for it"
    if not runtimes:
        return Finding(check=check, verdict=bad, detail="none found", fix=fix)
    old = ", ".join(f"{one.name} {one.version} (needs {one.lowest})" for one in runtimes)
    return Finding(check=check, verdict=bad, detail=f"too old: {old}", fix=fix)


def _folder(folder: Folder) -> Iterator[Finding]:
    check = f"{folder.name} folder"
    if not folder.exists:
        yield _judged(check, False, f"{folder.path} is not there", "mount its volume, or run `sync init`")
        return
    if not folder.writable:
        yield _judged(check, False, f"{folder.path} cannot be written to", "make yourself its owner, or choose another")
        return
    if folder.network and folder.name == "home":
        fix = "put CRATELOG_HOME on a disk of this machine"
        yield _judged(check, False, f"{folder.path} lies on {folder.network}; SQLite's locks do not hold there", fix)
    elif folder.network:
        detail = f"{folder.path} lies on {folder.network}: slower, and changes are found by looking again"
        yield Finding(check=check, verdict=Verdict.NOTE, detail=detail)
    elif folder.marked is False:
        yield _judged(check, False, f"{folder.path} has no marker", "if this is the right folder, run `sync init`")
    else:
        yield Finding(check=check, verdict=Verdict.FINE, detail=folder.path)
    if folder.free_bytes is not None and folder.free_bytes < FREE_BYTES_MIN:
        detail = f"{folder.free_bytes / 1e9:.1f} GB left where {folder.path} lies"
        yield Finding(check="disk", verdict=Verdict.BROKEN, detail=detail, fix="free some space, or move the folder")


def _clock(found: Condition) -> Iterator[Finding]:
    fix = "set the clock, best by NTP"
    if found.now_us < BEGAN_US:
        yield _judged("clock", False, "before 2025", fix)
    elif found.journal_last_us is not None and found.journal_last_us > found.now_us + AHEAD_US_MAX:
        ahead_s = (found.journal_last_us - found.now_us) // 1_000_000
        yield _judged("clock", False, f"{ahead_s} s behind the journal's last event", fix)
    else:
        yield Finding(check="clock", verdict=Verdict.FINE, detail="plausible")


def _settings(found: Condition) -> Iterator[Finding]:
    yield Finding(check="targets", verdict=Verdict.FINE, detail=", ".join(found.targets))
    if not found.playlists:
        fix = "sync follow URL"
        yield Finding(check="playlists", verdict=Verdict.NOTE, detail="none is followed", fix=fix)
    if found.notion_access == "missing" and found.notion_tracks:
        yield _judged("Notion token", False, "missing", "put NOTION_TOKEN=… into .env in the home")
    elif found.notion_access == "odd":
        detail = "does not look like an integration token (ntn_… or secret_…)"
        yield Finding(check="Notion token", verdict=Verdict.NOTE, detail=detail, fix="copy it again from Notion")
    elif found.notion_access == "present" and not found.notion_tracks:
        yield _judged("Notion tracks database", False, "no id", "set TRACKS_DB_ID or notion.databases.tracks")


def _journal(found: Condition) -> Iterator[Finding]:
    if found.journal_problem:
        detail, hint = found.journal_problem
        yield Finding(check="journal", verdict=Verdict.BROKEN, detail=detail, fix=hint)
    else:
        yield Finding(check="journal", verdict=Verdict.FINE, detail="opens; `sync verify` proves it")


def _login(login: LoginStanding) -> Finding:
    check = f"login to {login.source}"
    if not login.holds:
        return Finding(check=check, verdict=Verdict.BROKEN, detail=login.detail, fix=login.remedy)
    verdict = Verdict.NOTE if login.remedy else Verdict.FINE
    return Finding(check=check, verdict=verdict, detail=login.detail, fix=login.remedy)


def _way(way: WayCondition) -> Finding:
    check = f"way {way.way}"
    if way.trouble is not None:
        return Finding(check=check, verdict=Verdict.BROKEN, detail=way.trouble[0], fix=way.trouble[1])
    if way.failed is not None:
        fix = "sync access shows more, sync access test URL tries it"
        return Finding(check=check, verdict=Verdict.NOTE, detail=f"last failed: {way.failed}", fix=fix)
    return Finding(check=check, verdict=Verdict.FINE, detail=way.via)


_PROVIDERS = {
    "spotify": (Verdict.BROKEN, "no client id is set", "set spotify.client_id, then sync login spotify"),
    "musicbrainz": (Verdict.NOTE, "it is not told who asks", "set enrichment.contact to an address of yours"),
    "acoustid": (Verdict.BROKEN, "no key is set", "put ACOUSTID_API_KEY=… into .env in the home"),
}
"""What a provider of facts lacks, how bad that is, and what helps."""


def _provider(provider: ProviderCondition) -> Finding:
    check = f"facts from {provider.provider}"
    if provider.equipped:
        return Finding(check=check, verdict=Verdict.FINE, detail="has what it needs")
    verdict, detail, fix = _PROVIDERS[provider.provider]
    return Finding(check=check, verdict=verdict, detail=detail, fix=fix)


def _remotes(found: Condition) -> Iterator[Finding]:
    if found.reached is None:
        detail = "not asked"
        yield Finding(check="remotes", verdict=Verdict.NOTE, detail=detail, fix="sync doctor --online asks, read-only")
        return
    for reach in found.reached:
        if reach.problem is None:
            yield Finding(check=reach.remote, verdict=Verdict.FINE, detail="answers")
        else:
            fix = reach.problem.hint or "see the detail"
            yield Finding(check=reach.remote, verdict=Verdict.BROKEN, detail=reach.problem.detail, fix=fix)


def _judged(check: str, fits: bool, detail: str, fix: str) -> Finding:  # noqa: FBT001 - the judgement itself
    return Finding(
        check=check, verdict=Verdict.FINE if fits else Verdict.BROKEN, detail=detail, fix="" if fits else fix
    )
