"""The callback service: everything an assistant decides. No Rasa, and not one sentence.

```python
service = CallbackService(GesClient, CallbackConfig.from_yaml(text))
look = await service.look("billing", kept_id=kept_id)
offer = service.offer(look, customer_zone)
```

Facts go in and decisions come out, both frozen; the functions between are pure. Only
`CallbackService` talks to GES, and no error of GES leaves it: each becomes an outcome.
"""

from ges_connector.callbacks.booking import (
    BookingOutcome,
    BookingResult,
    CallbackKind,
    Draft,
)
from ges_connector.callbacks.call_in import CallInNumber, rungs_after, static_number
from ges_connector.callbacks.config_source import CallbackConfigError
from ges_connector.callbacks.facts import Fact, Facts, Trouble
from ges_connector.callbacks.free_times import FreeTime, time_id, time_of_id
from ges_connector.callbacks.manage import (
    Cancellation,
    CancelOutcome,
    Move,
    MoveOutcome,
    Standing,
    StandingCode,
)
from ges_connector.callbacks.offer import Offer, Rung, Situation, WhyNot, decide_offer
from ges_connector.callbacks.phone import (
    NumberFault,
    NumberRefused,
    Phone,
    caller_number,
    find_number,
)
from ges_connector.callbacks.profile import CallbackConfig, TopicProfile
from ges_connector.callbacks.service import CallbackService, FreeTimes, Look, Reach
from ges_connector.callbacks.slot_choice import Answer, AnswerKind, choose, choose_by_id
from ges_connector.callbacks.slot_menu import (
    Explanation,
    MenuView,
    Page,
    Shown,
    SlotMenu,
    open_menu,
    turn_page,
)
from ges_connector.callbacks.wait import WaitKind, WaitTold, tell_as_range

__all__ = [
    "Answer",
    "AnswerKind",
    "BookingOutcome",
    "BookingResult",
    "CallInNumber",
    "CallbackConfig",
    "CallbackConfigError",
    "CallbackKind",
    "CallbackService",
    "CancelOutcome",
    "Cancellation",
    "Draft",
    "Explanation",
    "Fact",
    "Facts",
    "FreeTime",
    "FreeTimes",
    "Look",
    "MenuView",
    "Move",
    "MoveOutcome",
    "NumberFault",
    "NumberRefused",
    "Offer",
    "Page",
    "Phone",
    "Reach",
    "Rung",
    "Shown",
    "Situation",
    "SlotMenu",
    "Standing",
    "StandingCode",
    "TopicProfile",
    "Trouble",
    "WaitKind",
    "WaitTold",
    "WhyNot",
    "caller_number",
    "choose",
    "choose_by_id",
    "decide_offer",
    "find_number",
    "open_menu",
    "rungs_after",
    "static_number",
    "tell_as_range",
    "time_id",
    "time_of_id",
    "turn_page",
]
