"""A chat in the terminal: what the assistant says, its buttons as numbered choices.

One line is one turn. Lines may come from a file or a pipe as well as from a keyboard. A file that
comes with an answer is named, and kept when the customer types `/save`.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import codecs
import json
import os
import threading
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from unicodedata import category
from urllib.parse import unquote_to_bytes

import aiohttp

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence

_TURN_SECONDS = 60.0
_READ_BYTES = 4096
_GOODBYES = frozenset({"/quit", "/exit"})
_SAVE: Final = "/save"
_DATA_URL: Final = "data:"
_CALENDAR: Final = "text/calendar"
_MOST_OF_ONE_NAME: Final = 100


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
class EnclosedFile:
    """A file that came with an answer, inside a `data:` URL.

    Attributes:
        kind: What to call it.
        name: What to save it as.
        content: Its bytes.
    """

    kind: str
    name: str
    content: bytes = field(repr=False)

    @classmethod
    def of(cls, url: str) -> EnclosedFile | None:
        """Take the file out of a `data:` URL (RFC 2397); None for any other or a broken one."""
        head, comma, data = url.partition(",")
        if not comma or not head.startswith(_DATA_URL):
            return None
        media_type, *parameters = head.removeprefix(_DATA_URL).split(";")
        content = unquote_to_bytes(data)
        if "base64" in parameters:
            try:
                content = base64.b64decode(content, validate=True)
            except binascii.Error:
                return None
        if media_type == _CALENDAR:
            return cls("calendar file", "callback.ics", content)
        return cls("file", "attachment.bin", content)

    def kept_in(self, directory: Path) -> Path:
        """Write it to a directory under a name that is still free.

        Raises:
            OSError: It cannot be written.
        """
        path = directory / self.name
        for number in range(2, _MOST_OF_ONE_NAME):
            try:
                with path.open("xb") as file:
                    file.write(self.content)
            except FileExistsError:
                path = directory / f"{Path(self.name).stem}-{number}{Path(self.name).suffix}"
            else:
                return path
        raise FileExistsError(f"{directory} holds too many files called {self.name} already")


@dataclass(frozen=True, slots=True)
class Shown:
    """What the assistant's answer looks like in a terminal.

    Attributes:
        lines: The lines to print.
        payloads: What to send when the customer types 1, 2, and so on.
        files: What `/save` keeps.
    """

    lines: tuple[str, ...]
    payloads: tuple[str, ...]
    files: tuple[EnclosedFile, ...] = ()


def show(messages: Sequence[Mapping[str, Any]]) -> Shown:
    """Lay the messages of one answer out; buttons are numbered through all of them."""
    lines: list[str] = []
    payloads: list[str] = []
    files: list[EnclosedFile] = []
    for message in messages:
        lines.extend(_plain(message["text"]).splitlines() if "text" in message else [])
        for button in message.get("buttons", []):
            payloads.append(button["payload"])
            lines.append(f"  {len(payloads)}) {_plain(button['title'])}")
        for kind in ("image", "attachment"):
            if kind in message:
                url = str(message[kind])
                file = EnclosedFile.of(url)
                lines.append(_line_of(kind, url, file))
                files.extend([] if file is None else [file])
        if "custom" in message:
            lines.append(f"[custom] {json.dumps(message['custom'], ensure_ascii=False)}")
    return Shown(tuple(lines), tuple(payloads), tuple(files))


def _line_of(kind: str, url: str, file: EnclosedFile | None) -> str:
    """Name what is attached; the content of a file means nothing to the eye."""
    if file is not None:
        return f"[{file.kind}: {file.name}; {_SAVE} keeps it]"
    return f"[{kind}] (unreadable)" if url.startswith(_DATA_URL) else f"[{kind}] {_plain(url)}"


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
    directory: Path = Path(),
) -> None:
    """Chat until the lines end or one of them is `/quit`.

    Args:
        rasa_url: Base URL of the engine.
        customer: Who is chatting.
        lines: What the customer types.
        write: Takes each line to print.
        directory: Where `/save` keeps the files of the last answer that had any.
    """
    conversation = f"terminal-{uuid.uuid4()}"
    payloads: tuple[str, ...] = ()
    files: tuple[EnclosedFile, ...] = ()
    limit = aiohttp.ClientTimeout(total=_TURN_SECONDS)
    async with aiohttp.ClientSession(base_url=rasa_url, timeout=limit) as session:
        async for line in lines:
            text = to_send(line, payloads)
            if text in _GOODBYES:
                return
            if text == _SAVE:
                _save(files, directory, write)
                continue
            if not text:
                continue
            try:
                shown = show(await _turn(session, conversation, text, customer))
            except (aiohttp.ClientError, TimeoutError) as error:
                write(f"(The engine did not answer: {type(error).__name__}.)")
                continue
            payloads, files = shown.payloads, shown.files or files
            for said in shown.lines:
                write(said)


def _save(files: Sequence[EnclosedFile], directory: Path, write: Callable[[str], None]) -> None:
    if not files:
        write("(There is no file to save.)")
    for file in files:
        try:
            write(f"(Saved as {file.kept_in(directory).absolute()}.)")
        except OSError as error:
            write(f"(Could not save {file.name}: {error.strerror or error}.)")


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
