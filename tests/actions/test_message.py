"""What is taken from the engine's reading of a message."""

from typing import Any

import pytest

from actions.message import Choice, Intent, Message


def test_a_button_is_known_by_its_choice() -> None:
    latest = {
        "intent": {"name": "choose"},
        "text": '/choose{"callback_choice": "asap"}',
        "entities": [{"entity": "callback_choice", "value": "asap"}],
    }
    message = Message.of_tracker(latest)
    assert (message.choice, message.time_id, message.text) == (Choice.ASAP, None, "")


def test_every_other_choice_is_the_id_of_a_time() -> None:
    latest = {
        "intent": {"name": "choose"},
        "entities": [{"entity": "callback_choice", "value": "smkf3nts0"}],
    }
    assert Message.of_tracker(latest).time_id == "smkf3nts0"


def test_an_intent_of_somebody_else_is_none_of_ours() -> None:
    assert Message.of_tracker({"intent": {"name": "order_pizza"}, "text": "pizza"}).intent is None


def test_a_command_has_no_words() -> None:
    message = Message.of_tracker({"intent": {"name": "affirm"}, "text": "/affirm"})
    assert (message.intent, message.text) == (Intent.AFFIRM, "")


def test_what_the_engine_was_not_sure_of_has_a_nearest_guess() -> None:
    ranking = [{"name": "nlu_fallback"}, {"name": "request_callback"}, {"name": "inform"}]
    latest = {"intent": {"name": "nlu_fallback"}, "text": "hm", "intent_ranking": ranking}
    assert Message.of_tracker(latest).guess is Intent.REQUEST_CALLBACK


@pytest.mark.parametrize(
    "latest",
    [
        {},
        {"intent": None, "text": None, "entities": None},
        {"intent": "affirm", "text": 5},
        {"intent": {"name": ["x"]}, "entities": "x"},
        {"intent": {"name": "nlu_fallback"}, "intent_ranking": ["x", {}, None]},
        {"intent": {"name": "choose"}, "entities": [None, {"entity": "callback_choice"}]},
        {"intent": {"name": "choose"}, "entities": [{"entity": "callback_choice", "value": {}}]},
    ],
)
def test_whatever_the_engine_sends_can_be_read(latest: dict[str, Any]) -> None:
    assert Message.of_tracker(latest).text == ""
