"""The state file: what comes back after a restart, and which files are refused."""

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ges_connector.sandbox.call_in import CallInDesk
from ges_connector.sandbox.clock import VirtualClock
from ges_connector.sandbox.sandbox import Sandbox
from ges_connector.sandbox.seed import Clock, SandboxSeed, parse_seed
from ges_connector.sandbox.store import ClockRecord, Store, StoreError
from ges_connector.sandbox.world import World

MONDAY = datetime(2026, 1, 12, 15, 0, tzinfo=UTC)
SEED_TEXT = """
seed: 7
clock: {mode: frozen, at: 2026-01-12T15:00:00Z}
tenants:
  - name: Lakeside
    keys: [{key: sandbox-key}]
    office_hours:
      - name: Day
        timezone: Europe/Berlin
        regular: [Mon-Sun 08:00-18:00]
        special: [{in_days: 2}]
    services:
      - name: Billing
        office_hours: Day
        default_country: DE
        bucket_minutes: 30
        bucket_places: 2
    call_in_groups:
      - {name: help, numbers: ["+12025550180"]}
"""
SEED = parse_seed(SEED_TEXT)
HEADERS = {"x-api-key": "sandbox-key"}
AT_16 = "2026-01-12T16:00:00.000Z"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state.db"


async def call(sandbox: Sandbox, path: str, content: dict[str, Any]) -> Any:
    body = json.dumps(content).encode()
    answer = await sandbox.answer("POST", f"/engagement/v3/{path}", "", HEADERS, body)
    return json.loads(answer.body)


async def book(sandbox: Sandbox, number: str, **more: Any) -> Any:
    asked = {"serviceName": "Billing", "phoneNumber": number, **more}
    return await call(sandbox, "callbacks/create", asked)


def opened(path: Path, seed: SandboxSeed = SEED) -> Sandbox:
    store = Store(path)
    try:
        return Sandbox.from_seed(seed, store=store)
    except StoreError:
        store.close()
        raise


async def test_callbacks_come_back_as_they_were(path: Path) -> None:
    first = opened(path)
    await book(first, "+493023125011", desiredTime=AT_16, userData={"topic": "bill", "deep": [1]})
    await book(first, "+493023125012", priority=5)
    kept = first.centre().floor.callbacks()
    first.close()
    second = opened(path)
    assert second.centre().floor.callbacks() == kept
    second.close()


async def test_places_of_a_slot_stay_taken(path: Path) -> None:
    first = opened(path)
    await book(first, "+493023125011", desiredTime=AT_16)
    await book(first, "+493023125012", desiredTime=AT_16)
    first.close()
    second = opened(path)
    full = await book(second, "+493023125013", desiredTime=AT_16)
    assert full["status"]["code"] == 7041
    second.close()


async def test_ids_of_a_later_run_are_new(path: Path) -> None:
    first = opened(path)
    earlier = (await book(first, "+493023125011"))["data"]["id"]
    first.close()
    second = opened(path)
    assert (await book(second, "+493023125012"))["data"]["id"] != earlier
    second.close()


async def test_call_ins_come_back_and_stay_lent(path: Path) -> None:
    first = opened(path)
    grant = (await call(first, "call-in/requests/create", {"groupName": "help"}))["data"]
    first.close()
    second = opened(path)
    assert [str(kept.id) for kept in second.centre().call_ins] == [grant["id"]]
    second.centre().match_call_in(grant["toPhoneNumber"], grant["accessCode"])
    second.world.commit()
    second.close()
    third = opened(path)
    assert third.centre().call_ins[0].matched_at == MONDAY
    third.close()


async def test_what_is_purged_does_not_come_back(path: Path) -> None:
    first = opened(path)
    await book(first, "+493023125011")
    first.advance(5 * 86_400)
    assert first.centre().floor.callbacks() == ()
    first.close()
    second = opened(path)
    assert second.centre().floor.callbacks() == ()
    second.close()


async def test_the_clock_comes_back_as_it_stood(path: Path) -> None:
    first = opened(path)
    first.advance(3600)
    first.close()
    second = opened(path)
    assert second.clock.mode == "frozen"
    assert second.clock.now() == MONDAY + timedelta(hours=1)
    second.close()


def test_a_running_clock_ran_on_meanwhile(path: Path) -> None:
    real = datetime(2026, 3, 1, 12, tzinfo=UTC)
    first = World(SEED, store=Store(path), system=lambda: real)
    first.set_clock(VirtualClock.run)
    first.close()
    real += timedelta(minutes=10)
    second = World(SEED, store=Store(path), system=lambda: real)
    assert second.clock.mode == "real"
    assert second.clock.now() == MONDAY + timedelta(minutes=10)
    second.close()


def test_a_clock_never_resumes_earlier_than_it_stood() -> None:
    record = ClockRecord("real", MONDAY, MONDAY)
    assert record.resumed_at(MONDAY - timedelta(days=1)) == MONDAY


