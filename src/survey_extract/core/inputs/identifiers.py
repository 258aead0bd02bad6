"""What a person writes in sources.csv goes in; an ``Identity`` with a stable key comes out.

The key names a source's files in the archive, so it is derived from what the
source *is*, never from its display name, and two spellings of one paper get
one key. arXiv's two schemes of identifiers (before and since April 2007) are
described at https://info.arxiv.org/help/arxiv_identifier.html.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urlsplit, urlunsplit

from survey_extract.core.records import SourceKind
from survey_extract.errors import BadSources

FILE_SUFFIXES = (".pdf", ".html", ".htm", ".md", ".markdown", ".txt")

# Four digits behind the full stop until 2014, five since 2015.
_NEW = re.compile(
    r"(?P<id>(?:0[7-9]|1[0-4])(?:0[1-9]|1[0-2])\.\d{4}|(?:1[5-9]|[2-9]\d)(?:0[1-9]|1[0-2])\.\d{5})"
    r"(?:v(?P<version>[1-9]\d{0,3}))?"
)
_OLD = re.compile(
    r"(?<![a-z])(?P<archive>[a-z]+(?:-[a-z]+)?)(?:\.[A-Z]{2})?/(?P<number>\d{2}(?:0[1-9]|1[0-2])\d{3})"
    r"(?:v(?P<version>[1-9]\d{0,3}))?"
)
_ARXIV_HOST = re.compile(r"(?:www\.|export\.)?arxiv\.org", re.IGNORECASE)
_ARXIV_PATH = re.compile(r"/(?:abs|pdf|html)/(?P<id>.+?)(?:\.pdf)?/?")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]")
_KEY_LIMIT = 120


@dataclass(frozen=True, slots=True)
class Identity:
    """One source, whatever its spelling.

    ``location`` is the bare arXiv id (``2304.08485``), the URL without its
    fragment, or a path relative to the survey's folder; ``version`` is the
    pinned arXiv version, or None for the latest.
    """

    kind: SourceKind
    location: str
    version: int | None = None

    @property
    def text(self) -> str:
        """The canonical spelling; parsing it gives this identity again."""
        if self.kind == "file":
            return f"./{self.location}"
        return self.location if self.version is None else f"{self.location}v{self.version}"

    @property
    def key(self) -> str:
        """The name of this source's files and rows: safe on every file system."""
        if self.kind == "arxiv":
            return "arxiv-" + self.location.replace("/", "-")
        return _slug(self.kind, self.address)

    @property
    def address(self) -> str:
        """What tells it from any other source of its kind, however it is spelled."""
        return self.location.split("://", 1)[-1].rstrip("/")


class Keys:
    """Gives each source a key of its own: its plain one, or one with a hash where another source has that.

    ``held`` are the keys and locations on record, whose files must stay theirs
    whichever lines come and go: a source never takes up another's records.
    Capitals do not tell two keys apart, since on some disks they name one file.
    """

    def __init__(self, held: Iterable[tuple[str, str]] = ()) -> None:
        self._owners = {key: Identity("web", location).address for key, location in held}
        self._taken = {key.casefold() for key in self._owners}

    def key_of(self, identity: Identity) -> str:
        """The key of a source, which has it from now on."""
        if identity.kind == "arxiv":
            return identity.key
        forms = identity.key, f"{identity.key}-{_digest(identity.address)}"
        own = next((key for key in forms if self._owners.get(key) == identity.address), None)
        key = own or forms[forms[0].casefold() in self._taken]
        self._owners[key] = identity.address
        self._taken.add(key.casefold())
        return key


def parse_identity(text: str) -> Identity:
    """Recognise an arXiv id, any arxiv.org address, an http(s) URL or a path inside the survey.

    Raises:
        BadSources: the text is none of these; the message says which forms are.
    """
    text = text.strip()
    bare = re.sub(r"^arxiv:\s*", "", text, flags=re.IGNORECASE)
    if found := _arxiv_id(bare):
        return found
    if "://" in text:
        return _url(text)
    if text.startswith(("./", "../", "/", "~")) or text.lower().endswith(FILE_SUFFIXES):
        return _path(text)
    raise BadSources(
        f"{text!r} is not a source: give an arXiv id (2304.08485, 2304.08485v2, hep-th/9901001), "
        f"an http(s) URL, or a path inside the survey (./papers/ours.pdf)"
    )


def is_named(text: str) -> bool:
    """Whether a text is an arXiv id or an address, and no path whatever files there are."""
    bare = re.sub(r"^arxiv:\s*", "", text.strip(), flags=re.IGNORECASE)
    return "://" in text or _arxiv_id(bare) is not None


def _arxiv_id(text: str) -> Identity | None:
    if match := _NEW.fullmatch(text):
        return Identity("arxiv", match["id"], _version(match["version"]))
    if match := _OLD.fullmatch(text):
        return Identity("arxiv", f"{match['archive']}/{match['number']}", _version(match["version"]))
    return None


def _version(digits: str | None) -> int | None:
    return int(digits) if digits else None


def _url(text: str) -> Identity:
    try:
        parts = urlsplit(text)
        port, host = parts.port, parts.hostname or ""
    except ValueError as error:
        raise BadSources(f"{text!r} is not a URL: {error}") from None
    if parts.scheme.lower() not in ("http", "https"):
        raise BadSources(f"{text!r}: only http and https URLs are fetched, not {parts.scheme!r}")
    if parts.username is not None or parts.password is not None:
        raise BadSources(f"the URL of {host!r} contains a user name or password: take it out, the file is public")
    if not _HOST.fullmatch(f"[{host}]" if ":" in host else host) or re.search(r"[\s<>\"\\^`{|}]", text):
        raise BadSources(f"{text!r} is not a URL: it needs a host name, and special characters must be escaped")
    if _ARXIV_HOST.fullmatch(host) and (match := _ARXIV_PATH.fullmatch(parts.path)):
        if found := _arxiv_id(match["id"]):
            return found
        raise BadSources(f"{text!r} is an arXiv address without a valid arXiv id")
    netloc = (f"[{host}]" if ":" in host else host) + (f":{port}" if port else "")
    return Identity("web", urlunsplit((parts.scheme.lower(), netloc, parts.path, parts.query, "")))


def _path(text: str) -> Identity:
    path = PurePosixPath(text)
    if path.is_absolute() or ".." in path.parts or "\\" in text or text.startswith("~"):
        raise BadSources(f"{text!r} leaves the survey's folder: give a path inside it, such as ./papers/ours.pdf")
    if not text.lower().endswith(FILE_SUFFIXES):
        raise BadSources(f"{text!r} is not a document: its name must end in one of {', '.join(FILE_SUFFIXES)}")
    if re.search(r"[\x00-\x1f]", text):
        raise BadSources(f"{text!r} contains control characters")
    return Identity("file", str(path))


def _slug(kind: str, plain: str) -> str:
    """Readable where it can be; where characters were lost, a hash keeps two addresses apart."""
    slug = kind + "-" + re.sub(r"[^A-Za-z0-9._]+", "-", plain).strip("-.")
    lost = re.search(r"[^A-Za-z0-9._/-]|--|/-|-/", plain)
    if lost or len(slug) > _KEY_LIMIT:
        slug = f"{slug[:_KEY_LIMIT]}-{_digest(plain)}"
    return slug


def _digest(address: str) -> str:
    return hashlib.sha256(address.encode("utf-8", "surrogatepass")).hexdigest()[:8]
