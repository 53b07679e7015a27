"""How many wrong digits in the prose a test notices: ``python -m benchmarks.numbers [N [SEED]]``.

One digit of a number of the book is changed, N times, and the rules of `tests/book/test_numbers.py`
are asked again, on the built site. Exit status 1 if the bar is not met.
"""

from __future__ import annotations

import random
import sys
from collections import Counter

from tests.book.test_numbers import BOOK_PAGES, Number, support

from .table import markdown

#: Share that must be noticed of the numbers of which a rule asks what they are.
BAR = 0.8
#: What these support could as well be another number.
FREE = ("cited", "named", "guessed")


def mutant(number: Number, draw: random.Random) -> Number:
    """The number with another digit in one place."""
    text = number.sentence
    digits = [i for i in range(*number.found.span()) if text[i] in "0123456789"]
    place = draw.choice(digits)
    digit = draw.choice([each for each in "0123456789" if each != text[place]])
    return number._replace(sentence=text[:place] + digit + text[place + 1 :])


def noticed(number: Number) -> bool:
    """Whether nothing supports a number, or it is none any more."""
    return number.found is None or number.why() is None


def main(mutants: int = 2000, seed: int = 0) -> int:
    """Change digits and print the table."""
    draw = random.Random(seed)
    numbers = [number for page in BOOK_PAGES for number in support(page)]
    drawn = draw.choices(numbers, k=mutants)
    made = Counter(number.why() for number in drawn)
    found = Counter(number.why() for number in drawn if noticed(mutant(number, draw)))
    strong = [rule for rule in made if rule not in FREE]
    sums = [(str(rule), [rule]) for rule in sorted(made, key=str)]
    sums += [("all but " + ", ".join(FREE), strong), ("all", list(made))]
    rows = []
    for what, rules in sums:
        of, seen = sum(made[rule] for rule in rules), sum(found[rule] for rule in rules)
        rows.append([what, str(of), f"{seen / of:.0%}"])
    print(markdown(["Rule", "Mutants", "Noticed"], rows))
    share = sum(found[rule] for rule in strong) / sum(made[rule] for rule in strong)
    return int(share < BAR)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
