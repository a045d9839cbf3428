"""The flows are without fault, and no fault that is planted goes unseen."""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from actions import flow_facts, runtime
from actions.calm import REQUESTED, WORDS, Next
from actions.message import Choice
from actions.slots import Conversation, Process
from ges_connector.callbacks.booking import CallbackKind
from ges_connector.flows import (
    Facts,
    FlowsError,
    Predicate,
    PredicateError,
    faults_of,
    is_remark,
    read_project,
)
from ges_connector.flows.cures import cure_of
from ges_connector.flows.model import flow_of
from ges_connector.wording.calm import VOICE_CHANNELS
from ges_connector.wording.reading import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Callable

    from ges_connector.flows import Flows

ROOT = Path(__file__).resolve().parents[2]
Body = dict[str, Any]


def bodies() -> dict[str, Body]:
    found: dict[str, Body] = {}
    for path in sorted((ROOT / "data" / "calm").glob("*.yml")):
        found |= parse_yaml(path.read_text(encoding="utf-8"))["flows"]
    return found


def step(body: Body, name: str) -> Body:
    """Find a step by its id, else by what it is about."""
    steps: list[Body] = body["steps"]
    (found,) = [each for each in steps if each.get("id") == name] or [
        each for each in steps if name in (each.get("action"), each.get("call"))
    ]
    return found


def check(changed: dict[str, Body], domain: dict[str, Any], facts: Facts) -> list[str]:
    return faults_of({name: flow_of(name, body) for name, body in changed.items()}, domain, facts)


def test_the_flows_are_without_fault(flows: Flows, domain: dict[str, Any], facts: Facts) -> None:
    assert faults_of(flows, domain, facts) == []


def _unknown_action(flows: dict[str, Body], _: Body) -> None:
    step(flows["check_wait"], "action_tell_wait")["action"] = "action_tell_weight"


def _unregistered_action(flows: dict[str, Body], domain: Body) -> None:
    step(flows["check_wait"], "action_tell_wait")["action"] = "action_dance"
    domain["actions"]["action_dance"] = {}


def _unknown_response(flows: dict[str, Body], _: Body) -> None:
    flows["check_wait"]["steps"].insert(0, {"action": "utter_callback_hallo"})


def _unused_action(flows: dict[str, Body], _: Body) -> None:
    del flows["give_call_in_number"]


def _unknown_slot(flows: dict[str, Body], _: Body) -> None:
    step(flows["arrange_callback"], "which_time")["collect"] = "callback_tyme"


def _slot_of_the_actions(flows: dict[str, Body], _: Body) -> None:
    step(flows["arrange_callback"], "which_number")["collect"] = "callback_phone"


def _uncollected_slot(_: dict[str, Body], domain: Body) -> None:
    domain["slots"]["callback_mood"] = {"type": "text", "mappings": [{"type": "from_llm"}]}


def _slot_anybody_sets(_: dict[str, Body], domain: Body) -> None:
    domain["slots"]["callback_slot"]["mappings"] = [{"type": "from_text"}]


def _unasked_slot(_: dict[str, Body], domain: Body) -> None:
    del domain["actions"]["action_ask_callback_time"]


def _asked_twice(_: dict[str, Body], domain: Body) -> None:
    domain["responses"]["utter_ask_callback_time"] = []


def _asked_no_more(flows: dict[str, Body], _: Body) -> None:
    del step(flows["arrange_callback"], "which_time")["ask_before_filling"]


def _undescribed_answer(flows: dict[str, Body], _: Body) -> None:
    del step(flows["arrange_callback"], "which_time")["description"]


def _undescribed_flow(flows: dict[str, Body], _: Body) -> None:
    del flows["show_callback"]["description"]


def _untranslated_flow(flows: dict[str, Body], _: Body) -> None:
    del flows["show_callback"]["translation"]


def _impossible_value(flows: dict[str, Body], _: Body) -> None:
    branches = step(flows["arrange_callback"], "onward")["next"]
    branches[0]["if"] = 'slots.callback_next is "kynd"'


def _condition_on_nothing(flows: dict[str, Body], _: Body) -> None:
    step(flows["request_callback"], "action_begin_callback")["next"][0]["if"] = "slots.callback_by"


def _condition_on_something_else(flows: dict[str, Body], _: Body) -> None:
    step(flows["request_callback"], "action_begin_callback")["next"][0]["if"] = "weather.fine"


def _unhandled_outcome(flows: dict[str, Body], _: Body) -> None:
    branches = step(flows["arrange_callback"], "carry_out")["next"]
    branches[0]["if"] = 'slots.callback_outcome is "slot_taken"'


def _outcome_that_never_comes(flows: dict[str, Body], _: Body) -> None:
    branches = step(flows["cancel_callback"], "carry_out")["next"]
    branches[0]["if"] += ' or slots.callback_outcome is "booked"'


def _no_else(flows: dict[str, Body], _: Body) -> None:
    step(flows["arrange_callback"], "carry_out")["next"].pop()


def _unreachable_step(flows: dict[str, Body], _: Body) -> None:
    flows["check_wait"]["steps"].append(
        {"id": "island", "action": "action_tell_wait", "next": "END"}
    )


def _unreachable_flow(flows: dict[str, Body], _: Body) -> None:
    flows["lost"] = {**copy.deepcopy(flows["check_wait"]), "if": False}


