"""Numbers lent to customers who would rather ring themselves (section 2.8 and rule 5).

A group owns a pool of numbers. Each request borrows one until it expires or the customer has rung:
with access codes a number can be lent to many at once, told apart by their codes; without, to one.
"""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
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

    Attributes:
        on_change: Called with every grant that is new or was matched.
        on_forget: Called with the id of every grant that is forgotten.
    """

    def __init__(self, groups: Iterable[CallInGroup], *, seed: int, tenant: str) -> None:
        self._groups = {group.name: group for group in groups}
        self._ids = stream(seed, "call-in ids", tenant)
        self._codes = stream(seed, "access codes", tenant)
        self._grants: dict[UUID, CallInGrant] = {}
        self._lent = {
            _digits(number): dict[str | None, CallInGrant]()
            for group in self._groups.values()
            for number in group.numbers
        }
        self._turn = dict.fromkeys(self._groups, 0)
        self.on_change: Callable[[CallInGrant], None] | None = None
        self.on_forget: Callable[[UUID], None] | None = None

    def grants(self, now: datetime) -> Sequence[CallInGrant]:
        """Returns every grant of the last day or so: lent, expired and matched, oldest first."""
        self.forget(now)
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
        self.forget(now)
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
        self._keep(grant)
        self._changed(grant)
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
        grant = self._lent_under(to_number, now).pop(access_code, None)
        if grant is None:
            raise RefusedError(
                _NOT_FOUND,
                Code.CALL_IN_NOT_MATCHED,
                "no customer is expected under this number and access code now",
            )
        matched = replace(grant, matched_at=now)
        self._grants[grant.id] = matched
        self._changed(matched)
        return matched

    def restore(self, grants: Iterable[CallInGrant]) -> None:
        """Puts stored grants back after a restart."""
        for grant in sorted(grants, key=lambda grant: grant.requested_at):
            self._keep(grant)

    def _free_pair(self, group: CallInGroup, now: datetime) -> tuple[str, str | None]:
        codes = 10**group.code_length if group.access_code else 1
        for step in range(len(group.numbers)):
            turn = (self._turn[group.name] + step) % len(group.numbers)
            number = group.numbers[turn]
            lent = self._lent_under(number, now)
            if len(lent) < codes:
                self._turn[group.name] = turn + 1
                return number, self._free_code(group, lent)
        raise RefusedError(
            _BAD_REQUEST, Code.CALL_IN_EXHAUSTED, "every number of this group is lent; try later"
        )

    def _lent_under(self, number: str, now: datetime) -> dict[str | None, CallInGrant]:
        """Returns what is lent under a number by code, which expires in the order of lending."""
        lent = self._lent.get(_digits(number), {})
        while lent and (oldest := next(iter(lent.values()))).expires_at <= now:
            del lent[oldest.access_code]
        return lent

    def _keep(self, grant: CallInGrant) -> None:
        self._grants[grant.id] = grant
        if grant.matched_at is None and _digits(grant.to_phone_number) in self._lent:
            self._lent[_digits(grant.to_phone_number)][grant.access_code] = grant

    def _free_code(self, group: CallInGroup, lent: Container[str | None]) -> str | None:
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

    def _changed(self, grant: CallInGrant) -> None:
        if self.on_change is not None:
            self.on_change(grant)

    def forget(self, now: datetime) -> None:
        """Forgets what expired more than a day ago; cheap if nothing did."""
        while self._grants:
            oldest = next(iter(self._grants.values()))
            if oldest.expires_at >= now - _KEPT_FOR:
                break
            del self._grants[oldest.id]
            if self.on_forget is not None:
                self.on_forget(oldest.id)


def _digits(number: str) -> str:
    return number.removeprefix("+")


def _draw_code(source: Random, length: int) -> str:
    return f"{source.randrange(10**length):0{length}d}"
