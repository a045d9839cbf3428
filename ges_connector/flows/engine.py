"""What the engine of flows (CALM, rasa-pro 3.21) brings along, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

ENGINE_ACTIONS: Final = frozenset(
    {
        "action_back",
        "action_cancel_flow",
        "action_cancel_interrupted_flows",
        "action_clarify_flows",
        "action_clean_stack",
        "action_continue_interrupted_flow",
        "action_correct_flow_slot",
        "action_default_ask_affirmation",
        "action_default_ask_rephrase",
        "action_default_capabilities",
        "action_default_fallback",
        "action_handoff_metric",
        "action_hangup",
        "action_listen",
        "action_repeat_bot_messages",
        "action_reset_routing",
        "action_restart",
        "action_run_slot_rejections",
        "action_send_text",
        "action_session_start",
        "action_trigger_chitchat",
        "action_trigger_search",
    }
)
"""What the engine brings along; the walker does those that flows here use."""

ENGINE_RESPONSES: Final = frozenset(
    {
        "utter_agent_busy",
        "utter_ask_continue_conversation",
        "utter_ask_continue_interrupted_flow_confirmation",
        "utter_ask_csat_score",
        "utter_ask_interrupted_flow_to_continue",
        "utter_ask_rephrase",
        "utter_ask_still_there",
        "utter_boolean_slot_rejection",
        "utter_can_do_something_else",
        "utter_cannot_handle",
        "utter_categorical_slot_rejection",
        "utter_clarification_no_options_rasa",
        "utter_clarification_options_rasa",
        "utter_closing_words",
        "utter_corrected_previous_input",
        "utter_csat_thank_you_satisfied",
        "utter_csat_thank_you_unsatisfied",
        "utter_float_slot_rejection",
        "utter_flow_cancelled_rasa",
        "utter_free_chitchat_response",
        "utter_human_handoff_not_available",
        "utter_inform_code_change",
        "utter_inform_hangup",
        "utter_internal_error_rasa",
        "utter_no_knowledge_base",
        "utter_no_relevant_answer_found",
        "utter_skip_question_answer",
        "utter_user_input_empty_error_rasa",
        "utter_user_input_too_long_error_rasa",
    }
)
"""What the engine says by itself."""

ENGINE_SLOTS: Final = frozenset(
    {
        "confirm_correction",
        "consecutive_silence_timeouts",
        "continue_conversation",
        "continue_interrupted_flow_confirmation",
        "csat_score",
        "interrupted_flow_to_continue",
        "language",
        "max_clarification_options",
        "silence_timeout",
    }
)
"""Slots that the engine brings along."""

ENGINE_SPEAKS: Final = frozenset(
    {
        "action_clarify_flows",
        "action_default_ask_affirmation",
        "action_default_ask_rephrase",
        "action_default_capabilities",
        "action_default_fallback",
        "action_repeat_bot_messages",
        "action_send_text",
        "action_trigger_chitchat",
        "action_trigger_search",
    }
)
"""Those of the actions that say something."""

ENGINE_FOLLOWED: Final = frozenset(
    {"action_cancel_interrupted_flows", "action_continue_interrupted_flow", "action_hangup"}
)
"""What is followed by something that speaks, or by nothing at all."""

ENGINE_INTENTS: Final = frozenset(
    {
        "back",
        "nlu_fallback",
        "out_of_scope",
        "restart",
        "session_end",
        "session_start",
        "silence_timeout",
    }
)
"""Intents that no domain has to name."""

ENGINE_CHANNELS: Final = frozenset(
    {
        "audiocodes",
        "audiocodes_stream",
        "botframework",
        "browser_audio",
        "callback",
        "chirp",
        "cmdline",
        "facebook",
        "genesys",
        "hangouts",
        "inspector",
        "jambonz",
        "jambonz_stream",
        "json_audio",
        "mattermost",
        "rasa",
        "rest",
        "rocketchat",
        "signalwire",
        "slack",
        "socketio",
        "telegram",
        "twilio",
        "twilio_media_streams",
        "twilio_voice",
        "vier_cvg",
        "vonage",
        "webexteams",
        "websockets_voice",
    }
)
"""What a variation of a response may be worded for; others are channels of the assistant."""

ENGINE_PATTERNS: Final = frozenset(
    {
        "pattern_cancel_flow",
        "pattern_cannot_handle",
        "pattern_chitchat",
        "pattern_clarification",
        "pattern_code_change",
        "pattern_collect_information",
        "pattern_completed",
        "pattern_continue_interrupted",
        "pattern_correction",
        "pattern_customer_satisfaction",
        "pattern_external_agent_processing",
        "pattern_human_handoff",
        "pattern_internal_error",
        "pattern_repeat_bot_messages",
        "pattern_restart",
        "pattern_search",
        "pattern_session_end",
        "pattern_session_start",
        "pattern_skip_question",
        "pattern_user_silence",
        "pattern_validate_slot",
    }
)
"""The flows that it starts by itself."""

OF_ANY_STEP: Final = frozenset({"metadata"})
"""What it knows of every step, besides its id and where it leads."""

OF_STEPS: Final[Mapping[str, frozenset[str]]] = {
    "call": frozenset({"description", "exit_if", "mapping", "mcp_server"}),
    "link": frozenset({"next"}),
    "collect": frozenset(
        {
            "ask_before_filling",
            "collect-tool-binding",
            "description",
            "dtmf",
            "force_slot_filling",
            "rejections",
            "reset_after_flow_ends",
            "silence_timeout",
            "utter",
        }
    ),
}
"""What it knows of each kind of step besides."""

OF_FLOWS: Final = frozenset(
    {
        "always_include_in_prompt",
        "description",
        "file_path",
        "if",
        "metadata",
        "name",
        "nlu_trigger",
        "on_activate",
        "persisted_slots",
        "run_pattern_completed",
        "translation",
    }
)
"""What it knows of a flow, besides its steps."""
