from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ges_connector.sandbox.call_in import CallInDesk, CallInOrder
from ges_connector.sandbox.records import CallInGrant, Code, RefusedError
from ges_connector.sandbox.seed import CallInGroup

NOW = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
NUMBERS = ("+12025550180", "+12025550181")


def desk(seed: int = 1, tenant: str = "Lakeside", **group: Any) -> CallInDesk:
    help_line = CallInGroup.model_validate({"name": "help", "numbers": NUMBERS, **group})
    return CallInDesk([help_line], seed=seed, tenant=tenant)


def request(at_desk: CallInDesk, now: datetime = NOW, **order: Any) -> CallInGrant:
    return at_desk.request(CallInOrder(group_name="help", **order), now)


def refusal(at_desk: CallInDesk, order: CallInOrder) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        at_desk.request(order, NOW)
    return caught.value


def test_a_grant_names_a_number_a_code_and_when_they_expire() -> None:
    grant = request(desk(code_length=8, expires_after_seconds=90), from_phone_number="2025550142")
    assert grant.to_phone_number in NUMBERS
    assert grant.access_code is not None
    assert len(grant.access_code) == 8
    assert grant.access_code.isdecimal()
    assert grant.expires_at == NOW + timedelta(seconds=90)
    assert grant.from_phone_number == "2025550142"
    assert grant.id.version == 4


def test_q3_codes_keep_their_leading_zeros() -> None:
    lending = desk(code_length=4)
    codes = [request(lending).access_code or "" for _ in range(200)]
    assert {len(code) for code in codes} == {4}
    assert any(code.startswith("0") for code in codes)


def test_the_same_seed_lends_the_same_and_another_tenant_something_else() -> None:
    assert request(desk()) == request(desk())
    assert request(desk()).access_code != request(desk(tenant="Hillside")).access_code
    assert request(desk()).id != request(desk(seed=2)).id


def test_numbers_of_a_pool_take_turns() -> None:
    lending = desk()
    assert [request(lending).to_phone_number for _ in range(4)] == [*NUMBERS, *NUMBERS]


def test_without_codes_a_number_is_lent_to_one_customer_at_a_time() -> None:
    lending = desk(access_code=False, expires_after_seconds=60)
    lent = {request(lending).to_phone_number for _ in range(2)}
    assert lent == set(NUMBERS)
    assert refusal(lending, CallInOrder("help")).code == Code.CALL_IN_EXHAUSTED
    again = request(lending, NOW + timedelta(seconds=60))
    assert again.access_code is None


def test_when_every_code_is_lent_the_pool_is_exhausted() -> None:
    lending = desk(numbers=NUMBERS[:1], code_length=4)
    codes = {request(lending).access_code for _ in range(10_000)}
    assert len(codes) == 10_000
    assert refusal(lending, CallInOrder("help")).code == Code.CALL_IN_EXHAUSTED


@pytest.mark.parametrize("number", NUMBERS)
def test_rule_5_the_customer_rings_in_once_with_number_and_code(number: str) -> None:
    lending = desk(numbers=(number,))
    grant = request(lending)
    matched = lending.match(number.lstrip("+"), grant.access_code, NOW + timedelta(seconds=20))
    assert matched.id == grant.id
    assert matched.matched_at == NOW + timedelta(seconds=20)
    with pytest.raises(RefusedError) as caught:
        lending.match(number, grant.access_code, NOW + timedelta(seconds=21))
    assert (caught.value.status, caught.value.code) == (404, Code.CALL_IN_NOT_MATCHED)


def test_rule_5_an_expired_or_wrong_code_matches_nobody() -> None:
    lending = desk(expires_after_seconds=60)
    grant = request(lending)
    for code, at in ((grant.access_code, NOW + timedelta(seconds=60)), ("x", NOW), (None, NOW)):
        with pytest.raises(RefusedError):
            lending.match(grant.to_phone_number, code, at)


def test_a_matched_number_is_free_again_before_it_expires() -> None:
    lending = desk(access_code=False, numbers=NUMBERS[:1])
    request(lending)
    lending.match(NUMBERS[0], None, NOW)
    assert request(lending).to_phone_number == NUMBERS[0]


def test_an_unknown_group_and_a_word_for_a_number_are_refused() -> None:
    lending = desk()
    assert refusal(lending, CallInOrder("nobody")).code == Code.UNKNOWN_CALL_IN_GROUP
    error = refusal(lending, CallInOrder("help", from_phone_number="telephone"))
    assert (error.status, error.code) == (400, Code.NUMBER_INVALID)
    assert lending.grants(NOW) == ()


def test_grants_are_remembered_for_a_day_after_they_expire() -> None:
    lending = desk(expires_after_seconds=60)
    grant = request(lending)
    expired = NOW + timedelta(seconds=60)
    assert lending.grants(expired + timedelta(days=1)) == (grant,)
    assert lending.grants(expired + timedelta(days=1, seconds=1)) == ()


def test_restored_grants_still_hold_their_numbers_and_ids_are_not_given_twice() -> None:
    before = desk(access_code=False)
    lent = [request(before) for _ in range(2)]
    after = desk(access_code=False)
    after.restore(lent)
    assert refusal(after, CallInOrder("help")).code == Code.CALL_IN_EXHAUSTED
    later = request(after, NOW + timedelta(hours=1))
    assert later.id not in {grant.id for grant in lent}


def test_what_a_customer_sent_is_in_no_repr() -> None:
    order = CallInOrder("help", "+12025550142", None, {"name": "secret"})
    assert "2025550142" not in repr(order)
    assert "secret" not in repr(order)


@settings(deadline=None, max_examples=50)
@given(
    moves=st.lists(
        st.tuples(st.sampled_from(["request", "match", "wait"]), st.integers(0, 30)), max_size=50
    ),
    codes=st.booleans(),
)
def test_no_number_and_code_are_ever_lent_to_two_at_once(
    *, moves: list[tuple[str, int]], codes: bool
) -> None:
    lending = desk(access_code=codes, expires_after_seconds=30, code_length=4)
    now, lent = NOW, list[CallInGrant]()
    for move, number in moves:
        lent = [grant for grant in lent if grant.expires_at > now]
        if move == "wait":
            now += timedelta(seconds=number)
        elif move == "match" and lent:
            grant = lent.pop(number % len(lent))
            assert lending.match(grant.to_phone_number, grant.access_code, now).id == grant.id
        elif move == "request" and (codes or len(lent) < len(NUMBERS)):
            grant = request(lending, now)
            pair = (grant.to_phone_number, grant.access_code)
            assert pair not in {(held.to_phone_number, held.access_code) for held in lent}
            lent.append(grant)
