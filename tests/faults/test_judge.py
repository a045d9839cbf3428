"""The judge of a campaign, by stories told by hand: what no broken service can bring about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from campaign.centre import Held
from campaign.engine import Message, Said
from campaign.judge import Judge
from campaign.ledger import Attempt
from campaign.plans import Asked, Knowledge, Task, TaskKind, Twice, Visit
from campaign.play import responses
from campaign.story import Story, Turn
from campaign.told import Told, told_in

PHONE: Final = "+493023200007"
AT: Final = datetime(2026, 3, 27, 16, tzinfo=UTC)
TOLD: Final = {"moment": "today, Friday 27 March, at 17:00", "number": "030 23200007"}
HELD: Final = Held("c-1", "visit-1-7", PHONE, AT, None)
READ_BACK: Final = "utter_ask_callback_confirmed_scheduled"


def story(told: dict[str, str], *, speaks: bool = False, read_back: str = "") -> Story:
    """A booking that GES confirmed, and what was told of it."""
    visit = Visit(number=7, speaks=speaks, tasks=(Task(kind=TaskKind.BOOK),))
    sent = Attempt(
        "visit-1-7", Asked.CREATE, None, PHONE, AT, Knowledge.HONEST, callback_id="c-1", status=200
    )
    asked = Turn(Message("inform"), 0, said=[Said(READ_BACK, {"moment": read_back})], at=AT)
    booked = Turn(
        Message("affirm", "yes"),
        0,
        wanted_at=AT,
        is_yes=True,
        said=[Said("utter_callback_booked_scheduled", told)],
        attempts=[sent],
        at=AT,
        holds="c-1",
    )
    return Story(visit, "visit-1-7", PHONE, [asked, booked])


def faults(told: dict[str, str], held: Held = HELD, *, speaks: bool = False) -> str:
    spoken = story(told, speaks=speaks, read_back="heute um siebzehn Uhr")
    return "\n".join(Judge(spoken, [held], responses()).faults())


def test_what_is_held_as_it_was_told_is_right() -> None:
    assert faults(TOLD) == ""
    assert faults({**TOLD, "moment": "heute um siebzehn Uhr"}, speaks=True) == ""


@pytest.mark.parametrize(
    ("held", "seen"),
    [
        (replace(HELD, desired_at=AT + timedelta(minutes=15)), "held is"),
        (replace(HELD, desired_at=None), "held is"),
        (replace(HELD, phone="+493023200008"), "held for another number"),
    ],
)
def test_what_ges_holds_for_another_time_or_number_is_found(held: Held, seen: str) -> None:
    assert seen in faults(TOLD, held)


def test_another_number_or_time_that_is_told_is_found() -> None:
    assert "another number was told" in faults({**TOLD, "number": "030 23200008"})
    assert "told as booked" in faults({**TOLD, "moment": "today, Friday 27 March, at 17:30"})
    assert "told as booked" in faults({"moment": "heute um achtzehn Uhr"}, speaks=True)


@pytest.mark.parametrize(
    ("day", "is_right"),
    [("morgen, Dienstag, den ersten", True), ("morgen, Mittwoch, den zweiten", False)],
)
def test_a_spoken_day_that_came_nearer_as_the_clock_was_moved_is_the_same(
    day: str, *, is_right: bool
) -> None:
    spoken = story({"moment": f"{day}, um acht Uhr"}, speaks=True)
    spoken.turns[0].said = [Said(READ_BACK, {"moment": "am Dienstag, den ersten, um acht Uhr"})]
    found = "".join(Judge(spoken, [HELD], responses()).faults())
    assert ("told as booked" not in found) is is_right


@pytest.mark.parametrize("said", ["utter_callback_kept", "utter_callback_show_scheduled"])
def test_what_is_told_to_stand_and_was_cancelled_or_is_at_another_time_is_found(said: str) -> None:
    off = Attempt("visit-1-7", Asked.CANCEL, callback_id="c-1", status=200)
    told = story(TOLD)
    later = Turn(Message("show_callback"), 0, said=[Said(said, TOLD)], at=AT)
    other = {**TOLD, "moment": "today, Friday 27 March, at 17:30"}
    told.turns += [later]
    assert Judge(told, [HELD], responses()).faults() == []
    later.said = [Said(said, other)]
    assert "nothing stands" in "".join(Judge(told, [HELD], responses()).faults())
    later.said, later.attempts = [Said(said, TOLD)], [off]
    assert "nothing stands" in "".join(Judge(told, [HELD], responses()).faults())


@pytest.mark.parametrize(("seconds", "is_right"), [(1.6, True), (0.1, False)])
def test_what_arrives_in_the_turn_after_a_slow_yes_is_judged_with_the_yes(
    seconds: float, *, is_right: bool
) -> None:
    told = story(TOLD)
    slow, sent = told.turns[-1], [*told.turns[-1].attempts]
    slow.said, slow.attempts, slow.holds = [Said("utter_callback_unconfirmed", {})], [], None
    slow.seconds = seconds
    shown = [Said("utter_callback_show_scheduled", TOLD)]
    told.turns += [Turn(Message("affirm"), 0, said=shown, attempts=[*sent], at=AT, holds="c-1")]
    told.give_back_late()
    assert (slow.attempts == sent) is is_right
    assert (Judge(told, [HELD], responses()).faults() == []) is is_right


def test_a_doubt_that_was_cleared_makes_nothing_sure_that_was_cancelled_since() -> None:
    told = story(TOLD)
    told.turns[-1].said, told.turns[-1].seconds = [Said("utter_callback_unconfirmed", {})], 1.6
    off = Attempt("visit-1-7", Asked.CANCEL, callback_id="c-1", status=200)
    said = [Said("utter_callback_cancel_unconfirmed", {})]
    cancelling = Turn(Message("affirm"), 0, said=said, attempts=[off], at=AT, holds="c-1")
    cancelling.callback_id = "c-1"
    told.turns += [replace(cancelling, attempts=[], said=[]), cancelling]
    over = replace(HELD, reason="CANCELLED")
    assert "are not held" not in "".join(Judge(told, [over], responses()).faults())


@pytest.mark.parametrize(("is_cleared", "is_right"), [(True, True), (False, False)])
def test_what_the_second_yes_heard_in_time_is_in_doubt_no_more(
    *, is_cleared: bool, is_right: bool
) -> None:
    told = story(TOLD)
    yes = told.turns[-1]
    yes.twice, yes.seconds, yes.holds = Twice.AGAIN, 1.6, "c-1" if is_cleared else None
    yes.said = [Said("utter_callback_unconfirmed", {})]
    yes.said += [Said("utter_callback_already_booked", TOLD)] if is_cleared else []
    later = Attempt(
        "visit-1-7", Asked.CREATE, None, PHONE, AT, Knowledge.HONEST, callback_id="c-2", status=200
    )
    moved = [Said("utter_callback_moved", TOLD)]
    moving = replace(yes, twice=Twice.NO, seconds=0.1, said=moved, attempts=[later], holds="c-2")
    told.turns += [told.turns[0], moving]
    unwarned = "not told of the risk" in "".join(Judge(told, [HELD], responses()).faults())
    assert unwarned is not is_right


@pytest.mark.parametrize("is_first_unheard", [True, False])
def test_of_two_in_doubt_the_first_may_be_so_still_when_the_second_is_cleared(
    *, is_first_unheard: bool
) -> None:
    told = story(TOLD)
    yes = told.turns[-1]
    sent = replace(yes.attempts[0], status=None, knowledge=Knowledge.UNKNOWN)
    doubted = [Said("utter_callback_unconfirmed", {})]
    done = replace(yes, said=doubted, attempts=[sent], holds=None)
    unheard = replace(done, attempts=[replace(sent, callback_id=None)])
    still = [Said("utter_callback_unconfirmed_still", {})]
    shown = Turn(Message("show_callback"), 0, said=[Said("utter_callback_show_scheduled", TOLD)])
    shown.at, shown.holds = AT, "c-1"
    asked = [told.turns[0], *([unheard] if is_first_unheard else []), done, shown]
    told.turns = [*asked, Turn(Message("affirm"), 0, said=still, at=AT, holds="c-1")]
    found = "".join(Judge(told, [HELD], responses()).faults())
    assert ("nothing was ever sent" in found) is not is_first_unheard


def test_what_is_told_of_an_earlier_one_in_doubt_leaves_in_doubt_what_was_just_sent() -> None:
    told = story(TOLD)
    asked, yes = told.turns
    doubted = [Said("utter_callback_unconfirmed", {})]
    unknown = replace(yes.attempts[0], status=None, knowledge=Knowledge.UNKNOWN)
    first = replace(yes, said=doubted, attempts=[unknown], holds=None)
    warned = Turn(Message("inform"), 0, said=[Said("utter_ask_callback_unconfirmed", {})], at=AT)
    wanted_at = AT + timedelta(hours=2)
    moving = replace(first, wanted_at=wanted_at, twice=Twice.AGAIN, holds="c-0")
    moving.attempts = [replace(unknown, callback_id="c-2", desired_at=wanted_at)]
    still = [Said("utter_callback_unconfirmed_still", {})]
    moving.said = [*doubted, Said("utter_callback_already_booked", TOLD), *still]
    later = Turn(Message("show_callback"), 0, said=still, at=AT, holds="c-0")
    told.turns = [asked, first, warned, replace(asked, message=Message("affirm")), moving, later]
    held = [HELD, replace(HELD, id="c-2", desired_at=wanted_at)]
    assert Judge(told, held, responses()).faults() == []


def test_a_number_that_is_changed_is_told_as_a_move() -> None:
    assert told_in(
        Turn(Message("affirm"), 0, said=[Said("utter_callback_number_changed", {})])
    ) == {Told.MOVED}


@pytest.mark.parametrize(
    ("heard", "status", "is_right"),
    [
        ("utter_callback_slot_taken", 429, True),
        ("utter_callback_unavailable", 400, True),
        ("utter_callback_unavailable", 502, False),
        ("utter_callback_unconfirmed", 429, False),
    ],
)
def test_a_refusal_that_the_second_yes_heard_leaves_nothing_in_doubt(
    heard: str, status: int, *, is_right: bool
) -> None:
    told = story(TOLD)
    booked = told.turns[-1]
    refused = Attempt(
        "visit-1-7", Asked.CREATE, "too-late-done", PHONE, AT, Knowledge.UNKNOWN, status=status
    )
    lost = replace(booked, twice=Twice.LOST, said=[Said(heard, {})], attempts=[refused], holds=None)
    told.turns = [told.turns[0], lost, told.turns[0], booked]
    assert (Judge(told, [HELD], responses()).faults() == []) is is_right


@pytest.mark.parametrize("heard", ["utter_callback_moved", "utter_callback_moved_old_remains"])
@pytest.mark.parametrize(("twice", "is_right"), [(Twice.AGAIN, True), (Twice.NO, False)])
def test_what_stood_when_the_first_yes_was_answered_was_told_rightly(
    heard: str, twice: Twice, *, is_right: bool
) -> None:
    told = story(TOLD)
    later, new_told = (
        AT + timedelta(hours=1),
        {**TOLD, "moment": "today, Friday 27 March, at 18:00"},
    )
    create = Attempt("visit-1-7", Asked.CREATE, None, PHONE, later, callback_id="c-2", status=200)
    cancel = Attempt("visit-1-7", Asked.CANCEL, callback_id="c-1", status=200)
    said = [Said("utter_callback_move_unconfirmed", {**new_told, "old_moment": TOLD["moment"]})]
    said += [Said(heard, new_told)]
    moving = replace(told.turns[-1], twice=twice, wanted_at=later, said=said, holds="c-2")
    moving.attempts, moving.seconds, moving.callback_id = [create, cancel], 1.6, "c-1"
    told.turns += [moving]
    held = [replace(HELD, reason="CANCELLED"), replace(HELD, id="c-2", desired_at=later)]
    told_wrong = "nothing stands" in "".join(Judge(told, held, responses()).faults())
    assert told_wrong is not is_right


@pytest.mark.parametrize(("twice", "is_right"), [(Twice.AT_ONCE, True), (Twice.NO, False)])
def test_of_two_yeses_to_a_cancellation_one_that_could_not_ask_is_told_as_in_doubt(
    twice: Twice, *, is_right: bool
) -> None:
    told = story(TOLD)
    off = Attempt("visit-1-7", Asked.CANCEL, "late-after", None, None, Knowledge.HONEST, "c-1", 200)
    said = ["utter_callback_cancel_unconfirmed", "utter_callback_cancelled"]
    cancelling = Turn(Message("affirm"), 0, is_yes=True, said=[Said(each, {}) for each in said])
    cancelling.attempts, cancelling.twice, cancelling.callback_id = [off], twice, "c-1"
    told.turns += [replace(cancelling, at=AT)]
    found = Judge(told, [replace(HELD, reason="CANCELLED")], responses()).faults()
    assert ("no cancellation is in doubt" not in "".join(found)) is is_right


@pytest.mark.parametrize(("is_other_in_doubt", "is_right"), [(True, True), (False, False)])
def test_a_refusal_of_an_earlier_one_in_doubt_may_be_told_beside_what_is_booked(
    *, is_other_in_doubt: bool, is_right: bool
) -> None:
    told = story(TOLD)
    booked = told.turns[-1]
    booked.twice = Twice.AGAIN
    booked.said = [*booked.said, Said("utter_callback_unconfirmed_not_booked", {})]
    refused = Attempt("visit-1-7", Asked.CREATE, "dripping-too-long", PHONE, AT, status=429)
    said = [Said("utter_callback_unconfirmed", {})]
    doubtful = replace(booked, twice=Twice.NO, said=said, attempts=[refused], holds=None)
    warned = Turn(Message("inform"), 0, said=[Said("utter_ask_callback_unconfirmed", {})], at=AT)
    yes = Turn(Message("affirm", "yes"), 0, said=told.turns[0].said, at=AT, is_arranging=True)
    before = [told.turns[0], doubtful, warned, yes] if is_other_in_doubt else [told.turns[0]]
    told.turns = [*before, replace(booked, is_arranging=True)]
    assert (Judge(told, [HELD], responses()).faults() == []) is is_right


@pytest.mark.parametrize(
    ("came", "said", "is_right"),
    [
        ("doubt", ["cancel_unavailable"], False),
        ("doubt, refusal", ["cancel_unavailable"], False),
        ("refusal, doubt", ["cancel_unavailable"], False),
        ("doubt, refusal", ["cancel_unconfirmed", "cancel_unavailable"], False),
        ("doubt, refusal", ["cancel_unconfirmed", "cancel_unconfirmed"], True),
        ("refusal, doubt", ["cancel_unavailable", "cancel_unconfirmed"], True),
        ("refusal, refusal", ["cancel_unavailable", "cancel_unavailable"], True),
    ],
)
@pytest.mark.parametrize("took_effect", [None, "c-1"])
def test_that_a_callback_stands_is_not_told_after_a_cancellation_in_doubt(
    came: str, said: list[str], took_effect: str | None, *, is_right: bool
) -> None:
    told = story(TOLD)
    cancel = Attempt("visit-1-7", Asked.CANCEL)
    doubt = replace(cancel, fault="too-late", callback_id=took_effect)
    refusal = replace(cancel, fault="throttled", knowledge=Knowledge.REFUSED, status=429)
    sent = [{"doubt": doubt, "refusal": refusal}[each] for each in came.split(", ")]
    heard = [Said(f"utter_callback_{each}", {}) for each in said]
    cancelling = Turn(Message("affirm"), 0, is_yes=True, said=heard, attempts=sent, at=AT)
    told.turns += [replace(cancelling, twice=Twice.AGAIN, callback_id="c-1")]
    found = Judge(told, [HELD], responses()).faults()
    assert ("told as not done" not in "".join(found)) is is_right


@pytest.mark.parametrize(
    ("said", "is_right"),
    [("utter_callback_unavailable", True), ("utter_callback_stopped", False)],
)
def test_a_risk_that_was_taken_holds_where_the_arrangement_could_not_be_gone_on_with(
    said: str, *, is_right: bool
) -> None:
    told = story(TOLD)
    asked, booked = told.turns
    unknown = replace(booked.attempts[0], knowledge=Knowledge.UNKNOWN, callback_id=None)
    doubted = [Said("utter_callback_unconfirmed", {})]
    doubtful = replace(booked, said=doubted, attempts=[unknown], holds=None)
    warned = Turn(Message("inform"), 0, said=[Said("utter_ask_callback_unconfirmed", {})], at=AT)
    yes = replace(asked, message=Message("affirm", "yes"), is_arranging=True)
    broken = Turn(Message("request_callback"), 0, said=[Said(said, {})], at=AT, is_arranging=True)
    again = replace(asked, is_arranging=False)
    told.turns = [asked, doubtful, warned, yes, broken, again, replace(booked, is_arranging=True)]
    found = "".join(Judge(told, [HELD], responses()).faults())
    assert ("not told of the risk" not in found) is is_right


@pytest.mark.parametrize(("replaced", "is_right"), [("c-0", True), ("c-9", False)])
def test_a_move_that_is_told_late_is_of_the_callback_that_it_replaces(
    replaced: str, *, is_right: bool
) -> None:
    told = story(TOLD)
    asked, booked = told.turns
    unknown = replace(booked.attempts[0], knowledge=Knowledge.UNKNOWN)
    doubted = [Said("utter_callback_move_unconfirmed", {})]
    moving = replace(booked, said=doubted, attempts=[unknown], callback_id=replaced, holds="c-9")
    off = Attempt("visit-1-7", Asked.CANCEL, None, None, None, Knowledge.HONEST, replaced, 200)
    late = Turn(Message("show_callback"), 0, said=[Said("utter_callback_moved", TOLD)], at=AT)
    late.attempts, late.callback_id, late.holds = [off], "c-9", "c-1"
    told.turns = [asked, moving, late]
    held = [replace(HELD, id="c-0", reason="CANCELLED"), HELD, replace(HELD, id="c-9")]
    found = "".join(Judge(told, held, responses()).faults())
    assert ("still to come" not in found) is is_right


@pytest.mark.parametrize(
    ("moment", "is_right"),
    [("today, Friday 27 March, at 17:00", True), ("today, Friday 27 March, at 17:30", False)],
)
def test_of_two_yeses_the_second_may_hear_of_an_earlier_move_that_is_found_done(
    moment: str, *, is_right: bool
) -> None:
    told = story(TOLD)
    asked, booked = told.turns
    done = booked.attempts[0]
    doubted = [Said("utter_callback_move_unconfirmed", {})]
    unknown = replace(done, knowledge=Knowledge.UNKNOWN)
    moving = replace(booked, said=doubted, attempts=[unknown], callback_id="c-0", holds="c-0")
    warned = Turn(Message("inform"), 0, said=[Said("utter_ask_callback_unconfirmed", {})], at=AT)
    yes = replace(asked, message=Message("affirm", "yes"))
    wanted_at = AT + timedelta(hours=1)
    now_told = {"moment": "today, Friday 27 March, at 18:00"}
    news = [
        Said("utter_callback_moved", now_told),
        Said("utter_callback_moved", {"moment": moment}),
    ]
    both = replace(booked, twice=Twice.AGAIN, wanted_at=wanted_at, said=news, callback_id="c-8")
    off = Attempt("visit-1-7", Asked.CANCEL, None, None, None, Knowledge.HONEST, "c-8", 200)
    sent = replace(done, callback_id="c-9", desired_at=wanted_at)
    both.attempts = [sent, off, replace(off, callback_id="c-0")]
    told.turns = [asked, moving, warned, yes, replace(both, is_arranging=True)]
    over = [replace(HELD, id=each, reason="CANCELLED") for each in ("c-0", "c-8")]
    held = [*over, HELD, replace(HELD, id="c-9", desired_at=wanted_at)]
    assert (Judge(told, held, responses()).faults() == []) is is_right


@pytest.mark.parametrize(("earlier_seconds", "is_right"), [(5, True), (60, False)])
def test_a_refused_cancellation_is_in_doubt_while_an_earlier_one_may_be_on_its_way(
    earlier_seconds: int, *, is_right: bool
) -> None:
    told = story(TOLD)
    unknown = Attempt("visit-1-7", Asked.CANCEL, "reset-before")
    refused = Attempt(
        "visit-1-7", Asked.CANCEL, "throttled", knowledge=Knowledge.REFUSED, status=429
    )
    said = [Said("utter_callback_cancel_unconfirmed", {})]
    first = Turn(Message("affirm"), 0, is_yes=True, said=said, attempts=[unknown], at=AT)
    first.callback_id = first.holds = "c-1"
    second = replace(first, attempts=[refused], at=AT + timedelta(seconds=earlier_seconds))
    told.turns += [first, second]
    found = Judge(told, [HELD], responses()).faults()
    assert ("no cancellation is in doubt" not in "".join(found)) is is_right
