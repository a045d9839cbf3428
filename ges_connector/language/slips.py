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
