from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ges_connector.sandbox import seed
from ges_connector.sandbox.numbers import accept_number
from ges_connector.sandbox.office_hours import OfficeCalendar
from ges_connector.sandbox.profile import Profile
from ges_connector.sandbox.records import RefusedError
from ges_connector.sandbox.seed import SeedError, Tenant, parse_seed, read_seed

MONDAY_NOON = datetime(2026, 1, 5, 11, 0, tzinfo=UTC)
LAKESIDE = """
  - name: Lakeside
    keys: [{key: one}]
    services: [{name: Billing}]
"""
SMALL = f"tenants:{LAKESIDE}"


def faults_of(text: str) -> str:
    with pytest.raises(SeedError) as caught:
        parse_seed(text)
    assert str(caught.value).splitlines()[1:] == "\n".join(caught.value.faults).splitlines()
    return "\n".join(caught.value.faults)


@pytest.fixture(name="lakeside", scope="module")
def _lakeside() -> Tenant:
    return read_seed().tenants[0]


def test_the_shipped_centre_has_three_queues_in_two_zones(lakeside: Tenant) -> None:
    assert len(lakeside.services) == 3
    assert {hours.timezone for hours in lakeside.office_hours} == {
        "Europe/Berlin",
        "America/New_York",
    }
    assert lakeside.keys[0].key == "sandbox-key"


def test_the_shipped_centre_has_a_closed_day_and_a_full_day(lakeside: Tenant) -> None:
    day_shift = OfficeCalendar(lakeside.office_hours[0], MONDAY_NOON)
    wednesday = MONDAY_NOON + timedelta(days=2)
    assert day_shift.is_open(MONDAY_NOON)
    assert not day_shift.is_open(wednesday)
    assert lakeside.services[0].filled_days[0].share == 1.0


def test_the_shipped_night_queue_is_open_over_midnight(lakeside: Tenant) -> None:
    night = OfficeCalendar(lakeside.office_hours[2], MONDAY_NOON)
    assert list(night.open_spans(MONDAY_NOON, MONDAY_NOON + timedelta(days=1))) == [
        (datetime(2026, 1, 5, 17, 0, tzinfo=UTC), datetime(2026, 1, 6, 7, 0, tzinfo=UTC))
    ]


def test_every_scripted_customer_can_be_called_by_some_service(lakeside: Tenant) -> None:
    rules = {rule.name: rule for rule in lakeside.number_rules}
    callable_numbers = set()
    for number in lakeside.customers.scripted:
        for service in lakeside.services:
            rule = rules.get(service.number_rule or "")
            try:
                callable_numbers.add(accept_number(number, service, rule))
            except RefusedError:
                continue
    assert callable_numbers == set(lakeside.customers.scripted)


def test_the_second_centre_asks_for_a_captcha_and_has_no_statistics_credentials() -> None:
    hillside = read_seed().tenants[1]
    assert hillside.captcha is not None
    assert not hillside.statistics_credentials


def test_a_file_is_read_from_its_path(tmp_path: Path) -> None:
    path = tmp_path / "centre.yml"
    path.write_text(SMALL, encoding="utf-8")
    assert read_seed(path) == parse_seed(SMALL)


def test_a_missing_file_is_named_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(SeedError, match=r"centre\.yml cannot be used:\nit cannot be read"):
        read_seed(tmp_path / "centre.yml")


def test_all_faults_of_a_file_are_reported_together_with_their_place() -> None:
    faults = faults_of("""
tenants:
  - name: Lakeside
    keys: []
    colour: green
    office_hours:
      - {name: Day, timezone: Berlin, regular: ["Mon-Fri 9-17"]}
    services: [{name: Billing, bucket_minutes: 7}]
""")
    assert "tenants.0.keys" in faults
    assert "tenants.0.colour" in faults
    assert "'Berlin' is no tz database name" in faults
    assert "'9-17' is no range of hours" in faults
    assert "bucket_minutes" in faults


@pytest.mark.parametrize(
    ("addition", "fault"),
    [
        (
            "services: [{name: A, office_hours: Day}]",
            "names office_hours 'Day', which is not there",
        ),
        ("services: [{name: A}, {name: A}]", "services: 'A' is there twice"),
        (
            "services: [{name: A}]\n    call_in_groups: [{name: g, numbers: ['1', '1']}]",
            "each number belongs to one group, once",
        ),
        (
            "services: [{name: A}]\n    call_in_groups: [&g {name: g, numbers: [a]}, *g]",
            "call_in_groups: 'g' is there twice",
        ),
    ],
)
def test_names_must_resolve_and_be_unique(addition: str, fault: str) -> None:
    text = f"tenants:\n  - name: Lakeside\n    keys: [{{key: one}}]\n    {addition}\n"
    assert fault in faults_of(text)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("tenants: [", "it is not YAML"),
        ("tenants: 2026-13-45", "it is not YAML"),
        ("tenants: !!int one", "it is not YAML"),
        ("[" * 500, "nested more than 50 levels deep"),
        ("", "file"),
        ("- 1", "file"),
        (SMALL + "clock: {at: 2026-01-05T08:00:00}", "clock.at"),
        (SMALL + "clock: {at: 1960-01-01T08:00:00Z}", "between the years 1971 and 9000"),
        (SMALL + "profile: {checks: [params, key]}", "exactly once"),
        (
            SMALL + SMALL.replace("tenants:\n", "").replace("Lakeside", "Hillside"),
            "exactly one tenant",
        ),
    ],
)
def test_what_describes_no_centre_is_refused_in_words(text: str, fault: str) -> None:
    assert fault in faults_of(text)


