"""The action server over gRPC, as `ges-callback serve --grpc` starts it.

The SDK's own start listens on every address and, told to stop, breaks off what is under way. This
one listens where it is told, has `actions.gate` stand before what the SDK serves, and lets running
bookings finish.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import grpc  # type: ignore[import-untyped] # its stubs lag behind it
from grpc import aio
from rasa_sdk.constants import DEFAULT_ENDPOINTS_PATH
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.grpc_server import _initialise_action_service, _initialise_health_service

from actions import log_lines, runtime, tracing
from actions.access import DEMO_VARIABLE, AccessSettings, AccessSettingsError
from actions.gate import Gate
from actions.under_way import tell_stopped, tell_stopping

if TYPE_CHECKING:
    from collections.abc import Sequence

# By its name: run as a program the module has another one, of which nothing is written.
logger = logging.getLogger("actions.serving")
_LONGEST_MESSAGE: Final = "grpc.max_receive_message_length"


@dataclass(frozen=True, slots=True)
class Serving:
    """How to serve.

    Attributes:
        host: Address to listen on.
        port: Port to listen on.
        grace_seconds: How long what is under way may take once the server is told to stop.
        endpoints: The endpoints file; the SDK reads from it where traces go.
        certificate: Certificate chain, PEM; None serves without TLS.
        key: Its private key, PEM.
        callers: Certificate authority of the callers' own certificates, PEM; None asks for none.
    """

    host: str
    port: int
    grace_seconds: float
    endpoints: str
    certificate: Path | None = None
    key: Path | None = None
    callers: Path | None = None

    @property
    def address(self) -> str:
        """Host and port in one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def _server(*, is_certified: bool) -> aio.Server:
    """Make a server that keeps strangers out; callers with a certificate may do without a secret.

    Raises:
        SystemExit: Anybody on this machine could call it, or guess how to; or a setting is wrong.
    """
    is_demo = os.environ.get(DEMO_VARIABLE) == "1"
    try:
        settings = AccessSettings()
        secrets = settings.secrets(is_demo=is_demo, is_certified=is_certified)
    except AccessSettingsError as error:
        sys.stderr.write("".join(f"{fault}\n" for fault in error.faults))
        raise SystemExit(2) from None
    return aio.server(
        compression=grpc.Compression.Gzip,
        interceptors=[Gate(settings, secrets, is_certified=is_certified)],
        options=[(_LONGEST_MESSAGE, settings.max_bytes)],
    )


async def serve(serving: Serving) -> None:
    """Serve until told to stop, and until what is under way then has ended.

    Args:
        serving: How.

    Raises:
        SystemExit: The port cannot be had, a file cannot be read, or anybody could call.
    """
    executor = ActionExecutor()
    executor.register_package("actions")
    server = _server(is_certified=serving.callers is not None)
    _initialise_health_service(server)
    _initialise_action_service(server, executor, auto_reload=False, endpoints=serving.endpoints)
    _listen(server, serving)
    told_to_stop = _when_told_to_stop()
    await server.start()
    logger.info("The action server listens on %s (gRPC)", serving.address)
    await told_to_stop.wait()
    there_were = tell_stopping(serving.grace_seconds)
    await server.stop(serving.grace_seconds)
    await runtime.close()
    tell_stopped(there_were)


def _listen(server: aio.Server, serving: Serving) -> None:
    try:
        if serving.certificate is None or serving.key is None:
            server.add_insecure_port(serving.address)
            return
        callers = None if serving.callers is None else serving.callers.read_bytes()
        credentials = grpc.ssl_server_credentials(
            [(serving.key.read_bytes(), serving.certificate.read_bytes())],
            root_certificates=callers,
            require_client_auth=callers is not None,
        )
        server.add_secure_port(serving.address, credentials)
    except (OSError, RuntimeError) as error:
        sys.stderr.write(f"{serving.address}: cannot be served: {error}\n")
        raise SystemExit(2) from None


def _when_told_to_stop() -> asyncio.Event:
    loop, told = asyncio.get_running_loop(), asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, told.set)
    return told


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve as the arguments say; `ges-callback serve` has checked them."""
    parser = argparse.ArgumentParser(description="The action server over gRPC.")
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", required=True, type=int)
    parser.add_argument("--grace-seconds", required=True, type=float)
    parser.add_argument("--endpoints", default=DEFAULT_ENDPOINTS_PATH)
    for name in ("--certificate", "--key", "--callers"):
        parser.add_argument(name, type=Path)
    log_lines.show()
    tracing.mend()
    asyncio.run(serve(Serving(**vars(parser.parse_args(arguments)))))


if __name__ == "__main__":
    main()