async def test_a_closed_day_stays_where_it_was(path: Path) -> None:
    def open_on_wednesday(sandbox: Sandbox) -> bool:
        wednesday_noon = datetime(2026, 1, 14, 12, tzinfo=UTC)
        return sandbox.centre().open_for("Day", wednesday_noon) != 0

    first = opened(path)
    assert not open_on_wednesday(first)
    first.advance(86_400)
    first.close()
    second = opened(path)
    assert not open_on_wednesday(second)
    second.close()


async def test_a_new_seed_over_the_admin_api_starts_the_file_over(path: Path) -> None:
    first = opened(path)
    await book(first, "+493023125011")
    other = SEED_TEXT.replace("seed: 7", "seed: 8")
    answer = await first.answer("PUT", "/sandbox/seed", "", {}, other.encode())
    assert answer.status == 200
    first.close()
    store = Store(path)
    with pytest.raises(StoreError, match="another contact centre"):
        Sandbox.from_seed(SEED, store=store)
    store.close()
    second = opened(path, parse_seed(other))
    assert second.centre().floor.callbacks() == ()
    second.close()


@pytest.mark.parametrize(
    ("old", "new"),
    [("seed: 7", "seed: 8"), ("Lakeside", "Hillside"), ("name: Billing", "name: Sales")],
)
async def test_a_file_of_another_contact_centre_is_refused(path: Path, old: str, new: str) -> None:
    opened(path).close()
    with pytest.raises(StoreError, match="was kept for another contact centre"):
        opened(path, parse_seed(SEED_TEXT.replace(old, new)))


async def test_other_settings_may_change_between_two_runs(path: Path) -> None:
    opened(path).close()
    changed = SEED_TEXT.replace("bucket_places: 2", "bucket_places: 9")
    moved_clock = parse_seed(changed).model_copy(update={"clock": Clock(mode="real")})
    opened(path, moved_clock).close()


async def test_only_what_changed_is_written(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox = opened(path)
    for _ in range(20):
        await call(sandbox, "call-in/requests/create", {"groupName": "help"})

    def look_through_all(*_: object) -> None:
        raise AssertionError("a request that changes nothing looked at every call-in")

    with monkeypatch.context() as patched:
        patched.setattr(CallInDesk, "grants", look_through_all)
        await book(sandbox, "+493023125011")
    sandbox.close()


async def test_call_ins_of_the_day_before_leave_the_file(path: Path) -> None:
    first = opened(path)
    await call(first, "call-in/requests/create", {"groupName": "help"})
    first.advance(2 * 86_400)
    first.close()
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT * FROM record WHERE kind = 'call-in'").fetchall() == []
    connection.close()


def test_the_file_and_its_log_are_for_their_owner_only(path: Path) -> None:
    store = Store(path)
    made = [file.stat().st_mode & 0o777 for file in path.parent.glob("state.db*")]
    assert len(made) > 1
    assert set(made) == {0o600}
    store.close()


async def test_a_caller_is_not_told_where_the_file_is(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = Store(path)
    sandbox = Sandbox.from_seed(SEED, store=store)
    store.close()
    answer = await book(sandbox, "+493023125011")
    admin = await sandbox.answer("POST", "/sandbox/clock/advance", "", {}, b'{"seconds": 1}')
    assert admin.status == 500
    assert str(path.parent) not in json.dumps(answer) + admin.body.decode()
    assert str(path) in caplog.text


async def test_a_later_run_starts_its_random_choices_anew(path: Path) -> None:
    first = opened(path)
    state = first.world.corr_ids.getstate()
    first.close()
    fresh = Sandbox.from_seed(SEED)
    # Kept or not, the first run of a seed is the same.
    assert fresh.world.corr_ids.getstate() == state
    second = opened(path)
    assert second.world.corr_ids.getstate() != state
    second.close()


def test_a_file_of_another_kind_is_refused(path: Path) -> None:
    path.write_text("a letter to the editor, long enough to be read as a page of something\n" * 50)
    with pytest.raises(StoreError, match="is no state file of a sandbox"):
        Store(path)


def test_a_database_of_something_else_is_refused(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE invoice (id INTEGER)")
    connection.close()
    with pytest.raises(StoreError, match="a database of something else"):
        Store(path)


def test_a_file_of_another_layout_is_refused(path: Path) -> None:
    Store(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreError, match="another version"):
        Store(path)


async def test_a_record_that_cannot_be_read_is_told(path: Path) -> None:
    first = opened(path)
    await book(first, "+493023125011")
    first.close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE record SET body = '{}'")
    connection.close()
    with pytest.raises(StoreError, match="records that this version cannot read"):
        opened(path)


def test_a_file_in_use_is_refused(path: Path) -> None:
    first = Store(path)
    with pytest.raises(StoreError, match="in use by another process"):
        Store(path)
    first.close()
    Store(path).close()


def test_a_file_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be used"):
        Store(tmp_path / "nowhere" / "state.db")


async def test_what_cannot_be_kept_is_not_acknowledged(path: Path) -> None:
    store = Store(path)
    sandbox = Sandbox.from_seed(SEED, store=store)
    store.close()
    answer = await book(sandbox, "+493023125011")
    assert answer["status"]["code"] == 7999
    assert "data" not in answer
