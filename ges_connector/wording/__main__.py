"""`python -m ges_connector.wording render|check`: writes the rendered files, or tells stale ones.

Exits with 0 when all is well, 1 when a file is stale, 2 when the catalogues cannot be used.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ges_connector.wording.catalogue import WordingError
from ges_connector.wording.rendering import rendered, stale


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m ges_connector.wording", description=__doc__)
    parser.add_argument("command", choices=("render", "check"))
    parser.add_argument("--project", type=Path, default=Path(), help="the top of a checkout")
    asked = parser.parse_args(arguments)
    try:
        return _render(asked.project) if asked.command == "render" else _check(asked.project)
    except (WordingError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2


def _render(root: Path) -> int:
    for path, text in rendered(root).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{path}\n")
    return 0


def _check(root: Path) -> int:
    old = stale(root)
    for path in old:
        sys.stderr.write(f"{path} is stale: run `make render`\n")
    return 1 if old else 0


if __name__ == "__main__":
    raise SystemExit(main())
