"""The doctor's judgements, each with its fix."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from engine.domain.errors import ExitCode
from engine.domain.failure import FailureClass, Problem
from engine.workflows.doctor import Condition, Folder, ProviderCondition, Reach, Verdict, WayCondition, diagnose
from engine.workflows.logins import LoginStanding

NOW_US = 1_795_300_000_000_000  # 2026-11-22
HOME = Folder(name="home", path="/home", exists=True, writable=True, free_bytes=10**12)
WELL = Condition(
    now_us=NOW_US,
    python=(3, 12, 1),
    sqlite="3.51.3",
    ffmpeg="7.1",
    extractor="2026.11.1",
    folders=(HOME,),
    journal_problem=None,
    journal_last_us=NOW_US - 5,
    targets=("library",),
    playlists=1,
    notion_access="missing",
    notion_tracks=False,
    reached=(),
    providers=(ProviderCondition(provider="spotify", equipped=True),),
)


def unequipped(provider: str) -> ProviderCondition:
    """Give a provider of facts that lacks what it needs."""
    return ProviderCondition(provider=provider, equipped=False)


ENDED = LoginStanding(source="spotify", holds=False, detail="the login of ana has ended", remedy="sync login spotify")
ENDING = LoginStanding(source="spotify", holds=True, detail="the login of ana ends soon", remedy="sync login spotify")

SICK: list[tuple[dict[str, Any], str, Verdict, str]] = [
    ({"python": (3, 10, 0)}, "Python", Verdict.BROKEN, "3.11"),
    ({"sqlite": "3.30.0"}, "SQLite", Verdict.BROKEN, "3.37"),
    ({"sqlite": "3.40.1"}, "SQLite", Verdict.NOTE, "other tools"),
    ({"ffmpeg": None}, "ffmpeg", Verdict.BROKEN, "imageio-ffmpeg"),
    ({"extractor": None}, "yt-dlp", Verdict.BROKEN, "pip install"),
    ({"extractor": "nightly"}, "yt-dlp", Verdict.NOTE, "pip install -U"),
    ({"extractor": "2026.1.1"}, "yt-dlp", Verdict.NOTE, "pip install -U"),
    ({"folders": (replace(HOME, exists=False),)}, "home folder", Verdict.BROKEN, "sync init"),
    ({"folders": (replace(HOME, writable=False),)}, "home folder", Verdict.BROKEN, "owner"),
    ({"folders": (replace(HOME, network="nfs4"),)}, "home folder", Verdict.BROKEN, "CRATELOG_HOME"),
    ({"folders": (replace(HOME, name="library", network="nfs4"),)}, "library folder", Verdict.NOTE, ""),
    ({"folders": (replace(HOME, name="library", marked=False),)}, "library folder", Verdict.BROKEN, "sync init"),
    ({"folders": (replace(HOME, free_bytes=1),)}, "disk", Verdict.BROKEN, "free some space"),
    ({"now_us": 5}, "clock", Verdict.BROKEN, "NTP"),
    ({"journal_last_us": NOW_US + 10**12}, "clock", Verdict.BROKEN, "NTP"),
    ({"playlists": 0}, "playlists", Verdict.NOTE, "sync follow"),
    ({"notion_tracks": True}, "Notion token", Verdict.BROKEN, "NOTION_TOKEN"),
    ({"notion_access": "odd"}, "Notion token", Verdict.NOTE, "copy it again"),
    ({"notion_access": "present"}, "Notion tracks database", Verdict.BROKEN, "TRACKS_DB_ID"),
    ({"journal_problem": ("older", "sync migrate")}, "journal", Verdict.BROKEN, "sync migrate"),
    ({"logins": (ENDED,)}, "login to spotify", Verdict.BROKEN, "sync login spotify"),
    ({"logins": (ENDING,)}, "login to spotify", Verdict.NOTE, "sync login spotify"),
    (
        {"ways": (WayCondition(way="me", via="cookies", trouble=("not there", "export them again")),)},
        "way me",
        Verdict.BROKEN,
        "export",
    ),
    (
        {"ways": (WayCondition(way="de", via="http://x:1", failed="soundcloud: network"),)},
        "way de",
        Verdict.NOTE,
        "sync access",
    ),
    ({"providers": (unequipped("spotify"),)}, "facts from spotify", Verdict.BROKEN, "spotify.client_id"),
    ({"providers": (unequipped("musicbrainz"),)}, "facts from musicbrainz", Verdict.NOTE, "enrichment.contact"),
    ({"providers": (unequipped("acoustid"),)}, "facts from acoustid", Verdict.BROKEN, "ACOUSTID_API_KEY"),
    ({"reached": None}, "remotes", Verdict.NOTE, "--online"),
    (
        {
            "reached": (
                Reach(
                    remote="notion track",
                    problem=Problem(failure=FailureClass.NOT_SHARED, detail="404", hint="share it"),
                ),
            )
        },
        "notion track",
        Verdict.BROKEN,
        "share it",
    ),
    (
        {"reached": (Reach(remote="eagle item", problem=Problem(failure=FailureClass.NOT_RUNNING, detail="refused")),)},
        "eagle item",
        Verdict.BROKEN,
        "detail",
    ),
]


def test_a_well_machine_needs_nothing() -> None:
    """Everything fine: exit code 0 and no fix."""
    found = diagnose(
        replace(
            WELL, reached=(Reach(remote="notion track", problem=None),), notion_access="present", notion_tracks=True
        )
    )
    assert {finding.verdict for finding in found.findings} == {Verdict.FINE}
    assert found.exit_code is ExitCode.FINE


@pytest.mark.parametrize(("change", "check", "verdict", "fix"), SICK)
def test_each_finding_names_its_fix(change: dict[str, Any], check: str, verdict: Verdict, fix: str) -> None:
    """F42, F52, P13: each check says what is wrong and what to do; only what is broken makes exit code 20."""
    found = diagnose(replace(WELL, **change))
    finding = next(
        finding for finding in found.findings if finding.check == check and finding.verdict is not Verdict.FINE
    )
    assert finding.verdict is verdict
    assert fix in finding.fix
    assert (found.exit_code is ExitCode.PARTIAL) == (verdict is Verdict.BROKEN)
