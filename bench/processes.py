"""What processes hold and use, read from /proc (Linux)."""

import os
from pathlib import Path
from typing import Final

from bench.measure import cpu_seconds

_MIB: Final = 1024 * 1024


def family(pid: int) -> list[int]:
    """A process and all that it started, and they in turn."""
    found = [pid]
    for member in found:
        for task in Path(f"/proc/{member}/task").iterdir():
            found += [int(each) for each in (task / "children").read_text().split()]
    return found


def family_cpu_seconds(pid: int) -> float:
    """CPU time that a family has used so far."""
    return sum(cpu_seconds(member) for member in family(pid))


def resident_mib(pid: int) -> float:
    """Resident memory of one process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / _MIB


def family_mib(pid: int) -> float:
    """Resident memory of a family; pages that they share count for each."""
    return sum(resident_mib(member) for member in family(pid))


def load_average() -> float:
    """How many processes wanted to run during the last minute."""
    return os.getloadavg()[0]
