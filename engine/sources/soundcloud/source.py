"""The source port for SoundCloud: one request per set, one per fifty tracks, every failure a value.

yt-dlp is imported when SoundCloud is first asked, not before. Downloads nothing and decides nothing about files.
One thread at a time asks, whoever calls.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, assert_never

from engine.domain.events import TrackSeen
from engine.domain.failure import Availability, FailureClass, Problem, availability_after
from engine.domain.redaction import public_address
from engine.domain.references import native_id
from engine.source_ports import Describing, Known, Listing, Unchanged, Undescribed
from engine.sources.soundcloud import addresses, parse
from engine.sources.soundcloud.addresses import Numbered, Page, ShortLink, UserList
from engine.sources.soundcloud.config import SoundCloudConfig

if TYPE_CHECKING:
    from engine.sources.soundcloud.session import Session

BATCH_IDS_MAX = 50
"""As many ids as the api's own clients ask for at once."""

_TRACK = "soundcloud:track:"
_HOPELESS = (
    FailureClass.RATE_LIMITED,
    FailureClass.BOT_CHALLENGE,
    FailureClass.AUTH_EXPIRED,
    FailureClass.NETWORK,
    FailureClass.TIMEOUT,
    FailureClass.TOOL_MISSING,
    FailureClass.EXTRACTOR_BROKEN,
)
"""Failures that the next request would meet as well: nothing more is asked in the same description."""


