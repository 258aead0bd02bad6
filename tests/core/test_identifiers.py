"""What a person writes is recognised, and one source has one key."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_extract.core.inputs.identifiers import Keys, parse_identity
from survey_extract.errors import BadSources

SPELLINGS = [
    "2304.08485",
    "arXiv:2304.08485",
    "arxiv: 2304.08485",
    "https://arxiv.org/abs/2304.08485",
    "http://arxiv.org/pdf/2304.08485.pdf",
]
SPELLINGS += [
    "https://www.arxiv.org/html/2304.08485/",
    "https://export.arxiv.org/abs/2304.08485#title",
    "https://arxiv.org/pdf/2304.08485?download=1",
]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_spellings_of_a_paper_are_one_source(spelling: str) -> None:
    """However a paper is written down, its key and identity are the same."""
    assert parse_identity(spelling) == parse_identity("2304.08485")
    assert parse_identity(spelling).key == "arxiv-2304.08485"


@pytest.mark.parametrize(
    ("text", "key", "version"),
    [
        ("2304.08485v2", "arxiv-2304.08485", 2),
        ("https://arxiv.org/pdf/2304.08485v12", "arxiv-2304.08485", 12),
        ("hep-th/9901001", "arxiv-hep-th-9901001", None),
        ("math.GT/0309136v1", "arxiv-math-0309136", 1),
        (
            "https://llava-vl.github.io/blog/2024-01-30-llava-next/",
            "web-llava-vl.github.io-blog-2024-01-30-llava-next",
            None,
        ),
        ("./papers/ours.pdf", "file-papers-ours.pdf", None),
        ("papers/ours.pdf", "file-papers-ours.pdf", None),
    ],
)
def test_keys_are_those_of_the_design(text: str, key: str, version: int | None) -> None:
    """Keys name files in the archive for ever; they are pinned here."""
    identity = parse_identity(text)
    assert (identity.key, identity.version) == (key, version)


@pytest.mark.parametrize(
    "text",
    [
        "", "LLaVA", "2313.08485", "2304.0848", "2304.08485v0", "10.1000/182", "ftp://x.org/a.pdf", "file:///etc/passwd",
        "/etc/passwd.pdf", "../other/paper.pdf", "papers/../../x.pdf", "~/x.pdf", "papers/ours.docx", "https://",
        "https://user:secret@x.org/", "https://x.org/a b", "https://arxiv.org/abs/nonsense", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_everything_else_is_refused_by_name(text: str) -> None:
    """What is no source is refused with the text itself, and never with a secret in it."""
    with pytest.raises(BadSources) as error:
        parse_identity(text)
    assert "secret" not in str(error.value)


@given(st.integers(2501, 2512), st.integers(0, 99999), st.none() | st.integers(1, 99))
def test_arxiv_ids_round_trip(month: int, number: int, version: int | None) -> None:
    """The canonical spelling of an identity parses to the identity."""
    identity = parse_identity(f"{month}.{number:05}" + (f"v{version}" if version else ""))
    assert parse_identity(identity.text) == identity


PATHS = st.lists(
    st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.~%-]{0,8}", fullmatch=True).filter(lambda p: p not in (".", "..")),
    max_size=4,
)


@given(
    st.from_regex(r"[a-z0-9]{1,10}(\.[a-z]{2,5}){1,2}", fullmatch=True), PATHS, st.sampled_from(["", "?a=1", "?a=2"])
)
def test_urls_round_trip_and_their_keys_are_safe(host: str, path: list[str], query: str) -> None:
    """A URL survives, and its key is a file name on every system."""
    identity = parse_identity(f"https://{host}/{'/'.join(path)}{query}")
    assert parse_identity(identity.text) == identity
    assert re.fullmatch(r"(web|arxiv)-[A-Za-z0-9._-]{1,130}", identity.key)


ALIKE = ["foo/bar-baz", "foo-bar/baz", "foo-bar-baz", "Foo/bar/baz", "foo/Bar-Baz", "foo//bar-baz", "foo/bar_baz"]
ADDRESSES = st.one_of(PATHS.map("/".join), st.sampled_from(ALIKE))


@given(st.lists(ADDRESSES, min_size=2, max_size=6, unique=True), st.randoms())
def test_each_address_has_a_key_of_its_own_and_keeps_it(paths: list[str], chance: random.Random) -> None:
    """No two sources share a key, on any disk; with what is on record, each keeps its own whichever lines come and go."""
    identities = {(i := parse_identity(f"https://example.org/{path}")).address: i for path in paths}
    keys = Keys()
    own = {address: keys.key_of(identity) for address, identity in identities.items()}
    assert len({key.casefold() for key in own.values()}) == len(own)
    held = [(key, identities[address].location) for address, key in own.items()]
    left = chance.sample(sorted(identities), len(identities) // 2)
    chance.shuffle(held)
    later = Keys(held)
    assert {address: later.key_of(identities[address]) for address in left} == {
        address: own[address] for address in left
    }
