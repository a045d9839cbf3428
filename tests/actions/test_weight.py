"""What every process of an action server has to load, and what only those who need it do."""

import subprocess
import sys

HEAVY = (
    "aiohttp", "httpx", "rich", "icalendar", "redis", "prometheus_client", "typer", "rasa",
    "ges_connector.flows",
)  # fmt: skip
LOAD = f"""
import sys
from rasa_sdk.executor import ActionExecutor
ActionExecutor().register_package("actions")
print(*(name for name in {HEAVY} if name in sys.modules))
"""


def test_knowing_the_actions_loads_nothing_heavy_that_a_turn_may_never_need() -> None:
    done = subprocess.run([sys.executable, "-c", LOAD], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
