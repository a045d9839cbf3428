"""How far a word is from another: slips of the finger."""

SLIPS = 2
"""How many slips a long word may hold and still be suspected to be a time word."""


def distance(word: str, other: str) -> int:
    """How many letters have to be put in, left out or changed."""
    if abs(len(word) - len(other)) > SLIPS:
        return SLIPS + 1
    row = list(range(len(other) + 1))
    for place, letter in enumerate(word, start=1):
        diagonal, row[0] = row[0], place
        for column, counterpart in enumerate(other, start=1):
            change = diagonal + (letter != counterpart)
            diagonal = row[column]
            row[column] = min(change, row[column] + 1, row[column - 1] + 1)
    return row[-1]


def is_one_letter_away(word: str, other: str) -> bool:
    """Whether one letter is missing, too much, another, or swapped with its neighbour."""
    if word == other:
        return False
    short, long = sorted((word, other), key=len)
    if len(long) - len(short) > 1:
        return False
    start = 0
    while start < len(short) and short[start] == long[start]:
        start += 1
    if len(short) < len(long):
        return short[start:] == long[start + 1 :]
    if short[start + 1 :] == long[start + 1 :]:
        return True
    swapped = short[start : start + 2] == long[start : start + 2][::-1]
    return swapped and short[start + 2 :] == long[start + 2 :]


def is_near(word: str, other: str) -> bool:
    """Whether both are the same when at most one letter of each, not the first, is left out."""
    if word[:1] != other[:1] or abs(len(word) - len(other)) > 1:
        return False
    shortest = min(len(word), len(other))
    start = 1
    while start < shortest and word[start] == other[start]:
        start += 1
    tail = 0
    while tail < shortest - start and word[-1 - tail] == other[-1 - tail]:
        tail += 1
    left, right = word[start : len(word) - tail], other[start : len(other) - tail]
    if max(len(left), len(right)) <= 1:
        return True
    return len(left) == len(right) and (left[1:] == right[:-1] or left[:-1] == right[1:])
