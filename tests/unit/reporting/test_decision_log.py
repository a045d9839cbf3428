"""The decision log: what is written is what is read, and nothing disturbs who writes."""

import logging
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ges_connector.callbacks.booking import BookingOutcome, CallbackKind
from ges_connector.callbacks.decision_log import DecisionLog, fault_of, file_of, files_in, line_of
from ges_connector.callbacks.events import (
    Accepted,
    Booked,
    CallbackEvent,
    Cancelled,
    Clarified,
    Declined,
    Moved,
    NotOffered,
    NumberGiven,
    Offered,
    Refused,
    Scene,
    Unconfirmed,
    WaitAnswered,
)
from ges_connector.callbacks.manage import CancelOutcome, MoveOutcome
from ges_connector.callbacks.offer import Rung, Situation
from ges_connector.reporting.figures import Group, count_lines
from ges_connector.reporting.lines import read_decisions

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SCENE = Scene(NOON, "support", "en", "chat", "conversation-1f3a")
OFFERED = Offered(SCENE, Situation.USUAL, (Rung.ASAP, Rung.SCHEDULED), 240.0, 300.0)

scenes = st.builds(
    Scene,
    at=st.integers(0, 30 * 86_400).map(lambda each: NOON + timedelta(seconds=each)),
    profile=st.sampled_from(["support", "billing"]),
    language=st.sampled_from(["en", "de"]),
    channel=st.sampled_from(["chat", "voice"]),
    conversation=st.just("conversation-1f3a"),
)
seconds = st.none() | st.floats(0, 7200)
kinds = st.sampled_from(CallbackKind)
outcomes = st.sampled_from(BookingOutcome)
events: st.SearchStrategy[CallbackEvent] = st.one_of(
    st.builds(Offered, scenes, st.sampled_from(Situation), st.just(tuple(Rung)), seconds, seconds),
    st.builds(NotOffered, scenes, st.sampled_from(Situation), seconds, seconds),
    st.builds(WaitAnswered, scenes, st.sampled_from(Situation), seconds, seconds),
    st.builds(Accepted, scenes, kinds),
    st.builds(Declined, scenes, st.booleans()),
    st.builds(Booked, scenes, kinds),
    st.builds(Refused, scenes, kinds, outcomes),
    st.builds(Unconfirmed, scenes, kinds),
    st.builds(Clarified, scenes, kinds, outcomes),
    st.builds(Moved, scenes, kinds, st.sampled_from(MoveOutcome), outcomes),
    st.builds(Cancelled, scenes, st.sampled_from(CancelOutcome)),
    st.builds(NumberGiven, scenes, st.sampled_from(Rung)),
)


@contextmanager
def writing(directory: Path, keep_days: int = 30, now: datetime = NOON) -> Iterator[DecisionLog]:
    log = DecisionLog(directory, keep_days, lambda: now)
    try:
        yield log
    finally:
        log.close()


@given(st.lists(events, max_size=40))
def test_a_report_counts_what_was_announced(announced: list[CallbackEvent]) -> None:
    with TemporaryDirectory() as folder:
        with writing(Path(folder)) as log:
            for each in announced:
                log(each)
        found = read_decisions(Path(folder)) if announced else None
    lines = found.lines if found else ()
    counted = count_lines(
        lines, lambda _, profile: Group(profile=profile), lambda _: ZoneInfo("UTC")
    )
    told = {
        (group.profile, event): times
        for group, figures in counted.items()
        for event, times in figures.events.items()
    }
    assert told == Counter((each.scene.profile, each.name) for each in announced)
    waits = sorted(
        each.wait_seconds
        for each in announced
        if isinstance(each, Offered) and each.wait_seconds is not None
    )
    assert sorted(w for each in counted.values() for w in each.waits_seconds) == waits


def test_a_line_is_plain(tmp_path: Path) -> None:
    assert line_of(OFFERED) == {
        "v": 1,
        "event": "offered",
        "at": "2026-11-23T12:00:00Z",
        "profile": "support",
        "language": "en",
        "channel": "chat",
        "conversation": "conversation-1f3a",
        "situation": "usual",
        "rungs": ["asap", "scheduled"],
        "wait_seconds": 240.0,
        "told_seconds": 300.0,
    }
    with writing(tmp_path / "new" / "folder") as log:
        log(OFFERED)
    assert (tmp_path / "new" / "folder" / "decisions-2026-11-23.jsonl").stat().st_mode & 0o007 == 0


