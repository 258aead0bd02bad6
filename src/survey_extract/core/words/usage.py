"""The sentences of a document go in, how it writes its words comes out: the document as its own dictionary.

Whether "Falcon" at the start of a clause is a name, whether "imagenet" is
one, what "ITC" is short for: no list can say, and the document does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from survey_extract.core.words.tokens import Token, chunks, fold

_SMALL = frozenset(["of", "and", "the", "for", "in", "on", "with", "a", "an", "to"])
_MID_SENTENCE = frozenset([",", ";", ")"])
LONGEST_SHORT = 8
"""Letters that an abbreviation has at most."""
_SUFFIXES = ("", "s", "es", "d", "ed", "ing", "e", "er", "ers", "ly")


@dataclass
class Usage:
    """``lower`` and ``upper`` count words in lower case, and capitalised in mid-sentence; ``formed`` holds marked names.

    ``meanings`` leads from an abbreviation to what it is short for, and back.
    All keys are folded.
    """

    lower: Counter[str] = field(default_factory=Counter)
    upper: Counter[str] = field(default_factory=Counter)
    formed: Counter[str] = field(default_factory=Counter)
    pairs: set[tuple[str, str]] = field(default_factory=set)
    """Neighbours in lower case."""
    meanings: dict[str, str] = field(default_factory=dict)
    compounds: dict[tuple[tuple[str, ...], tuple[str, ...]], set[str]] = field(default_factory=dict)
    """What stands between the parts before and behind it in a compound in small letters: "large" in "clip-vit-large"."""

    def learn(self, found: list[Token]) -> None:
        """Take in one sentence."""
        previous = ""
        for first, behind in chunks(found):
            for at in range(first, behind):
                if found[at].kind == "word":
                    self._count(found, at, is_whole=behind == first + 1)
                    word = fold(found[at].text)
                    if found[at].text.islower() and previous:
                        self.pairs.add((previous, word))
                    previous = word if found[at].text.islower() else ""
            if behind > first + 1:
                for around, part in _with_one_out(found[first:behind]):
                    self.compounds.setdefault(around, set()).add(part)
                self.formed["".join(fold(token.text) for token in found[first:behind] if token.kind != "mark")] += 1
            if behind < len(found) and found[behind].text == ")" and first and found[first - 1].text == "(":
                self._learn_short(found, first, behind)

    def _count(self, found: list[Token], at: int, *, is_whole: bool) -> None:
        text, key = found[at].text, fold(found[at].text)
        if text.islower():
            self.lower[key] += 1
        elif len(text) > 1 and not text[1:].islower():
            self.formed[key] += 1
        elif is_whole and at and (found[at - 1].text in _MID_SENTENCE or found[at - 1].text[-1:].islower()):
            self.upper[key] += 1

    def _learn_short(self, found: list[Token], first: int, behind: int) -> None:
        """ "image-text contrastive (ITC)": the words whose initials an abbreviation in parentheses repeats."""
        text = "".join(token.text for token in found[first:behind])
        initials = [fold(char) for char in text if char.isupper()]
        if not 2 <= len(initials) <= LONGEST_SHORT or len(text) > 2 * LONGEST_SHORT:
            return
        words: list[str] = []
        at = first - 2
        while at >= 0 and initials and len(words) < 2 * LONGEST_SHORT:
            word = fold(found[at].text)
            if found[at].kind == "mark":
                if word not in ("-", "\u2010", "/"):
                    return
            elif word[:1] == initials[-1]:
                initials.pop()
                words.append(word)
            elif word in _SMALL and words:
                words.append(word)
            else:
                return
            at -= 1
        if not initials:
            meaning, short = "".join(reversed(words)), fold(text)
            self.meanings.setdefault(short, meaning)
            self.meanings.setdefault(meaning, short)

    def rivals(self, chunk: Sequence[Token]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """What the document has in a compound in place of a part, the part, and the parts that both share; nothing where it has it so."""
        for (before, behind), part in _with_one_out(chunk):
            known = self.compounds.get((before, behind), set())
            if part in known:
                return
            yield from ((other, part, before + behind) for other in sorted(known))

    def is_ordinary(self, key: str) -> bool:
        """Whether the document has a word, in some form, in lower case."""
        if self.lower[key]:
            return True
        stems = {key[: -len(end)] for end in _SUFFIXES if end and key.endswith(end) and len(key) - len(end) > 2} | {key}
        return any(self.lower[stem + end] for stem in stems for end in _SUFFIXES)

    def is_written_as_name(self, key: str) -> bool:
        """Whether the document writes a word with capitals, more than in passing, and never without."""
        return self.formed[key] > 0 or self.upper[key] > 1

    def is_common_phrase(self, words: Sequence[str]) -> bool:
        """Whether the document has these words side by side in lower case."""
        return all(pair in self.pairs for pair in pairwise(words))

    def other_name(self, key: str) -> str | None:
        """What a name is short for, or its abbreviation."""
        return self.meanings.get(key) or self.meanings.get(key.removesuffix("s"))


_MOST_PARTS = 6


def _with_one_out(chunk: Sequence[Token]) -> Iterator[tuple[tuple[tuple[str, ...], tuple[str, ...]], str]]:
    """The parts of a compound in small letters, each with those before and behind it."""
    parts = tuple(token.text for token in chunk if token.kind != "mark")
    if 1 < len(parts) <= _MOST_PARTS and all(part == part.lower() for part in parts):
        for at, part in enumerate(parts):
            yield (parts[:at], parts[at + 1 :]), part
