"""What customers say about time, and how to say it back. No Rasa, no HTTP.

```python
from datetime import UTC, datetime
from ges_connector.language import Unclear, understand

wish = understand("morgen um halb vier", "de-DE", datetime.now(UTC), "Europe/Berlin")
if isinstance(wish, Unclear):
    ...  # ask; `wish.reason` says what about
```
"""

from ges_connector.language.babel_aliases import keep_languages_apart
from ges_connector.language.understand import understand, warm_up
from ges_connector.language.wish import (
    Choice,
    ChoiceKind,
    Grain,
    Interval,
    Unclear,
    UnclearReason,
    Wish,
    WishKind,
)

# Whatever module of the package is imported, this runs first.
keep_languages_apart()

__all__ = [
    "Choice",
    "ChoiceKind",
    "Grain",
    "Interval",
    "Unclear",
    "UnclearReason",
    "Wish",
    "WishKind",
    "understand",
    "warm_up",
]