def _unknown_step(flows: dict[str, Body], _: Body) -> None:
    step(flows["check_wait"], "action_tell_wait")["next"] = "nowhere"


def _branch_that_leads_nowhere(flows: dict[str, Body], _: Body) -> None:
    inside = flows["pattern_internal_error"]["steps"][0]["next"][0]["then"][0]
    del inside["next"]


def _unknown_flow(flows: dict[str, Body], _: Body) -> None:
    step(flows["request_callback"], "arrange_callback")["call"] = "arrange_collback"


def _pattern_that_calls(flows: dict[str, Body], _: Body) -> None:
    flows["pattern_human_handoff"]["steps"] = [{"call": "arrange_callback"}]


def _no_end(flows: dict[str, Body], _: Body) -> None:
    step(flows["show_callback"], "action_show_callback")["next"] = "1_action_action_show_callback"


def _endless_round(flows: dict[str, Body], _: Body) -> None:
    step(flows["arrange_callback"], "settle")["next"] = "again"


def _silent_end(flows: dict[str, Body], _: Body) -> None:
    branches = step(flows["arrange_callback"], "onward")["next"]
    branches[4]["then"] = "END"


def _silent_else(flows: dict[str, Body], _: Body) -> None:
    branches = step(flows["cancel_callback"], "onward")["next"]
    branches[1:] = [{"else": "END"}]


def _cancellation_left_alone(flows: dict[str, Body], _: Body) -> None:
    call = step(flows["request_callback"], "arrange_callback")
    call["next"] = [{"if": 'slots.callback_outcome is "booked"', "then": "END"}, {"else": "END"}]
    flows["request_callback"]["steps"].pop()


def _cancellation_that_ends(flows: dict[str, Body], _: Body) -> None:
    step(flows["request_callback"], "arrange_callback")["next"][0]["then"] = "END"


def _only_an_if(flows: dict[str, Body], _: Body) -> None:
    only = {"if": "slots.callback_aside", "then": "END"}
    step(flows["check_wait"], "action_tell_wait")["next"] = [only]


def _call_of_itself(flows: dict[str, Body], _: Body) -> None:
    flows["check_wait"]["steps"].insert(0, {"call": "check_wait"})


def _links_for_ever(flows: dict[str, Body], _: Body) -> None:
    flows["check_wait"]["steps"] = [{"link": "show_callback"}]
    flows["show_callback"]["steps"] = [{"link": "check_wait"}]


def _call_of_a_silent_flow(flows: dict[str, Body], _: Body) -> None:
    quiet: Body = copy.deepcopy(flows["resume_callback"])
    flows["say_nothing"] = {**quiet, "steps": [{"action": "action_begin_moving", "next": "END"}]}
    flows["show_callback"]["steps"] = [{"call": "say_nothing", "next": "END"}]


def _model_that_books(flows: dict[str, Body], _: Body) -> None:
    flows["arrange_callback"]["steps"].insert(0, {"set_slots": [{"callback_confirmed": True}]})


def _asking_before_going_on(flows: dict[str, Body], _: Body) -> None:
    del flows["pattern_continue_interrupted"]


def _keys_two_ways(flows: dict[str, Body], _: Body) -> None:
    step(flows["arrange_callback"], "which_number")["dtmf"]["length"] = 12


def _odd_word_of_a_flow(flows: dict[str, Body], _: Body) -> None:
    flows["check_wait"]["descripton"] = "Tells the wait."


def _odd_word_of_a_step(flows: dict[str, Body], _: Body) -> None:
    step(flows["arrange_callback"], "which_time")["ask_befor_filling"] = True


def _two_things_in_a_step(flows: dict[str, Body], _: Body) -> None:
    step(flows["check_wait"], "action_tell_wait")["collect"] = "callback_way"


def _condition_asked_before(flows: dict[str, Body], _: Body) -> None:
    branches = step(flows["request_callback"], "action_begin_callback")["next"]
    branches.insert(1, dict(branches[0]))


def _value_asked_before(flows: dict[str, Body], _: Body) -> None:
    branches = step(flows["cancel_callback"], "onward")["next"]
    same = 'slots.callback_next is "over" or slots.callback_next is "submit"'
    branches.insert(4, {"if": same, "then": "END"})


def _else_before_if(flows: dict[str, Body], _: Body) -> None:
    branches = step(flows["request_callback"], "action_begin_callback")["next"]
    branches.reverse()


def _slot_nobody_fills(flows: dict[str, Body], domain: Body) -> None:
    domain["slots"]["mood"] = {"type": "text", "mappings": [{"type": "controlled"}]}
    domain["responses"]["utter_ask_mood"] = [{"text": "?", "translation": {"de": "?"}}]
    flows["check_wait"]["steps"].insert(0, {"collect": "mood", "description": "Good or bad."})


def _link_of_a_called_flow(flows: dict[str, Body], _: Body) -> None:
    flows["arrange_callback"]["steps"].append({"id": "away", "link": "check_wait"})
    step(flows["arrange_callback"], "settle")["next"] = "away"


def _untranslated_response(_: dict[str, Body], domain: Body) -> None:
    del domain["responses"]["utter_callback_stopped"][0]["translation"]


