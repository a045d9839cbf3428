"""A contact centre over HTTP whose clock stands, and the command line in front of it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner, Result

from ges_connector.callbacks.clock import VARIABLE
from ges_connector.cli.app import app
from ges_connector.testing import MONDAY
from ges_connector.testing.contact_centre import RunningServer, running_server, standing_sandbox

DEMO = resources.files("ges_connector.demo").joinpath("callback.yml")
NUMBER = "+493023125011"


@dataclass(frozen=True)
class Office:
    """The desk's side of a contact centre."""

    server: RunningServer
    environment: dict[str, str]

    def run(self, *arguments: object, text: str | None = None, **environment: str) -> Result:
        """Type a command."""
        return CliRunner().invoke(
            app, list(map(str, arguments)), input=text, env={**self.environment, **environment}
        )

    def told(self, *arguments: object, exit_code: int = 0, **environment: str) -> Any:
        """Type a command for programs; gives its one object."""
        result = self.run(*arguments, "--json", **environment)
        assert result.exit_code == exit_code, result.output
        (line,) = result.stdout.splitlines()
        return json.loads(line)

    def fault(self, **fault: object) -> None:
        """Order a fault."""
        self._admin("POST", "/faults", fault)

    def wait_until_faults_have_come(self) -> None:
        """Return once every fault on order has befallen its call."""
        while self._admin("GET", "/state")["faults"]:
            pass

    def callbacks(self) -> list[dict[str, Any]]:
        """The callbacks that there are."""
        found: list[dict[str, Any]] = self._admin("GET", "/state")["callbacks"]
        return found

    def _admin(self, method: str, path: str, content: object = None) -> Any:
        url = f"{self.server.admin_url}{path}"
        answer = httpx.request(method, url, json=content, trust_env=False)
        assert answer.is_success, answer.text
        return answer.json()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """The contact centre that ships, on `MONDAY`."""
    clock = tmp_path / "clock"
    clock.write_text(MONDAY.isoformat())
    with running_server(standing_sandbox(MONDAY)) as server:
        environment = {
            "GES_BASE_URL": server.base_url,
            "GES_API_KEY": server.key,
            VARIABLE: str(clock),
            "COLUMNS": "120",
            "CALLBACK_CONFIG": str(DEMO),
        }
        yield Office(server, environment)
