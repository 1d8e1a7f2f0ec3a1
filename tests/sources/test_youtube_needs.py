"""What YouTube needs of a machine: found by yt-dlp's own eyes, judged by whether anybody follows it."""

import os
from pathlib import Path

import pytest

from engine.domain.errors import ExitCode
from engine.domain.remote_words import RUNTIMES
from engine.sources.youtube import needs
from engine.workflows.doctor import Condition, Finding, Runtime, Verdict, YouTubeNeeds, diagnose

NODE = Runtime(name="node", version="22.1.0", lowest="22.0.0", supported=True)
OLD = Runtime(name="node", version="20.20.2", lowest="22.0.0", supported=False)
WELL = YouTubeNeeds(runtimes=(OLD, NODE), solver="0.8.0", impersonation=True, cookies=True, followed=True)
CHECKS = ("JavaScript runtime", "YouTube solver", "curl_cffi", "YouTube cookies")


def judged(found: YouTubeNeeds) -> tuple[dict[str, Finding], ExitCode]:
    """Give the findings about YouTube, by check, and the exit code."""
    condition = Condition(
        now_us=1_795_300_000_000_000,
        python=(3, 12, 1),
        sqlite="3.51.3",
        ffmpeg="7.1",
        extractor="2026.11.1",
        folders=(),
        journal_problem=None,
        journal_last_us=None,
        targets=("library",),
        playlists=1,
        notion_access="missing",
        notion_tracks=False,
        reached=(),
        youtube=found,
    )
    diagnosis = diagnose(condition)
    return {one.check: one for one in diagnosis.findings if one.check in CHECKS}, diagnosis.exit_code


def test_a_machine_with_all_of_it_is_fine() -> None:
    """P13: the first runtime that serves is named; an old one beside it does no harm."""
    found, code = judged(WELL)
    assert {one.verdict for one in found.values()} == {Verdict.FINE}
    assert (found["JavaScript runtime"].detail, code) == ("node 22.1.0", ExitCode.FINE)


@pytest.mark.parametrize(("followed", "verdict"), [(True, Verdict.BROKEN), (False, Verdict.NOTE)])
def test_what_lacks_is_broken_only_where_youtube_is_followed(followed: bool, verdict: Verdict) -> None:  # noqa: FBT001 - the two cases
    """P13: each with its fix; nobody is bothered about a site that they do not use."""
    lacking = YouTubeNeeds(runtimes=(), solver=None, impersonation=False, cookies=False, followed=followed)
    found, code = judged(lacking)
    assert (found["JavaScript runtime"].verdict, found["YouTube solver"].verdict) == (verdict, verdict)
    assert "deno" in found["JavaScript runtime"].fix
    assert "yt-dlp-ejs" in found["YouTube solver"].fix
    assert found["curl_cffi"].verdict is Verdict.NOTE
    assert ("YouTube cookies" in found) == followed
    assert code is (ExitCode.PARTIAL if followed else ExitCode.FINE)


def test_an_old_runtime_is_named_with_what_it_lacks() -> None:
    """Node 20 is everywhere and not enough: the version that is comes with it."""
    found, _ = judged(YouTubeNeeds(runtimes=(OLD,), solver="1", impersonation=True, cookies=True, followed=True))
    assert found["JavaScript runtime"].detail == "too old: node 20.20.2 (needs 22.0.0)"


@pytest.mark.parametrize(
    ("solver", "wanted", "verdict"),
    [("0.8.3", "0.8.0", Verdict.FINE), ("0.7.0", "0.8.0", Verdict.BROKEN), ("0.7.0", None, Verdict.FINE)],
)
def test_a_solver_of_another_version_is_none(solver: str, wanted: str | None, verdict: Verdict) -> None:
    """P13: yt-dlp alone was updated; it leaves the older scripts out, and the fix brings both."""
    found, _ = judged(
        YouTubeNeeds(
            runtimes=(NODE,), solver=solver, impersonation=True, cookies=True, followed=True, solver_wanted=wanted
        )
    )
    assert found["YouTube solver"].verdict is verdict
    assert ("yt-dlp[default" in found["YouTube solver"].fix) == (verdict is Verdict.BROKEN)


def test_runtimes_are_asked_for_their_versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What yt-dlp would use, by the names it has for it; one that does not start is not there."""
    for name, says in (("deno", "deno 2.3.1 (stable)"), ("node", "v20.0.0"), ("bun", "1.2.11")):
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\necho '{says}'\n")
        path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/bin")
    found = {one.name: (one.version, one.supported) for one in needs.runtimes()}
    assert found.items() >= {"deno": ("2.3.1", True), "node": ("20.0.0", False), "bun": ("1.2.11", True)}.items()
    assert set(found) <= {*RUNTIMES, "quickjs-ng"}


def test_what_is_installed_is_found() -> None:
    """The parts that come with our own dependencies are seen as yt-dlp sees them."""
    assert needs.solver()
    assert (needs.solver_wanted() or "").split(".")[:2] == (needs.solver() or "").split(".")[:2]
    assert needs.impersonation()
