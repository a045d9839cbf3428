"""Numbers lent to customers who would rather ring themselves (section 2.8 and rule 5).

A group owns a pool of numbers. Each request borrows one until it expires or the customer has rung:
with access codes a number can be lent to many at once, told apart by their codes; without, to one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from ges_connector.sandbox.numbers import read_number
from ges_connector.sandbox.records import CallInGrant, Code, RefusedError
from ges_connector.sandbox.seed import CallInGroup
from ges_connector.sandbox.seeded import draw_uuid, stream

_KEPT_FOR = timedelta(days=1)
_BAD_REQUEST = 400
_NOT_FOUND = 404


@dataclass(frozen=True, slots=True)
class CallInOrder:
    """A request for a number to ring; only types are checked, meaning is not.

    Attributes:
        group_name: The group whose pool lends the number.
        from_phone_number: The customer's own number as sent.
        callback_id: A callback this call belongs to.
        user_data: Attached data.
    """

    group_name: str
    from_phone_number: str | None = field(default=None, repr=False)
    callback_id: UUID | None = None
    user_data: Mapping[str, Any] = field(default_factory=dict, repr=False)


class CallInDesk:
    """Lends and takes back the numbers of a tenant's groups; mutable by design.

    Args:
        groups: The groups as seeded.
        seed: Of ids and access codes.
        tenant: The tenant's name, so that two tenants draw different codes.
    """

    def __init__(self, groups: Iterable[CallInGroup], *, seed: int, tenant: str) -> None:
        self._groups = {group.name: group for group in groups}
        self._ids = stream(seed, "call-in ids", tenant)
        self._codes = stream(seed, "access codes", tenant)
        self._grants: dict[UUID, CallInGrant] = {}
        self._turn = dict.fromkeys(self._groups, 0)

    def grants(self, now: datetime) -> Sequence[CallInGrant]:
        """Returns every grant of the last day: lent, expired and matched ones, oldest first."""
        self._forget(now)
        return tuple(self._grants.values())

    def request(self, order: CallInOrder, now: datetime) -> CallInGrant:
        """Lends a number.

        Numbers of a pool take turns, so that calls spread over them.

        Raises:
            RefusedError: 400: unknown group (7903), a bad own number (7030), or every number and
                code is lent (7904).
        """
        group = self._groups.get(order.group_name)
        if group is None:
            raise RefusedError(
                _BAD_REQUEST, Code.UNKNOWN_CALL_IN_GROUP, "groupName is no call-in group"
            )
        if order.from_phone_number is not None:
            read_number(order.from_phone_number, group.default_country)
        self._forget(now)
        to_number, code = self._free_pair(group, now)
        grant = CallInGrant(
            id=self._new_id(),
            group_name=group.name,
            to_phone_number=to_number,
            access_code=code,
            requested_at=now,
            expires_at=now + timedelta(seconds=group.expires_after_seconds),
            from_phone_number=order.from_phone_number,
            callback_id=order.callback_id,
            user_data=order.user_data,
        )
        self._grants[grant.id] = grant
        return grant

    def match(self, to_number: str, access_code: str | None, now: datetime) -> CallInGrant:
        """Takes a customer's call and the number and code back with it.

        Args:
            to_number: The number rung; with or without its plus sign.
            access_code: The code keyed in, None if none was asked for.
            now: When the customer rings.

        Returns:
            The grant, with `matched_at` set.

        Raises:
            RefusedError: 404 with code 7906; nothing is lent under this number and code, or no
                longer.
        """
        for grant in self._grants.values():
            if (
                _is_lent(grant, now)
                and grant.to_phone_number.lstrip("+") == to_number.lstrip("+")
                and grant.access_code == access_code
            ):
                self._grants[grant.id] = replace(grant, matched_at=now)
                return self._grants[grant.id]
        raise RefusedError(
            _NOT_FOUND,
            Code.CALL_IN_NOT_MATCHED,
            "no customer is expected under this number and access code now",
        )

    def restore(self, grants: Iterable[CallInGrant]) -> None:
        """Puts stored grants back after a restart."""
        self._grants |= {grant.id: grant for grant in grants}

    def _free_pair(self, group: CallInGroup, now: datetime) -> tuple[str, str | None]:
        lent: dict[str, set[str | None]] = {number: set() for number in group.numbers}
        for grant in self._grants.values():
            if _is_lent(grant, now) and grant.to_phone_number in lent:
                lent[grant.to_phone_number].add(grant.access_code)
        codes = 10**group.code_length if group.access_code else 1
        for step in range(len(group.numbers)):
            turn = (self._turn[group.name] + step) % len(group.numbers)
            number = group.numbers[turn]
            if len(lent[number]) < codes:
                self._turn[group.name] = turn + 1
                return number, self._free_code(group, lent[number])
        raise RefusedError(
            _BAD_REQUEST, Code.CALL_IN_EXHAUSTED, "every number of this group is lent; try later"
        )

    def _free_code(self, group: CallInGroup, lent: set[str | None]) -> str | None:
        if not group.access_code:
            return None
        code = _draw_code(self._codes, group.code_length)
        while code in lent:
            code = _draw_code(self._codes, group.code_length)
        return code

    def _new_id(self) -> UUID:
        new = draw_uuid(self._ids)
        while new in self._grants:
            new = draw_uuid(self._ids)
        return new

    def _forget(self, now: datetime) -> None:
        old = [grant.id for grant in self._grants.values() if grant.expires_at < now - _KEPT_FOR]
        for grant_id in old:
            del self._grants[grant_id]


def _is_lent(grant: CallInGrant, now: datetime) -> bool:
    return grant.matched_at is None and now < grant.expires_at


def _draw_code(source: Random, length: int) -> str:
    return f"{source.randrange(10**length):0{length}d}"
