"""What the workers and replicas of one assistant share: claims, answers, and a budget of requests.

Without a configured store each process shares with itself alone (`InProcessStore`); with
`CALLBACK_STORE_URL` all of them share a Redis or Valkey (`RedisStore`). Why, and what follows when
the store cannot be reached: decision 009.
"""

from ges_connector.store.in_process import InProcessStore
from ges_connector.store.settings import StoreSettings, open_store
from ges_connector.store.terms import (
    KEPT_SECONDS,
    NOTED_SECONDS,
    Claim,
    ClaimState,
    Found,
    Record,
    Store,
    StoreConfigurationError,
    StoreError,
    StoreUnavailableError,
)

__all__ = [
    "KEPT_SECONDS",
    "NOTED_SECONDS",
    "Claim",
    "ClaimState",
    "Found",
    "InProcessStore",
    "Record",
    "Store",
    "StoreConfigurationError",
    "StoreError",
    "StoreSettings",
    "StoreUnavailableError",
    "open_store",
]
