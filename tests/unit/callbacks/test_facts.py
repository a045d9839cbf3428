"""What went wrong with a call is a fact too."""

import pytest

from ges_connector.api import (
    GesAuthenticationError,
    GesConfigurationError,
    GesConnectionError,
    GesConnectionLostError,
    GesConnectTimeoutError,
    GesDeadlineExceededError,
    GesError,
    GesInvalidRequestError,
    GesNotFoundError,
    GesReadTimeoutError,
    GesRequestError,
    GesServerError,
    GesThrottledError,
    GesUnexpectedAnswerError,
    GesUnknownResultError,
    GesUnknownServiceError,
)
from ges_connector.callbacks import Trouble
from ges_connector.callbacks.facts import trouble_of


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (GesConnectionError(), Trouble.UNREACHABLE),
        (GesConnectTimeoutError(), Trouble.UNREACHABLE),
        (GesConnectionLostError(), Trouble.UNREACHABLE),
        (GesReadTimeoutError(), Trouble.UNREACHABLE),
        (GesDeadlineExceededError(), Trouble.UNREACHABLE),
        (GesUnknownResultError(), Trouble.UNREACHABLE),
        (GesServerError(), Trouble.UNREACHABLE),
        (GesThrottledError(), Trouble.BUSY),
        (GesUnexpectedAnswerError(), Trouble.UNREADABLE),
        (GesAuthenticationError(), Trouble.MISCONFIGURED),
        (GesConfigurationError("no key"), Trouble.MISCONFIGURED),
        (GesInvalidRequestError(), Trouble.MISCONFIGURED),
        (GesNotFoundError(), Trouble.MISCONFIGURED),
        (GesRequestError("field", "reason"), Trouble.MISCONFIGURED),
        (GesUnknownServiceError(), Trouble.MISCONFIGURED),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, GesError) else str(value),
)
def test_every_error_is_one_kind_of_trouble(error: GesError, trouble: Trouble) -> None:
    assert trouble_of(error) is trouble