def _read_back_without_time(_: dict[str, Body], domain: Body) -> None:
    said = domain["responses"]["utter_ask_callback_confirmed_scheduled"][0]
    said["text"] = said["text"].replace("{moment}", "then")


def _read_back_without_number(_: dict[str, Body], domain: Body) -> None:
    said = domain["responses"]["utter_ask_callback_confirmed_scheduled"][0]
    said["translation"]["de"] = "Soll ich {moment} anrufen lassen?"


def _placeholder_that_nothing_fills(_: dict[str, Body], domain: Body) -> None:
    said = domain["responses"]["utter_ask_callback_confirmed_scheduled"][0]
    said["translation"]["de"] += " Am {momment}?"


def _placeholder_where_there_is_none(_: dict[str, Body], domain: Body) -> None:
    domain["responses"]["utter_callback_stopped"][0]["text"] = "All right, {name}."


def _nothing_begun(flows: dict[str, Body], _: Body) -> None:
    steps = flows["request_callback"]["steps"]
    steps[:] = steps[1:]


def _begun_on_one_way_only(flows: dict[str, Body], _: Body) -> None:
    begins = {"if": "slots.callback_id is null", "then": "begin"}
    steps = flows["move_callback"]["steps"]
    steps[0] = {**steps[0], "id": "begin"}
    steps.insert(0, {"noop": True, "next": [begins, {"else": "arrange"}]})


def _called_for_cancelling(flows: dict[str, Body], _: Body) -> None:
    step(flows["request_callback"], "action_begin_callback")["action"] = "action_begin_cancelling"


def _link_of_what_is_called(flows: dict[str, Body], _: Body) -> None:
    flows["check_wait"]["steps"] = [{"link": "arrange_callback"}]


def _button(domain: Body) -> Body:
    buttons: list[Body] = domain["responses"]["utter_ask_callback_kind"][0]["buttons"]
    return buttons[0]


def _button_that_sets_nothing(_: dict[str, Body], domain: Body) -> None:
    _button(domain)["payload"] = "/SetSlot(callback_way=asap)"


def _button_without_an_end(_: dict[str, Body], domain: Body) -> None:
    _button(domain)["payload"] = "/SetSlots(callback_way=asap"


def _button_for_no_slot(_: dict[str, Body], domain: Body) -> None:
    _button(domain)["translation"]["de"]["payload"] = "/SetSlots(callback_wy=asap)"


def _button_that_says_yes(_: dict[str, Body], domain: Body) -> None:
    _button(domain)["payload"] = "/SetSlots(callback_confirmed=true)"


def _button_with_an_odd_id(_: dict[str, Body], domain: Body) -> None:
    _button(domain)["payload"] = "/SetSlots(callback_way=assap)"


def _button_with_an_odd_value(_: dict[str, Body], domain: Body) -> None:
    domain["slots"]["mood"] = {"type": "bool", "mappings": [{"type": "from_llm"}]}
    _button(domain)["payload"] = "/SetSlots(mood=good)"


def _misspelt_pattern(flows: dict[str, Body], _: Body) -> None:
    flows["pattern_human_handof"] = flows.pop("pattern_human_handoff")


def _contradiction(flows: dict[str, Body], _: Body) -> None:
    branches = step(flows["cancel_callback"], "onward")["next"]
    never = 'slots.callback_next is "over" and slots.callback_next is "submit"'
    branches.insert(3, {"if": never, "then": "END"})


def _shadowed_condition(flows: dict[str, Body], _: Body) -> None:
    branches = step(flows["cancel_callback"], "onward")["next"]
    narrower = 'slots.callback_next is "submit" and slots.callback_aside'
    branches.insert(2, {"if": narrower, "then": "END"})


def _shadowed_in_part(flows: dict[str, Body], _: Body) -> None:
    branches = step(flows["cancel_callback"], "onward")["next"]
    branches[2]["if"] += ' or slots.callback_next is "submit"'


def _number_of_a_text(flows: dict[str, Body], _: Body) -> None:
    branches = step(flows["request_callback"], "action_begin_callback")["next"]
    branches[0]["if"] = "slots.callback_id > 3"


def _text_for_a_number(flows: dict[str, Body], domain: Body) -> None:
    domain["slots"]["rent"] = {"type": "float", "mappings": [{"type": "controlled"}]}
    branches = step(flows["request_callback"], "action_begin_callback")["next"]
    branches[0]["if"] = 'slots.rent > "a"'


def _next_of_a_link(flows: dict[str, Body], _: Body) -> None:
    step(flows["request_callback"], "cancel_instead")["next"] = "END"


def _two_of_one_name(flows: dict[str, Body], _: Body) -> None:
    flows["check_wait"]["name"] = flows["show_callback"]["name"]


def _two_of_one_description(flows: dict[str, Body], _: Body) -> None:
    flows["check_wait"]["description"] = flows["show_callback"]["description"]


def _rejection(flows: dict[str, Body], condition: str, utter: str) -> None:
    rejections = [{"if": condition, "utter": utter}]
    step(flows["arrange_callback"], "which_time")["rejections"] = rejections


def _rejection_on_nothing(flows: dict[str, Body], _: Body) -> None:
    _rejection(flows, "slots.callback_tyme is null", "utter_callback_stopped")


