"""`sync rematch` over a real journal: what another policy would change, and what is wrong with a policy file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from cli.render.rematch import SHOWN_MAX, rematch_text
from engine.domain import events as e
from engine.domain.envelope import Draft, Origin
from engine.domain.errors import SettingsError
from engine.reconciler.rematching import Difference, Replay
from engine.settings.load import load
from engine.wiring.app import App
from engine.workflows.rematch import Rematched
from tests.fakes.crate import FIRST_ID, seen

Sync = Callable[..., Result]
AGAIN = "soundcloud:track:7"


@pytest.fixture
def linked_twice(home: Path) -> Path:
    """Give a home in which a second track was linked to the first recording by name and length."""
    app = App(settings=load(home=home, environ={}))
    link = e.RecordingLinked(
        recording_id=FIRST_ID, ref=AGAIN, rule="names_and_duration", evidence=(), beaten=(), policy_version="0"
    )
    events: tuple[e.Event, ...] = (seen(AGAIN, "First Light (FREE DL)"), link)
    app.journal.append([Draft(event=event) for event in events], Origin(actor="engine", run_id=None))
    app.close()
    return home


def test_nothing_changes_under_the_settings_in_force(sync: Sync, linked_twice: Path) -> None:
    """Without a file, decisions are replayed under what the settings say."""
    result = sync("rematch")
    assert result.exit_code == 0
    assert "nothing would change" in result.output
    assert linked_twice.exists()


def test_another_policy_shows_what_it_would_change(sync: Sync, linked_twice: Path) -> None:
    """Design §5: listed by kind and by name, with what to do next; nothing is changed."""
    policy = linked_twice / "stricter.toml"
    policy.write_text("[matching]\naccept_from = 100.0\n")
    before = sync("export").output
    result = sync("rematch", "--policy", str(policy), "--dry-run")
    for said in ("1 link would be a question", "First Light (FREE DL)", "settings in force are others", "--plan PLAN"):
        assert said in result.output
    assert sync("rematch", "--policy", str(policy), "--detailed-exitcode").exit_code == 10
    assert sync("export").output == before
    out = linked_twice / "rematch.plan.json"
    assert f"next: sync apply {out}" in sync("rematch", "--policy", str(policy), "--plan", str(out)).output
    assert json.loads(out.read_text())["plan"]["decisions"][0]["decision"] == "unlink"
    found = json.loads(sync("rematch", "--policy", str(policy), "--json", "--plan", str(out)).output)
    assert found["rematch"]["replay"]["differences"][0]["kind"] == "link"
    assert len(found["plan"]) == 64


def test_dry_run_and_plan_exclude_each_other(sync: Sync) -> None:
    """A usage error, exit code 2."""
    assert sync("rematch", "--dry-run", "--plan", "x.json").exit_code == 2


@pytest.mark.parametrize(
    ("text", "says", "hint"),
    [
        ("[matching]\nremastr = 'same'\n", "unknown key `matching.remastr`", "did you mean `matching.remaster`?"),
        ("[matching]\nremaster = 'maybe'\n", "matching.remaster", "What a remaster"),
        ("[matchin]\n", "unknown table `matchin`", "did you mean `matching`?"),
        ("[zzz]\n", "unknown table `zzz`", "known here"),
        ("[limits]\nworkers = 2\n", "has no [matching] table", "such as"),
        ("[matching\n", "stricter.toml", "not TOML"),
        ("matching = 3\n", "must be a table", "[matching]"),
    ],
)
def test_a_policy_file_that_says_something_unknown_is_refused(
    sync: Sync, tmp_path: Path, text: str, says: str, hint: str
) -> None:
    """Unknown names are usage errors with the nearest name."""
    policy = tmp_path / "stricter.toml"
    policy.write_text(text)
    with pytest.raises(SettingsError) as caught:
        sync("rematch", "--policy", str(policy))
    assert says in str(caught.value)
    assert hint in caught.value.hint


def test_a_policy_file_that_is_not_there_is_said_to_be_so(sync: Sync, tmp_path: Path) -> None:
    """Exit code 2 and the path."""
    with pytest.raises(SettingsError, match="cannot be read"):
        sync("rematch", "--policy", str(tmp_path / "nothing.toml"))


def test_long_lists_are_cut_and_say_so() -> None:
    """What is left out is counted, and `-v` shows it; what has no plan says why."""
    each = Difference(
        kind="question", newer="ra", older="rb", was="ask", now="reject", rule="other_length", score=-1.0, evidence=()
    )  # fmt: skip
    apart = Difference(
        kind="recording", newer="ra", older="rb", was="apart", now="ask", rule="names_only", score=6.0, evidence=()
    )  # fmt: skip
    found = Replay(
        differences=(apart, *(each,) * SHOWN_MAX), decisions=(), replayed=9, by_person=2, policy_version="matching-1-x"
    )
    text = rematch_text(Rematched(replay=found, labels={}, in_force=True), whole=False, out=None)
    assert "and 1 more" in text
    assert "settle by themselves" in text
    assert "two" in text
    whole = rematch_text(Rematched(replay=found, labels={}, in_force=True), whole=True, out=None)
    assert "and 1 more" not in whole
