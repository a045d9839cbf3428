"""A far side that answers from a script, and a client that never waits."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from pydantic import SecretStr

from ges_connector.api import GesClient, GesSettings

if TYPE_CHECKING:
    from collections.abc import Callable

_DATA = Path(__file__).parent / "data"


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("REGION", "BASE_URL", "API_KEY", "API_KEY_FILE", "PROXY_URL"):
        monkeypatch.delenv(f"GES_{name}", raising=False)


@pytest.fixture
def recorded() -> Callable[[str], bytes]:
    """Bodies as GES and its gateway send them, by file name."""

    def read(name: str) -> bytes:
        return (_DATA / name).read_bytes()

    return read


@pytest.fixture
def settings() -> GesSettings:
    return GesSettings(
        base_url="http://ges.test/engagement/v3", api_key=SecretStr("planted-key-4711")
    )


@pytest.fixture
def answering(settings: GesSettings) -> Callable[..., tuple[GesClient, list[httpx.Request]]]:
    """A client whose far side answers from a script (the last line repeats), and what it was sent.

    A line is a response, or an exception to raise. Pauses between attempts are skipped.
    """

    def make(
        *script: httpx.Response | Exception, pauses: list[float] | None = None
    ) -> tuple[GesClient, list[httpx.Request]]:
        received: list[httpx.Request] = []
        kept = pauses if pauses is not None else []

        def handle(request: httpx.Request) -> httpx.Response:
            line = script[min(len(received), len(script) - 1)]
            received.append(request)
            if isinstance(line, Exception):
                raise line
            return httpx.Response(line.status_code, headers=line.headers, content=line.content)

        async def pause(seconds: float) -> None:
            kept.append(seconds)

        client = GesClient(
            settings, http=httpx.MockTransport(handle), pause=pause, jitter=lambda: 1.0
        )
        return client, received

    return make
