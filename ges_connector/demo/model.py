"""Whether the trained model still belongs to the files it was trained from.

A model file carries a digest of everything that decides what training gives: domain, training
data, pipeline, and the versions of the engine's packages. When no file has the digest of today,
whatever was trained is stale.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_DIGEST_CHARACTERS = 16


def digest(root: Path, sources: Iterable[Path]) -> str:
    """Digest the sources.

    Args:
        root: What paths are taken relative to, so that a moved checkout keeps its model.
        sources: Files, and directories of YAML files. One that does not exist counts as empty.

    Returns:
        A short hexadecimal digest of names and contents, independent of order.
    """
    total = hashlib.sha256()
    for path in sorted({file for source in sources for file in _files(source)}):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        total.update(f"{path.relative_to(root).as_posix()}\0{content}\n".encode())
    return total.hexdigest()[:_DIGEST_CHARACTERS]


def model_file(directory: Path, root: Path, sources: Iterable[Path]) -> Path:
    """Name the model that belongs to the sources; it is fresh when the file exists."""
    return directory / f"assistant-{digest(root, sources)}.tar.gz"


def _files(source: Path) -> list[Path]:
    if source.is_dir():
        return [path for path in source.rglob("*.y*ml") if path.is_file()]
    return [source] if source.is_file() else []
