"""A model's words go in, the JSON objects in them come out, without the text around them and without the model's thoughts.

Servers promise a form and send others: a mark of byte order, a fence, a
sentence before and after, the JSON once more as a text, a comma too many, and
thoughts before the answer, in the tags of a dozen models. A reply was paid
for, so what can be read in one way alone is read. An object that cannot be
read, or a key that is there twice with two values, could be read in several,
and is a misfit: the model is asked for a repair.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

TRIES = 8
"""Objects that are tried in vain before a reply is given up: each may cost a look at the whole rest."""
PARTS = 1_000
"""Parts of the objects around an answer in which it is looked for."""
WHERE_LIMIT = 200
"""Characters of the place of a misfit, which the reply itself may have named."""
WRAPPED = 4
"""Objects within one another in which an answer is looked for."""

_THOUGHT = r"(?:[a-z]{1,8}:)?(?:think|thinking|thoughts?|reason|reasoning|reflection|scratchpad|analysis|cot)"
_CLOSING = (
    rf"</{_THOUGHT}>|\[/think\]|◁/think▷|<\|end_of_thought\|>|<channel\|>|<\|channel\|>\s?final\b|assistantfinal"
    r"|<\|end\|>(?!\s*\Z)"
)
_CLOSE = re.compile(_CLOSING, re.IGNORECASE)
_MARKS = re.compile(
    rf"(?P<open><{_THOUGHT}>|\[think\]|◁think▷|<\|begin_of_thought\|>|<\|?channel\|?>\s?(?:analysis|commentary|thought)\b)"
    rf"|(?P<close>{_CLOSING})"
    r"|(?P<object>\{(?=\s{0,200}[\"}]))",
    re.IGNORECASE,
)
"""Where a thought begins and ends, in the tags that models leave in their replies, and where an object of JSON may begin."""
_OWN = re.compile(r"```\w{0,20}|<[|/\uff5c]{0,2}[\w\u2581:]{1,40}[|\uff5c]?>|\bjson\b", re.IGNORECASE)
"""Fences, and tags of a model's own."""
_TOKENS = re.compile(r'"(?:[^"\\]|\\.?)*(?:"|\Z)|[{}\[\]]|,(?=\s*[}\]])', re.DOTALL)
"""Of JSON: texts, brackets, and commas before a closing one."""


class Misfit(ValueError):
    """A reply that is not what was asked for; ``str()`` tells the model what is wrong, ``plain`` tells people.

    What a model is told is part of the repair question, whose reply is stored
    under its very words: those stay as they are.
    """

    def __init__(self, said: str, plain: str | None = None) -> None:
        super().__init__(said)
        self.plain = said if plain is None else plain


class Number(str):
    """A number as the reply spells it, so that 7.50 stays 7.50 and a long one costs nothing."""

    __slots__ = ()


class TwoValues(str):
    """Stands for the value of a key that an object has twice, with two values; its words say so.

    A misfit of that key alone, which whoever needs its value raises.
    """

    __slots__ = ()

    @property
    def misfit(self) -> Misfit:
        return Misfit(str(self))


def folded(name: str) -> str:
    """A key without the differences of its spelling: ``Training Methods`` is ``training_methods``."""
    return "".join(char for char in name.casefold() if char.isalnum())


def objects_in(content: str) -> list[dict[str, Any]]:
    """The objects that a reply says, in their order.

    Raises:
        Misfit: it says none, or one that cannot be read.
    """
    text = _unquoted(content.strip("\ufeff \t\r\n"))
    said, thought = _parts(text)
    if said.is_broken:
        raise Misfit("it is no JSON: an object in it cannot be read")
    found = said.objects or ([] if said.is_wordy else _nothing_but_an_object(text[thought]))
    if not found:
        raise Misfit("it is no JSON: there is no object in it")
    return found


def unwrapped(objects: Iterable[dict[str, Any]], is_one: Callable[[dict[str, Any]], bool]) -> Iterator[dict[str, Any]]:
    """The objects that are meant, even where they are wrapped in others, in a list or in a text."""
    level: list[Any] = list(objects)
    for _ in range(WRAPPED):
        below: list[Any] = []
        for node in level:
            if is_one(node):
                yield node
            else:
                _refuse_twice(node)
                below += node.values()
        level = [inner for node in below[:PARTS] for inner in _inner(node)]


def _refuse_twice(node: Mapping[str, Any]) -> None:
    """An object that has a key twice could be read in two ways."""
    for part in node.values():
        if isinstance(part, TwoValues):
            raise part.misfit


def keyed(node: Mapping[str, Any]) -> dict[str, Any]:
    """An object by the folded names of its keys.

    Raises:
        Misfit: two keys are one, with two values.
    """
    paired = _paired([(folded(key), part) for key, part in node.items()])
    _refuse_twice(paired)
    return paired


