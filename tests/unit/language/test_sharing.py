"""What a language has once for all of its regions, and a net once for all that goes on alike."""

from collections.abc import Iterator
from typing import Any

import pytest

from ges_connector.language.compiler import lexicon
from ges_connector.language.entries import Entry, Phrasebook, WordIndex
from ges_connector.language.lexicon import Lexicon
from ges_connector.language.net import Node, Rule, SharedPlaces, Templates
from ges_connector.language.normalize import fold
from ges_connector.language.template import symbols

_RULE = Rule("bound", lambda *values: values, (0,))
_OTHER = Rule("bound", lambda *values: values, (0,), cost=1)


def _net(*templates: tuple[str, Rule]) -> Node[Rule]:
    known = Templates()
    for template, rule in templates:
        known.add_template(symbols(template, "spaced"), rule)
    return known.net(SharedPlaces())


def _index(*spellings: str) -> WordIndex:
    known = Phrasebook()
    for spelling in spellings:
        known.add(Entry(spelling, ("glue",), None, "free"))
    return known.index(SharedPlaces())


def _nodes(node: Node[Any]) -> Iterator[Node[Any]]:
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
    for net, other in ((first.net, second.net), (first.entries.net, second.entries.net)):
        places = {id(node) for node in _nodes(net)}
        again = {id(node) for node in _nodes(other)}
        assert len(again & places) > len(again) * 9 / 10


def test_phrases_that_go_on_alike_share_what_follows() -> None:
    begins = _index("at once", "by once").net.strict
    assert begins["at"] is begins["by"]


def test_the_longest_phrase_that_begins_at_a_place_comes_first() -> None:
    index = _index("next", "next week", "next weekend", "week")
    found = index.beginning("on next weekend", 3)
    assert [(length, entry.spelling) for length, (entry,) in found] == [
        (12, "next weekend"),
        (9, "next week"),
        (4, "next"),
    ]


@pytest.mark.parametrize("typed", ["für möglich", "fur moglich", "fuer moeglich", "fuer moglich"])
def test_accents_are_typed_left_out_or_spelled_out(typed: str) -> None:
    found = _index("für möglich", "fur").of(fold(typed))
    assert [entry.spelling for entry in found] == ["für möglich"]


def test_a_phrase_goes_on_behind_one_space_alone() -> None:
    assert not _index("next week").of("next  week")
    assert not _index("next week").of("nextweek")


def test_words_that_lead_on_alike_are_one_step() -> None:
    known = Templates()
    for template in ("at {hour} or so", "by {hour} or so", "by {x}", "till {x}", "until {x}"):
        known.add_template(symbols(template, "spaced"), _RULE)
    net, steps = known.tied(SharedPlaces())
    assert steps == {
        "w:at": "w:at",
        "w:by": "w:by",
        "w:or so": "w:or so",
        "w:till": "w:till",
        "w:until": "w:till",
    }
    assert set(net.strict) == {"w:at", "w:by", "w:till"}
