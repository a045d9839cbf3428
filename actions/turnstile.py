"""How much one worker lets in: calls of one address, calls of all, and refusals before it hushes.

The same for HTTP and for gRPC. Counted in memory, since each worker guards itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from limits import parse as parse_rate
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter

if TYPE_CHECKING:
    from actions.access import AccessSettings

_CALLS: Final = "calls"
_REFUSALS: Final = "refusals"
_EVERYONE: Final = "everyone"


class Turnstile:
    """Counts who calls.

    Args:
        settings: The rates.
    """

    def __init__(self, settings: AccessSettings) -> None:
        self._calls_per_peer = parse_rate(settings.calls_per_peer)
        self._calls_in_all = parse_rate(settings.calls_in_all)
        self._refusals = parse_rate(settings.refusals_per_peer)
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    async def lets_in(self, peer: str) -> bool:
        """Count a call that shows the secret, and tell whether there is room for it.

        Refused ones do not count: a flood without the secret takes no turn away.

        Args:
            peer: Address of the caller.
        """
        return await self._limiter.hit(
            self._calls_per_peer, _CALLS, peer
        ) and await self._limiter.hit(self._calls_in_all, _CALLS, _EVERYONE)

    async def explains_to(self, peer: str) -> bool:
        """Count a refusal, and tell whether its reason is still told.

        Args:
            peer: Address of the caller.
        """
        return await self._limiter.hit(self._refusals, _REFUSALS, peer)
