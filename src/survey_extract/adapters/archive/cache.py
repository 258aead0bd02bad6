"""What anybody can fetch, read or buy again goes in under its hash and comes out, or None: documents, texts and replies."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from survey_extract.adapters.archive.lines import decoder_of, line_of
from survey_extract.core.books import Reply
from survey_extract.core.fingerprint import sha256_of, sha256_text
from survey_extract.core.paper_text import PaperText
from survey_extract.files import write_whole

_READER = re.compile(rb'"reader":\s*"([^"]*)"')
_HEAD = 512
"""Bytes at the start of a text that contain its reader's name."""
TEXT_FORMAT = 1
"""Raised when the records of a text change, so that older cache files are read again."""
_ENDINGS = {"documents": "", "texts": ".json", "replies": ".txt", "words": ".txt"}
"""How the names of the files end, by their folder."""
_SHA256 = re.compile(r"[0-9a-f]{64}")


def is_sha256(text: str) -> bool:
    """Whether a text is a hash as we write it, and nothing else."""
    return _SHA256.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class _HeldText:
    """A text in the cache."""

    format: int
    text: PaperText


class Cache:
    """The folder ``warehouse/cache/``. What is damaged counts as missing."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path_of(self, sha256: str) -> Path | None:
        """Where the bytes of a document are, None when they are not here; checked once by ``bytes_of``."""
        return self._held("documents", sha256) if self.bytes_of(sha256) is not None else None

    def bytes_of(self, sha256: str) -> bytes | None:
        """The bytes of a document, None when they are not here or no longer what their name says."""
        try:
            data = self._held("documents", sha256).read_bytes()
        except FileNotFoundError:
            return None
        return data if hashlib.sha256(data).hexdigest() == sha256 else None

    def keep_bytes(self, data: bytes) -> str:
        sha256 = hashlib.sha256(data).hexdigest()
        write_whole(self._cached("documents", sha256), data)
        return sha256

    def text_of(self, document: str) -> PaperText | None:
        """The text of a document, None when it is not here or damaged."""
        try:
            data = self._held("texts", document).read_bytes()
        except FileNotFoundError:
            return None
        head, _, payload = data.partition(b"\n")
        if hashlib.sha256(payload).hexdigest().encode() != head.partition(b" ")[0]:
            return None
        held = decoder_of(_HeldText).decode(payload)
        return held.text if held.format == TEXT_FORMAT else None

    def keep_text(self, document: str, text: PaperText) -> None:
        """Keep a text under a line with the hash of what follows, and the text's own."""
        payload = msgspec.json.encode(_HeldText(TEXT_FORMAT, text))
        head = f"{hashlib.sha256(payload).hexdigest()} {text.sha256}\n"
        write_whole(self._cached("texts", document), head.encode() + payload)

    def keep_words(self, words: str) -> None:
        """Keep a sentence that a decision rests on under its hash, for when the text in which it stands is read otherwise."""
        path = self._cached("words", sha256_text(words))
        if not path.is_file():
            write_whole(path, words.encode())

    def words_of(self, sha256: str) -> str | None:
        """Such a sentence, None when it is not here or damaged."""
        try:
            words = self._held("words", sha256).read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return None
        return words if sha256_text(words) == sha256 else None

    def has_text(self, document: str) -> bool:
        return self._held("texts", document).is_file()

    def text_sha256(self, document: str) -> str | None:
        """The hash of a document's text by the first line of its file, None when it is not here."""
        try:
            with self._held("texts", document).open("rb") as file:
                return file.readline().decode("ascii", "replace").strip().partition(" ")[2] or None
        except FileNotFoundError:
            return None

    def reader_of(self, document: str) -> str | None:
        """What read the text of a document, by the beginning of its file, since texts are large; None when it is not here."""
        try:
            with self._held("texts", document).open("rb") as file:
                file.readline()
                found = _READER.search(file.read(_HEAD))
        except FileNotFoundError:
            return None
        return found[1].decode("utf-8", "replace") if found else None

    def damage(self, document: str) -> tuple[str, ...]:
        """What of a document's bytes and text in the cache is not as it was kept; nothing of what is whole or not here."""
        found: list[str] = []
        kept, text = self._held("documents", document), self._held("texts", document)
        if kept.is_file() and self.bytes_of(document) is None:
            found.append(f"{self._name(kept)}: not the bytes that were fetched")
        if text.is_file():
            held = self.text_of(document)
            own = held and sha256_of(held)
            if held is None or not held.sha256 == own == self.text_sha256(document):
                found.append(f"{self._name(text)}: not the text that was kept")
        return tuple(found)

    def get_reply(self, sha256: str) -> str | None:
        """The raw reply, None when it never arrived or is damaged."""
        try:
            data = self._held("replies", sha256).read_bytes()
        except FileNotFoundError:
            return None
        head, _, payload = data.partition(b"\n")
        digest = head.partition(b" ")[0]
        return (
            payload.decode("utf-8", "surrogatepass") if hashlib.sha256(payload).hexdigest().encode() == digest else None
        )

    def put_reply(self, sha256: str, raw: str, booking: Reply | None = None) -> None:
        """Keep a reply under a line with its hash and what books it."""
        payload = raw.encode("utf-8", "surrogatepass")
        head = hashlib.sha256(payload).hexdigest().encode()
        if booking:
            head += b" " + line_of(booking)
        write_whole(self._reply_path(sha256), head.rstrip(b"\n") + b"\n" + payload)

    def booking_of(self, sha256: str) -> Mapping[str, Any] | None:
        """What was kept with a reply to book it by; None for one that someone else brought."""
        with self._reply_path(sha256).open("rb") as file:
            note = file.readline().partition(b" ")[2]
        try:
            found = json.loads(note)
        except ValueError:
            return None
        return found if isinstance(found, dict) else None

    def _reply_path(self, sha256: str) -> Path:
        return self._cached("replies", sha256)

    def _held(self, kind: str, sha256: str) -> Path:
        """Where to look for a file. A damaged record may name what is not a hash: that is a file which is not here."""
        return self._cached(
            kind, sha256 if is_sha256(sha256) else hashlib.sha256(sha256.encode(errors="replace")).hexdigest()
        )

    def _cached(self, kind: str, sha256: str) -> Path:
        """Where to keep a file; its name comes from us alone."""
        if not is_sha256(sha256):
            raise ValueError(f"{sha256[:80]!r} is not a SHA-256 and names no file")
        return Path(
            f"{self.root}/cache/{kind}/{sha256[:2]}/{sha256}{_ENDINGS[kind]}"
        )  # at once: joined, it takes four times as long

    def _name(self, path: Path) -> str:
        return str(path.relative_to(self.root.parent))
