"""A complaint of the TOML parser goes in, what is wrong in the file comes out, in words for the person who wrote it.

The parser speaks of its grammar. A message that is not known here is passed on as it is.
"""

from __future__ import annotations

import re
import tomllib

_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_WORDS = (
    ("Illegal character '\\n'", "a quote is opened on this line and not closed"),
    ("Unterminated string", "a quote is opened and not closed"),
    ("Expected \"'''\"", "three quotes are opened and not closed"),
    ("Cannot overwrite a value", "this name has a value twice; keep one of the two lines"),
    ("Cannot declare", "this heading in [brackets] stands twice, or has a value already; keep one"),
    ("Cannot mutate immutable", "this name has a value already, and cannot have parts as well"),
    ("Invalid value", 'no value can be read here: a text stands in quotes, name = "text"'),
    ("Expected '=' after a key", "there must be a = behind the name"),
    ("Expected newline or end of document", "something stands behind the value that does not belong there; a quote in a text is written \\\""),
    ("Unclosed array", "a [ is opened and not closed, or a comma is missing in it"),
    ("Unclosed inline table", "a { is opened and not closed, or a comma is missing in it"),
    ("Expected ']' at the end of a table declaration", "a heading in brackets lacks its ]"),
    ("Invalid initial character for a key part", "a name is wanted here: letters, digits, _ and -, or words in quotes"),
    ("Invalid statement", "a line is name = value, or a heading in [brackets]"),
    ("Unescaped '\\' in a string", "a \\ in a text is written \\\\"),
    ("Illegal character", "a letter that nobody sees stands here: type the line again"),
    ("Duplicate inline table key", "this name has a value twice; keep one of them"),
)  # fmt: skip


def toml_fault(file: str, error: tomllib.TOMLDecodeError) -> str:
    """The fault with its line, where there is one."""
    said = str(error)
    place = _PLACE.search(said)
    what = next((words for begins, words in _WORDS if said.startswith(begins)), _PLACE.sub("", said))
    return f"{file}:{place[1]}: {what}" if place and place[1] else f"{file}: {what}, up to the end of the file"
