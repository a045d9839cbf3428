"""Files of languages that do not come along: beside the catalogues that `CALLBACK_WORDING` names.

They lie in folders of the same names as here: `answers`, `remark`, `phrases` and others. So a
language is added without touching what is installed. They are read once, as those here are.
"""

import os
from pathlib import Path

_VARIABLE = "CALLBACK_WORDING"


def own_files(folder: str, ending: str) -> dict[str, Path]:
    """Give the files of a folder by language, in the order of their names; none where none are.

    Args:
        folder: Its name.
        ending: With its dot.
    """
    named = os.environ.get(_VARIABLE, "").strip()
    found = sorted(Path(named, folder).glob(f"*{ending}")) if named else []
    return {file.stem: file for file in found}
