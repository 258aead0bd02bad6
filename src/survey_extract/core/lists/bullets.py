"""A list without a table goes in; a row for each bullet that names a source comes out, with what became of the other lines.

Nothing that looks like an entry is lost silently: a bullet is a row, or it is
named with its line. Badges, licences, anchors, and links in headings and prose
are no entries; they are told in one line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import unquote

from survey_extract.core.inputs.identifiers import Identity, parse_identity
from survey_extract.core.lists.foreign import as_source
from survey_extract.core.lists.read import ListedRow, Unreadable
from survey_extract.core.plural import count_of
from survey_extract.errors import BadSources


@dataclass(slots=True)
class Bullets:
    """What the lines of a list yielded: ``told`` are bullets that name no source, ``aside`` lines that were passed over, by what they hold."""

    rows: list[ListedRow] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    told: list[Unreadable] = field(default_factory=list)
    aside: dict[str, list[int]] = field(default_factory=dict)

    @property
    def remarks(self) -> Iterator[tuple[int, str]]:
        """What is said of the lines that were passed over, each with its line number."""
        yield from ((item.line, item.why) for item in self.told)
        if self.aside:
            kinds = (f"{kind} ({_lines(lines)})" for kind, lines in self.aside.items())
            yield min(map(min, self.aside.values())), f"passed over, since they are no entries: {', '.join(kinds)}"


class _Link(NamedTuple):
    label: str
    target: str
    start: int


_BULLET = re.compile(r"(?:[-*+\u2022]|\d{1,4}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?(?P<rest>.*)")
_IMAGE = re.compile(r"!\[[^\[\]]*\](?:\([^()\s]*(?:\s[^()]*)?\)|\[[^\[\]]*\])|<img\b[^<>]*>", re.IGNORECASE)
_EMPTY_LINK = re.compile(r"\[\s*\]\([^()]*\)")
_LINK = re.compile(
    r"""\[(?P<label>(?:[^\[\]]|\[[^\[\]]*\])*)\](?:\(\s*(?:<(?P<angle>[^<>]*)>|(?P<link>(?:[^()\s]|\([^()\s]*\))*))(?:\s+["'(][^"'()]*["')])?\s*\)|\[(?P<ref>[^\[\]]*)\])"""
    r"""|<a\b[^<>]*?href=["'](?P<href>[^"'<>]*)["'][^<>]*>(?P<inner>[^<>]*)</a>""",
    re.IGNORECASE,
)
_DEFINED = re.compile(r"[ ]{0,3}\[(?P<ref>[^\[\]]+)\]:\s*<?(?P<link>[^\s<>]+)>?")
_BARE = re.compile(r"https?://[^\s<>\"\\]+", re.IGNORECASE)
_ASIDE = re.compile(r"contribut|code.of.conduct|licen[cs]e|creativecommons\.org", re.IGNORECASE)
_GENERIC = re.compile(
    r"(?:the )?(?:pdf|paper|link|arxiv|code|here|url|html|doi|web|website|site|page|source|full text|text|preprint|abs|abstract)",
    re.IGNORECASE,
)
"""Labels that say what a link is, not what it leads to."""
_FRAMES = " *_`~:;,.-()[]<>\u2013\u2014\u00b7|"


def read_bullets(text: str) -> Bullets:
    """A row for each line that is a source, and each bullet that names one."""
    found, lines = Bullets(), text.splitlines()
    defined = {m["ref"].casefold(): m["link"] for line in lines if (m := _DEFINED.match(line))}
    for number, line in enumerate(lines, 1):
        if line.strip() and not _DEFINED.match(line):
            _read(line.strip(), number, defined, found)
    return found


def _read(words: str, number: int, defined: Mapping[str, str], found: Bullets) -> None:
    bullet = _BULLET.match(words)
    rest = (bullet["rest"] if bullet else words).strip()
    plain = _EMPTY_LINK.sub("", _IMAGE.sub("", rest)).strip()
    if plain != rest:
        _pass(found, "badges or images", number)
    if bullet is None:
        _line(plain, number, defined, found)
    elif plain:
        _bullet(plain, number, defined, found)


def _line(plain: str, number: int, defined: Mapping[str, str], found: Bullets) -> None:
    source = as_source(plain.strip("<>"))
    if not re.search(r"\s", source) and _identity(source):
        found.rows.append(ListedRow("", "", source, (), number))
    elif any(not link.target.startswith("#") for link in _links(plain, defined)) or _BARE.search(plain):
        _pass(found, "licences" if _ASIDE.search(plain) else "links in headings or prose", number)


def _bullet(plain: str, number: int, defined: Mapping[str, str], found: Bullets) -> None:
    links = _links(plain, defined)
    named = [
        (link, source)
        for link in links
        if not _is_aside(link) and _identity(source := as_source(unquoted(link.target)))
    ]
    if named:
        own = [source for _, source in named if (identity := _identity(source)) and identity.kind != "web"]
        if len(dict.fromkeys(own)) > 1:
            found.unreadable.append(Unreadable(number, f"{count_of(len(own), 'source')} in one bullet ({', '.join(own)}): give each its own"))  # fmt: skip
            return
        if len(named) > 1:
            _pass(found, "further links of bullets", number)
        link, source = next(
            (pair for pair in named if pair[1] in own and _GENERIC.fullmatch(named[0][0].label)), named[0]
        )
        found.rows.append(ListedRow(_name(plain, link), "", source, (), number))
    elif links and all(link.target.startswith("#") for link in links):
        _pass(found, "anchors", number)
    elif links and all(_is_aside(link) or link.target.startswith("#") for link in links):
        _pass(found, "licences and rules for contributors", number)
    elif links:
        found.unreadable.append(Unreadable(number, _why(as_source(links[0].target))))
    else:
        said = plain if len(plain) <= 60 else f"{plain[:57]}..."
        found.told.append(
            Unreadable(
                number, f"not imported: {said!r} leads to no source (a link, an address, an arXiv id, or a file)"
            )
        )


def _links(plain: str, defined: Mapping[str, str]) -> list[_Link]:
    """What a line leads to: its links, addresses without one, and, where it has neither, words that are a source."""
    links: list[_Link] = []
    for match in _LINK.finditer(plain):
        label = match["label"] if match["label"] is not None else match["inner"]
        target = match["angle"] or match["link"] or match["href"]
        if match["ref"] is not None:
            target = defined.get((match["ref"] or label).casefold())
        if target:
            links.append(_Link(label.strip(_FRAMES), target, match.start()))
    bare = _LINK.sub(lambda match: " " * len(match[0]), plain)
    links += [_Link("", _unframed(match[0]), match.start()) for match in _BARE.finditer(bare)]
    if not links:
        tokens = re.finditer(r"[^\s<>|]+", bare)
        links += [
            _Link("", word, m.start())
            for m in tokens
            if _identity(as_source(word := m[0].strip("()[]<>,;:*`\"'").rstrip(".")))
        ]
    return sorted(links, key=lambda link: link.start)


def _unframed(address: str) -> str:
    """An address in prose, without the marks behind it."""
    address = address.rstrip(".,;:!?*'`")
    while address.endswith(")") and address.count(")") > address.count("("):
        address = address[:-1].rstrip(".,;:!?*'`")
    return address


def unquoted(target: str) -> str:
    """A link to a file as the file is called."""
    return target if "://" in target else unquote(target.partition("#")[0])


def _is_aside(link: _Link) -> bool:
    return bool(
        _ASIDE.search(link.target if "://" not in link.target or "creativecommons.org" in link.target else link.label)
    )


def _name(plain: str, link: _Link) -> str:
    """The label of the link, or where it only says what the link is, the words before it."""
    if link.label and not _GENERIC.fullmatch(link.label):
        return link.label
    return re.sub(r"[*_`]{1,3}", "", _LINK.sub(lambda m: m["label"] or "", plain[: link.start])).strip(_FRAMES)


def _identity(source: str) -> Identity | None:
    try:
        return parse_identity(source)
    except BadSources:
        return None


def _why(source: str) -> str:
    try:
        parse_identity(source)
    except BadSources as error:
        return str(error)
    return f"{source!r} is not a source"


def _pass(found: Bullets, kind: str, number: int) -> None:
    found.aside.setdefault(kind, []).append(number)


def _lines(numbers: Sequence[int]) -> str:
    few = ", ".join(map(str, numbers[:10]))
    return f"{'line' if len(numbers) == 1 else 'lines'} {few}{', ...' if len(numbers) > 10 else ''}"
