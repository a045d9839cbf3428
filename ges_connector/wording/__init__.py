"""What the assistant says: catalogues for people, renderings of them for engines.

```python
from pathlib import Path
from ges_connector.language.phrases import Style
from ges_connector.wording import optional_sentence, read_wording

german = read_wording(Path("domain/wording")).catalogue("de")
caller = german.fragment("caller_name", Style.CHAT, calling_name="Lakeside")
values = {"caller": optional_sentence(caller), "attempts": optional_sentence("")}
```
"""

from ges_connector.wording.catalogue import (
    MASTER,
    Catalogue,
    Response,
    Wording,
    WordingError,
    Words,
    optional_sentence,
    placeholders_of,
)
from ges_connector.wording.reading import read_wording

__all__ = [
    "MASTER",
    "Catalogue",
    "Response",
    "Wording",
    "WordingError",
    "Words",
    "optional_sentence",
    "placeholders_of",
    "read_wording",
]