def _rejection_without_words(flows: dict[str, Body], _: Body) -> None:
    _rejection(flows, "slots.callback_time is null", "utter_callback_stoped")


def _odd_type(_: dict[str, Body], domain: Body) -> None:
    domain["slots"]["callback_time"]["type"] = "txt"


def _no_validation(_: dict[str, Body], domain: Body) -> None:
    del domain["actions"]["validate_callback_time"]


def _untranslated_button(_: dict[str, Body], domain: Body) -> None:
    del _button(domain)["translation"]


def _value_that_is_set_and_cannot_be(flows: dict[str, Body], _: Body) -> None:
    flows["check_wait"]["steps"].insert(0, {"set_slots": [{"callback_profile": 3}]})


def _pattern_with_nowhere_to_go(flows: dict[str, Body], _: Body) -> None:
    del flows["request_callback"]


def _guard_that_never_holds(flows: dict[str, Body], _: Body) -> None:
    flows["check_wait"]["if"] = 'slots.callback_next is "kynd"'


def _guard_on_nothing(flows: dict[str, Body], _: Body) -> None:
    flows["check_wait"]["if"] = "slots.callback_nxt"


def _asked_by_nothing(flows: dict[str, Body], _: Body) -> None:
    step(flows["arrange_callback"], "which_time")["utter"] = "utter_nope"


def _own_word_lost(_: dict[str, Body], domain: Body) -> None:
    said = {"text": "Hello {name}.", "translation": {"de": "Hallo."}}
    domain["responses"]["utter_rent"] = [said]


def _wish_to_cancel_passed_over(flows: dict[str, Body], _: Body) -> None:
    del step(flows["check_wait"], "action_tell_wait")["next"][1]


def _wish_passed_over(flows: dict[str, Body], _: Body) -> None:
    step(flows["show_callback"], "action_show_callback")["next"] = "END"


def _misspelt_channel(_: dict[str, Body], domain: Body) -> None:
    domain["responses"]["utter_callback_stopped"][1]["channel"] = "audicodes"


def _unknown_slot_kept(flows: dict[str, Body], _: Body) -> None:
    flows["check_wait"]["persisted_slots"] = ["callback_profil"]


def _slot_of_others_kept(flows: dict[str, Body], _: Body) -> None:
    flows["check_wait"]["persisted_slots"] = ["callback_profile"]


def _kept_in_no_list(flows: dict[str, Body], _: Body) -> None:
    flows["check_wait"]["persisted_slots"] = "callback_profile"


def _kept_two_ways(flows: dict[str, Body], _: Body) -> None:
    step(flows["arrange_callback"], "which_time")["reset_after_flow_ends"] = False
    flows["request_callback"]["persisted_slots"] = ["callback_time"]


def _unknown_intent(flows: dict[str, Body], _: Body) -> None:
    flows["check_wait"]["nlu_trigger"] = [{"intent": "ask_weight"}]


def _misspelt_intent(flows: dict[str, Body], domain: Body) -> None:
    domain["intents"] = {"ask_wait": {}}
    named = {"name": "ask_wayt", "confidence_threshold": 0.7}
    flows["check_wait"]["nlu_trigger"] = [{"intent": named}]


def _intent_of_two_flows(flows: dict[str, Body], _: Body) -> None:
    flows["check_wait"]["nlu_trigger"] = [{"intent": "silence_timeout"}]


def _answer_to_another_flow_passed_over(flows: dict[str, Body], _: Body) -> None:
    del step(flows["move_callback"], "action_begin_moving")["next"]


def _lost_response(_: dict[str, Body], domain: Body) -> None:
    del domain["responses"]["utter_callback_booked_scheduled"]


def _emptied_response(_: dict[str, Body], domain: Body) -> None:
    domain["responses"]["utter_callback_stopped"][0]["text"] = ""


def _emptied_translation(_: dict[str, Body], domain: Body) -> None:
    domain["responses"]["utter_callback_stopped"][0]["translation"]["de"] = " "


def _response_without_text(_: dict[str, Body], domain: Body) -> None:
    del domain["responses"]["utter_ask_callback_kind"][0]["text"]


def _response_without_variations(_: dict[str, Body], domain: Body) -> None:
    domain["responses"]["utter_callback_stopped"] = []


def _round(flows: dict[str, Body], domain: Body, **step: str) -> None:
    """Add a question, and a step behind it that leads back to its flow."""
    domain["slots"]["mood"] = {"type": "text", "mappings": [{"type": "from_llm"}]}
    domain["responses"]["utter_ask_mood"] = [{"text": "?", "translation": {"de": "?"}}]
    asking = {"collect": "mood", "description": "Good or bad."}
    flows["ask_mood"] = {"name": "mood", "description": "Asks.", "steps": [asking, {**step}]}


def _call_of_itself_behind_an_answer(flows: dict[str, Body], domain: Body) -> None:
    _round(flows, domain, call="ask_mood")


def _calls_in_turn_behind_an_answer(flows: dict[str, Body], domain: Body) -> None:
    _round(flows, domain, call="ask_again")
    steps = [{"call": "ask_mood"}]
    flows["ask_again"] = {"name": "again", "description": "Asks again.", "steps": steps}


def _link_to_itself_that_keeps_the_answer(flows: dict[str, Body], domain: Body) -> None:
    _round(flows, domain, link="ask_mood")
    flows["ask_mood"]["persisted_slots"] = ["mood"]


