"""The campaign in short: hundreds of conversations with fixed seeds, in every setting.

`make faults` plays it for minutes with seeds of its own.
"""

import asyncio
import logging
import math
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from campaign import customer
from campaign.centre import SERVICE, Centre
from campaign.plans import Round, Season, Setting, Task, TaskKind, Visit, draw_round
from campaign.play import Outcome, here
from campaign.rounds import play_round
from campaign.seeds import as_entry, kept_rounds
from ges_connector.sandbox.records import Booking, RefusedError


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Each fault that is ordered would be logged."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def fail_over(outcome: Outcome) -> None:
    """Tell the first conversations that went wrong."""
    if outcome.failures:
        told = ["\n".join([*story.told(), *faults]) for story, faults in outcome.failures[:2]]
        pytest.fail("\n\n".join(told), pytrace=False)


@pytest.mark.parametrize(
    ("setting", "seed", "conversations"),
    [
        (Setting.INSIDE, 1, 60),
        (Setting.INSIDE, 2, 60),
        (Setting.INSIDE, 3, 60),
        (Setting.KILLED, 4, 30),
        (Setting.SERVED, 5, 10),
        (Setting.SERVED_TWICE, 6, 20),
    ],
)
async def test_whatever_customers_are_told_is_so(
    setting: Setting, seed: int, conversations: int
) -> None:
    outcome = await play_round(draw_round(seed, setting, conversations))
    fail_over(outcome)
    assert outcome.conversations == conversations
    assert outcome.writes > conversations / 4


@pytest.mark.parametrize(
    "played", [pytest.param(played, id=shows) for shows, played in kept_rounds().items()]
)
async def test_what_once_went_wrong_goes_right(played: Round) -> None:
    fail_over(await play_round(played))


async def test_a_customer_who_left_a_question_open_may_be_asked_it_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(customer, "_MOST_TURNS", 2)
    show = Task(kind=TaskKind.SHOW)
    tasks = (show, Task(kind=TaskKind.BOOK, says_time=True), show)
    again = {"visits": (Visit(number=59, tasks=tasks),), "season": Season.SPRING}
    drawn = draw_round(1, Setting.INSIDE, 1)
    fail_over(await play_round(drawn.model_copy(update={**again, "read_faults": 0.0})))


def test_a_seed_draws_the_same_plan_again_and_another_one_another() -> None:
    first, again, other = (draw_round(seed, Setting.INSIDE, 20) for seed in (7, 7, 8))
    assert first == again
    assert first.visits != other.visits


def test_an_entry_of_the_kept_seeds_is_read_back(tmp_path: Path) -> None:
    played = draw_round(9, Setting.KILLED, 3)
    file = tmp_path / "seeds.yml"
    file.write_text(as_entry('says: "no"', played), encoding="utf-8")
    assert kept_rounds(file) == {'says: "no"': played}


def test_a_time_that_the_clock_jumped_over_is_refused_and_not_held_for_a_little_later() -> None:
    centre = Centre(draw_round(1, Setting.INSIDE, 1), lambda _: None)
    at = centre.clock.now() + timedelta(minutes=30)
    centre.advance(timedelta(minutes=30, seconds=5).total_seconds())
    with pytest.raises(RefusedError, match="past"):
        centre.centre().create(Booking(SERVICE, "+493023200007", at, always_check_capacity=True))


async def test_a_contact_centre_is_away_until_its_port_is_open_again_however_late_that_is() -> None:
    async with here(draw_round(1, Setting.INSIDE, 1)) as venue:
        await venue.close_port()
        # To close what is closed is over at once, and opens nothing.
        await venue.close_port()
        for _ in range(3):
            await asyncio.sleep(0)
        assert venue.is_disturbed_since(math.inf)
    assert not venue.is_disturbed_since(math.inf)
