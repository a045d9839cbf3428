"""What customers really answer: numbers of abroad, times with numbers, a yes in other words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from ges_connector.callbacks.free_times import time_id, time_of_id
from tests.actions.dialogue import FORM, KNOWN, THURSDAY_AT_15, caller, drafted

if TYPE_CHECKING:
    from ges_connector.sandbox.sandbox import Sandbox

PARIS = {"locale": "fr-FR", "timezone": "Europe/Paris", "caller_number": "+493023125011"}
BERLIN = {"locale": "de-DE", "timezone": "Europe/Berlin", "caller_number": "+493023125011"}
MADRID = {"locale": "es-ES", "timezone": "Europe/Madrid", "caller_number": "+493023125011"}
LONDON = {"locale": "en-GB", "timezone": "Europe/London", "caller_number": "+493023125011"}
# The sandbox opens on Monday, 12 January 2026.
THURSDAY_AT_16 = datetime(2026, 1, 15, 15, tzinfo=UTC)


# --- numbers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("customer", "text", "e164"),
    [
        (PARIS, "au 06 12 34 56 78", "+33612345678"),
        (PARIS, "zéro six douze trente-quatre cinquante-six soixante-dix-huit", "+33612345678"),
        (PARIS, "plus trois trois six douze trente-quatre cinquante-six 78", "+33612345678"),
        (MADRID, "nueve diez doce treinta y cuatro cincuenta y seis", "+34910123456"),
        (
            MADRID,
            "más tres cuatro nueve diez doce treinta y cuatro cincuenta y seis",
            "+34910123456",
        ),
        (BERLIN, "plus vier neun null dreißig zwo drei eins zwei fünf null elf", "+493023125011"),
        (BERLIN, "null dreißig dreiundzwanzig zwölf fünfzig vierzehn", "+493023125014"),
        (LONDON, "oh two oh seven nine four six double oh double one", "+442079460011"),
        (LONDON, "plus four four two oh seven nine four six double oh double one", "+442079460011"),
    ],
)
async def test_a_number_is_that_of_the_customers_country_however_it_is_said(
    conversation: Any, customer: dict[str, str], text: str, e164: str
) -> None:
    conversation.metadata = customer
    conversation.slots = drafted(
        THURSDAY_AT_15, callback_question="phone_known", callback_phone=None
    )
    outcome = await conversation.run(FORM, text, "inform", requested="callback_phone")
    assert outcome.slots["callback_phone"] == e164
    assert outcome.slots["requested_slot"] == "callback_confirmed"


@pytest.mark.parametrize("intent", ["affirm", "nlu_fallback"])
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "yes, that number"),
        ("de", "ja diese nummer"),
        ("fr", "oui à ce numéro"),
        ("es", "sí a ese número"),
    ],
)
async def test_a_yes_to_the_known_number_takes_it(
    conversation: Any, language: str, text: str, intent: str
) -> None:
    conversation.metadata = caller(language)
    conversation.slots = drafted(
        THURSDAY_AT_15, callback_question="phone_known", callback_phone=None
    )
    outcome = await conversation.run(FORM, text, intent, requested="callback_phone")
    assert outcome.slots["callback_phone"] == KNOWN
    assert outcome.slots["requested_slot"] == "callback_confirmed"


async def test_a_number_of_abroad_is_read_back_with_its_country_code(conversation: Any) -> None:
    conversation.metadata = PARIS
    conversation.slots = drafted(THURSDAY_AT_15, callback_phone="+33612345678")
    outcome = await conversation.run("action_ask_callback_confirmed")
    assert outcome.responses[0]["number"] == "+33 6 12 34 56 78"


@pytest.mark.parametrize(
    ("answer", "e164"),
    [
        ("France", "+33612345678"),
        ("un numéro d'Allemagne, je crois", "+49612345678"),
        ("+33", "+33612345678"),
        ("0049", "+49612345678"),
        ("non, prenez le +33 6 12 34 56 79", "+33612345679"),
    ],
)
async def test_the_country_of_a_number_is_asked_where_nothing_decides(
    conversation: Any, answer: str, e164: str
) -> None:
    conversation.metadata = {"locale": "fr-FR", "timezone": "Europe/Berlin"}
    text = "rappelez-moi vendredi à 11h au 06 12 34 56 78"
    await conversation.run(FORM, text, "request_callback")
    asked = await conversation.run("action_ask_callback_phone", requested="callback_phone")
    outcome = await conversation.run(FORM, answer, "inform", requested="callback_phone")
    assert asked.said == ["utter_ask_callback_phone_country"]
    assert asked.responses[0]["countries"] == "France ou Allemagne"
    assert outcome.slots["callback_phone"] == e164
    assert outcome.slots["requested_slot"] == "callback_confirmed"


async def test_who_names_no_country_is_asked_once_more_and_then_for_the_number(
    conversation: Any,
) -> None:
    conversation.metadata = {"locale": "fr-FR", "timezone": "Europe/Berlin"}
    conversation.slots = drafted(
        THURSDAY_AT_15,
        callback_question="phone",
        callback_phone=None,
        callback_phone_readings=["+49612345678", "+33612345678"],
    )
    said = []
    for _ in range(2):
        await conversation.run(FORM, "celui de ma mère", "inform", requested="callback_phone")
        asked = await conversation.run("action_ask_callback_phone", requested="callback_phone")
        said += asked.said
    assert said == [
        "utter_ask_callback_phone_country_name",
        "utter_callback_phone_not_found_again",
        "utter_callback_phone_keypad",
    ]
    assert conversation.slots.get("callback_phone") is None


@pytest.mark.parametrize(
    ("customer", "text"),
    [
        (PARIS, "vendredi à 11h au 06 12 34 56 78"),
        (PARIS, "06 12 34 56 78, plutôt vendredi à 11h"),
        (LONDON, "friday at 10am on 020 7946 0011"),
        (BERLIN, "freitag um elf unter null dreißig zwo drei eins zwei fünf null eins vier"),
        (MADRID, "el viernes a las 11 al 910 12 34 56"),
    ],
)
@pytest.mark.parametrize("requested", ["callback_slot", "callback_phone", "callback_confirmed"])
async def test_number_and_time_of_one_message_are_both_taken(
    conversation: Any, customer: dict[str, str], text: str, requested: str
) -> None:
    conversation.metadata = customer
    await conversation.run(FORM, text, "request_callback")
    first = dict(conversation.slots)
    conversation.slots = drafted(THURSDAY_AT_15)
    outcome = await conversation.run(FORM, text, "inform", requested=requested)
    friday_at_11 = datetime(2026, 1, 16, 10, tzinfo=UTC)
    for slots in (first, conversation.slots):
        assert time_of_id(slots["callback_slot"]) == friday_at_11
        assert slots["callback_phone"] not in {None, "+493023125011"}
    assert outcome.slots["requested_slot"] == "callback_confirmed"


async def test_a_time_beside_a_number_that_cannot_be_called_is_not_lost(conversation: Any) -> None:
    conversation.metadata = LONDON
    conversation.slots = drafted(THURSDAY_AT_15, callback_question="phone", callback_phone=None)
    text = "on 07700 900123, and rather friday at 10am"
    outcome = await conversation.run(FORM, text, "inform", requested="callback_phone")
    assert time_of_id(outcome.slots["callback_slot"]) == datetime(2026, 1, 16, 10, tzinfo=UTC)
    assert [note["response"] for note in outcome.slots["callback_notes"]] == [
        "utter_callback_phone_invalid"
    ]


async def test_what_is_wrong_with_a_number_is_said_though_it_was_not_asked_for(
    conversation: Any,
) -> None:
    conversation.metadata = LONDON
    await conversation.run(FORM, "call me on friday at 11am on 07700 900123", "request_callback")
    asked = await conversation.run("action_ask_callback_phone", requested="callback_phone")
    assert asked.said == ["utter_callback_phone_invalid"]


@pytest.mark.parametrize("text", ["24.11.2026 15:30", "15.01.2026 16:00", "16.00"])
@pytest.mark.parametrize("requested", ["callback_slot", "callback_confirmed"])
async def test_a_written_date_is_no_number(conversation: Any, text: str, requested: str) -> None:
    conversation.metadata = BERLIN
    conversation.slots = drafted(THURSDAY_AT_15)
    outcome = await conversation.run(FORM, text, "inform", requested=requested)
    notes = [note["response"] for note in outcome.slots.get("callback_notes") or []]
    assert not any("phone" in note for note in notes)


# --- times --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("customer", "text", "intent"),
    [
        (PARIS, "d'accord pour jeudi", "affirm"),
        (MADRID, "vale, el jueves me viene bien", "inform"),
        (LONDON, "yes, thursday at 2pm is perfect", "affirm"),
        (LONDON, "thursday afternoon is fine", "inform"),
        (BERLIN, "ja, donnerstag passt", "affirm"),
        (BERLIN, "ja, 15 uhr", "affirm"),
        (BERLIN, "ja, am 15.1. um drei, unter 030 23125011", "affirm"),
    ],
)
async def test_naming_what_was_read_back_again_is_a_yes(
    conversation: Any, customer: dict[str, str], text: str, intent: str
) -> None:
    conversation.metadata = customer
    conversation.slots = drafted(THURSDAY_AT_15)
    outcome = await conversation.run(FORM, text, intent, requested="callback_confirmed")
    assert outcome.slots["callback_confirmed"] is True


@pytest.mark.parametrize(
    ("customer", "text", "intent"),
    [
        (PARIS, "d'accord pour vendredi", "affirm"),
        (LONDON, "yes, thursday at 3pm is perfect", "affirm"),
        (LONDON, "yes but not on thursday", "affirm"),
        (BERLIN, "ja, donnerstag, aber um 16 uhr", "affirm"),
        (BERLIN, "nein, nicht donnerstag", "deny"),
        (BERLIN, "ja, donnerstag passt, aber unter 030 23125014", "affirm"),
    ],
)
async def test_a_yes_that_names_anything_else_is_none(
    conversation: Any, customer: dict[str, str], text: str, intent: str
) -> None:
    conversation.metadata = customer
    conversation.slots = drafted(THURSDAY_AT_15)
    outcome = await conversation.run(FORM, text, intent, requested="callback_confirmed")
    assert outcome.slots.get("callback_confirmed") is None


async def test_the_day_of_the_one_time_on_offer_is_a_yes_to_it(conversation: Any) -> None:
    conversation.slots = drafted(
        THURSDAY_AT_15,
        callback_question="slot_one",
        callback_slot=None,
        callback_menu={"ids": [time_id(THURSDAY_AT_15)], "seen": []},
    )
    outcome = await conversation.run(FORM, "thursday is fine", "inform", requested="callback_slot")
    assert time_of_id(outcome.slots["callback_slot"]) == THURSDAY_AT_15


async def test_a_clock_time_without_a_day_stays_on_the_day_that_is_spoken_of(
    conversation: Any,
) -> None:
    conversation.metadata = BERLIN
    conversation.slots = drafted(THURSDAY_AT_15)
    text = "doch lieber um zwanzig nach vier"
    outcome = await conversation.run(FORM, text, "inform", requested="callback_confirmed")
    offered = [time_of_id(each) for each in outcome.slots["callback_menu"]["ids"]]
    assert {at.date() for at in offered if at is not None} == {THURSDAY_AT_15.date()}
    assert time_id(THURSDAY_AT_16) in outcome.slots["callback_menu"]["ids"]


@pytest.mark.parametrize(
    ("customer", "text"),
    [
        (BERLIN, "rufen Sie mich heute noch an"),
        (PARIS, "rappelez-moi ce soir"),
        (MADRID, "llámenme hoy por favor"),
        (LONDON, "call me tonight"),
    ],
)
async def test_a_closed_office_says_so_when_it_is_wanted_today(
    conversation: Any, ges_sandbox: Sandbox, customer: dict[str, str], text: str
) -> None:
    ges_sandbox.advance(12 * 3600)
    ges_sandbox.advance((20 - ges_sandbox.world.clock.now().hour) % 24 * 3600)
    conversation.metadata = customer
    await conversation.run(FORM, text, "request_callback")
    asked = await conversation.run("action_ask_callback_slot", requested="callback_slot")
    assert asked.said[0] == "utter_callback_closed"
    assert asked.said[1].startswith("utter_ask_callback_slot")
    assert len(asked.said) == 2


async def test_a_time_that_the_clocks_skip_is_told_as_a_time(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    now = ges_sandbox.world.clock.now()
    ges_sandbox.advance((datetime(2026, 3, 24, 9, tzinfo=UTC) - now).total_seconds())
    conversation.metadata = LONDON | {"timezone": "Europe/Berlin"}
    await conversation.run(FORM, "call me on sunday at 2:30am", "request_callback")
    asked = await conversation.run("action_ask_callback_slot", requested="callback_slot")
    skipped = [each for each in asked.responses if "does_not_exist" in each["response"]]
    assert [each["time"] for each in skipped] == ["02:30"]


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("de-DE", "ja, aber freitag um 15 uhr"),
        ("de-DE", "ja aber an nem anderen tag"),
        ("es-ES", "si pero otro dia"),
        ("es-ES", "sí, pero el viernes a las 15"),
        ("en-GB", "yes but another day"),
        ("en-GB", "yes but later"),
        ("fr-FR", "oui mais un autre jour"),
        ("fr-FR", "oui mais vendredi à 15h"),
    ],
)
@pytest.mark.parametrize("intent", ["affirm", "inform", "other_time"])
async def test_a_yes_that_goes_on_with_but_changes_the_time(
    conversation: Any, locale: str, text: str, intent: str
) -> None:
    conversation.metadata = LONDON | {"locale": locale, "timezone": "Europe/Berlin"}
    conversation.slots = drafted(THURSDAY_AT_15)
    outcome = await conversation.run(FORM, text, intent, requested="callback_confirmed")
    assert outcome.slots.get("callback_confirmed") is None
    assert outcome.slots["callback_slot"] != THURSDAY_AT_15
    assert outcome.slots.get("callback_notes") is None


# --- the rest -----------------------------------------------------------------------------------


@pytest.mark.parametrize("requested", ["callback_slot", "callback_confirmed"])
async def test_cancel_in_the_middle_of_a_move_asks_whether_to_cancel(
    conversation: Any, requested: str
) -> None:
    conversation.slots = drafted(THURSDAY_AT_15, callback_process="move", callback_id="c1")
    outcome = await conversation.run(FORM, "cancel it", "cancel_callback", requested=requested)
    over = await conversation.run("action_submit_callback_form", "cancel it", "cancel_callback")
    assert (outcome.slots["requested_slot"], outcome.followup) == (None, "callback_cancel_form")
    assert over.said == []


async def test_a_time_that_cannot_be_had_is_refused_before_a_call_in_turn_is_offered(
    conversation: Any, ges_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    del ges_sandbox
    monkeypatch.setattr("actions.outlook.Outlook.has", lambda _, rung: rung == "asap")
    await conversation.run(FORM, "call me on friday at 1pm", "request_callback")
    asked = await conversation.run("action_ask_callback_kind", requested="callback_kind")
    assert asked.said == ["utter_callback_scheduled_refused", "utter_ask_callback_kind_asap"]


async def test_the_reason_that_another_dialogue_agreed_on_goes_to_the_agent(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    conversation.slots = {"callback_reason": "My invoice, card 4111 1111 1111 1111\n" + "x" * 999}
    await conversation.run(FORM, "call me on friday at 1pm on +49 30 23125011", "request_callback")
    await conversation.run("action_ask_callback_confirmed", requested="callback_confirmed")
    await conversation.answer_read_back("yes", "affirm")
    (kept,) = ges_sandbox.world.rooms(None).centre.floor.callbacks()
    reason = kept.user_data["reason"]
    assert reason.startswith("My invoice, card *** x")
    assert len(reason) == 250
    assert conversation.slots["callback_reason"] is None


@pytest.mark.parametrize(
    ("action", "requested"),
    [
        (FORM, None),
        (FORM, "callback_kind"),
        (FORM, "callback_confirmed"),
        ("validate_callback_cancel_form", None),
        ("validate_callback_cancel_form", "callback_cancel_confirmed"),
        ("action_answer_callback", None),
    ],
)
@pytest.mark.parametrize("intent", ["affirm", "request_callback", "cancel_callback", "ask_wait"])
async def test_a_text_without_end_is_looked_at_by_its_length_only(
    conversation: Any, ges_sandbox: Sandbox, action: str, requested: str | None, intent: str
) -> None:
    conversation.slots = drafted(THURSDAY_AT_15, callback_id="c1")
    outcome = await conversation.run(action, "yes at 3 " * 2000, intent, requested=requested)
    notes = outcome.slots.get("callback_notes") or []
    assert "utter_callback_shorter_please" in [*outcome.said, *(each["response"] for each in notes)]
    assert outcome.slots.get("callback_confirmed") is None
    assert len(ges_sandbox.world.journal.entries) == 0


@pytest.mark.parametrize("channel", ["chat", "voice"])
async def test_the_wait_is_told_once_where_the_read_back_tells_it(
    conversation: Any, channel: str
) -> None:
    conversation.channel = channel
    await conversation.run(FORM, "call me asap on +49 30 23125011", "request_callback")
    await conversation.run("action_ask_callback_confirmed", requested="callback_confirmed")
    told = await conversation.run(
        "action_tell_wait", "how long is it?", "ask_wait", requested="callback_confirmed"
    )
    again = await conversation.run("action_ask_callback_confirmed", requested="callback_confirmed")
    assert told.said == []
    assert again.said == ["utter_ask_callback_confirmed_asap"]
    assert again.responses[0]["wait"]


async def test_the_wait_in_the_middle_of_an_arrangement_offers_nothing(conversation: Any) -> None:
    conversation.slots = drafted(THURSDAY_AT_15)
    told = await conversation.run(
        "action_tell_wait", "how long is it?", "ask_wait", requested="callback_confirmed"
    )
    assert told.said == ["utter_callback_wait_aside"]
