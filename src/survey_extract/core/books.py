"""The books: each reply of a model with its tokens and its cost, and the batches of questions whose replies are still to come.

A reply is booked when it arrives, before anybody looks at what it says; a run names the replies that it used.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class TokenUsage:
    """Tokens of one reply; ``cached`` is part of ``prompt``, ``reasoning`` of ``completion``."""

    prompt: int = 0
    cached: int = 0
    completion: int = 0
    reasoning: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply of a model, as booked: a line of replies.jsonl, and what a run says of those it used. Never its words.

    ``usage`` is None where the endpoint gave none that can be true.
    ``outcome`` is ``arrived`` as long as nobody has used it, then ``ok`` or
    the kind of error it led to; ``reused`` says that it came from the cache
    and cost nothing now. ``cost`` is in USD by the prices of that day, None
    where tokens or price are unknown; ``answered_by`` is the model that the
    reply itself names. ``run`` is the run in which it arrived, ``batch`` the
    batch that brought it.
    """

    sha256: str
    key: str
    engine: str
    model: str
    fields: tuple[str, ...]
    outcome: str
    usage: TokenUsage | None
    reused: bool
    at: str
    cost: float | None = None
    answered_by: str | None = None
    run: str | None = None
    batch: str | None = None
    seconds: float | None = None
    """From the request to the end of its reply; None for a batch, and for replies from before it was kept."""


BatchState = Literal["submitting", "pending", "collected", "failed", "lost"]


@dataclass(frozen=True, slots=True)
class BatchQuestion:
    """A question in a batch: the hash of its request, and what it is about.

    ``sent`` is its size in bytes and ``reply_tokens`` the limit of its reply:
    no count of tokens beyond them is believed. None is unknown.
    """

    sha256: str
    key: str
    fields: tuple[str, ...]
    sent: int | None = None
    reply_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Questions sent together: batches/ID.json. ``remote`` is the provider's name for it, None until it is known."""

    id: str
    engine: str
    model: str
    state: BatchState
    submitted_at: str
    questions: tuple[BatchQuestion, ...]
    remote: str | None = None
    note: str | None = None


def by_run(booked: Iterable[Reply]) -> dict[str | None, list[Reply]]:
    """The lines of the books by the run that wrote them."""
    found: dict[str | None, list[Reply]] = {}
    for reply in booked:
        found.setdefault(reply.run, []).append(reply)
    return found


def with_booked(replies: Sequence[Reply], booked: Sequence[Reply]) -> tuple[Reply, ...]:
    """The replies that a run used, and the others that it booked: an interrupted run names none."""
    said = {reply.sha256 for reply in replies if not reply.reused}
    return (*replies, *(reply for reply in booked if reply.sha256 not in said))
