"""What the sandbox refuses in a body, and that nothing makes it fall over."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ges_connector.sandbox.surface.json_body import BadJsonError, read_json

JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8")),
    lambda children: st.lists(children) | st.dictionaries(st.text(max_size=5), children),
    max_leaves=20,
)


@given(JSON_VALUES)
def test_whatever_json_can_say_is_read_as_json_reads_it(value: object) -> None:
    body = json.dumps(value).encode()
    assert read_json(body) == json.loads(body)


@given(st.binary())
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with suppress(BadJsonError):
        json.dumps(read_json(body)).encode()


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "no JSON"),
        (b"{", "no JSON"),
        (b"\xff{}", "UTF-8 at byte 0"),
        (b"\xef\xbb\xbf{}", "no JSON"),
        (b'{"a": NaN}', "NaN"),
        (b'{"a": -Infinity}', "NaN"),
        (b'{"a": 1e999}', "too large"),
        (b'{"a": ' + b"9" * 5000 + b"}", "40 digits"),
        (b'{"a": 1, "a": 2}', "twice"),
        (b'{"a": {"b": 1, "b": 1}}', "twice"),
        (rb'{"a": "\ud800"}', "surrogate"),
        (rb'{"\udfff": 1}', "surrogate"),
        (b"[" * 33 + b"]" * 33, "32 levels"),
        (b"[" * 100_000 + b"]" * 100_000, "32 levels"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "32 levels"),
    ],
)
def test_what_other_readers_make_something_of_is_refused(body: bytes, why: str) -> None:
    with pytest.raises(BadJsonError, match=why):
        read_json(body)


def test_a_refusal_quotes_nothing_of_the_body() -> None:
    with pytest.raises(BadJsonError) as caught:
        read_json(b'{"phoneNumber": "+12025550101", oops}')
    assert "2025550101" not in str(caught.value)


def test_32_levels_are_fine() -> None:
    assert read_json(b"[" * 32 + b"]" * 32)
