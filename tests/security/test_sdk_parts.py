"""The parts of the SDK that are not for us, and that we use: a version without them is told here.

If a test of these fails after an update of rasa-sdk, mend the module it names before anything else.
"""

from __future__ import annotations

import inspect
import signal
from importlib import import_module
from operator import attrgetter
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from rasa_sdk import grpc_server
from rasa_sdk.executor import ActionExecutor
from sanic.worker.manager import WorkerManager

from actions.stopping import Stopping

if TYPE_CHECKING:
    from collections.abc import Callable


def parameters(function: Callable[..., Any]) -> list[str]:
    return [*inspect.signature(function).parameters]


class Server:
    """What the SDK adds its services to, in place of a gRPC server."""

    def __init__(self) -> None:
        self.services: dict[str, list[str]] = {}

    def add_generic_rpc_handlers(self, handlers: Any) -> None:
        assert handlers

    def add_registered_method_handlers(self, service: str, handlers: dict[str, Any]) -> None:
        self.services[service] = sorted(handlers)


def test_actions_serving_finds_how_the_sdk_makes_its_grpc_services() -> None:
    assert parameters(grpc_server._initialise_health_service) == ["server"]
    given = ["server", "action_executor", "auto_reload", "endpoints"]
    assert parameters(grpc_server._initialise_action_service) == given
    server = Server()
    grpc_server._initialise_health_service(server)
    grpc_server._initialise_action_service(
        server, ActionExecutor(), auto_reload=False, endpoints="nowhere.yml"
    )
    # Each of them is guarded by `actions.serving.Gate`, but for the checks of health.
    assert server.services["action_server_webhook.ActionService"] == [
        "AckStreamChunks",
        "Actions",
        "Webhook",
        "WebhookStream",
    ]
    assert "Check" in server.services["grpc.health.v1.Health"]


EXTRACTORS = "rasa_sdk.tracing.instrumentation.attribute_extractors"
MANAGER = "sanic.worker.manager"


@pytest.mark.parametrize(
    ("user", "module", "name", "given"),
    [
        ("tracing", EXTRACTORS, "extract_attrs_for_action_executor", None),
        ("tracing", EXTRACTORS, "extract_attrs_for_validation_action", None),
        ("tracing", "rasa_sdk.endpoint", "set_span_attributes", ["span", "action_call"]),
        ("tracing", "rasa_sdk.endpoint", "get_tracer_provider", ["endpoints_file"]),
        ("tracing", "rasa_sdk.grpc_server", "set_span_attributes", ["span", "action_call"]),
        ("tracing", "rasa_sdk.grpc_server", "get_tracer_provider", ["endpoints_file"]),
        ("stopping", MANAGER, "WorkerManager._all_workers_ack", ["self"]),
        ("stopping", MANAGER, "WorkerManager._poll_monitor", ["self"]),
        ("stopping", MANAGER, "WorkerManager.cleanup", ["self"]),
        ("stopping", MANAGER, "MonitorCycle.BREAK", None),
        ("stopping", MANAGER, "WorkerManager.wait_for_ack", ["self"]),
    ],
)
def test_what_is_mended_from_outside_is_still_there(
    user: str, module: str, name: str, given: list[str] | None
) -> None:
    try:
        found = attrgetter(name)(import_module(module))
    except (ImportError, AttributeError):
        pytest.fail(f"actions/{user}.py mends {module}.{name}, which is gone", pytrace=False)
    assert given is None or parameters(found)[: len(given)] == given


def test_workers_that_take_a_minute_to_come_up_are_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks = iter([False] * 600)
    manager = object.__new__(WorkerManager)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(manager, "_all_workers_ack", lambda: next(looks, True), raising=False)
    quiet = SimpleNamespace(poll=lambda _: False)
    monkeypatch.setattr(manager, "monitor_subscriber", quiet, raising=False)
    manager.transient, manager.durable = {}, {}
    Stopping(manager, 1.0).take_over()
    manager.wait_for_ack()
    assert next(looks, "all taken") == "all taken"
