"""Where the sandbox's chance comes from: streams that depend on the seed and nothing else.

Every purpose draws from a stream of its own, so that a new draw in one place never shifts the
draws of another, and the same seed gives the same ids, customers and arrivals on every machine.
"""

from random import Random
from uuid import UUID


def stream(seed: int, purpose: str, name: str = "") -> Random:
    """Returns the random stream of one purpose, the same for the same three arguments."""
    return Random(f"{seed}/{purpose}/{name}")  # noqa: S311 - chance that can be repeated


def draw_uuid(source: Random) -> UUID:
    """Draws an id in the form of a UUID version 4."""
    return UUID(int=source.getrandbits(128), version=4)
