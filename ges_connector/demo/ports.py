"""Ports on the loopback address: which are in use, and which are free."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from typing import TYPE_CHECKING

from ges_connector.demo.errors import UnusableInputError
from ges_connector.demo.plan import HOST, Ports

if TYPE_CHECKING:
    from collections.abc import Mapping


def settle_ports(wanted: Ports) -> Ports:
    """Replace each 0 by a free port, and make sure that the others are free.

    The sandbox keeps its 0: it takes a port by itself and announces it. Between this look and the
    start of a program somebody else can take its port; the program then fails and says so.

    Raises:
        UnusableInputError: A port is in use, or wanted twice.
    """
    options = {
        "rasa": ("--rasa-port", wanted.rasa),
        "actions": ("--actions-port", wanted.actions),
        "ges": ("--ges-port", wanted.ges),
    }
    settled = _bind_all(options)
    return Ports(
        rasa=settled["rasa"],
        actions=settled["actions"],
        ges=wanted.ges and settled["ges"],
    )


def _bind_all(wanted: Mapping[str, tuple[str, int]]) -> dict[str, int]:
    settled = {}
    # All stay bound until all are known, so that no two are the same.
    with ExitStack() as open_sockets:
        for name, (option, port) in wanted.items():
            listener = open_sockets.enter_context(socket.socket())
            # As servers do it: a connection that has just ended does not count as use.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind((HOST, port))
                # Two sockets may share a port until one listens.
                listener.listen()
            except (OSError, OverflowError) as error:
                raise UnusableInputError(
                    f"Port {port} is in use or cannot be used; stop what uses it, "
                    f"or choose another with {option} (0 takes any free one)."
                ) from error
            settled[name] = listener.getsockname()[1]
    return settled
