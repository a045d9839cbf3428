"""Reads the body of a call before anything of the SDK does: its size, its nesting, its shape. Pure.

Over gRPC the SDK has read it by then: `check_call` looks at what it made of it.

The SDK trusts what it reads: a compressed body may become as large as it likes, a wrong type ends
in an exception after the action was carried out, and names are written to the log as they came.
"""

from __future__ import annotations

import json
import re
import zlib
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

# Nothing is given back once taken, and a text need not end: else a long one that never does would
# be gone through anew from each of its quotation marks.
_TEXTS: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_ALIKE: Final = bytes.maketrans(b"{}", b"[]")
_NO_BRACKETS: Final = bytes(sorted({*range(256)} - {*b"[]{}"}))
_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,100}")
_VERSION: Final = re.compile(r"[0-9A-Za-z.+-]{1,40}")
_MOST_SENDER_CHARACTERS: Final = 512
_PARTS: Final[tuple[tuple[str, type[Any]], ...]] = (
    ("slots", dict),
    ("latest_message", dict),
    ("events", list),
    ("active_loop", dict),
    ("active_form", dict),
)


class CallRefusedError(Exception):
    """A body that is no call.

    Attributes:
        status: The HTTP status that says why.
    """

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


def read_call(
    body: bytes, encoding: str | None, *, max_bytes: int, max_depth: int
) -> dict[str, Any]:
    """Read a call.

    Args:
        body: As it arrived.
        encoding: How it is compressed: `deflate`, as the engine does it on demand, or not at all.
        max_bytes: How long it may be, uncompressed.
        max_depth: How deeply it may be nested.

    Returns:
        The call, with a domain: the SDK insists on one and no action here reads it. The engine's
        holds every response in every language, so `engine/endpoints.yml` has it left out. What a
        tracker may lack is there.

    Raises:
        CallRefusedError: It is none.
    """
    plain = _uncompressed(body, encoding, max_bytes)
    if len(plain) > max_bytes:
        raise CallRefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    if _is_nested_deeper(plain, max_depth):
        raise CallRefusedError(HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        call = json.loads(plain)
    except (ValueError, RecursionError):
        raise CallRefusedError(HTTPStatus.BAD_REQUEST) from None
    if not _is_call(call):
        raise CallRefusedError(HTTPStatus.UNPROCESSABLE_ENTITY)
    return _completed(call)


def check_call(call: Any, *, max_depth: int) -> None:
    """Check a call that has been read already.

    Args:
        call: What was read.
        max_depth: How deeply it may be nested.

    Raises:
        CallRefusedError: It is none, or is nested deeper.
    """
    if not _is_call(call) or _levels(call) > max_depth:
        raise CallRefusedError(HTTPStatus.UNPROCESSABLE_ENTITY)


def _levels(value: Any) -> int:
    """How deeply lists and mappings are nested."""
    levels, level = 0, [value]
    while level := [each for each in level if isinstance(each, dict | list)]:
        levels += 1
        level = [part for each in level for part in _parts(each)]
    return levels


def _parts(value: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value


def _uncompressed(body: bytes, encoding: str | None, max_bytes: int) -> bytes:
    if encoding is None or encoding.lower() == "identity":
        return body
    if encoding.lower() != "deflate":
        raise CallRefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    inflater = zlib.decompressobj()
    try:
        plain = inflater.decompress(body, max_bytes + 1)
    except zlib.error:
        raise CallRefusedError(HTTPStatus.BAD_REQUEST) from None
    if len(plain) <= max_bytes and not inflater.eof:
        raise CallRefusedError(HTTPStatus.BAD_REQUEST)
    return plain


def _is_nested_deeper(body: bytes, depth: int) -> bool:
    """Whether JSON is nested deeper, told without parsing it.

    Each round takes the innermost pairs away.
    """
    brackets = _TEXTS.sub(b"", body).translate(_ALIKE, _NO_BRACKETS)
    for _ in range(depth):
        if not brackets:
            return False
        brackets = brackets.replace(b"[]", b"")
    return bool(brackets)


def _is_call(call: Any) -> bool:
    if not isinstance(call, dict):
        return False
    action, version = call.get("next_action"), call.get("version")
    is_named = isinstance(action, str) and _NAME.fullmatch(action) is not None
    is_dated = version is None or (isinstance(version, str) and _VERSION.fullmatch(version))
    is_domain = isinstance(call.get("domain"), dict | None)
    return is_named and bool(is_dated) and is_domain and _is_tracker(call.get("tracker"))


def _is_tracker(tracker: Any) -> bool:
    if not isinstance(tracker, dict):
        return False
    sender = tracker.get("sender_id")
    is_sent = isinstance(sender, str) and len(sender) <= _MOST_SENDER_CHARACTERS
    return is_sent and all(isinstance(tracker.get(name), kind | None) for name, kind in _PARTS)


def _completed(call: dict[str, Any]) -> dict[str, Any]:
    blank = {name: kind() for name, kind in _PARTS if call["tracker"].get(name) is None}
    return {"domain": {}, **call, "tracker": {**call["tracker"], **blank}}
