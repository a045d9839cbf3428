"""The pytest fixtures; see `ges_connector.testing`.

Everything is imported inside the fixtures: pytest loads this module in every test run of every
project that has the package installed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ges_connector.testing import MONDAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ges_connector.api import GesClient
    from ges_connector.sandbox.sandbox import Sandbox
    from ges_connector.testing.contact_centre import RunningServer


@pytest.fixture
def ges_sandbox() -> Sandbox:
    """The contact centre that ships, in-process, its clock standing at `MONDAY`."""
    from ges_connector.testing.contact_centre import standing_sandbox  # noqa: PLC0415 - when used

    return standing_sandbox(MONDAY)


@pytest.fixture
def ges_client(ges_sandbox: Sandbox) -> GesClient:
    """A client of `ges_sandbox`; it opens nothing and needs no closing."""
    from ges_connector.testing.contact_centre import client_of  # noqa: PLC0415 - when used

    return client_of(ges_sandbox)


@pytest.fixture
def ges_server() -> Iterator[RunningServer]:
    """The contact centre that ships, over HTTP on a free port of loopback, its clock running."""
    from ges_connector.sandbox.sandbox import Sandbox  # noqa: PLC0415 - when used
    from ges_connector.testing.contact_centre import (  # noqa: PLC0415 - when used
        built_in_seed,
        running_server,
    )

    with running_server(Sandbox.from_seed(built_in_seed())) as server:
        yield server