def test_old_days_go_and_other_files_stay(tmp_path: Path) -> None:
    for days in range(5):
        file_of(tmp_path, NOON.date() - timedelta(days=days)).touch()
    (tmp_path / "decisions-2020-01-01.jsonl.bak").touch()
    with writing(tmp_path, keep_days=2) as log:
        log(OFFERED)
    assert list(files_in(tmp_path)) == [date(2026, 11, day) for day in (21, 22, 23)]
    assert (tmp_path / "decisions-2020-01-01.jsonl.bak").exists()


def test_a_new_day_begins_a_new_file(tmp_path: Path) -> None:
    now = [NOON]
    log = DecisionLog(tmp_path, 30, lambda: now[0])
    log(OFFERED)
    now[0] += timedelta(days=1)
    log(OFFERED)
    log.close()
    assert [path.read_text().count("\n") for path in files_in(tmp_path).values()] == [1, 1]


def test_two_workers_share_a_file(tmp_path: Path) -> None:
    with writing(tmp_path) as one, writing(tmp_path) as other:
        for _ in range(50):
            one(OFFERED)
            other(OFFERED)
    found = read_decisions(tmp_path)
    assert (len(found.lines), found.torn) == (100, 0)


def test_what_cannot_be_written_is_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    directory = tmp_path / "file" / "log"
    with caplog.at_level(logging.WARNING), writing(directory) as log:
        log(OFFERED)
        log(OFFERED)
    assert [each.getMessage() for each in caplog.records] == [
        f"Decisions are not written down in {directory}: Not a directory"
    ]


def test_where_nothing_can_be_written_is_told_before_anything_is(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert fault_of(tmp_path / "file" / "log") == f"{tmp_path / 'file'} is no directory"
    assert fault_of(tmp_path / "new" / "log") is None
    assert not (tmp_path / "new").exists()


def test_a_full_disk_costs_the_line_that_did_not_fit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write
    with writing(tmp_path) as log:
        log(OFFERED)
        monkeypatch.setattr(
            "ges_connector.callbacks.decision_log.os.write", lambda f, b: write(f, b[:9])
        )
        log(OFFERED)
        monkeypatch.undo()
        log(OFFERED)
    found = read_decisions(tmp_path)
    assert (len(found.lines), found.torn) == (2, 1)


def test_torn_and_newer_lines_are_counted_and_left_out(tmp_path: Path) -> None:
    with writing(tmp_path) as log:
        log(OFFERED)
    with file_of(tmp_path, NOON.date()).open("ab") as file:
        file.write(b'{"v": 2, "event": "sung"}\n\xff\xfe\n{"v": 1, "event": "offe')
    found = read_decisions(tmp_path)
    assert (len(found.lines), found.newer, found.torn) == (1, 1, 2)


def test_days_are_those_of_the_office(tmp_path: Path) -> None:
    late = Scene(datetime(2026, 11, 23, 23, 30, tzinfo=UTC), "support", "en", "chat", "c")
    with writing(tmp_path) as log:
        log(Accepted(late, CallbackKind.ASAP))
    found = read_decisions(tmp_path, date(2026, 11, 24), date(2026, 11, 24))
    berlin = ZoneInfo("Europe/Berlin")
    counted = count_lines(found.lines, lambda day, _: Group(day=day), lambda _: berlin)
    assert list(counted) == [Group(day=date(2026, 11, 24))]


def test_no_rate_comes_from_nothing(tmp_path: Path) -> None:
    with writing(tmp_path) as log:
        log(Accepted(SCENE, CallbackKind.ASAP))
    (figures,) = count_lines(
        read_decisions(tmp_path).lines, lambda *_: Group(), lambda _: ZoneInfo("UTC")
    ).values()
    assert figures.offer_rate is None
    assert figures.accept_rate is None
    assert figures.median_wait_seconds is None
    assert figures.long_wait_seconds is None


def test_nine_of_ten_waits_are_no_longer_than_the_long_one(tmp_path: Path) -> None:
    with writing(tmp_path) as log:
        for minutes in range(1, 12):
            log(Offered(SCENE, Situation.USUAL, (Rung.ASAP,), minutes * 60.0))
    (figures,) = count_lines(
        read_decisions(tmp_path).lines, lambda *_: Group(), lambda _: ZoneInfo("UTC")
    ).values()
    assert figures.median_wait_seconds == 6 * 60
    assert figures.long_wait_seconds == 10 * 60