def _answer_asked_for_elsewhere(flows: dict[str, Body], _: Body) -> None:
    asking = {"collect": "callback_time", "description": "When."}
    flows["check_wait"]["steps"].insert(0, asking)


def _answer_set(flows: dict[str, Body], _: Body) -> None:
    flows["check_wait"]["steps"].insert(0, {"set_slots": [{"callback_agreement": "yes"}]})


PLANTED: dict[str, Callable[[dict[str, Body], Body], None]] = {
    "runs action_tell_weight, which the domain does not know": _unknown_action,
    "runs action_dance, which no code registers": _unregistered_action,
    "says utter_callback_hallo, which there is not": _unknown_response,
    "domain: action_give_call_in is run by no flow": _unused_action,
    "collects callback_tyme, which is no slot": _unknown_slot,
    "collects callback_phone, which the model may not fill": _slot_of_the_actions,
    "domain: callback_mood is collected by no flow": _uncollected_slot,
    "domain: callback_slot is not set by actions alone": _slot_anybody_sets,
    "nothing asks for callback_time": _unasked_slot,
    "callback_time is asked for twice": _asked_twice,
    "which_time: comes round again, and would not ask again": _asked_no_more,
    "which_time: tells the model nothing of the answer": _undescribed_answer,
    "show_callback: has no description": _undescribed_flow,
    "show_callback: its name is not translated": _untranslated_flow,
    "asks whether callback_next is kynd, which it never is": _impossible_value,
    "asks for the slot callback_by, which there is not": _condition_on_nothing,
    "asks for weather.fine, which is neither a slot": _condition_on_something_else,
    "carry_out: leaves callback_outcome office_closed to chance": _unhandled_outcome,
    "carry_out: waits for callback_outcome booked, which never comes": _outcome_that_never_comes,
    "carry_out: has no else": _no_else,
    "check_wait.island: cannot be reached": _unreachable_step,
    "lost: is started by nobody": _unreachable_flow,
    "leads to nowhere, which is no step": _unknown_step,
    "utter_callback_shorter_please: leads to nowhere, which is no step": _branch_that_leads_nowhere,
    "goes to arrange_collback, which is no flow": _unknown_flow,
    "a pattern may not call a flow": _pattern_that_calls,
    "no way leads to the end": _no_end,
    "settle: goes round without asking anything": _endless_round,
    "arrange_callback.onward: ends without a word": _silent_end,
    "cancel_callback.onward: ends without a word": _silent_else,
    "arrange: leaves callback_next cancel to chance": _cancellation_left_alone,
    "request_callback.arrange: ends without a word": _cancellation_that_ends,
    "show_callback.1_call_say_nothing: ends without a word": _call_of_a_silent_flow,
    "action_tell_wait: has no else": _only_an_if,
    "check_wait: comes back to itself for ever": _call_of_itself,
    "show_callback: comes back to itself for ever": _links_for_ever,
    "sets callback_confirmed": _model_that_books,
    "pattern_continue_interrupted: is missing, and the engine's own asks": _asking_before_going_on,
    "which_number: takes keys by length and by a last key": _keys_two_ways,
    "check_wait: has descripton, which the engine does not know": _odd_word_of_a_flow,
    "which_time: has ask_befor_filling, which the engine does not know": _odd_word_of_a_step,
    "callback_way: has action, which the engine does not know": _two_things_in_a_step,
    "action_begin_callback: its branch 2 asks what was asked before": _condition_asked_before,
    "onward: its branch 5 asks what was asked before": _value_asked_before,
    "action_begin_callback: has an else before an if": _else_before_if,
    "collects mood, which is controlled, and no button fills it": _slot_nobody_fills,
    "arrange: calls arrange_callback, which has a link": _link_of_a_called_flow,
    "domain: utter_callback_stopped is not translated": _untranslated_response,
    "domain: utter_ask_callback_confirmed_scheduled leaves out {moment}": _read_back_without_time,
    "utter_ask_callback_confirmed_scheduled leaves out {number} in de": _read_back_without_number,
    "holds {momment} in de, which nothing fills in": _placeholder_that_nothing_fills,
    "holds {name}, which nothing fills in, and the engine then fills in none; there are: none": (
        _placeholder_where_there_is_none
    ),
    "request_callback.arrange: calls arrange_callback, and nothing was begun": _nothing_begun,
    "move_callback.arrange: calls arrange_callback, and nothing was begun": _begun_on_one_way_only,
    "arrange: calls arrange_callback, and nothing was begun: one of": _called_for_cancelling,
    "links to arrange_callback, which is to be called": _link_of_what_is_called,
    "has a button with /SetSlot(callback_way=asap), which sets no slot": _button_that_sets_nothing,
    "has a button with /SetSlots(callback_way=asap, which sets no slot": _button_without_an_end,
    "has a button that sets callback_wy, which is no slot": _button_for_no_slot,
    "sets callback_confirmed, which actions alone may set": _button_that_says_yes,
    "sets callback_way to assap, which nobody understands; there are: asap": _button_with_an_odd_id,
    "sets mood to good, which nobody understands": _button_with_an_odd_value,
    "pattern_human_handof: is no pattern of the engine, which never runs it; is it pattern_human": (
        _misspelt_pattern
    ),
    "onward: its branch 4 asks what can never be": _contradiction,
    "onward: its branch 3 asks what was asked before": _shadowed_condition,
    "its branch 3 asks for callback_next submit, which one before it takes": _shadowed_in_part,
    "asks whether callback_id > 3.0, and it is text": _number_of_a_text,
    "asks whether rent > a, which is no number": _text_for_a_number,
    "cancel_instead: has steps behind a link, or a next": _next_of_a_link,
    "show_callback: has the name of check_wait": _two_of_one_name,
    "show_callback: has the description of check_wait": _two_of_one_description,
    "which_time: asks for the slot callback_tyme, which there is not": _rejection_on_nothing,
    "which_time: rejects with utter_callback_stoped, which there is not": _rejection_without_words,
    "domain: the slot callback_time is of type txt": _odd_type,
    "does not know validate_callback_time, which is there": _no_validation,
    "domain: utter_ask_callback_kind has a button": _untranslated_button,
    "sets callback_profile to 3, which it cannot be": _value_that_is_set_and_cannot_be,
    "check_wait: asks whether callback_next is kynd, which it never is": _guard_that_never_holds,
    "check_wait: asks for the slot callback_nxt, which there is not": _guard_on_nothing,
    "which_time: asks by utter_nope, which there is not": _asked_by_nothing,
    "domain: utter_rent leaves out {name} in de, which stands in its text": _own_word_lost,
    "1_action_action_tell_wait: leaves callback_next cancel to chance": _wish_to_cancel_passed_over,
    "leaves callback_next arrange to chance": _wish_passed_over,
    "channel audicodes, which there is not; is it audiocodes?": _misspelt_channel,
    "check_wait: keeps callback_profil, which is no slot; is it callback_profile?": (
        _unknown_slot_kept
    ),
    "check_wait: keeps callback_profile, which no step of it collects": _slot_of_others_kept,
    "check_wait: has persisted_slots that are no list": _kept_in_no_list,
    "request_callback: has persisted_slots beside reset_after_flow_ends": _kept_two_ways,
    "check_wait: is begun by the intent ask_weight, which there is not": _unknown_intent,
    "begun by the intent ask_wayt, which there is not; is it ask_wait?": _misspelt_intent,
    "by the intent silence_timeout, which begins": _intent_of_two_flows,
    "the response utter_callback_booked_scheduled is missing, which actions say": _lost_response,
    "domain: utter_callback_stopped has an empty text": _emptied_response,
    "domain: utter_callback_stopped has an empty text in de": _emptied_translation,
    "domain: utter_ask_callback_kind has no text": _response_without_text,
    "domain: utter_callback_stopped has no variation": _response_without_variations,
    "collect_mood: comes round by a call, and would not ask again": (
        _call_of_itself_behind_an_answer
    ),
    "ask_mood.1_collect_mood: comes round by a call, and": _calls_in_turn_behind_an_answer,
    "collect_mood: comes round by a link, and would not ask again": (
        _link_to_itself_that_keeps_the_answer
    ),
    "collects callback_time, which only arrange_callback asks for": _answer_asked_for_elsewhere,
    "sets callback_agreement, which only arrange_callback asks for": _answer_set,
    "begin_moving: does not branch on callback_aside": _answer_to_another_flow_passed_over,
    "pattern_human_handoff.1_link_request_callback: goes to request_callback, which is no flow": (
        _pattern_with_nowhere_to_go
    ),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found(fault: str, domain: dict[str, Any], facts: Facts) -> None:
    flows, changed = bodies(), copy.deepcopy(domain)
    assert not [each for each in check(flows, changed, facts) if fault in each]
    PLANTED[fault](flows, changed)
    found = check(flows, changed, facts)
    assert [each for each in found if fault in each]
    assert [each for each in found if not cure_of(each)] == []


def test_a_channel_of_the_assistants_own_and_an_intent_of_its_domain_are_no_faults(
    domain: dict[str, Any], facts: Facts
) -> None:
    flows, changed = bodies(), copy.deepcopy(domain)
    flows["check_wait"]["nlu_trigger"] = [{"intent": "ask_wait"}]
    changed["intents"] = {"ask_wait": {}}
    changed["responses"]["utter_callback_stopped"][1]["channel"] = "kiosk"
    told = check(flows, changed, facts)
    assert [each.partition(", which")[0] for each in told] == [
        "domain: utter_callback_stopped is worded for the channel kiosk"
    ]
    assert all(map(is_remark, told))


@pytest.mark.parametrize(
    "leads",
    [
        # What a flow collects is gone where it links to another one, and ends.
        {"link": "ask_mood"},
        {"set_slots": [{"mood": None}], "next": "again"},
    ],
)
def test_a_round_that_asks_anew_is_no_fault(
    domain: dict[str, Any], facts: Facts, leads: Body
) -> None:
    flows, changed = bodies(), copy.deepcopy(domain)
    _round(flows, changed)
    steps = flows["ask_mood"]["steps"]
    steps[-1:] = [leads, *([{"id": "again", "call": "ask_mood"}] if "next" in leads else [])]
    assert [each for each in check(flows, changed, facts) if "round" in each] == []


def test_a_picture_of_the_assistants_own_needs_no_text(
    domain: dict[str, Any], facts: Facts
) -> None:
    changed = copy.deepcopy(domain)
    changed["responses"]["utter_rent"] = [{"image": "https://example.com/flat.png"}]
    assert check(bodies(), changed, facts) == []
    changed["responses"]["utter_rent"] = [{"text": "", "channel": "rest"}]
    assert check(bodies(), changed, facts) == ["domain: utter_rent has an empty text"]


@pytest.mark.parametrize("heading", ["flow", "flowss", "Flows"])
def test_flows_under_a_misspelt_heading_are_told(tmp_path: Path, heading: str) -> None:
    (tmp_path / "odd.yml").write_text(f"{heading}: {{mine: {{steps: [noop: true]}}}}\n")
    with pytest.raises(FlowsError) as told:
        read_project(tmp_path)
    (fault,) = told.value.faults
    assert fault == f"{tmp_path / 'odd.yml'}: has {heading}, which nothing reads; is it flows?"
    assert cure_of(fault) == "mend its name, or take it out"


def test_other_headings_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "odd.yml").write_text("stories: []\nflow: 3\nforms: {a: {}}\nentities: [b]\n")
    assert read_project(tmp_path).flows == {}


