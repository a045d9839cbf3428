"""A customer with a wish: says it, answers what is asked, and knows what they agreed to."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from campaign.centre import conversation_of
from campaign.engine import AssistantDownError, Engine, Message, Said
from campaign.plans import Task, TaskKind, Twice, Visit
from campaign.story import Story, Turn

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from campaign.engine import Assistant
    from campaign.ledger import Attempt

ZONE: Final = ZoneInfo("Europe/Berlin")
_MOST_TURNS: Final = 14
_MOST_SILENCES: Final = 4
_MOST_NUMBERS: Final = 3
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MONTHS: Final = {
    "en-GB": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    "de-DE": (
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ),
}
_OPENINGS: Final = {
    TaskKind.BOOK: ("request_callback", {"en-GB": "call me", "de-DE": "rufen Sie mich an"}),
    TaskKind.MOVE: ("move_callback", {"en-GB": "another time", "de-DE": "eine andere Zeit"}),
    TaskKind.CANCEL: ("cancel_callback", {"en-GB": "cancel it", "de-DE": "bitte absagen"}),
    TaskKind.SHOW: ("show_callback", {"en-GB": "when is it", "de-DE": "wann ist er"}),
}
_ASAP: Final = {"en-GB": "call me as soon as possible", "de-DE": "so bald wie möglich bitte"}
_YES: Final = Message("affirm", "yes")
_NO: Final = Message("deny", "no")
_READ_BACK: Final = "utter_ask_callback_confirmed"
_LAST_QUESTIONS: Final = (_READ_BACK, "utter_ask_callback_cancel_confirmed")
_ANSWERS: Final = (
    *((each, _YES) for each in _LAST_QUESTIONS),
    ("utter_ask_callback_phone_known", _YES),
    ("utter_callback_open_exists", Message("choose", choice="keep")),
    ("utter_callback_which_one", Message("inform", "1")),
)
"""What is always answered alike."""
_NUMBER_WANTED: Final = (
    "utter_ask_callback_phone",
    "utter_callback_phone_",
    "utter_callback_number_",
    "utter_callback_limit_reached",
    "utter_callback_not_moved_number_limit",
)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a conversation takes place in.

    Attributes:
        assistant: Runs the actions.
        seed: Of the round.
        now: Tells the time of the contact centre.
        attempts: Gives the writes of a conversation that arrived so far.
        is_disturbed_since: Whether the contact centre could not be reached at some moment since a
            moment of the monotonic clock, or just before it.
        is_back: Waits until the contact centre is up.
        restart: Starts the assistant anew.
        jump: Moves the clock over its change.
        before_turn: Lets happen what the plan has happen before a turn that may book.
    """

    assistant: Assistant
    seed: int
    now: Callable[[], datetime]
    attempts: Callable[[str], list[Attempt]]
    is_disturbed_since: Callable[[float], bool]
    is_back: Callable[[], Awaitable[None]]
    restart: Callable[[], Awaitable[None]]
    jump: Callable[[], Awaitable[None]]
    before_turn: Callable[[Visit, int], Awaitable[None]]


async def hold(visit: Visit, around: Surroundings) -> Story:
    """Hold a whole conversation, and give what was said in it."""
    return await _Customer(visit, around).hold()