class SoundCloudSource:
    """SoundCloud, by one access profile; ask `close` to let go of it."""

    def __init__(self, config: SoundCloudConfig) -> None:
        self._config = config
        self._lock = threading.RLock()
        self._opened: Session | None = None
        self._keys: dict[str, Mapping[str, str]] = {}  # track ref → what a private set's tracks are asked for with
        self._secret_links: dict[str, str] = {}  # track ref → where a private track opens; never given out with it
        self._sought: set[str] = set()  # tracks of private sets whose secret link was asked for
        self._fresh: dict[str, TrackSeen] = {}  # what a single track's listing has shown already

    @property
    def name(self) -> str:
        """The first part of every ref from here."""
        return "soundcloud"

    @property
    def describing(self) -> Describing:
        """When tracks are described again: requests are counted, so each on its day of the week."""
        return Describing.WEEKLY

    def expand(self, url: str) -> tuple[str, ...] | Problem:
        """Give the address itself: every one here is one list."""
        return (url,)

    def recognises(self, url: str) -> bool:
        """Say whether an address is on SoundCloud."""
        return addresses.is_soundcloud(url)

    def list_playlist(self, url: str, known: Known | None = None) -> Listing | Unchanged | Problem:  # noqa: ARG002 - a listing here is one request, or none
        """Give the ordered listing of a set, of a user's likes, uploads or reposts, or of one track."""
        with self._lock:
            return self._list(url, follow=True)

    def describe(self, refs: Sequence[str]) -> Iterator[TrackSeen | Undescribed]:
        """Give the metadata of tracks, one answer per distinct ref, fifty to a request."""
        stopped: Problem | None = None
        for batch in self._batches(tuple(dict.fromkeys(refs))):
            with self._lock:
                answers = [_unproven(ref, stopped) for ref in batch] if stopped else self._describe(batch)
            yield from answers
            stopped = stopped or next(filter(None, map(_hopeless, answers)), None)

    def address_of(self, ref: str, url: str) -> str:
        """Give the address at which a track's audio can be asked for: its own, or a private one's secret link.

        What comes back is for the download alone: it must not be recorded or shown.
        """
        with self._lock:
            if ref in self._keys and ref not in self._secret_links and ref not in self._sought:
                self._sought.add(ref)
                self._ask([ref])
            return self._secret_links.get(ref, url)

    def requests(self) -> Mapping[str, int]:
        """Give how many requests yt-dlp made for us, client id look-ups included."""
        return {"soundcloud": self._opened.sent if self._opened else 0}

    def close(self) -> None:
        """Let go of the connections; the source can be asked again, and counts on."""
        with self._lock:
            if self._opened:
                self._opened.close()

    @property
    def _session(self) -> Session:
        if self._opened is None:
            from engine.sources.soundcloud.session import Session  # noqa: PLC0415 - yt-dlp takes long to import

            self._opened = Session(self._config)
        return self._opened

    def _list(self, url: str, *, follow: bool) -> Listing | Problem:
        address = addresses.read(url)
        match address:
            case None:
                return _unsupported(url)
            case ShortLink():
                return self._follow(address) if follow else _unsupported(url)
            case UserList():
                return self._list_user(address)
            case Page():
                return self._listing(self._session.resolve(address.url), address.url, address.token)
            case Numbered():
                return self._list_number(address)
            case _:
                assert_never(address)

    def _follow(self, address: ShortLink) -> Listing | Problem:
        target = self._session.expand(address.url)
        return target if isinstance(target, Problem) else self._list(target, follow=False)

    def _list_user(self, address: UserList) -> Listing | Problem:
        answer = self._session.user_list(address.url)
        if isinstance(answer, Problem):
            return answer
        head, entries, problem = answer
        return parse.user_list(head, entries, which=address.which, url=address.url, problem=problem)

    def _list_number(self, address: Numbered) -> Listing | Problem:
        path = f"{address.kind}/{address.number}"
        query = {"secret_token": address.token} if address.token else {}
        url = f"https://api-v2.soundcloud.com/{path}"
        return self._listing(self._session.get(path, query), url, address.token)

    def _listing(self, answer: object, url: str, token: str | None) -> Listing | Problem:
        if isinstance(answer, Problem):
            return answer
        self._secret_links.update(parse.private_addresses(answer))
        listing = parse.listing(answer, url=url)
        if isinstance(listing, Problem):
            return listing
        if listing.ref.startswith("soundcloud:single:") and (seen := parse.track(answer)):
            self._fresh[seen.ref] = seen
        elif token:
            key = {"playlistId": native_id(listing.ref), "playlistSecretToken": token}
            self._keys.update(dict.fromkeys(listing.entries, key))
        return listing

    def _batches(self, refs: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        """Give runs of refs that can be asked for at once: few enough, and of one private set or of none."""
        batch: list[str] = []
        for ref in refs:
            if batch and (len(batch) == BATCH_IDS_MAX or self._keys.get(ref) != self._keys.get(batch[0])):
                yield tuple(batch)
                batch = []
            batch.append(ref)
        if batch:
            yield tuple(batch)

    def _describe(self, batch: tuple[str, ...]) -> Sequence[TrackSeen | Undescribed]:
        known: dict[str, TrackSeen | Undescribed] = {ref: _foreign(ref) for ref in batch if not _is_track(ref)}
        known |= {ref: self._fresh.pop(ref) for ref in batch if ref in self._fresh}
        asked = [ref for ref in batch if ref not in known]
        if asked:
            known |= self._ask(asked)
        return [known[ref] for ref in batch]

    def _ask(self, refs: list[str]) -> Mapping[str, TrackSeen | Undescribed]:
        ids = ",".join(native_id(ref) for ref in refs)
        answer = self._session.get("tracks", {"ids": ids, **self._keys.get(refs[0], {})})
        if isinstance(answer, Problem):
            return {ref: _unproven(ref, answer) for ref in refs}
        self._secret_links.update(parse.private_addresses(answer))
        seen = parse.tracks(answer)
        if seen is None:
            return {ref: _unproven(ref, parse.unreadable("answer to a batch")) for ref in refs}
        return {**seen, **self._ask_singly([ref for ref in refs if ref not in seen])}

    def _ask_singly(self, refs: list[str]) -> Mapping[str, TrackSeen | Undescribed]:
        """Ask for each track that a batch left out: only its own answer says why."""
        found: dict[str, TrackSeen | Undescribed] = {}
        stopped: Problem | None = None
        for ref in refs:
            answer = stopped or self._session.get_once(f"tracks/{native_id(ref)}", {})
            if isinstance(answer, Problem):
                found[ref] = _undescribed(ref, answer)
                stopped = answer if answer.failure in _HOPELESS else None
            else:
                found[ref] = parse.track(answer) or _unproven(ref, parse.unreadable("answer to a track"))
        return found


def _is_track(ref: str) -> bool:
    return ref.startswith(_TRACK) and native_id(ref).isdecimal()


def _hopeless(answer: TrackSeen | Undescribed) -> Problem | None:
    if isinstance(answer, Undescribed) and answer.problem.failure in _HOPELESS:
        return answer.problem
    return None


def _undescribed(ref: str, problem: Problem) -> Undescribed:
    """Take a track's own answer for what it proves."""
    proven = availability_after(problem.failure)
    return Undescribed(ref=ref, availability=proven or Availability.UNKNOWN, problem=problem)


def _unproven(ref: str, problem: Problem) -> Undescribed:
    """Take a batch's failure for what it is: it proves nothing about any one track."""
    return Undescribed(ref=ref, availability=Availability.UNKNOWN, problem=problem)


def _foreign(ref: str) -> Undescribed:
    hint = "follow the address of a track, a set or a user"
    problem = Problem(failure=FailureClass.UNSUPPORTED, detail=f"{ref} is no track of SoundCloud's", hint=hint)
    return _unproven(ref, problem)


def _unsupported(url: str) -> Problem:
    return Problem(
        failure=FailureClass.UNSUPPORTED,
        detail=f"{public_address(url)} is no set, track or list of a user",
        hint="Give the address of a set, a track, a user, or a user's likes, tracks or reposts.",
    )
