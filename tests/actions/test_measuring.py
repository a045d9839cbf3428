"""The page of the metrics where the extra that makes it is not installed."""

import json
import threading
from typing import Any

import pytest

from actions import measuring
from ges_connector.extras import installing
from ges_connector.telemetry import exposition


class Server:
    """What `prepare` does to a server that is being made."""

    def __init__(self) -> None:
        self.routes: dict[str, Any] = {}
        self.listeners: list[str] = []

    def add_route(self, handler: Any, path: str, **_: object) -> None:
        self.routes[path] = handler

    def register_listener(self, _: object, event: str) -> None:
        self.listeners.append(event)


async def test_without_the_extra_the_page_says_in_one_sentence_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(exposition, "is_installed", lambda: False)
    server: Any = Server()
    measuring.prepare(server)
    answer = await server.routes["/metrics"](None)
    assert answer.status == 404
    assert installing("telemetry") in json.loads(answer.body)["error"]
    assert server.listeners == []


async def test_the_page_is_put_together_beside_the_turns_under_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def page() -> bytes:
        return threading.current_thread().name.encode()

    monkeypatch.setattr(exposition, "prepare_folder", lambda: None)
    monkeypatch.setattr(exposition, "page", page)
    server: Any = Server()
    measuring.prepare(server)
    answer = await server.routes["/metrics"](None)
    assert answer.body != threading.current_thread().name.encode()
