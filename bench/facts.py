"""What a turn that tells the wait asks GES for; the paths below the base URL.

The bench counts what each contestant asked for and refuses to compare unlike work.
"""

from typing import Final

SERVICE: Final = "Bench"
FACTS: Final = (
    f"/callbacks/queue-status/{SERVICE}",
    f"/callbacks/open-for/{SERVICE}",
    f"/estimated-wait-time?virtualQueues={SERVICE}&mode=mode2",
    f"/callbacks/availability/{SERVICE}?numberOfDays=14&reportBusy=true",
)
