"""Which host names mean this machine and nobody else."""

import re

# What a browser cannot be tricked into taking for the name of another machine.
_LOOPBACK = re.compile(
    r"(localhost|127(\.[0-9]{1,3}){3}|\[::1\])(:[0-9]*)?", re.IGNORECASE | re.ASCII
)


def is_loopback_address(host: str) -> bool:
    """Whether an address to listen on is reached from this machine alone."""
    return host == "::1" or (":" not in host and _LOOPBACK.fullmatch(host) is not None)


def is_loopback_authority(authority: str) -> bool:
    """Whether a Host header, with or without a port, names this machine by a loopback name.

    A web page can have its own name resolve to 127.0.0.1; its requests still carry that name.
    """
    return _LOOPBACK.fullmatch(authority) is not None