class _Customer:
    def __init__(self, visit: Visit, around: Surroundings) -> None:
        self._visit = visit
        self._around = around
        conversation = conversation_of(around.seed, visit.number)
        phone = f"+4930{23_200_000 + visit.number}"
        metadata = {"locale": visit.locale, "timezone": ZONE.key}
        if visit.is_number_known:
            metadata["caller_number"] = phone
        self.story = Story(visit, conversation, phone)
        channel = "voice" if visit.speaks else "chat"
        self._engine = Engine(around.assistant, conversation, metadata, channel)
        self._wanted_at: datetime | None = None
        self._left_at: datetime | None = None
        """The time of a wish that could not be sent, or was left open; it is kept as it was."""
        self._numbers_said = 0
        self._is_asked_last = False

    async def hold(self) -> Story:
        for number, task in enumerate(self._visit.tasks):
            await self._pursue(number, task)
        return self.story

    async def _pursue(self, number: int, task: Task) -> None:
        await self._around.is_back()
        if self._engine.form is not None:
            self._left_at = self._wanted_at or self._left_at
        self._wanted_at, self._numbers_said = None, 0
        message: Message | None = self._opening(task)
        silences, insisted = 0, 0
        for _ in range(_MOST_TURNS):
            if message is None:
                return
            turn = await self._say(message, number, task)
            if turn.is_silenced:
                silences += 1
                if silences > _MOST_SILENCES:
                    return
                continue
            message = self._answer(turn, task)
            if message is None and _is_in_doubt(turn) and task.insists and insisted < 2:  # noqa: PLR2004 - yes again, then anew
                insisted += 1
                message = _YES if insisted == 1 else self._opening(task)

    # --- saying ------------------------------------------------------------------------------

    async def _say(self, message: Message, number: int, task: Task) -> Turn:
        await self._let_happen()
        around, engine = self._around, self._engine
        turn = Turn(message, number, wanted_at=self._wanted_at)
        turn.is_yes = message == _YES and self._is_asked_last
        turn.callback_id = engine.slots.get("callback_id")
        if turn.is_yes:
            turn.twice = task.twice
        turn.is_arranging, turn.at = engine.form is not None, around.now()
        self.story.add_late(around.attempts(self.story.conversation))
        before = sum(len(each.attempts) for each in self.story.turns)
        self.story.turns.append(turn)
        began = time.monotonic()
        try:
            await self._deliver(turn)
        except AssistantDownError:
            turn.is_silenced = True
        turn.seconds = time.monotonic() - began
        turn.is_disturbed = around.is_disturbed_since(began)
        turn.attempts = around.attempts(self.story.conversation)[before:]
        self.story.give_back_late()
        turn.outcome = self._engine.slots.get("callback_outcome")
        turn.holds = self._engine.slots.get("callback_id")
        if turn.is_yes:
            self._left_at = turn.wanted_at if is_kept_after(turn) else None
        if not turn.is_silenced:
            self._is_asked_last = any(each.name.startswith(_LAST_QUESTIONS) for each in turn.said)
        if any(each.name.startswith(_READ_BACK) for each in turn.said):
            self._check_read_back(turn)
        return turn

    async def _let_happen(self) -> None:
        visit, around, turns = self._visit, self._around, len(self.story.turns)
        if turns in visit.jumps:
            await around.jump()
        if turns in visit.restarts:
            await around.restart()
        if self._is_asked_last:
            await around.before_turn(visit, len(around.attempts(self.story.conversation)))

    async def _deliver(self, turn: Turn) -> None:
        engine, message = self._engine, turn.message
        if turn.twice == Twice.AT_ONCE:
            await self._deliver_at_once(turn)
            return
        await engine.hear(message, turn.said)
        if turn.twice == Twice.LOST and engine.before_submit is not None:
            # Nor did the customer hear it.
            engine.forget_submit()
            turn.said.clear()
            await engine.hear(message, turn.said, worker=1)
        elif turn.twice == Twice.AGAIN and not _is_asking(turn.said):
            await engine.hear(message, turn.said, worker=1)

    async def _deliver_at_once(self, turn: Turn) -> None:
        before, twin = dict(self._engine.slots), self._engine.twin()
        said: list[Said] = []
        heard: tuple[BaseException | None, ...] = await asyncio.gather(
            self._engine.hear(turn.message, turn.said),
            twin.hear(turn.message, said, worker=1),
            return_exceptions=True,
        )
        for each in heard:
            if each is not None:
                raise each
        turn.said += said
        # Both write down what came of it; which of them last is anybody's guess.
        first, last = (self._engine, twin) if self._visit.number % 2 else (twin, self._engine)
        changed = {name: each for name, each in last.slots.items() if before.get(name) != each}
        self._engine.slots = {**first.slots, **changed}
        self._engine.form = last.form

    # --- answering ---------------------------------------------------------------------------

    def _opening(self, task: Task) -> Message:
        intent, words = _OPENINGS[task.kind]
        text = words[self._visit.locale]
        if task.is_asap:
            text = _ASAP[self._visit.locale]
        elif task.says_time and task.kind in {TaskKind.BOOK, TaskKind.MOVE}:
            local = self._some_time(task)
            self._wanted_at = local.astimezone(UTC)
            text = f"{text} {_in_words(local, self._visit.locale)}"
        if task.says_number and task.kind is TaskKind.BOOK:
            where = {"en-GB": "on", "de-DE": "unter"}[self._visit.locale]
            text = f"{text} {where} {self._national}"
        return Message(intent, text)

    def _some_time(self, task: Task) -> datetime:
        """A half hour of some afternoon of the next week and a half, by the customer's clock.

        In the morning, 9:30 may be meant for the evening where both are free; it is asked about.
        """
        today = self._around.now().astimezone(ZONE)
        number = 31 * self._visit.number + 7 * task.pick + len(self.story.turns)
        day = today + timedelta(days=1 + number % 10)
        return day.replace(hour=13 + number % 6, minute=30 * (number % 2), second=0, microsecond=0)

    def _answer(self, turn: Turn, task: Task) -> Message | None:
        """Tell what to say to what was asked last; None if there is nothing more to say."""
        asked = [each for each in turn.said if _asks(each.name)]
        return None if not asked else self._answer_to(asked[-1], task)

    def _answer_to(self, asked: Said, task: Task) -> Message | None:
        name = asked.name
        if name.startswith("utter_ask_callback_kind"):
            return _choose("asap" if task.is_asap or "asap" in name else "scheduled")
        for asked_for, answer in _ANSWERS:
            if name.startswith(asked_for):
                return answer
        if name.startswith(_NUMBER_WANTED):
            return self._number()
        if "slot" in name or "time" in name or name == "utter_callback_several_match":
            return self._pick(task)
        # Whatever else is asked: who insists says yes to it.
        return _YES if task.insists else _NO

    def _number(self) -> Message | None:
        self._numbers_said += 1
        if self._numbers_said > _MOST_NUMBERS:
            return None
        return Message("inform", self._national)

    @property
    def _national(self) -> str:
        return f"0{self.story.phone.removeprefix('+49')}"

    def _pick(self, task: Task) -> Message | None:
        menu: Any = self._engine.slots.get("callback_menu") or {}
        ids = menu.get("ids") or []
        if not ids:
            return None
        picked = ids[task.pick % len(ids)]
        self._wanted_at = _instant(picked)
        return _choose(picked)

    def _check_read_back(self, turn: Turn) -> None:
        read_back = next(each for each in turn.said if each.name.startswith(_READ_BACK))
        digits = _digits(str(read_back.values.get("number", "")))
        if not self._visit.speaks and not digits.endswith(self.story.phone[-8:]):
            turn.oddities.append("reads back another number than the customer's")
        if "moment" not in read_back.values:
            self._wanted_at = None
            return
        moment, wanted_at = str(read_back.values["moment"]), self._wanted_at or self._left_at
        chosen_at = _instant(str(self._engine.slots.get("callback_slot")))
        if wanted_at != chosen_at or not shows(moment, chosen_at, self._visit):
            turn.oddities.append(f"reads back {moment!r}, wanted was {wanted_at}")
        # A customer who says yes agrees to what was read back, whatever was wanted.
        self._wanted_at = chosen_at


