"""`make audit`: every lock is looked up, and nobody takes "not looked up" for "nothing known"."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# What stands for pip-audit says what the lock's name says.
LOOKED_UP = """#!/usr/bin/env bash
for lock; do :; done
case $lock in
  *clean*) exit 0 ;;
  *bad*) echo "Found 2 known vulnerabilities in 1 package"; exit 1 ;;
  *) echo "ERROR: not found on PyPI"; exit 1 ;;
esac
"""


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    folder = tmp_path / "scripts"
    folder.mkdir()
    shutil.copy(ROOT / "scripts" / "audit", folder)
    looked_up = tmp_path / "looked-up"
    looked_up.write_text(LOOKED_UP)
    looked_up.chmod(0o700)
    (folder / "uv").write_text(f"echo {looked_up}\n")
    return folder


@pytest.mark.parametrize(
    ("locks", "code"),
    [
        (["clean"], 0),
        (["clean", "bad"], 1),
        (["bad", "unreachable"], 1),
        (["unreachable", "bad"], 1),
        (["clean", "unreachable"], 2),
        (["clean", "--told", "bad"], 0),
        (["clean", "--told", "unreachable"], 2),
        (["bad", "--told", "bad"], 1),
    ],
)
def test_the_worst_of_all_locks_counts(scripts: Path, locks: list[str], code: int) -> None:
    ran = subprocess.run(
        ["/usr/bin/env", "bash", "scripts/audit", *locks],
        cwd=scripts.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == code
    for lock in {*locks} - {"--told"}:
        told = {"clean": "no known vulnerability in clean", "bad": "bad:\nFound 2 known"}
        assert told.get(lock, f"NOT AUDITED: {lock}") in ran.stdout + ran.stderr


def test_every_lock_that_is_installed_from_is_looked_up() -> None:
    (command,) = (
        line for line in (ROOT / "Makefile").read_text().splitlines() if "scripts/audit" in line
    )
    # What an image installs is a part of the lock of all, at the same versions.
    known = {"docker/requirements.lock": "requirements.lock"}
    locks = [
        str(path.relative_to(ROOT))
        for path in (*ROOT.glob("*.lock"), *ROOT.glob("docker/*.lock"), *ROOT.glob("engine/*.lock"))
    ]
    assert len(locks) == 5
    named = command.replace("$(LOCK)", "requirements.lock").split()
    assert [lock for lock in locks if known.get(lock, lock) not in named] == []