def test_intents_of_a_domain_are_read(tmp_path: Path) -> None:
    (tmp_path / "domain.yml").write_text("intents: [greet, {ask_wait: {use_entities: []}}]\n")
    assert {*read_project(tmp_path).domain["intents"]} == {"greet", "ask_wait"}


def test_a_language_that_is_spoken_and_not_understood_is_a_fault(
    flows: Flows, domain: dict[str, Any], facts: Facts
) -> None:
    missing = (*flow_facts.unheard_in(["de", "it"]),)
    assert [each.partition(" is missing")[0] for each in missing] == [
        "wording: it: answers/it.toml",
        "wording: it: remark/it.toml",
    ]
    assert {*missing} <= {*faults_of(flows, domain, replace(facts, missing=missing))}


def test_every_language_of_the_wording_is_understood() -> None:
    assert [*flow_facts.unheard_in(runtime.wording().catalogues)] == []


# --- the files themselves -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({}, "has no steps"),
        ({"steps": []}, "has no steps"),
        ({"steps": [{"dance": "tango"}]}, "is no step"),
        ({"steps": [{"noop": True, "next": 3}]}, "next is neither a step nor a list"),
        ({"steps": [{"noop": True, "next": [{"then": "END"}]}]}, "a branch is neither if nor else"),
        (
            {"steps": [{"noop": True, "next": [{"if": "slots.a"}, {"else": "END"}]}]},
            "a branch has an if and no then",
        ),
        (
            {"steps": [{"noop": True, "next": [{"else": "END", "so": "END"}]}]},
            "a branch has so, which the engine does not know",
        ),
        (
            {"steps": [{"id": "a", "action": "b"}, {"id": "a", "action": "c"}]},
            r"odd\.a: is the id of two steps",
        ),
        ({"steps": [{"id": "END", "action": "b"}]}, "is an id that stands for the end of a flow"),
        (
            {"steps": [{"noop": True, "next": [{"if": "slots.a ~", "then": "END"}]}]},
            "cannot be read",
        ),
    ],
)
def test_what_is_no_flow_is_refused(body: Any, fault: str) -> None:
    with pytest.raises(FlowsError, match=fault) as refused:
        flow_of("odd", body)
    assert all(map(cure_of, refused.value.faults))


