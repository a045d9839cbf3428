"""What a configuration comes to, where its values come from, and what changes between two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ges_connector.callbacks import CallbackConfig
from ges_connector.callbacks.config_view import (
    Change,
    Origin,
    differences,
    effective,
    kept_until_restart,
)

BASE = """
defaults:
  office_zone: Europe/Berlin
  countries: [DE]
  static_number: "+493023125001"
  offer: {min_wait_seconds: 60, quiet_hours: null}
topics:
  billing:
    service_name: Billing
    offer: {min_wait_seconds: 120}
freshness: {queue_seconds: 3}
"""


def origins(text: str) -> dict[str, tuple[object, Origin]]:
    return {each.place: (each.value, each.origin) for each in effective(text)}


def test_each_value_says_where_it_comes_from() -> None:
    found = origins(BASE)
    assert found["topics.billing.offer.min_wait_seconds"] == (120, Origin.TOPIC)
    assert found["topics.billing.offer.quiet_hours"] == (None, Origin.DEFAULTS)
    assert found["topics.billing.countries"] == (["DE"], Origin.DEFAULTS)
    assert found["topics.billing.slots.chat_count"] == (5, Origin.PROGRAM)
    assert found["freshness.queue_seconds"] == (3.0, Origin.FILE)
    assert found["patience.chat_seconds"] == (5.0, Origin.PROGRAM)


def test_every_value_of_the_configuration_is_among_them() -> None:
    def leaves(value: object) -> int:
        return sum(map(leaves, value.values())) if isinstance(value, dict) else 1

    config = CallbackConfig.from_yaml(BASE)
    assert len(effective(BASE)) == leaves(config.model_dump())


def test_what_is_only_written_elsewhere_changes_nothing() -> None:
    moved = BASE.replace("  countries: [DE]\n", "").replace(
        "service_name: Billing", "service_name: Billing\n    countries: [DE]"
    )
    assert differences(BASE, moved) == ()


def test_changes_of_defaults_are_told_at_each_topic_and_new_topics_with_all_they_hold() -> None:
    new = BASE.replace("[DE]", "[DE, AT]").replace(
        "freshness", "  tax: {service_name: Tax}\nbudget: {wait_seconds: 2}\nfreshness"
    )
    changes = {each.place: each for each in differences(BASE, new)}
    assert changes["topics.billing.countries"] == Change(
        path=("topics", "billing", "countries"),
        old=["DE"],
        new=["DE", "AT"],
        is_added=False,
        is_removed=False,
        needs_restart=False,
    )
    assert changes["topics.tax.service_name"].is_added
    assert changes["budget.wait_seconds"].needs_restart
    assert not any(each.is_removed for each in changes.values())
    assert {each.place for each in differences(new, BASE) if each.is_removed} == {
        each.place for each in changes.values() if each.is_added
    }


def test_another_topic_that_comes_first_is_told_because_it_is_meant_where_none_is_named() -> None:
    one, two = "  billing: {service_name: B}\n", "  tax: {service_name: T}\n"
    head = f"{BASE.partition('topics:')[0]}topics:\n"
    (change,) = differences(f"{head}{one}{two}", f"{head}{two}{one}")
    assert (change.place, change.old, change.new) == ("default_topic", "billing", "tax")


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("null", None),
        ('{starts: "22:00", ends: "06:30"}', {"starts": "22:00", "ends": "06:30"}),
    ],
)
def test_a_part_that_comes_or_goes_is_one_change(written: str, told: object) -> None:
    other = '{starts: "22:00", ends: "06:30"}' if told is None else "null"
    new, old = (
        BASE.replace("quiet_hours: null", f"quiet_hours: {each}") for each in (written, other)
    )
    (change,) = differences(old, new)
    assert (change.place, change.new) == ("topics.billing.offer.quiet_hours", told)
    assert (change.is_added, change.is_removed) == (False, False)


@given(st.sampled_from(["patience: {chat_seconds: 9}", "budget: {wait_seconds: 9}", ""]))
def test_what_needs_a_restart_is_kept_and_named(more: str) -> None:
    old, new = (
        CallbackConfig.from_yaml(BASE),
        CallbackConfig.from_yaml(BASE.replace("120", "150") + more),
    )
    taken, waiting = kept_until_restart(old, new)
    assert taken.profile().offer.min_wait_seconds == 150
    assert (taken.patience, taken.budget) == (old.patience, old.budget)
    assert list(waiting) == [more.partition(":")[0]][: len(more)]
