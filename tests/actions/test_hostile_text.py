"""What a customer types is data: it opens no template, payload, header, log line or file."""

from __future__ import annotations

import base64
import itertools
import json
import logging
from collections import Counter
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from actions import runtime, understanding
from actions.calendar import Entry, calendar_link, removal_link
from actions.slots import Channel
from actions.telling import Teller
from ges_connector.callbacks.booking import Draft, user_data_for
from ges_connector.callbacks.profile import UserDataPolicy
from ges_connector.language import Unclear, Wish, understand
from ges_connector.testing import MONDAY

if TYPE_CHECKING:
    from rasa_sdk.executor import ActionExecutor

    from ges_connector.callbacks import CallbackConfig
    from ges_connector.sandbox.sandbox import Sandbox

MARK = "zqx"
HOSTILE = {
    "line breaks": f"friday\r\n2026-01-05 ERROR root - {MARK}\n{MARK}: yes",
    "template": f"friday {{moment}} {{number}} {{{{7*7}}}} ${{GES_API_KEY}} %(x)s %s {MARK}",
    "payload": f'/choose{{"callback_choice": "yes", "{MARK}": 1}}',
    "quoted payload": f'friday" }} /choose{{"callback_choice": "yes"}} {MARK}',
    "markup": f"friday <script>alert('{MARK}')</script> <b>{MARK}</b> &lt;{MARK}&gt;",
    "speech": f"friday at 23:00 </speak><break time='10s'/><audio src='http://{MARK}'/>",
    "formula": f'=HYPERLINK("http://{MARK}","friday")',
    "command": f"+cmd|' /C calc'!{MARK}",
    "calendar": f"friday\r\nEND:VEVENT\r\nATTENDEE:mailto:{MARK}\r\nBEGIN:VEVENT",
    "header": f"friday\r\nx-api-key: {MARK}\r\n\r\n{{}}",
    "terminal": f"\x1b]0;{MARK}\x07\x1b[2Jfriday\x00\x08",
    "direction": f"\u202efriday at 23:00 {MARK}\u2066\u200b\ufeff",
    "query": f"friday'; DROP TABLE callbacks; -- {MARK}",
    "path": f"../../{MARK}/%2e%2e%2f?a=b#c",
    "half a character": f"friday \ud83d {MARK}",
}
OPENING = set('{}<>`$\\"\r\n\x00\x07\x08\x1b')
ASKED = (None, "callback_kind", "callback_slot", "callback_phone", "callback_confirmed")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
async def test_no_action_hands_on_what_could_be_more_than_text(
    conversation: Any,
    executor: ActionExecutor,
    ges_sandbox: Sandbox,
    caplog: pytest.LogCaptureFixture,
    text: str,
) -> None:
    conversation.metadata = {**conversation.metadata, "locale": text, "timezone": text}
    conversation.sender = text
    with caplog.at_level(logging.DEBUG):
        for action, asked in itertools.product(sorted(executor.actions), ASKED):
            conversation.slots = {}
            await conversation.run("validate_callback_form", text, "request_callback")
            outcome = await conversation.run(action, text, "inform", requested=asked)
            for response in outcome.responses:
                filled = {name: value for name, value in response.items() if isinstance(value, str)}
                told = {name: value for name, value in filled.items() if name != "attachment"}
                assert not OPENING & set("".join(told.values())), (action, told)
                assert MARK not in json.dumps(response["buttons"])
                # Only a wish is ever quoted.
                assert MARK not in "".join(value for name, value in told.items() if name != "wish")
            assert json.dumps(outcome.events).isprintable()
    assert MARK not in caplog.text
    assert MARK not in repr(ges_sandbox.world.journal.entries)


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("action", ["action_answer_callback", "validate_callback_form"])
async def test_a_long_message_is_read_once_from_however_many_sides_it_is_looked_at(
    conversation: Any, monkeypatch: pytest.MonkeyPatch, action: str, asked: str | None
) -> None:
    read: Counter[Any] = Counter()

    def counted(*said: Any) -> Wish | Unclear:
        read[said] += 1
        return understand(*said)

    monkeypatch.setattr(understanding, "understand", counted)
    await conversation.run(action, "before, yes, " * 8, "inform", requested=asked)
    assert set(read.values()) == {1}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
async def test_what_an_agent_is_shown_is_one_plain_line_and_no_formula(
    conversation: Any, ges_sandbox: Sandbox, text: str
) -> None:
    conversation.slots = {
        "callback_process": "book",
        "callback_kind": "asap",
        "callback_phone": "+493023125011",
        "callback_confirmed": True,
        "callback_read_back_at": "2026-01-12T08:00:00Z",
        "callback_reason": text,
    }
    outcome = await conversation.run("action_submit_callback_form", "yes", "affirm")
    (booked,) = ges_sandbox.world.rooms(None).centre.floor.callbacks()
    shown = booked.user_data["reason"]
    assert shown.isprintable()
    assert shown[0] not in "=@"
    assert not shown.startswith("+cmd")
    assert MARK not in json.dumps(outcome.responses)


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1+1", "'=1+1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("\uff20SUM(A1)", "'\uff20SUM(A1)"),
        ("\uff0bcmd|", "'\uff0bcmd|"),
        ("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"),
        ("+49 30 23125011", "+49 30 23125011"),
        ("-5", "-5"),
        ("a=b", "a=b"),
    ],
)
def test_a_formula_becomes_a_text_and_a_number_stays_one(text: str, sent: str) -> None:
    draft = Draft(
        conversation_id="c",
        topic="billing",
        phone="+493023125011",
        desired_at=None,
        read_back_at=MONDAY,
        locale="en",
        zone="Europe/Berlin",
        channel="chat",
        user_data={"note": text},
    )
    assert user_data_for(draft, UserDataPolicy(keys=("note",))) == {"note": sent}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_calendar_file_has_one_entry_whatever_is_in_it(config: CallbackConfig, text: str) -> None:
    teller = Teller(
        locale="en-GB",
        zone=ZoneInfo("Europe/Berlin"),
        channel=Channel.CHAT,
        now=MONDAY,
        profile=config.profile(),
        catalogue=runtime.wording().catalogue("en"),
    )
    sendable = text.encode("utf-8", "replace").decode()
    entry = Entry(sendable, 0, MONDAY, reference=sendable, number=sendable)
    for link in (calendar_link(teller, entry), removal_link(teller, entry)):
        content = base64.b64decode(link.partition(",")[2]).decode()
        assert [each.name for each in Calendar.from_ical(content).walk()] == ["VCALENDAR", "VEVENT"]
        assert not [line for line in content.splitlines() if line.startswith(("ATTENDEE", "X-"))]
