"""What every test of the Notion stand-in holds: a seeded workspace, a client of it, and its clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import httpx
from notion_client import Client

from engine.standins.notion.seed import seed_music_workspace
from engine.standins.notion.standin import TOKEN, NotionStandin

START_S = 1_800_000_030.0  # half past a minute


class Hands:
    """A seeded stand-in, a client of it, and a clock a test can turn."""

    def __init__(self, standin: NotionStandin, clock: list[float]) -> None:
        self.standin = standin
        self.clock = clock
        self.ids = seed_music_workspace(standin)
        self.tracks = self.ids["tracks_source"]
        self.playlists = self.ids["playlists_source"]
        self.http = httpx.Client(
            base_url=standin.url,
            headers={"Authorization": f"Bearer {TOKEN}", "Notion-Version": "2026-03-11"},
            verify=False,  # building a TLS context costs more than a whole test
        )

    @cached_property
    def client(self) -> Client:
        """The public client library, without its own retries."""
        return Client(auth=TOKEN, base_url=self.standin.url, notion_version="2026-03-11", retry=False)

    def add(self, title: str, **properties: Any) -> str:
        """Create a track through the API and give its id."""
        answer = self.http.post("/v1/pages", json=self.creation({"Title": {"title": text(title)}, **properties}))
        assert answer.status_code == 200, answer.text
        return str(answer.json()["id"])

    def creation(self, properties: dict[str, Any]) -> dict[str, Any]:
        """Give the body that creates a track."""
        return {"parent": {"type": "data_source_id", "data_source_id": self.tracks}, "properties": properties}

    def query(self, **body: Any) -> dict[str, Any]:
        """Query the tracks; the answer must be a success."""
        answer = self.http.post(f"/v1/data_sources/{self.tracks}/query", json=body)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def titles(self, **body: Any) -> list[str]:
        """Query the tracks and give the titles, in order."""
        return [row["properties"]["Title"]["title"][0]["plain_text"] for row in self.query(**body)["results"]]

    def refusal(self, properties: dict[str, Any]) -> str:
        """Create a track that must be refused with validation_error, and give the message."""
        answer = self.http.post("/v1/pages", json=self.creation(properties))
        assert (answer.status_code, answer.json()["code"]) == (400, "validation_error"), answer.text
        return str(answer.json()["message"])

    def query_refusal(self, body: dict[str, Any]) -> str:
        """Query the tracks so that it must be refused, and give the message."""
        answer = self.http.post(f"/v1/data_sources/{self.tracks}/query", json=body)
        assert (answer.status_code, answer.json()["code"]) == (400, "validation_error"), answer.text
        return str(answer.json()["message"])


def text(content: str) -> list[dict[str, Any]]:
    """Give rich text as a request says it."""
    return [{"text": {"content": content}}]


@contextmanager
def opened() -> Iterator[Hands]:
    """Give a seeded, listening stand-in for as long as the block lasts."""
    clock = [START_S]
    with NotionStandin(clock=lambda: clock[0]) as standin:
        made = Hands(standin, clock)
        yield made
        made.http.close()
        if "client" in vars(made):
            made.client.close()