@pytest.mark.parametrize(
    ("hours", "fault"),
    [
        ("Mon-Fri 22:00-06:00", "split what crosses midnight"),
        ("Mon-Fri 09:00-24:01", "1440"),
        ("Mon-Fri 09:60-10:00", "minute above 59"),
        ("Mo-Fr 09:00-10:00", "names no weekdays"),
        ("Mon-Fry 09:00-10:00", "names no weekdays"),
        ("09:00-10:00", "names no weekdays"),
    ],
)
def test_rule_14_hours_that_make_no_sense_say_what_would(hours: str, fault: str) -> None:
    text = SMALL + f'    office_hours: [{{name: Day, timezone: UTC, regular: ["{hours}"]}}]\n'
    assert fault in faults_of(text)


def test_weekdays_may_run_over_the_weekend() -> None:
    text = (
        SMALL + '    office_hours: [{name: D, timezone: UTC, regular: ["Sat-Mon 08:00-24:00"]}]\n'
    )
    (hours,) = parse_seed(text).tenants[0].office_hours
    assert hours.regular[0].weekdays == (5, 6, 0)


def test_a_day_is_given_one_way() -> None:
    both = "{name: D, timezone: UTC, regular: [], special: [{in_days: 1, on: 2026-01-01}]}"
    assert "either 'on' a date" in faults_of(f"{SMALL}    office_hours: [{both}]")


def test_a_blocked_regex_must_compile() -> None:
    text = (
        SMALL
        + "    number_rules: [{name: R, countries: [US], blocked: [{pattern: '(', kind: regex}]}]\n"
    )
    assert "is no regular expression" in faults_of(text)


def test_keys_scripted_numbers_and_captcha_tokens_are_in_no_repr(lakeside: Tenant) -> None:
    shown = repr(read_seed())
    assert "sandbox-key" not in shown
    assert "human" not in shown
    assert not any(number in shown for number in lakeside.customers.scripted)


def test_q20_the_checks_can_be_put_in_any_order_but_none_left_out() -> None:
    assert Profile(checks=tuple(reversed(Profile().checks))).checks[0] == "capacity"
    with pytest.raises(ValueError, match="exactly once"):
        Profile(checks=("params", "params", "key", "service", "number", "hours", "throttle"))


def test_the_seed_can_be_written_as_json() -> None:
    assert parse_seed(parse_seed(SMALL).model_dump_json()) == parse_seed(SMALL)


@settings(deadline=None)
@given(st.text() | st.text("[]{}:-!&*'\"|>%@ \n\taint019.", max_size=60))
def test_text_at_random_is_a_seed_error_and_nothing_else(text: str) -> None:
    with pytest.raises(SeedError):
        parse_seed(text)


@pytest.mark.parametrize("text", ["[" * 5000, "{a: " * 5000, "[{" * 30 + "}]" * 30])
def test_a_seed_that_is_nested_without_end_is_refused_before_it_is_read(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr(seed, "YAML", None)
    with pytest.raises(SeedError, match="nested"):
        parse_seed(text)


def test_what_only_follows_from_a_fault_is_no_fault_of_its_own() -> None:
    assert faults_of("tenants: [{name: A, keys: [secret-1], services: [{name: S}]}]") == (
        "tenants.0.keys.0: has to be a mapping of names to values, out of key, enabled, domains"
    )


def test_a_name_that_is_not_known_is_told_with_those_that_are() -> None:
    faults = faults_of(SMALL.replace("key: one", "key: one, domain: x"))
    assert faults == ("tenants.0.keys.0.domain: is not known here; known are key, enabled, domains")


def test_references_are_told_together_with_everything_else() -> None:
    faults = faults_of(SMALL.replace("name: Billing", "name: Billing, office_hours: Day, ttl: 1"))
    assert "tenants.0.services.0.ttl: is not known here; known are name, " in faults
    assert "tenants.0: service 'Billing' names office_hours 'Day', which is not there" in faults


@pytest.mark.parametrize(
    "text",
    [
        "tenants:\n- keys:\n  - key: secret-1\n    enabled: [\n  services:\n",
        'tenants:\n- keys:\n  - key: "secret-1\n',
        "tenants:\n- keys: [{key: secret-1, key: secret-1}]\n",
        "tenants:\n- keys: [{key: !!int secret-1}]\n",
        "tenants:\n- keys: [{key: one, enabled: secret-1}]\n",
    ],
)
def test_no_fault_repeats_what_may_be_a_key(text: str) -> None:
    assert "secret-1" not in faults_of(text)


def test_a_file_is_named_once(tmp_path: Path) -> None:
    with pytest.raises(SeedError) as caught:
        read_seed(tmp_path / "none.yml")
    assert str(caught.value).count("none.yml") == 1
