"""A place that lives for months: whatever happens in it, quiet days are quiet, and everything is accounted for.

Each life is a seed: a music library's ordinary days and bad ones, a person who answers, takes back, chooses, undoes
and edits, runs that die anywhere. What is checked holds after any of it, by the journal and the fakes' own books.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from random import Random

import pytest
from msgspec.structs import replace as changed

from engine.domain.crash import CrashPoint
from engine.domain.errors import UsageError
from engine.domain.failure import Availability, FailureClass, Problem
from engine.domain.plan import Action, Operation
from engine.journal.replay import replay
from engine.reconciler.policy import EnrichmentPolicy, Policy, ResolutionPolicy
from engine.source_ports import Listing
from engine.workflows.chain import ChainRequest
from engine.workflows.choose import choose
from engine.workflows.decide import follow, refetch, unfollow
from engine.workflows.enrich_now import enrich_now
from engine.workflows.reconcile import ReconcileRequest, reconcile
from engine.workflows.review import answer, open_questions, take_back
from engine.workflows.undo import undo
from engine.workflows.undo_story import LAST, find_meant
from tests.fakes.enricher import FakeEnricher
from tests.fakes.finder import FakeFinder, candidate
from tests.fakes.machine import DAY_S
from tests.fakes.place import Place
from tests.fakes.source import FakeSource, ref, track
from tests.fakes.target import Mishap

FRAME = {"run.started", "scan.completed", "run.finished"}
TIMED = {"resolution.decided", "recording.enriched", "capability.learned"}
"""What has a day of its own, weeks after it was last asked."""
BUSY_DAYS, QUIET_DAYS, MONTHS = 12, 11, 2
SETTLED_DAYS = 8
"""After these all is settled that was put off, missed, doubted or not looked at since: a track has one look a week."""
ANSWERS = ("same", "instead", "instead", "different")
DOWN = (
    Problem(failure=FailureClass.NETWORK, detail="no route"),
    Problem(failure=FailureClass.RATE_LIMITED, detail="429", retry_after_s=40_000.0),
    Problem(failure=FailureClass.NOT_ALLOWED, detail="another's"),
    Problem(failure=FailureClass.PRIVATE, detail="hidden"),
)
MISHAPS = (
    Mishap.LOST_BEFORE,
    Mishap.LOST_AFTER,
    Problem(failure=FailureClass.WRITE_CONFLICT, detail="409"),
    Problem(failure=FailureClass.RATE_LIMITED, detail="429", retry_after_s=9_000.0),
    Problem(failure=FailureClass.AUTH_EXPIRED, detail="401"),
)
WITHHELD = (
    (FailureClass.GONE, Availability.GONE),
    (FailureClass.GEO_BLOCKED, Availability.GEO_BLOCKED),
    (FailureClass.PREVIEW_ONLY, Availability.PREVIEW_ONLY),
)


class Died(BaseException):
    """The process is gone, in the middle of anything."""


class Life:
    """One place, and what happens to it by one seed."""

    def __init__(self, place: Place, seed: int) -> None:
        self.place, self.random = place, Random(seed)
        self.soundcloud, self.spotify = place.source, FakeSource("spotify", listed=True)
        self.lists: dict[tuple[str, int], list[int]] = {}
        self.provider = FakeEnricher("musicbrainz", genre="House")
        self.told = self.provider.answer
        place.others, place.enrichers = (self.spotify,), (self.provider,)
        place.finders = (FakeFinder("soundcloud", candidate("x", "Title 2", "Artist 2", duration_ms=203_500)),)
        place.policy = Policy(
            library_root="/music",
            config_hash="c",
            settle_s=1.0,
            resolution=ResolutionPolicy(order=("soundcloud",)),
            enrichment=EnrichmentPolicy(providers=("musicbrainz",)),
        )
        for source, number in (("soundcloud", 1), ("soundcloud", 2), ("spotify", 3)):
            self.put(source, number, [self.random.randint(1, 12) for _ in range(5)])
        place.urls = tuple(self.url(source, number) for source, number in self.lists)
        for target in place.targets.values():
            target.on_send = self.watch
        self.undoing = False

    # --- what is there --------------------------------------------------------------------------------------------

    def url(self, source: str, number: int) -> str:
        """Give a playlist's address."""
        return f"https://{source}.com/crew/sets/{number}"

    def put(self, source: str, number: int, entries: list[int], *, complete: bool = True) -> None:
        """Publish a playlist; every third song is called like one of another source, and has no length."""
        shown = self.spotify if source == "spotify" else self.soundcloud
        for entry in entries:
            given = Availability.METADATA_ONLY if source == "spotify" else Availability.AVAILABLE
            length = None if entry % 3 == 0 else 200_000
            named = f"Title {entry % 7}" if entry > 9 else ""
            made = changed(
                track(entry, named, source=source, availability=given), artist="Artist 2", duration_ms=length
            )
            shown.tracks.setdefault(made.ref, made)
        self.lists[source, number] = entries
        shown.publish(f"List {number}", entries, number=number, complete=complete)

    def some_list(self) -> tuple[str, int]:
        """Give a playlist."""
        return self.random.choice(sorted(self.lists))

    # --- what happens ---------------------------------------------------------------------------------------------

    def change_a_list(self) -> None:
        """Add, remove, move and repeat."""
        key = self.some_list()
        entries = [*self.lists[key], self.random.randint(1, 14)]
        entries.pop(self.random.randrange(len(entries)))
        self.random.shuffle(entries)
        self.put(*key, entries, complete=self.random.random() < 0.7)

    def hide_a_list(self) -> None:
        """Let a playlist be out of reach."""
        source, number = self.some_list()
        shown = self.spotify if source == "spotify" else self.soundcloud
        shown.listings[self.url(source, number)] = self.random.choice(DOWN)

    def withhold_a_track(self) -> None:
        """Let a source stop giving a track, by word or by deed."""
        number = self.random.randint(1, 12)
        self.soundcloud.fail_describing(number, *self.random.choice(WITHHELD))

    def lose_facts(self) -> None:
        """Let the provider of facts be down."""
        self.provider.answer = self.random.choice(DOWN[:2])

    def trouble_a_target(self) -> None:
        """Let the next requests to one target go wrong."""
        target = self.place.targets[self.random.choice(sorted(self.place.targets))]
        target.script.extend(self.random.choices(MISHAPS, k=2))

    def edit(self) -> None:
        """Let the person change a row, or throw it away."""
        notion = self.place.targets["notion"]
        rows = sorted(row.remote_id for row in notion.live("track"))
        if not rows:
            return
        row = self.random.choice(rows)
        match self.random.randint(0, 3):
            case 0:
                notion.trash(row)
            case 1:
                notion.edit(row, rating=5)
            case 2:
                notion.edit(row, aiff_path="/elsewhere")
            case _:
                notion.edit(row, status=("peak time",))

    def run(self) -> None:
        """Run to an ordinary end."""
        self.place.reconcile()

    def run_a_chain(self) -> None:
        """Read the sources in turn, or take up what waits."""
        links = self.random.choice([("soundcloud", "spotify", "batch"), ("batch",)])
        reconcile(self.place.world(), ReconcileRequest(chain=ChainRequest(links=links, all_links=True)))

    def ask_for_facts(self) -> None:
        """Ask the provider because a person wants it asked."""
        enrich_now(self.place.world())

    def answer_some(self) -> None:
        """Answer what waits."""
        for question in open_questions(self.place.journal)[:3]:
            answer(self.place.journal, question.question_id, self.random.choice(ANSWERS))

    def have_second_thoughts(self) -> None:
        """Let the last answer not have been meant, after a run has carried it out."""
        self.answer_some()
        self.run()
        take_back(self.place.journal)

    def choose_audio(self) -> None:
        """Let the person say where a song's audio is."""
        url, number = "https://soundcloud.com/crew/mine", self.random.randint(20, 22)
        self.soundcloud.tracks[ref(number)] = track(number, availability=Availability.AVAILABLE)
        self.soundcloud.listings[url] = Listing(
            ref="soundcloud:single:20", name="Mine", url=url, entries=(ref(number),), complete=True
        )
        choose(self.place.world(), self.random.choice(sorted(self.place.state().recordings)), url)

    def unfollow_and_follow(self) -> None:
        """Let the person change their mind about a playlist."""
        url = self.random.choice(self.place.urls)
        decide = self.random.choice([unfollow, follow])
        if decide is follow:
            follow(self.place.journal, self.place.world().sources, url)
        else:
            unfollow(self.place.journal, url, settings=self.place.urls)

    def ask_again(self) -> None:
        """Let the person want something fetched whatever became of it."""
        refetch(self.place.journal, self.random.choice(sorted(self.place.state().recordings)))

    def undo_something(self) -> None:
        """Take back what a run of late did, or the last thing at all."""
        runs = sorted(self.place.state().runs)[-3:]
        self.undoing = True
        try:
            undo(self.place.world(), find_meant(self.place.journal, self.random.choice([*runs, LAST])), 100)
        finally:
            self.undoing = False

    def die(self) -> None:
        """Die at the n-th crash point of a run, and begin again as another process."""
        left = self.random.randint(1, 60)

        def reached(_point: CrashPoint) -> None:
            nonlocal left
            left -= 1
            if left <= 0:
                raise Died

        self.place.reached = reached
        try:
            self.run()
        except Died:
            pass
        finally:
            self.place.reached = lambda _point: None
        self.place.close()
        self.place.open()

    def busy_day(self) -> None:
        """Let a few things happen, and do something about it or not."""
        things = (
            self.change_a_list, self.change_a_list, self.hide_a_list, self.withhold_a_track, self.lose_facts,
            self.trouble_a_target, self.edit,
        )  # fmt: skip
        deeds = (
            self.run, self.run, self.run, self.answer_some, self.answer_some, self.have_second_thoughts,
            self.run_a_chain, self.ask_for_facts, self.choose_audio, self.unfollow_and_follow, self.ask_again,
            self.undo_something, self.die,
        )  # fmt: skip
        for happens in (*self.random.choices(things, k=2), *self.random.choices(deeds, k=2)):
            with suppress(UsageError):  # a person is told, and nothing was done
                happens()

    def heal(self) -> None:
        """Let all trouble be over; what is incomplete, withheld and decided stays as it is."""
        self.provider.answer = self.told
        for (source, number), entries in self.lists.items():
            shown = self.spotify if source == "spotify" else self.soundcloud
            if not isinstance(shown.listings[self.url(source, number)], Listing):
                self.put(source, number, entries)
        for target in self.place.targets.values():
            target.script.clear()
            target.reveal()

    # --- what holds -----------------------------------------------------------------------------------------------

    def watch(self, action: Action) -> None:
        """Nothing is removed but by an undo, and as a double of what stays (I45)."""
        needless = action.reason.startswith("it is the same recording as")
        assert action.operation is not Operation.TRASH or self.undoing or needless, action

    def quiet_day(self, *, settled: bool) -> None:
        """I23: where nothing happened, a run looks, and that is all."""
        self.place.clock.pass_s(DAY_S)
        seq, sends = self.place.journal.head().seq, self.place.sends()
        self.place.reconcile()
        if not settled:
            return
        news = Counter(event.TYPE for event in self.place.events(after=seq) if event.TYPE not in FRAME | TIMED)
        assert not news
        assert self.place.sends() == sends
        self.second_run_of_the_day()

    def second_run_of_the_day(self) -> None:
        """P9: it lists each playlist once and asks nobody about anything else."""
        seq, logs = self.place.journal.head().seq, (len(self.soundcloud.log), len(self.provider.asked))
        asked = len(self.place.finders[0].asked) if isinstance(self.place.finders[0], FakeFinder) else 0
        self.place.reconcile()
        assert self.place.types_after(seq) == FRAME
        lines = self.soundcloud.log[logs[0] :]
        assert not [line for line in lines if line.startswith("describe")]
        assert len(set(lines)) == len(lines)
        assert len(self.provider.asked) == logs[1]
        assert not isinstance(self.place.finders[0], FakeFinder) or len(self.place.finders[0].asked) == asked

    def check_books(self) -> None:
        """I13, I30: what was folded is what is live, and nothing of ours is there twice."""
        assert not replay(self.place.path).different
        for target in self.place.targets.values():
            keys = Counter((row.kind, row.key) for row in target.things.values() if row.live and row.key)
            assert not [key for key, count in keys.items() if count > 1 and key[0] != "audio"]


@pytest.mark.parametrize("seed", range(3))
def test_quiet_days_are_quiet_whatever_came_before(make_place: Callable[[], Place], seed: int) -> None:
    """I13, I20, I23, I30, I36, I45, P9: over months of changes, troubles, second thoughts and deaths."""
    place = make_place()
    life = Life(place, seed)
    life.run()
    for _ in range(MONTHS):
        for _ in range(BUSY_DAYS):
            place.clock.pass_s(DAY_S)
            life.busy_day()
        life.heal()
        for day in range(QUIET_DAYS):
            life.quiet_day(settled=day >= SETTLED_DAYS)
        life.check_books()
    place.close()
