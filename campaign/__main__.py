"""Runs the campaign, prints what it came to, and ends with 1 if anything told was not so."""

from __future__ import annotations

import argparse
import contextlib
import os
import secrets
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TYPE_CHECKING, Final

from bench.figures import note
from campaign.crews import Failure, Played, be_quiet, play_alone
from campaign.plans import Setting

if TYPE_CHECKING:
    from collections.abc import Iterator

_MINUTES: Final = 5.0
_CONVERSATIONS_A_ROUND: Final = 200
# Programs of their own take long to start and are slow to talk to, so they are fewer; but they come
# first, so that a short run or a slow machine plays each of them.
_TURNS_OF_SETTINGS: Final = (
    Setting.SERVED_TWICE,
    Setting.KILLED,
    Setting.SERVED,
    *[Setting.INSIDE] * 18,
)


def main() -> int:
    """Run as the command line says."""
    asked = _arguments()
    sys.stdout.write(f"seed {asked.seed}; play the same again with --seed {asked.seed}\n")
    sys.stdout.flush()
    began, total = time.monotonic(), []
    rounds = _rounds(asked.seed, asked.setting, asked.conversations)
    is_over = _Over(began, asked.minutes, asked.conversations)
    context = get_context("spawn")
    with ProcessPoolExecutor(asked.crews, mp_context=context, initializer=be_quiet) as crews:
        waiting = {crews.submit(play_alone, *next(rounds)) for _ in range(asked.crews)}
        while waiting:
            done = next(as_completed(waiting))
            waiting.discard(done)
            total.append(done.result())
            if not is_over(total) and not any(each.failures for each in total):
                waiting.add(crews.submit(play_alone, *next(rounds)))
    took_seconds = time.monotonic() - began
    _report(total, took_seconds)
    if any(each.failures for each in total):
        return 1
    if asked.minutes is not None and asked.setting is None:
        note("faults", _rows(total, took_seconds))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="campaign", description=__doc__)
    parser.add_argument("--minutes", type=float, help="how long; five without this and the next")
    parser.add_argument("--conversations", type=int, help="how many, at least")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000), help="of it all")
    parser.add_argument("--setting", type=Setting, choices=[*Setting], help="only this one")
    parser.add_argument(
        "--crews", type=int, default=1 + (os.cpu_count() or 1), help="processes side by side"
    )
    asked = parser.parse_args()
    if asked.minutes is None and asked.conversations is None:
        asked.minutes = _MINUTES
    return asked


@dataclass(frozen=True, slots=True)
class _Over:
    """Whether it is enough."""

    began: float
    minutes: float | None
    conversations: int | None

    def __call__(self, total: list[Played]) -> bool:
        held = sum(each.conversations for each in total)
        is_late = self.minutes is not None and time.monotonic() - self.began > 60 * self.minutes
        is_much = self.conversations is not None and held >= self.conversations
        return is_late or is_much


def _rounds(
    seed: int, setting: Setting | None, conversations: int | None
) -> Iterator[tuple[int, Setting, int]]:
    """Give one round after the other, each with a seed of its own that can be named."""
    size = min(_CONVERSATIONS_A_ROUND, conversations or _CONVERSATIONS_A_ROUND)
    number = 0
    while True:
        chosen = setting or _TURNS_OF_SETTINGS[number % len(_TURNS_OF_SETTINGS)]
        yield seed + number, chosen, size
        number += 1


def _report(total: list[Played], took_seconds: float) -> None:
    out = sys.stdout
    writes = sum(each.writes for each in total)
    for setting in Setting:
        here = [each for each in total if each.setting is setting]
        out.write(
            f"{setting:<13} {sum(each.conversations for each in here):>7} conversations "
            f"{sum(each.turns for each in here):>8} turns "
            f"{sum(each.writes for each in here):>7} bookings and cancellations\n"
        )
    out.write(f"in all {writes} bookings and cancellations, {writes / took_seconds:.0f} a second\n")
    out.write("\nfault, and what was told:\n")
    told: Counter[tuple[str, str]] = sum((each.told for each in total), Counter())
    for (fault, words), count in sorted(told.items()):
        out.write(f"  {fault:<24} {words:<32} {count:>7}\n")
    slow = sum(each.slow_turns for each in total)
    if slow:
        out.write(f"on {slow} turns this machine was too slow to tell anything by\n")
    failures = [failure for each in total for failure in each.failures]
    _report_failures(failures)


def _rows(total: list[Played], took_seconds: float) -> list[tuple[str, str]]:
    """What stands in README of a run in which nothing told was not so."""
    told = sum((each.told for each in total), Counter[tuple[str, str]]())
    faults = {fault for fault, _ in told} - {"none"}
    what = f"{took_seconds / 60:.1f} minutes of conversations under {len(faults)} kinds of faults"
    figure = (
        f"{sum(each.conversations for each in total):,} conversations, "
        f"{sum(each.turns for each in total):,} turns, "
        f"{sum(each.writes for each in total):,} bookings and cancellations; told and not so: 0"
    )
    return [(what, figure)]


def _report_failures(failures: list[Failure]) -> None:
    if not failures:
        sys.stdout.write("\nwhatever was told was so\n")
        return
    shown = min(failures, key=lambda each: (each.entry is None, len(each.told)))
    sys.stdout.write(
        f"\n{len(failures)} conversations in which something told was not so; the shortest, of "
        f"seed {shown.seed} in the setting {shown.setting}:\n\n"
    )
    sys.stdout.write("\n".join(shown.told) + "\n")
    if shown.entry is None:
        sys.stdout.write("\nIt goes wrong only among others; play the round again:\n")
        sys.stdout.write(
            f"  python -m campaign --seed {shown.seed} --setting {shown.setting} "
            f"--conversations {_CONVERSATIONS_A_ROUND}\n"
        )
    else:
        sys.stdout.write("\nTo keep it, add to tests/faults/seeds.yml:\n" + shown.entry)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(main())