def is_kept_after(turn: Turn) -> bool:
    """Whether what was agreed on could not be sent, and is kept as it was."""
    return "utter_callback_unavailable" in turn.names


def shows(moment: str, at: datetime, visit: Visit) -> bool:
    """Whether a moment that was told is an instant: its day, its month and its clock time.

    What is spoken is all in words, and is left to the tests of the wording.
    """
    if visit.speaks:
        return True
    local, locale = at.astimezone(ZONE), visit.locale
    is_today = "today" in moment or "heute" in moment
    is_tomorrow = "tomorrow" in moment or "morgen" in moment.partition("um")[0].lower().split()
    is_dated = f"{local.day}" in moment and _MONTHS[locale][local.month - 1] in moment
    return f"{local:%H:%M}" in moment and (is_dated or is_today or is_tomorrow)


def _in_words(local: datetime, locale: str) -> str:
    month = _MONTHS[locale][local.month - 1]
    if locale == "de-DE":
        return f"am {local.day}. {month} um {local:%H:%M} Uhr"
    return f"on {local.day} {month} at {local:%H:%M}"


def _choose(choice: str) -> Message:
    return Message("choose", choice=choice)


def _instant(button: str) -> datetime:
    return _EPOCH + timedelta(milliseconds=int(button.removeprefix("s"), 36))


def _digits(text: str) -> str:
    return "".join(each for each in text if each.isdigit())


def _asks(name: str) -> bool:
    return name.startswith(
        ("utter_ask_", "utter_callback_open_exists", *_NUMBER_WANTED)
    ) or name in {
        "utter_callback_several_match",
        "utter_callback_which_one",
        "utter_callback_time_unclear",
        "utter_callback_time_two_readings",
        "utter_callback_time_past",
        "utter_callback_time_twice",
        "utter_callback_time_does_not_exist",
        "utter_callback_time_too_far",
    }


def _is_asking(said: list[Said]) -> bool:
    return any(_asks(each.name) for each in said)


def _is_in_doubt(turn: Turn) -> bool:
    return any("unconfirmed" in each.name for each in turn.said)
