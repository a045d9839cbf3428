"""What a language has once for all of its regions, and a net once for all that goes on alike."""

from collections.abc import Iterator

import pytest

from ges_connector.language.compiler import lexicon
from ges_connector.language.lexicon import Lexicon
from ges_connector.language.net import Node, Rule, SharedPlaces, Templates
from ges_connector.language.template import symbols

_RULE = Rule("bound", lambda *values: values, (0,))
_OTHER = Rule("bound", lambda *values: values, (0,), cost=1)


def _net(*templates: tuple[str, Rule]) -> Node:
    known = Templates()
    for template, rule in templates:
        known.add(symbols(template, "spaced"), rule)
    return known.net(SharedPlaces())


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for each in (*node.strict.values(), *node.loose.values()):
        yield from _nodes(each)


def _compiled(locale: str) -> Lexicon:
    known = lexicon(locale)
    assert known is not None
    return known


def test_what_goes_on_alike_is_one_place() -> None:
    root = _net(("at {hour} or so", _RULE), ("by {hour} or so", _RULE))
    assert root.strict["w:at"] is root.strict["w:by"]
    assert set(root.strict) == {"w:at", "w:by"}


def test_what_ends_otherwise_is_another_place() -> None:
    root = _net(("at {hour} or so", _RULE), ("by {hour} or so", _OTHER))
    assert root.strict["w:at"] is not root.strict["w:by"]


def test_small_words_allowed_before_a_hole_make_another_place() -> None:
    root = _net(("at {x}", _RULE), ("by {hour}", _RULE))
    at, by = root.strict["w:at"], root.strict["w:by"]
    assert (set(at.strict), set(at.loose)) == (set(), {"x"})
    assert (set(by.strict), set(by.loose)) == ({"hour"}, set())


@pytest.mark.parametrize(("one", "another"), [("en-US", "en-GB"), ("fr-FR", "fr-CA")])
def test_regions_share_what_they_have_alike(one: str, another: str) -> None:
    first, second = _compiled(one), _compiled(another)
    places = {id(node) for node in _nodes(first.net)}
    again = {id(node) for node in _nodes(second.net)}
    assert len(again & places) > len(again) * 9 / 10
    words = {id(word) for word in first.entries}
    assert len([word for word in second.entries if id(word) in words]) > len(words) * 9 / 10