def the_same(found: Sequence[Any], what: str) -> Any:
    """The one thing that all of them say.

    Raises:
        Misfit: they differ, and nobody can know which one counts.
    """
    if any(other != found[0] for other in found):
        raise Misfit(f"{what[:WHERE_LIMIT]} is there twice, with two values")
    return found[0]


# --- what is said, and what was thought -----------------------------------------------------------


@dataclass
class _Said:
    """What is said: the objects, whether one could not be read, and whether there are words besides."""

    objects: list[dict[str, Any]] = field(default_factory=list)
    is_broken: bool = False
    is_wordy: bool = False


def _parts(text: str) -> tuple[_Said, slice]:
    """What is said, and where the last thought is. A tag within an object is words of the object."""
    said, thought, at, tries = _Said(), slice(0), 0, 0
    while mark := _MARKS.search(text, at):
        said.is_wordy |= _is_wordy(text[at : mark.start()])
        at = mark.end()
        if mark["object"]:
            read = _object_at(text, mark.start())
            tries += read is None
            said.is_broken |= read is None
            if read is not None:
                said.objects.append(read[0])
                at = read[1]
            elif tries == TRIES:
                at, tries = _last_close(text, at), 0
        elif mark["close"]:  # what stands before was a thought that nobody opened
            said, thought = _Said(), slice(0, mark.start())
        elif mark["open"]:
            end = _CLOSE.search(text, at)
            thought = slice(at, end.start() if end else len(text))
            at = end.end() if end else len(text)
    said.is_wordy |= _is_wordy(text[at:])
    return said, thought


def _last_close(text: str, at: int) -> int:
    """Where the last thought ends, or the text: what stands before is given up."""
    last = len(text)
    for end in _CLOSE.finditer(text, at):
        last = end.start()
    return last


def _is_wordy(text: str) -> bool:
    return any(map(str.isalnum, _OWN.sub("", text)))


def _nothing_but_an_object(thought: str) -> list[dict[str, Any]]:
    """Some servers take a whole answer for a thought: it is one object, and no word besides."""
    begin = thought.find("{")
    read = _object_at(thought, begin) if begin >= 0 else None
    return [] if read is None or _is_wordy(thought[:begin] + thought[read[1] :]) else [read[0]]


def _unquoted(text: str) -> str:
    """A reply that is JSON within a text of JSON, with its quotes or without, and that perhaps within another."""
    for _ in range(WRAPPED):
        quoted = f'"{text}"' if text.startswith('{\\"') else text
        if not quoted.startswith('"'):
            break
        with suppress(ValueError):
            inner = json.loads(quoted, strict=False)
            text = inner.strip() if isinstance(inner, str) else text
    return text


# --- objects --------------------------------------------------------------------------------------


def _inner(node: Any) -> list[dict[str, Any]]:
    """The objects that a part of another is."""
    if isinstance(node, dict):
        return [node]
    if isinstance(node, list):
        return [part for part in node[:PARTS] if isinstance(part, dict)]
    if isinstance(node, str) and node.lstrip().startswith("{"):
        read = _object_at(node, node.index("{"))
        return [read[0]] if read else []
    return []


def _object_at(text: str, begin: int) -> tuple[dict[str, Any], int] | None:
    """The object that begins here, and where it ends; None where it is none."""
    try:
        value, end = _DECODER.raw_decode(text, begin)
    except RecursionError:
        return None
    except ValueError:
        mended, end = _mended(text, begin)
        try:
            value = _DECODER.decode(mended)
        except (ValueError, RecursionError):
            return None
    return value, end


def _mended(text: str, begin: int) -> tuple[str, int]:
    """The object without commas before closing brackets, and where its last bracket is."""
    pieces, depth, at = list[str](), 0, begin
    for token in _TOKENS.finditer(text, begin):
        pieces.append(text[at : token.start()])
        at = token.end()
        pieces.append("" if token[0] == "," else token[0])
        depth += (token[0] in "{[") - (token[0] in "}]")
        if depth == 0:
            break
    return "".join(pieces), at


def _paired(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    paired = dict(pairs)
    if len(paired) < len(pairs):
        for key, value in pairs:
            the_same([value, paired[key]], key)
    return paired


def _decoded(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """An object as it is decoded, whatever keys it has twice."""
    paired = dict(pairs)
    if len(paired) < len(pairs):
        for key, value in pairs:
            if value != paired[key]:
                paired[key] = TwoValues(f"{key[:WHERE_LIMIT]} is there twice, with two values")
    return paired


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_decoded, parse_int=Number, parse_float=Number, parse_constant=_no_number, strict=False
)
