"""What time it is for the assistant.

Real time, unless `CALLBACK_CLOCK_FILE` names a file: then the instant written there (ISO 8601 with
an offset) is now, and stays so until the file changes. Demonstrations and tests use it to stand at
the same moment as the sandbox's frozen clock.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

VARIABLE: Final = "CALLBACK_CLOCK_FILE"


def now() -> datetime:
    """Tell the present instant, UTC.

    Raises:
        OSError: The file of the clock cannot be read.
        ValueError: It does not hold an instant with an offset.
    """
    path = os.environ.get(VARIABLE)
    if not path:
        return datetime.now(UTC)
    at = datetime.fromisoformat(Path(path).read_text(encoding="ascii").strip())
    if at.utcoffset() is None:
        raise ValueError(f"{VARIABLE}: the instant has no offset")
    return at.astimezone(UTC)