def test_all_unreadable_files_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "one.yml").write_text("flows: [")
    (tmp_path / "two.yml").write_text("flows: 3")
    with pytest.raises(FlowsError) as refused:
        read_project(tmp_path)
    files = [Path(fault.split(":")[0]).name for fault in refused.value.faults]
    assert files == ["one.yml", "two.yml"]


@pytest.mark.parametrize(
    ("text", "slots", "held"),
    [
        ('slots.a is "x"', {"a": "x"}, True),
        ('slots.a is not "x"', {"a": "x"}, False),
        ('slots.a is "x" or slots.b and slots.c', {"b": 1, "c": 0}, False),
        ('not ( slots.a = "x" ) and slots.b is null', {"a": "y"}, True),
        ("slots.n < 2", {"n": 1.0}, True),
        ("slots.n < 2", {}, False),
        ("slots.n >= 2.5", {"n": 2.5}, True),
        ("slots.a is not null", {"a": ""}, True),
        ("slots.a", {"a": True}, True),
        ("slots.a", {}, False),
        # As in the engine, `and` binds no closer than `or`.
        ('slots.a is "y" and slots.b or slots.c', {"a": "x", "c": 1}, False),
        ("slots.a is 'x'", {"a": "x"}, True),
        ('slots.a matches "^[+]49"', {"a": "+4930"}, True),
        ('slots.a matches "^[+]49"', {"a": "030"}, False),
        ('slots.a matches "^[+]49"', {}, False),
        ('slots.a contains "b"', {"a": "abc"}, True),
        ('slots.a contains "b"', {"a": ["c"]}, False),
        ('slots.a contains "b"', {}, False),
    ],
)
def test_conditions_mean_what_they_mean_to_the_engine(
    text: str,
    slots: dict[str, Any],
    held: bool,  # noqa: FBT001 - a row of a table
) -> None:
    assert Predicate.parse(text).holds({"slots": slots}) is held


