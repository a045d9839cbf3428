"""What a store promises, in the memory of one process and on a real server alike."""

import asyncio
from collections import Counter

from ges_connector.store import ClaimState, Found, Store

Stores = tuple[Store, Store]
RESULT = {"outcome": "booked", "token": "t", "callback_id": "cb-1"}
ANSWER = {"learned_at": "2026-01-12T09:00:00+00:00", "value": [1, {"ä": None}]}


async def test_of_many_who_claim_a_booking_at_once_one_gets_it(stores: Stores) -> None:
    claims = await asyncio.gather(
        *(stores[each % 2].claim("token", f"claimant {each}") for each in range(40))
    )
    states = Counter(claim.state for claim in claims)
    assert states == {ClaimState.OURS: 1, ClaimState.PENDING: 39}


async def test_who_claimed_and_asks_again_still_holds_the_claim(stores: Stores) -> None:
    one, other = stores
    for _ in range(2):
        assert (await one.claim("token", "a")).state is ClaimState.OURS
    assert (await other.claim("token", "b")).state is ClaimState.PENDING
    assert (await other.claim("another", "b")).state is ClaimState.OURS


async def test_what_came_of_a_booking_is_told_to_all_who_claim_it_afterwards(
    stores: Stores,
) -> None:
    one, other = stores
    await one.claim("token", "a")
    assert await other.result("token") is None
    await one.settle("token", RESULT)
    for store, claimant in ((one, "a"), (other, "b")):
        claim = await store.claim("token", claimant)
        assert (claim.state, claim.result) == (ClaimState.SETTLED, RESULT)
        assert await store.result("token") == RESULT


async def test_a_claim_is_released_by_its_holder_only_and_never_once_it_is_settled(
    stores: Stores,
) -> None:
    one, other = stores
    await one.claim("token", "a")
    await other.release("token", "b")
    assert (await other.claim("token", "b")).state is ClaimState.PENDING
    await one.release("token", "a")
    assert (await other.claim("token", "b")).state is ClaimState.OURS
    await other.settle("token", RESULT)
    await other.release("token", "b")
    assert (await one.claim("token", "a")).state is ClaimState.SETTLED


async def test_who_finds_a_claim_is_told_its_holder_and_can_end_it_for_them(
    stores: Stores,
) -> None:
    one, other = stores
    await one.claim("token", "a")
    assert (await other.claim("token", "b")).claimant == "a"
    await other.release("token", "a")
    assert (await other.claim("token", "b")).claimant == "b"
    # Whoever comes later with what they found before ends nothing any more.
    await one.release("token", "a")
    assert (await one.claim("token", "c")).claimant == "b"


async def test_a_claim_is_young_at_first(stores: Stores) -> None:
    assert 0 <= (await stores[0].claim("token", "a")).age_seconds < 60


async def test_one_asks_and_the_others_find_the_answer(stores: Stores) -> None:
    one, other = stores
    found = await one.find("Billing", "q")
    assert found == Found("")
    assert await one.lease("Billing", "q", found.mark, 60)
    assert not await other.lease("Billing", "q", found.mark, 60)
    await one.keep("Billing", "q", found.mark, ANSWER, 60)
    assert await other.find("Billing", "q") == Found(found.mark, ANSWER)
    assert await other.lease("Billing", "q", found.mark, 60)


async def test_questions_and_services_are_kept_apart(stores: Stores) -> None:
    one, other = stores
    await one.keep("Billing", "q", "", ANSWER, 60)
    assert await other.lease("Billing", "q", "", 60)
    for service, question in (("Billing", "r"), ("Support", "q"), ("Billing:q", ""), ("", "q")):
        assert (await other.find(service, question)).answer is None
        assert await other.lease(service, question, "", 60)


async def test_a_lease_given_back_is_free(stores: Stores) -> None:
    one, other = stores
    await one.lease("Billing", "q", "", 60)
    await one.give_back("Billing", "q", "")
    assert await other.lease("Billing", "q", "", 60)


async def test_a_lease_whose_holder_is_gone_ends_by_itself(stores: Stores) -> None:
    one, other = stores
    assert await one.lease("Billing", "q", "", 0.001)
    async with asyncio.timeout(60):
        while not await other.lease("Billing", "q", "", 60):
            pass


async def test_what_is_forgotten_is_void_for_all_and_asked_anew_at_once(stores: Stores) -> None:
    one, other = stores
    await one.keep("Billing", "q", "", ANSWER, 60)
    await one.keep("Support", "q", "", ANSWER, 60)
    assert await one.lease("Billing", "r", "", 60)
    await other.forget("Billing")
    found = await one.find("Billing", "q")
    assert found.answer is None
    assert found.mark not in {"", (await one.find("Support", "q")).mark}
    assert await other.lease("Billing", "r", found.mark, 60)
    assert (await one.find("Support", "q")).answer == ANSWER


async def test_an_answer_asked_for_before_it_was_forgotten_is_void_when_it_comes(
    stores: Stores,
) -> None:
    one, other = stores
    mark = (await one.find("Billing", "q")).mark
    await other.forget("Billing")
    await one.keep("Billing", "q", mark, ANSWER, 60)
    assert (await one.find("Billing", "q")).answer is None
    assert (await other.find("Billing", "q")).answer is None


async def test_an_answer_of_no_use_any_more_is_gone(stores: Stores) -> None:
    one, other = stores
    await one.keep("Billing", "q", "", ANSWER, 0.001)
    async with asyncio.timeout(60):
        while (await other.find("Billing", "q")).answer is not None:
            pass


async def test_all_who_share_a_store_share_one_budget(stores: Stores) -> None:
    admitted = await asyncio.gather(*(stores[each % 2].admit(20) for each in range(400)))
    # Twice as many if a second ends meanwhile; each with a budget of its own would get more.
    assert 20 <= sum(admitted) <= 40


async def test_notes_stand_beside_each_other_until_one_is_struck_out(stores: Stores) -> None:
    one, other = stores
    await asyncio.gather(one.note("number", "a", RESULT), other.note("number", "b", ANSWER))
    await other.note("number", "b", RESULT)
    await one.note("another", "a", ANSWER)
    assert await one.notes("number") == {"a": RESULT, "b": RESULT} == await other.notes("number")
    await one.strike("number", "a")
    await one.strike("number", "c")
    assert await other.notes("number") == {"b": RESULT}
    assert await other.notes("nobody") == {}
