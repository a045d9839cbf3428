"""The store of one process: what it forgets, and when."""

from ges_connector.store import KEPT_SECONDS, ClaimState, Found, InProcessStore


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


async def test_a_claim_tells_its_age_and_is_kept_for_more_than_a_day() -> None:
    clock = Clock()
    store = InProcessStore(clock=clock)
    await store.claim("token", "a")
    clock.seconds = 24 * 3600.0
    claim = await store.claim("token", "b")
    assert (claim.state, claim.age_seconds) == (ClaimState.PENDING, 24 * 3600.0)
    clock.seconds = KEPT_SECONDS
    assert (await store.claim("token", "b")).state is ClaimState.OURS


async def test_a_result_is_as_old_as_its_writing() -> None:
    clock = Clock()
    store = InProcessStore(clock=clock)
    await store.claim("token", "a")
    clock.seconds = 5
    await store.settle("token", {"outcome": "booked"})
    clock.seconds = 7
    assert (await store.claim("token", "b")).age_seconds == 2


async def test_answers_and_leases_end_on_time() -> None:
    clock = Clock()
    store = InProcessStore(clock=clock)
    await store.lease("Billing", "q", "", 5)
    await store.keep("Billing", "r", "", {"value": 1}, 5)
    clock.seconds = 4.9
    assert not await store.lease("Billing", "q", "", 5)
    assert await store.find("Billing", "r") == Found("", {"value": 1})
    clock.seconds = 5
    assert await store.lease("Billing", "q", "", 5)
    assert await store.find("Billing", "r") == Found("")


async def test_the_oldest_that_are_settled_are_forgotten_and_none_that_is_under_way() -> None:
    store = InProcessStore(most_claims=2)
    await store.claim("under way", "a")
    for token in ("first", "second", "third"):
        await store.claim(token, "a")
        await store.settle(token, {"outcome": "booked"})
    assert await store.result("first") is None
    assert await store.result("third") is not None
    assert (await store.claim("under way", "b")).state is ClaimState.PENDING


async def test_closing_leaves_what_others_share() -> None:
    store = InProcessStore()
    await store.claim("token", "a")
    await store.aclose()
    assert (await store.claim("token", "b")).state is ClaimState.PENDING
