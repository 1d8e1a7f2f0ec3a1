"""The server under every stand-in: bodies, faults, history, and going away."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from typing_extensions import override

from engine.standins import faults
from engine.standins.server import Effect, Fault, Request, Response, Standin


class Echo(Standin):
    """A stand-in that answers with what it was sent, and counts what it acted on."""

    acted = 0

    @override
    def handle(self, request: Request) -> Response:
        self.acted += 1
        body = request.body.decode("utf-8", "replace")
        return Response.of_json({"method": request.method, "body": body, "n": self.acted})


@pytest.fixture
def echo() -> Iterator[Echo]:
    """Give a listening echo stand-in."""
    with Echo() as standin:
        yield standin


def raw(standin: Standin, payload: bytes) -> bytes:
    """Send bytes on a connection of their own, half-close it, and give everything that came back."""
    with socket.create_connection(("127.0.0.1", standin.port), timeout=5) as connection:
        connection.sendall(payload)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_a_chunked_body_is_put_together(echo: Echo) -> None:
    """A client that streams its body is heard like any other."""
    answer = httpx.post(echo.url, content=iter([b"one ", b"two"]))
    assert answer.json()["body"] == "one two"


def test_a_body_that_never_arrived_whole_is_not_acted_on(echo: Echo) -> None:
    """A torn request is a lost request: the service did nothing."""
    torn = raw(echo, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf")
    assert torn.startswith(b"HTTP/1.1 400 ")
    assert echo.acted == 0


@pytest.mark.parametrize("framing", [b"Content-Length: ten\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\nnonsense\r\n"])
def test_a_wrongly_framed_body_is_refused(echo: Echo, framing: bytes) -> None:
    """Framing that is not HTTP gets 400 and the connection ends."""
    assert raw(echo, b"POST / HTTP/1.1\r\nHost: x\r\n" + framing).startswith(b"HTTP/1.1 400 ")


def test_head_and_body_leave_in_one_piece(echo: Echo) -> None:
    """The whole answer is one send, so no delayed ACK can hold the second half back."""
    with socket.create_connection(("127.0.0.1", echo.port), timeout=5) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        first = connection.recv(65536)
    assert first.endswith(b'"n":1}')


def test_one_connection_serves_many_requests(echo: Echo) -> None:
    """HTTP/1.1 keep-alive: the same socket is used again."""
    with httpx.Client(base_url=echo.url) as client:
        streams = {id(client.get("/").extensions["network_stream"]) for _ in range(3)}
    assert len(streams) == 1


def test_the_history_says_what_was_decided_and_what_was_sent(echo: Echo) -> None:
    """A lost response was acted on; a lost request was not; the history tells them apart."""
    echo.script(faults.lost_response(path="/a"), faults.lost_request(path="/b"))
    for path in ("/a", "/b", "/c"):
        try:
            httpx.get(echo.url + path)
        except httpx.RemoteProtocolError:
            continue
    assert [(seen.status, seen.sent, seen.fault) for seen in echo.history] == [
        (200, None, Effect.LOSE_RESPONSE),
        (None, None, Effect.LOSE_REQUEST),
        (200, 200, None),
    ]


def test_a_fault_skips_then_strikes_then_is_spent(echo: Echo) -> None:
    """`skip` and `times` count matching requests only."""
    echo.script(Fault(effect=Effect.ANSWER, path="/x", skip=1, times=2, response=Response(status=503)))
    statuses = [httpx.get(echo.url + path).status_code for path in ("/x", "/y", "/x", "/x", "/x")]
    assert statuses == [200, 200, 503, 503, 200]


def test_calm_forgets_every_fault(echo: Echo) -> None:
    """A test may end its storm."""
    echo.script(faults.garbage(times=9))
    echo.calm()
    assert httpx.get(echo.url).status_code == 200


def test_garbage_is_200_and_not_json(echo: Echo) -> None:
    """A proxy's page in place of the service's answer, after the service acted."""
    echo.script(faults.garbage())
    answer = httpx.get(echo.url)
    with pytest.raises(json.JSONDecodeError):
        answer.json()
    assert (answer.status_code, echo.acted) == (200, 1)


def test_a_truncated_answer_promises_more_than_it_sends(echo: Echo) -> None:
    """The client sees the connection end inside the body."""
    echo.script(faults.truncated())
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(echo.url)


def test_stopping_hangs_up_on_waiting_clients() -> None:
    """A stopped stand-in looks like a program that quit: open connections end, new ones are refused."""
    echo = Echo().start()
    with httpx.Client(base_url=echo.url) as client:
        client.get("/")
        url = echo.url
        echo.stop()
        echo.stop()
        with pytest.raises(httpx.ConnectError):
            client.get("/")
        with pytest.raises(httpx.ConnectError):
            httpx.get(url)


def test_a_hang_is_released_by_stopping() -> None:
    """No test waits for a scripted hang to run out."""
    echo = Echo()
    echo.script(faults.hang(seconds=600))
    with echo, pytest.raises(httpx.ReadTimeout):
        httpx.get(echo.url, timeout=0.05)
    assert echo.acted == 1


def test_a_late_answer_still_arrives(echo: Echo) -> None:
    """A delay holds the answer back, then sends it whole."""
    echo.script(faults.late(seconds=0.001))
    assert httpx.get(echo.url).json()["n"] == 1


def test_the_written_history_goes_on_after_a_restart(tmp_path: Path) -> None:
    """History is JSON Lines, appended; numbers go on where they stopped."""
    path = tmp_path / "history.jsonl"
    for _ in range(2):
        with Echo(history_path=path, clock=lambda: 5.0) as echo:
            httpx.post(echo.url + "/p?a=1", content=b"\xff")
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [line["number"] for line in lines] == [1, 2]
    assert lines[0] == {
        "number": 1,
        "at_s": 5.0,
        "method": "POST",
        "host": lines[0]["host"],
        "path": "/p",
        "query": [["a", "1"]],
        "body": "\\xff",
        "status": 200,
        "sent": 200,
        "fault": None,
        "country": "",
        "credentials": [],
    }
