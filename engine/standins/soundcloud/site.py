"""What soundcloud.com itself serves: pages, the scripts that carry the client id, and short links."""

from __future__ import annotations

import hashlib
import html
import json
from http import HTTPStatus

from engine.standins.server import Request, Response
from engine.standins.soundcloud import addresses
from engine.standins.soundcloud.catalog import Catalog
from engine.standins.soundcloud.records import User
from engine.standins.soundcloud.shapes import SITE

_ASSETS = "https://a-v2.sndcdn.com/assets"
_SCRIPTS = 6  # the site loads several; only the last one carries the client id


class ClientIds:
    """The client id of the web player: one is valid at a time, earlier ones are refused."""

    def __init__(self) -> None:
        self._generation = 0
        self.refusal = HTTPStatus.UNAUTHORIZED  # what those before get

    @property
    def current(self) -> str:
        """The 32 letters and digits api-v2 accepts now."""
        return hashlib.sha256(f"client id {self._generation}".encode()).hexdigest()[:32]

    @property
    def script(self) -> str:
        """The name of the script that carries the current client id."""
        return f"{_SCRIPTS - 1}-{self.current[:8]}.js"

    def rotate(self, refusal: HTTPStatus) -> str:
        """Publish another client id and refuse those before with this status; gives the new one."""
        self.refusal = refusal
        self._generation += 1
        return self.current


class Site:
    """Answers for soundcloud.com, on.soundcloud.com and the host of the scripts."""

    def __init__(self, catalog: Catalog, client_ids: ClientIds) -> None:
        self._catalog = catalog
        self._client_ids = client_ids

    def page(self, request: Request) -> Response:
        """Answer with the main page, or the page of something in the catalogue."""
        if request.path in ("", "/"):
            return self._document("Stream and listen to music online for free with SoundCloud")
        found = addresses.find(self._catalog, f"{SITE}{request.path}")
        if found is None:
            return Response(status=404, headers=(("Content-Type", "text/html; charset=utf-8"),), body=b"<html></html>")
        return self._document(found.username if isinstance(found, User) else found.title)

    def short_link(self, request: Request) -> Response:
        """Answer with a redirect to where a short link leads."""
        target = self._catalog.short_link(request.path.strip("/"))
        return Response(status=404) if target is None else Response(status=302, headers=(("Location", target),))

    def asset(self, request: Request) -> Response:
        """Answer with one script."""
        name = request.path.removeprefix("/assets/")
        body = f'var e={{client_id:"{self._client_ids.current}",env:"production"}};' if self._carries(name) else ";"
        return Response(headers=(("Content-Type", "application/javascript"),), body=body.encode())

    def _carries(self, name: str) -> bool:
        return name == self._client_ids.script

    def _document(self, title: str) -> Response:
        names = [f"{number}-0000000{number}.js" for number in range(_SCRIPTS - 1)]
        names.append(self._client_ids.script)
        scripts = "".join(f'<script crossorigin src="{_ASSETS}/{name}"></script>\n' for name in names)
        hydration = json.dumps([{"hydratable": "apiClient", "data": {"id": self._client_ids.current}}])
        body = (
            f'<!DOCTYPE html>\n<html lang="en"><head><title>{html.escape(title)}</title></head><body>\n'
            f"<script>window.__sc_hydration = {hydration};</script>\n{scripts}</body></html>\n"
        )
        return Response(headers=(("Content-Type", "text/html; charset=utf-8"),), body=body.encode())
