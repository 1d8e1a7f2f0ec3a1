"""The ways to each source as a person sees them: how each stands, and which of them leads to one address.

A trial asks every way once, downloads nothing, and records nothing but how the ways stand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlsplit

from engine.domain.envelope import Draft, Origin
from engine.domain.errors import ExitCode, UsageError
from engine.domain.failure import FailureClass, Patience, Problem, patience
from engine.domain.redaction import public_address
from engine.domain.value import Value
from engine.ports import Journal
from engine.projections.looked_up import source_key
from engine.projections.rows import Access as AccessRow
from engine.reconciler.access import blames_way
from engine.source_ports import Access, Source, Trial, Way, WayTester
from engine.workflows.access import following

PERSON = Origin(actor="person:cli")
_GIVE = "give the address of a track or a list"
_MEND = "check the proxy of this profile: its address, its password, and whether it answers at all"


class WayRow(Value, frozen=True):
    """One way to one source.

    Attributes:
        via: its proxy without user and password, and where its cookies come from.
        works: nothing while it was never taken.
    """

    source: str
    way: str
    via: str
    country: str | None = None
    works: bool | None = None
    failure: FailureClass | None = None
    detail: str = ""
    host: str = ""
    last_us: int | None = None


def list_ways(ways: Mapping[str, Sequence[Way]], rows: Mapping[str, AccessRow]) -> tuple[WayRow, ...]:
    """Give every way of the settings, in their order, with how it last did."""
    return tuple(
        _row(source, way, rows.get(source_key(source, way.name)))
        for source, known in sorted(ways.items())
        for way in known
    )


def _row(source: str, way: Way, known: AccessRow | None) -> WayRow:
    bare = WayRow(source=source, way=way.name, via=via(way), country=way.country)
    if known is None:
        return bare
    return WayRow(
        source=source,
        way=way.name,
        via=bare.via,
        country=way.country,
        works=known.works,
        failure=known.failure,
        detail=known.detail,
        host=known.host,
        last_us=known.last_us,
    )


def via(way: Way) -> str:
    """Say where a way leads, without user and password."""
    proxy = public_address(way.proxy) if way.proxy else ""
    cookies = f"cookies of {way.cookie_browser or way.cookie_file}" if way.cookie_browser or way.cookie_file else ""
    return ", ".join(part for part in (proxy, cookies) if part) or "no proxy, no cookies"


class WayTrial(Value, frozen=True):
    """What one way came to.

    Attributes:
        result: "works", "fails" or "not tried".
        listing: what the metadata came to: "came", a failure's class, or "" when it was not asked for.
        audio: likewise the audio.
        own_fault: whether what failed is the way itself, whatever is asked by it.
    """

    way: str
    via: str
    result: str
    country: str | None = None
    listing: str = ""
    audio: str = ""
    failure: FailureClass | None = None
    detail: str = ""
    hint: str = ""
    own_fault: bool = False


class AddressTrial(Value, frozen=True):
    """What every way to an address came to.

    Attributes:
        taken: the way a run would take now; nothing when none leads there.
    """

    url: str
    source: str
    trials: tuple[WayTrial, ...]
    taken: str | None

    @property
    def exit_code(self) -> ExitCode:
        """Fine when a way leads there; try later when all that is in the way passes by itself."""
        if self.taken is not None:
            return ExitCode.FINE
        failures = [trial.failure for trial in self.trials if trial.failure is not None]
        passing = all(patience(failure) is Patience.BACKOFF for failure in failures)
        return ExitCode.TRY_LATER if passing else ExitCode.PARTIAL


def try_ways(
    journal: Journal,
    access: Access,
    tester: Callable[[str], WayTester],
    sources: Sequence[Source],
    reached: Mapping[str, Sequence[Way]],
    url: str,
) -> AddressTrial:
    """Try every way to an address once; a rate limit ends the trial, for no other way may evade it.

    Raises:
        UsageError: no source knows the address, it is neither a track's nor a list's, or it is not reached by ways.
    """
    source, address = _recognised(sources, reached, url)
    host = urlsplit(address).hostname or ""
    asked = tester(source)
    found: dict[str, Trial] = {}
    order = access.ways(source, host=host)
    for way in order:
        found[way.name] = trial = asked.try_way(address, way)
        if trial.problem is not None and trial.problem.failure is FailureClass.UNSUPPORTED:
            hint = trial.problem.hint or _GIVE
            raise UsageError(f"{public_address(url)} is no track and no list: {trial.problem.detail}", hint=hint)
        if trial.problem is not None and trial.problem.failure is FailureClass.RATE_LIMITED:
            break
    for way in reversed(order):  # the best of those that work is the last that did, and stays the first to be taken
        if way.name in found:
            access.note(source, way, host, found[way.name].problem)
    news = access.take_news()
    if news:
        journal.append([Draft(event=event) for event in news], PERSON)
    trials = tuple(_trial(way, found.get(way.name)) for way in reached[source])
    return AddressTrial(
        url=public_address(url), source=source, trials=trials, taken=_taken(access, source, host, found)
    )


def _recognised(sources: Sequence[Source], reached: Mapping[str, Sequence[Way]], url: str) -> tuple[str, str]:
    """Give whose address it is, and the one behind a word such as `soundcloud:likes`."""
    known = next((source for source in sources if source.recognises(url)), None) if url.strip() else None
    if known is None:
        raise UsageError(f"no source knows {public_address(url) or 'an empty address'}", hint=_GIVE)
    if known.name not in reached:
        hint = f"ways lead to: {', '.join(sorted(reached))}"
        raise UsageError(f"{known.name} is not reached by access profiles", hint=hint)
    behind = known.expand(url) if url.startswith(f"{known.name}:") else (url,)
    if isinstance(behind, Problem):
        raise UsageError(behind.detail, hint=behind.hint or _GIVE)
    return known.name, behind[0] if behind else url


def _taken(access: Access, source: str, host: str, found: Mapping[str, Trial]) -> str | None:
    """Walk the ways as a run would, by what was just found of each."""
    ended: dict[str, Problem] = {}
    while (way := following(access, source, host, ended)) is not None and way.name in found:
        problem = found[way.name].problem
        if problem is None:
            return way.name
        ended[way.name] = problem
    return None


def _trial(way: Way, trial: Trial | None) -> WayTrial:
    if trial is None:
        detail = "the source asked for less, and no other way may evade that"
        return WayTrial(way=way.name, via=via(way), country=way.country, result="not tried", detail=detail)
    problem = trial.problem
    return WayTrial(
        way=way.name,
        via=via(way),
        country=way.country,
        result="works" if problem is None else "fails",
        listing=trial.listing.failure if trial.listing else "came",
        audio=(trial.audio.failure if trial.audio else "came") if trial.is_track else "",
        failure=problem.failure if problem else None,
        detail=problem.detail if problem else "",
        hint=_hint(way, problem) if problem else "",
        own_fault=problem is not None and blames_way(problem.failure),
    )


def _hint(way: Way, problem: Problem) -> str:
    """Say what helps; where a proxy is in between and the network failed, it is looked at first."""
    return problem.hint or (_MEND if way.proxy and blames_way(problem.failure) else "")
