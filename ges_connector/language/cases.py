"""What was said and what it means, and what an answer to it is worth.

- right: the time that was meant, and no other;
- open: several readings, of which one was meant (the offered slots or a question decide);
- asked: no answer, but a reason to ask;
- wrong: another time than was meant, or a time where none was. This is what counts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from ges_connector.language.wish import Unclear, Wish

Verdict = Literal["right", "open", "asked", "wrong"]
VERDICTS: tuple[Verdict, ...] = ("right", "open", "asked", "wrong")


@dataclass(frozen=True, slots=True)
class Case:
    """An utterance and what it means.

    Attributes:
        language: two-letter code.
        locale: what `understand` is told.
        text: what was said.
        said_at: aware; when.
        zone: the customer's.
        judge: tells what an answer of `understand` is worth.
        judge_instant: the same for a plain wall time.
    """

    language: str
    locale: str
    text: str
    said_at: datetime
    zone: ZoneInfo
    judge: Callable[[Wish | Unclear], Verdict]
    judge_instant: Callable[[datetime], Verdict]