@pytest.mark.parametrize(
    "text",
    [
        "",
        "slots.a is",
        "slots.a is slots.b",
        "(slots.a",
        "slots.a slots.b",
        "is",
        "slots.a ~",
        'slots.a matches "("',
        "a matches 1",
    ],
)
def test_what_is_no_condition_is_refused(text: str) -> None:
    with pytest.raises(PredicateError):
        Predicate.parse(text)


# --- the slots ------------------------------------------------------------------------------------


def test_every_slot_that_is_written_is_declared_and_only_answers_are_the_models(
    domain: dict[str, Any],
) -> None:
    answers = {*WORDS.values()}
    ours = {f"callback_{name}" for name in Conversation.model_fields}
    assert {*domain["slots"]} == answers | ours | {
        "callback_next",
        "callback_aside",
        "callback_heard",
    }
    assert {
        name
        for name, slot in domain["slots"].items()
        if slot["mappings"][0]["type"] != "controlled"
    } == answers


def test_slots_hold_exactly_what_the_code_can_write(domain: dict[str, Any], facts: Facts) -> None:
    slots = domain["slots"]
    outcomes = [each.get("callback_outcome", frozenset()) for each in facts.outcomes.values()]
    assert {*slots["callback_outcome"]["values"]} == {*frozenset().union(*outcomes)}
    assert slots["callback_next"]["values"] == [each.value for each in Next]
    assert slots["callback_kind"]["values"] == [each.value for each in CallbackKind]
    assert slots["callback_process"]["values"] == [each.value for each in Process]


def test_each_question_has_a_slot_of_the_forms_and_one_for_the_words() -> None:
    assert WORDS.keys() == REQUESTED.keys()


def test_the_ids_the_model_may_use_are_choices(flows: Flows) -> None:
    described = [
        step.options["description"]
        for flow in flows.values()
        for step in flow.steps.values()
        if step.kind == "collect" and step.name in WORDS.values()
    ]
    assert len(described) == len(WORDS)
    ids = {word for text in described for word in _ids_in(text)}
    assert {"asap", "none_of_these", "other_number"} <= ids
    assert ids <= {each.value for each in Choice} | {"none_of_these"}


def _ids_in(text: str) -> set[str]:
    _, _, listed = text.partition(": asap, scheduled")
    _, _, times = text.partition(": more, ")
    both = (f"asap, scheduled{listed}" if listed else "") + (f"more, {times}" if times else "")
    named = {word for word in ("other_number", "other_time") if word in text}
    return named | {word.strip(" .") for word in both.split(",") if word.strip(" .")}


def test_the_models_arithmetic_and_its_yes_are_ruled_out_in_words(flows: Flows) -> None:
    steps = {each.name: each for flow in flows.values() for each in flow.steps.values()}
    assert "exactly their words" in steps["callback_time"].options["description"]
    for slot in ("callback_agreement", "callback_cancel_agreement"):
        assert "Never shorten it to a yes" in steps[slot].options["description"]


# --- voice ----------------------------------------------------------------------------------------


def test_phone_and_choice_can_be_keyed_in(flows: Flows) -> None:
    steps = {each.name: each for flow in flows.values() for each in flow.steps.values()}
    assert steps["callback_number"].options["dtmf"]["finish_on_key"] == "#"
    for slot in ("callback_way", "callback_time"):
        assert steps[slot].options["dtmf"]["length"] == 1
    # A yes is said: a key that is hit by mistake books nothing.
    for slot in ("callback_agreement", "callback_cancel_agreement"):
        assert "dtmf" not in steps[slot].options


def test_every_question_waits_for_an_answer_for_a_while_and_no_longer(flows: Flows) -> None:
    for flow in flows.values():
        for each in flow.steps.values():
            if each.kind == "collect" and each.name in WORDS.values():
                assert 5 <= each.options["silence_timeout"] <= 15


def test_the_channels_that_speak_are_known_by_name_and_none_is_called_voice() -> None:
    assert len(VOICE_CHANNELS) == len({*VOICE_CHANNELS})
    assert "voice" not in VOICE_CHANNELS


@pytest.mark.parametrize(
    "code", ["de", "pt-BR", "zh-Hant-TW", "gsw", "x-de-formal", "x-pt-BR-easy"]
)
def test_a_language_that_the_engine_takes_is_one(tmp_path: Path, code: str) -> None:
    (tmp_path / "config.yml").write_text(_configured(code), encoding="utf-8")
    assert read_project(tmp_path).languages == frozenset({code})


@pytest.mark.parametrize(
    "code", ["DE", "de_DE", "german", "qq", "pt-br", "x-de", "x-qq-formal", "7"]
)
def test_a_language_that_the_engine_does_not_take_is_told(tmp_path: Path, code: str) -> None:
    (tmp_path / "config.yml").write_text(_configured(code), encoding="utf-8")
    with pytest.raises(FlowsError) as told:
        read_project(tmp_path)
    (fault,) = told.value.faults
    assert fault == f"{tmp_path / 'config.yml'}: the language {code} is none the engine takes"
    assert cure_of(fault)


def _configured(code: str) -> str:
    return f"language: en\nadditional_languages: [{code}]\npolicies: [{{name: FlowPolicy}}]\n"
