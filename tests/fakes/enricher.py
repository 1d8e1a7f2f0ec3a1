"""A provider of facts: tells what a test put there, and keeps every question."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from typing_extensions import override

from engine.domain.events import Fact
from engine.domain.failure import Problem
from engine.source_ports import Described, Enriched, Enricher


class FakeEnricher(Enricher):
    """Tells the same of every recording, unless a test says otherwise.

    Attributes:
        answer: what every question is answered with.
        answers: title → the answer to it.
        wants: says whether enough is known of a recording.
        asked: every question, in order.
    """

    def __init__(self, name: str = "musicbrainz", **facts: str) -> None:
        self._name = name
        told = tuple(Fact(field=field, value=value, confidence=0.9) for field, value in facts.items())
        self.answer: Enriched | Problem = Enriched(matched_by="search", provider_ref=f"{name}:1", facts=told)
        self.answers: dict[str, Enriched | Problem] = {}
        self.wants: Callable[[Described], bool] = lambda _: True
        self.asked: list[Described] = []

    @property
    @override
    def name(self) -> str:
        return self._name

    @override
    def suits(self, about: Described) -> bool:
        return self.wants(about)

    @override
    def enrich(self, about: Described) -> Enriched | Problem:
        self.asked.append(about)
        return self.answers.get(about.title, self.answer)

    @override
    def requests(self) -> Mapping[str, int]:
        return {self._name: len(self.asked)} if self.asked else {}
