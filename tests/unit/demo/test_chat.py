from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import given
from hypothesis import strategies as st

from ges_connector.demo.chat import Customer, chat, prompted, show, to_send, typed_lines

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

CALENDAR = "data:text/calendar;charset=utf-8;base64,QkVHSU4="
BUTTONS = [
    {"text": "When?", "buttons": [{"title": "Mon", "payload": '/pick{"id":"s1"}'}]},
    {"text": "Or:", "buttons": [{"title": "Later", "payload": "/later"}]},
]


def test_buttons_are_numbered_through_all_messages() -> None:
    shown = show(BUTTONS)
    assert shown.lines == ("When?", "  1) Mon", "Or:", "  2) Later")
    assert shown.payloads == ('/pick{"id":"s1"}', "/later")


def test_every_kind_of_message_is_shown() -> None:
    shown = show(
        [{"text": "a\nb"}, {"image": "http://x/i.png"}, {"attachment": "f"}, {"custom": {"ü": 1}}]
    )
    assert shown.lines == (
        "a",
        "b",
        "[image] http://x/i.png",
        "[attachment] f",
        '[custom] {"ü": 1}',
    )


def test_a_file_inside_the_answer_is_named_and_not_printed() -> None:
    shown = show([{"attachment": CALENDAR}, {"attachment": "data:image/png;base64,QUJD"}])
    assert shown.lines == (
        "[calendar file: callback.ics; /save keeps it]",
        "[file: attachment.bin; /save keeps it]",
    )
    assert [file.content for file in shown.files] == [b"BEGIN", b"ABC"]


def test_a_broken_file_is_neither_printed_nor_offered() -> None:
    shown = show([{"attachment": "data:text/calendar;base64,%%%"}, {"attachment": "data:nothing"}])
    assert shown.lines == ("[attachment] (unreadable)", "[attachment] (unreadable)")
    assert shown.files == ()


async def test_a_file_is_saved_on_request_and_never_over_another(tmp_path: Path) -> None:
    engine = Engine({"book": [{"text": "Here.", "attachment": CALENDAR}], "thanks": []})
    typed = ("/save", "book", "thanks", "/save", "/save")
    written = await talk(engine, Customer(), *typed, directory=tmp_path)
    assert [turn["message"] for turn in engine.turns] == ["book", "thanks"]
    assert written == [
        "(There is no file to save.)",
        "Here.",
        "[calendar file: callback.ics; /save keeps it]",
        f"(Saved as {tmp_path / 'callback.ics'}.)",
        f"(Saved as {tmp_path / 'callback-2.ics'}.)",
    ]
    assert (tmp_path / "callback-2.ics").read_bytes() == b"BEGIN"


async def test_a_file_that_cannot_be_saved_does_not_end_the_chat(tmp_path: Path) -> None:
    engine = Engine({"book": [{"attachment": CALENDAR}], "hi": [{"text": "Hi."}]})
    written = await talk(engine, Customer(), "book", "/save", "hi", directory=tmp_path / "none")
    assert written[1:] == ["(Could not save callback.ics: No such file or directory.)", "Hi."]


def test_what_a_terminal_would_obey_is_not_printed() -> None:
    assert show([{"text": "\x1b[2Jred\u00a0line\x07"}]).lines == ("[2Jred\u00a0line",)


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("1", "/a"),
        (" 2 ", "/b"),
        ("02", "/b"),
        ("3", "3"),
        ("0", "0"),
        ("1 please", "1 please"),
        ("٢", "٢"),
        ("", ""),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_the_number_of_a_choice_sends_its_payload(typed: str, sent: str) -> None:
    assert to_send(typed, ["/a", "/b"]) == sent


@given(st.text())
def test_without_choices_everything_is_sent_as_typed(typed: str) -> None:
    assert to_send(typed, []) == typed.strip()


class Engine:
    """The far side: answers each message with what is scripted for it."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.turns: list[dict[str, Any]] = []

    async def webhook(self, request: web.Request) -> web.Response:
        turn = await request.json()
        self.turns.append(turn)
        answer = self.answers.get(turn["message"])
        return web.Response(status=500) if answer is None else web.json_response(answer)

    def server(self) -> TestServer:
        application = web.Application()
        application.router.add_post("/webhooks/callback/webhook", self.webhook)
        return TestServer(application)


async def lines(*typed: str) -> AsyncIterator[str]:
    for line in typed:
        yield line


async def talk(
    engine: Engine, customer: Customer, *typed: str, directory: Path = Path()
) -> list[str]:
    written: list[str] = []
    async with engine.server() as server:
        url = str(server.make_url(""))
        await chat(url, customer, lines(*typed), written.append, directory)
    return written


async def test_a_chosen_number_is_sent_as_the_payload_of_the_last_answer() -> None:
    engine = Engine({"hello": BUTTONS, "/later": [{"text": "Fine."}]})
    written = await talk(engine, Customer(), "hello", "2")
    assert written == ["When?", "  1) Mon", "Or:", "  2) Later", "Fine."]
    assert [turn["message"] for turn in engine.turns] == ["hello", "/later"]


async def test_choices_are_gone_after_the_next_answer() -> None:
    engine = Engine({"hello": BUTTONS, "/later": [], "1": []})
    await talk(engine, Customer(), "hello", "2", "1")
    assert engine.turns[-1]["message"] == "1"


async def test_a_turn_carries_who_is_chatting() -> None:
    engine = Engine({"hi": []})
    await talk(engine, Customer("voice", {"locale": "de-AT"}), "hi", "hi")
    first, second = engine.turns
    assert first["channel"] == "voice"
    assert first["metadata"] == {"locale": "de-AT"}
    assert first["sender"] == second["sender"]


async def test_an_engine_that_fails_does_not_end_the_chat() -> None:
    engine = Engine({"again": [{"text": "Here."}]})
    written = await talk(engine, Customer(), "oh", "again")
    assert written == ["(The engine did not answer: ClientResponseError.)", "Here."]


async def test_quit_ends_the_chat_and_empty_lines_are_no_turns() -> None:
    engine = Engine({})
    await talk(engine, Customer(), "", "  ", "/quit", "never sent")
    assert engine.turns == []


def test_a_customer_is_not_shown_with_the_number() -> None:
    assert "4155550100" not in repr(Customer(metadata={"caller_number": "+14155550100"}))


async def test_lines_come_from_a_pipe_whole_and_decoded() -> None:
    source, sink = os.pipe()
    os.write(sink, "Grüße\n".encode()[:3])
    os.write(sink, "Grüße\n".encode()[3:] + b"\xff\nlast")
    os.close(sink)
    assert [line async for line in typed_lines(source)] == [
        "Grüße",
        "\N{REPLACEMENT CHARACTER}",
        "last",
    ]
    os.close(source)


async def test_a_closed_input_is_an_empty_one() -> None:
    source, sink = os.pipe()
    os.close(sink)
    os.close(source)
    assert [line async for line in typed_lines(source)] == []


@pytest.mark.parametrize(("echo", "expected"), [(True, "> a\n> b\n> \n"), (False, "> > > \n")])
async def test_lines_of_a_file_are_shown_as_if_typed(*, echo: bool, expected: str) -> None:
    written: list[str] = []
    heard = [line async for line in prompted(lines("a", "b"), written.append, echo=echo)]
    assert heard == ["a", "b"]
    assert "".join(written) == expected
