"""Answers and the books go in; what they took comes out, by field and answerer: tokens, US dollars and seconds.

A reply about several fields is shared equally among them, as in the view
``costs``. Counted is the reply that each answer came from; an earlier one that
did not fit, and that was asked to be mended, is in the books alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from survey_extract.core.books import Reply
from survey_extract.core.records import Answer


@dataclass(frozen=True, slots=True)
class Spent:
    """What the answers to one field took.

    ``counted``, ``priced`` and ``timed`` say of how many of the ``answers`` the
    tokens, the money and the seconds are known; the sums are over those.
    """

    field: str
    engine: str
    model: str | None
    answers: int
    counted: int
    prompt_tokens: float
    completion_tokens: float
    priced: int
    cost: float
    timed: int
    seconds: float


def spending(answers: Iterable[Answer], books: Iterable[Reply], fields: Sequence[str]) -> tuple[Spent, ...]:
    """Of the answers that a model gave; in the order of the fields."""
    by_sha256 = {reply.sha256: reply for reply in books if not reply.reused}
    grouped: defaultdict[tuple[str, str, str | None], list[Reply | None]] = defaultdict(list)
    for answer in answers:
        if answer.reply is not None:
            grouped[answer.field, answer.engine, answer.model].append(by_sha256.get(answer.reply))
    place = {field: number for number, field in enumerate(fields)}
    named = sorted(grouped, key=lambda at: (place.get(at[0], len(place)), at[1], at[2] or ""))
    return tuple(_spent(*at, grouped[at]) for at in named)


def _spent(field: str, engine: str, model: str | None, replies: Sequence[Reply | None]) -> Spent:
    booked = [(reply, len(reply.fields) or 1) for reply in replies if reply is not None]
    counted = [(reply.usage, among) for reply, among in booked if reply.usage is not None]
    priced = [reply.cost / among for reply, among in booked if reply.cost is not None]
    timed = [reply.seconds / among for reply, among in booked if reply.seconds is not None]
    return Spent(
        field=field,
        engine=engine,
        model=model,
        answers=len(replies),
        counted=len(counted),
        prompt_tokens=sum(usage.prompt / among for usage, among in counted),
        completion_tokens=sum(usage.completion / among for usage, among in counted),
        priced=len(priced),
        cost=sum(priced),
        timed=len(timed),
        seconds=sum(timed),
    )
