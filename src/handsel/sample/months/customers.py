"""Some hundred customers and what they write: letters of the story once more, from other people about other orders."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import product
from random import Random

from handsel.sample.letters import Letter

FIRST = (
    "Alma", "Ben", "Cleo", "Dara", "Edith", "Fergal", "Greta", "Henrik", "Iona", "Jarlath", "Kaya", "Lorcan", "Mina",
    "Nils", "Odile", "Paula", "Quentin", "Rosa", "Silas", "Thea", "Ulla", "Victor", "Wilma", "Yann", "Zita",
)  # fmt: skip
LAST = ("Ashby", "Carrick", "Delaney", "Eklund", "Farrow", "Gillen", "Hartmann", "Ivers", "Joyce", "Keating", "Lowe",
        "Madden")  # fmt: skip
_ORDER = re.compile(r"\b([A-Z]{2})-(\d{4})\b")
_FAREWELL = re.compile(r"\n+Warm wishes,.*\Z", re.DOTALL)
FROM = 1000  # the first number: above every day of the story


class Customers:
    """People who write in the weeks between; a third of the letters come from somebody who wrote before."""

    def __init__(self, random: Random, patterns: Sequence[Letter]) -> None:
        self.random = random
        self.patterns = [letter for letter in patterns if letter.answer]
        self.people = [f"{first} {last}" for first, last in product(FIRST, LAST)]
        random.shuffle(self.people)
        self.known: list[str] = []
        self.count = 0

    def letter(self, day: date) -> Letter:
        """The next one, which comes on that day; its subject is like no other of the same customer."""
        self.count += 1
        if self.known and (not self.people or self.random.random() < 1 / 3):
            name = self.random.choice(self.known)
        else:
            name = self.people.pop()
            self.known.append(name)
        return self._written_by(name, self.random.choice(self.patterns), day)

    def _written_by(self, name: str, pattern: Letter, day: date) -> Letter:
        order = f"{4000 + self.count}"
        mail = f"{name.lower().replace(' ', '.')}@letters.example"
        first, old_first = name.split()[0], pattern.name.split()[0]

        def renamed(text: str) -> str:
            other = text.replace(pattern.name, name).replace(pattern.name.split()[-1], name.split()[-1])
            return _ORDER.sub(rf"\g<1>-{order}", re.sub(rf"\b{re.escape(old_first)}\b", first, other))

        return replace(
            pattern, day=FROM + self.count, on=day, name=name, mail=mail, kind="",
            subject=f"{renamed(pattern.subject)} ({order})", text=renamed(pattern.text),
            answer=_FAREWELL.sub("", renamed(pattern.answer)),
        )  # fmt: skip
