"""While GES is down turns end at once; the customer's yes finds it back as well as a question."""

import pytest

from ges_connector.api import (
    Circuit,
    CircuitPolicy,
    CircuitState,
    GesClient,
    RetryPolicy,
    in_process,
)
from ges_connector.callbacks import (
    BookingOutcome,
    CallbackConfig,
    CallbackService,
    CancelOutcome,
    Draft,
    Reach,
    Trouble,
)
from ges_connector.sandbox.faults import Fault
from ges_connector.sandbox.sandbox import Sandbox
from ges_connector.sandbox.surface.routes import Operation
from ges_connector.testing.contact_centre import first_key, settings_for

CONFIG = CallbackConfig.from_yaml("""
topics:
  billing:
    service_name: Billing_DE
    office_zone: Europe/Berlin
    countries: [DE]
    static_number: "+493023125001"
""")
FIRST_PAUSE_SECONDS = 1.0


class Outage:
    """A service whose circuit has a clock of its own, and how many requests reached the sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self.monotonic_seconds = 0.0
        policy = CircuitPolicy(failures=3, first_pause_seconds=FIRST_PAUSE_SECONDS)
        self.circuit = Circuit(policy, lambda: self.monotonic_seconds)
        client = GesClient(
            settings_for("http://ges.test/engagement/v3", first_key(sandbox)),
            http=in_process(sandbox),
            retry=RetryPolicy(max_attempts=1),
            circuit=self.circuit,
        )
        self.service = CallbackService(lambda: client, CONFIG, clock=sandbox.clock.now)

    @property
    def asked(self) -> int:
        return len(self._sandbox.world.journal.entries)

    def fails_alone(self, operation: Operation) -> None:
        """GES is well, but for one operation."""
        self._sandbox.order(Fault(kind="status", operation=operation, status=500))

    async def begins(self) -> None:
        """GES stops answering, and a customer finds out."""
        self._sandbox.order(Fault(kind="reset-before"))
        await self.service.look()

    def ends(self) -> None:
        self._sandbox.world.faults.clear()

    def draft(self, customer: int = 1) -> Draft:
        return Draft(
            conversation_id=f"conversation-{customer}",
            topic="billing",
            phone=f"+4930231250{10 + customer}",
            desired_at=None,
            read_back_at=self.service.now(),
            locale="de",
            zone="Europe/Berlin",
            channel="chat",
        )


@pytest.fixture
def outage(ges_sandbox: Sandbox) -> Outage:
    return Outage(ges_sandbox)


async def test_after_the_first_turn_nobody_asks_a_ges_that_is_down(outage: Outage) -> None:
    await outage.begins()
    assert outage.circuit.state is CircuitState.OPEN
    asked = outage.asked
    look = await outage.service.look()
    number = await outage.service.call_in()
    booking = await outage.service.book(outage.draft())
    cancellation = await outage.service.cancel(None, "cb-1")
    assert outage.asked == asked
    assert look.facts.is_nothing_known
    assert number.number == "+493023125001"
    assert booking.outcome is BookingOutcome.UNAVAILABLE
    assert cancellation.outcome is CancelOutcome.UNAVAILABLE


async def test_it_is_told_whether_ges_can_be_reached(outage: Outage) -> None:
    await outage.begins()
    assert await outage.service.reach() == Reach(Trouble.UNREACHABLE)
    outage.ends()
    outage.monotonic_seconds += FIRST_PAUSE_SECONDS
    assert await outage.service.reach() == Reach()


async def test_a_yes_finds_ges_back_and_books(outage: Outage, ges_sandbox: Sandbox) -> None:
    await outage.begins()
    outage.ends()
    outage.monotonic_seconds += FIRST_PAUSE_SECONDS
    booking = await outage.service.book(outage.draft())
    assert booking.outcome is BookingOutcome.BOOKED
    assert [str(each.id) for each in ges_sandbox.centre().floor.callbacks()] == [
        booking.callback_id
    ]
    assert outage.circuit.is_closed


async def test_a_yes_while_ges_is_still_down_is_never_sent(
    outage: Outage, ges_sandbox: Sandbox
) -> None:
    await outage.begins()
    outage.monotonic_seconds += FIRST_PAUSE_SECONDS
    booking = await outage.service.book(outage.draft())
    assert booking.outcome is BookingOutcome.UNAVAILABLE
    assert not booking.may_be_in_effect
    assert not list(ges_sandbox.centre().floor.callbacks())


@pytest.mark.parametrize(
    "operation", [Operation.AVAILABILITY, Operation.OPEN_FOR, Operation.QUEUE_STATUS]
)
async def test_one_operation_that_fails_alone_keeps_nobody_from_booking(
    outage: Outage, operation: Operation
) -> None:
    outage.fails_alone(operation)
    outcomes = []
    for customer in range(1, 13):
        # What is known is not asked again, so only what fails is asked in between.
        for _ in range(3):
            await outage.service.free_times()
            await outage.service.look()
        booking = await outage.service.book(outage.draft(customer))
        outcomes.append(booking.outcome)
        outage.monotonic_seconds += 0.3
    assert set(outcomes) == {BookingOutcome.BOOKED}
    assert outage.circuit.is_closed
