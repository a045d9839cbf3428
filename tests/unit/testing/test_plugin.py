"""The fixtures for downstream tests cost nothing until they are used."""

import subprocess
import sys
from datetime import timedelta

from ges_connector.api import GesClient
from ges_connector.sandbox.sandbox import Sandbox
from ges_connector.testing import MONDAY

IMPORTED = """
import sys, ges_connector.testing.plugin
heavy = ("aiohttp", "httpx", "pydantic", "ges_connector.api", "ges_connector.sandbox")
print([name for name in heavy if name in sys.modules])
"""


def test_loading_the_plugin_imports_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_the_sandbox_of_a_test_stands_on_a_monday_when_two_offices_are_open(
    ges_sandbox: Sandbox,
) -> None:
    assert ges_sandbox.clock.now() == MONDAY
    assert MONDAY.weekday() == 0
    for office in ("Berlin_Day", "New_York_Day"):
        assert ges_sandbox.centre().open_for(office, None)


async def test_the_client_of_a_test_talks_to_that_sandbox(
    ges_client: GesClient, ges_sandbox: Sandbox
) -> None:
    ges_sandbox.advance(timedelta(hours=9).total_seconds())
    assert (await ges_client.open_for("Support_US")).is_closed
