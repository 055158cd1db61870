"""What the server lets in: names it answers to, files and how much of them, and who may read its counters."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from dashboard import doors
from dashboard.doors import Doors, name_of

PUT = {"method": "PUT", "path": "/_stcore/upload_file/session/file"}


def ask(door: Doors, scope: dict, **headers: str) -> list[dict]:
    """Send one request through; what came back."""
    answered: list[dict] = []
    named = [(key.replace("_", "-").encode(), value.encode()) for key, value in headers.items()]
    whole = {"type": "http", "method": "GET", "path": "/", "headers": named, **scope}

    async def receive() -> dict:
        return {"type": f"{whole['type']}.request"}

    async def send(message: dict) -> None:
        answered.append(message)

    # In a thread of its own: where a browser's tests ran before, this one has a loop already.
    with ThreadPoolExecutor(1) as apart:
        apart.submit(asyncio.run, door(whole, receive, send)).result()
    return answered


async def inside(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})


def code(answered: list[dict]) -> int:
    return answered[0]["status"]


@pytest.fixture(autouse=True)
def as_delivered(monkeypatch):
    for name in ("TARGETS_UPLOADS", doors.NAMES, doors.COUNTERS):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "POST"])
def test_no_file_is_taken_where_sending_is_off(method):
    assert code(ask(Doors(inside), {**PUT, "method": method}, content_length="1")) == 403


def test_files_are_taken_up_to_what_memory_may_hold(monkeypatch):
    monkeypatch.setenv("TARGETS_UPLOADS", "on")
    assert code(ask(Doors(inside, lambda: 0), PUT, content_length=str(doors.MOST_HELD))) == 200
    assert code(ask(Doors(inside, lambda: 1), PUT, content_length=str(doors.MOST_HELD))) == 507
    assert code(ask(Doors(inside, lambda: 0), PUT)) == 411, "a length that is not said could be any"
    assert code(ask(Doors(inside, lambda: 0), PUT, content_length="-1")) == 411
    assert code(ask(Doors(inside, lambda: 9 << 40), {**PUT, "method": "DELETE"})) == 200, "taking away helps"


def test_files_on_their_way_count_too(monkeypatch):
    monkeypatch.setenv("TARGETS_UPLOADS", "on")
    second: list[list[dict]] = []

    async def slow(scope, receive, send):
        if not second:
            second.append([])

            async def kept(message: dict) -> None:
                second[0].append(message)

            await door(scope, receive, kept)
        await inside(scope, receive, send)

    door = Doors(slow, lambda: 0)
    assert code(ask(door, PUT, content_length=str(doors.MOST_HELD - 5))) == 200
    assert code(second[0]) == 507
    assert door.arriving == 0, "what has arrived is on its way no longer"


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("localhost:8501", "localhost"),
        ("LocalHost.", "localhost"),
        ("[::1]:8501", "::1"),
        ("127.0.0.1", "127.0.0.1"),
        ("", ""),
        ("evil.example:8501", "evil.example"),
    ],
)
def test_the_name_in_a_host_header(host, name):
    assert name_of(host) == name


def test_a_name_that_is_not_ours_is_not_answered(monkeypatch):
    assert code(ask(Doors(inside), {}, host="any.example")) == 200, "no names are set: any is answered"
    monkeypatch.setenv(doors.NAMES, "localhost, targets.example")
    assert code(ask(Doors(inside), {}, host="Targets.example:443")) == 200
    for host in (
        "evil.example",
        "localhost.evil.example",
        "evil.example:localhost",
        "localhost@evil.example",
    ):
        assert code(ask(Doors(inside), {}, host=host)) == 400, host
    assert code(ask(Doors(inside), {})) == 400, "no name at all"
    closed = ask(Doors(inside), {"type": "websocket", "path": "/_stcore/stream"}, host="evil.example")
    assert [message["type"] for message in closed] == ["websocket.close"]


def test_counters_are_shown_when_asked_for_alone(monkeypatch):
    assert code(ask(Doors(inside), {"path": "/_stcore/metrics"})) == 404
    monkeypatch.setenv(doors.COUNTERS, "on")
    assert code(ask(Doors(inside), {"path": "/_stcore/metrics"})) == 200
