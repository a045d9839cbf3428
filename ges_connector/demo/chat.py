"""A chat in the terminal: what the assistant says, its buttons as numbered choices.

One line is one turn. Lines may come from a file or a pipe as well as from a keyboard.
"""

from __future__ import annotations

import asyncio
import codecs
import json
import os
import threading
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from unicodedata import category

import aiohttp

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence

_TURN_SECONDS = 60.0
_READ_BYTES = 4096
_GOODBYES = frozenset({"/quit", "/exit"})


@dataclass(frozen=True, slots=True)
class Customer:
    """Who is chatting, as a channel would tell it.

    Attributes:
        channel: `chat` or `voice`.
        metadata: `locale`, `timezone` and `caller_number`, as far as known.
    """

    channel: str = "chat"
    metadata: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the assistant's answer looks like in a terminal.

    Attributes:
        lines: The lines to print.
        payloads: What to send when the customer types 1, 2, and so on.
    """

    lines: tuple[str, ...]
    payloads: tuple[str, ...]


def show(messages: Sequence[Mapping[str, Any]]) -> Shown:
    """Lay the messages of one answer out; buttons are numbered through all of them."""
    lines: list[str] = []
    payloads: list[str] = []
    for message in messages:
        lines.extend(_plain(message["text"]).splitlines() if "text" in message else [])
        for button in message.get("buttons", []):
            payloads.append(button["payload"])
            lines.append(f"  {len(payloads)}) {_plain(button['title'])}")
        lines.extend(
            f"[{kind}] {message[kind]}" for kind in ("image", "attachment") if kind in message
        )
        if "custom" in message:
            lines.append(f"[custom] {json.dumps(message['custom'], ensure_ascii=False)}")
    return Shown(tuple(lines), tuple(payloads))


def to_send(line: str, payloads: Sequence[str]) -> str:
    """Turn the number of a choice into its payload; everything else is sent as typed."""
    typed = line.strip()
    if typed.isascii() and typed.isdigit() and 0 < int(typed[:6]) <= len(payloads):
        return payloads[int(typed[:6]) - 1]
    return typed


async def chat(
    rasa_url: str,
    customer: Customer,
    lines: AsyncIterator[str],
    write: Callable[[str], None],
) -> None:
    """Chat until the lines end or one of them is `/quit`.

    Args:
        rasa_url: Base URL of the engine.
        customer: Who is chatting.
        lines: What the customer types.
        write: Takes each line to print.
    """
    conversation = f"terminal-{uuid.uuid4()}"
    payloads: tuple[str, ...] = ()
    limit = aiohttp.ClientTimeout(total=_TURN_SECONDS)
    async with aiohttp.ClientSession(base_url=rasa_url, timeout=limit) as session:
        async for line in lines:
            text = to_send(line, payloads)
            if text in _GOODBYES:
                return
            if not text:
                continue
            try:
                shown = show(await _turn(session, conversation, text, customer))
            except (aiohttp.ClientError, TimeoutError) as error:
                write(f"(The engine did not answer: {type(error).__name__}.)")
                continue
            payloads = shown.payloads
            for said in shown.lines:
                write(said)


async def typed_lines(source: int) -> AsyncIterator[str]:
    """Read lines from a file descriptor, terminal, pipe or file, until it ends.

    A thread reads, because the event loop cannot wait for every kind of file; it holds no lock and
    nothing waits for it, so a customer who types nothing does not keep the demo from stopping.
    """
    loop = asyncio.get_running_loop()
    chunks: asyncio.Queue[bytes] = asyncio.Queue()

    def read() -> None:
        chunk = b"begin"
        while chunk:
            try:
                chunk = os.read(source, _READ_BYTES)
            except OSError:
                chunk = b""
            try:
                loop.call_soon_threadsafe(chunks.put_nowait, chunk)
            except RuntimeError:  # the loop has been closed meanwhile
                return

    threading.Thread(target=read, daemon=True).start()
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    pending = ""
    while chunk := await chunks.get():
        *whole, pending = (pending + decoder.decode(chunk)).split("\n")
        for line in whole:
            yield line
    if pending:
        yield pending


async def prompted(
    lines: AsyncIterator[str], write: Callable[[str], None], *, echo: bool
) -> AsyncIterator[str]:
    """Put a prompt before each line, and the line behind it when the terminal does not show it.

    Args:
        lines: What the customer types.
        write: Takes text as it is, without a line end.
        echo: The lines come from a file or a pipe.
    """
    write("> ")
    async for line in lines:
        if echo:
            write(f"{line}\n")
        yield line
        write("> ")
    write("\n")


async def _turn(
    session: aiohttp.ClientSession, conversation: str, text: str, customer: Customer
) -> list[dict[str, Any]]:
    turn = {
        "sender": conversation,
        "message": text,
        "channel": customer.channel,
        "metadata": dict(customer.metadata),
    }
    async with session.post("/webhooks/callback/webhook", json=turn) as answer:
        answer.raise_for_status()
        messages: list[dict[str, Any]] = await answer.json()
        return messages


def _plain(text: str) -> str:
    """Leave out control characters: a terminal would obey them."""
    return "".join(letter for letter in text if letter == "\n" or category(letter) != "Cc")
