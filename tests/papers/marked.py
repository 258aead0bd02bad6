"""Tables of our own in HTML, made at random: with spans, heads, row headers, blank and hidden cells. One number makes one table."""

from __future__ import annotations

import random

COLUMNS = 5


def random_table(seed: int) -> str:
    """A table; each cell that is not blank has words of its own."""
    chance = random.Random(seed)
    names = iter(range(10_000))
    with_head, row_heads = chance.random() < 0.5, chance.random() < 0.3
    heads = _heads(chance, seed, names)
    rows = [_row(chance, seed, names, is_head=row_heads) for _ in range(chance.randint(2, 6))]
    if chance.random() < 0.3:
        rows.insert(chance.randrange(1, len(rows)), f"<tr><th colspan={COLUMNS}>g{seed}x{next(names)}</th></tr>")
    top = f"<thead>{heads}</thead>" if with_head else heads
    foot = _row(chance, seed, names, is_head=row_heads) if chance.random() < 0.2 else ""
    return f"<table>{f'<tfoot>{foot}</tfoot>' if foot else ''}{top}<tbody>{''.join(rows)}</tbody></table>"


def _heads(chance: random.Random, seed: int, names: object) -> str:
    next_name = names.__next__  # type: ignore[attr-defined]
    if chance.random() < 0.5:
        return f"<tr>{''.join(f'<th>h{seed}x{next_name()}</th>' for _ in range(COLUMNS))}</tr>"
    wide = chance.randint(1, COLUMNS - 2)
    first = f"<th rowspan=2>h{seed}x{next_name()}</th><th colspan={wide}>h{seed}x{next_name()}</th>"
    rest = COLUMNS - 1 - wide
    first += f"<th colspan={rest}>h{seed}x{next_name()}</th>"
    return f"<tr>{first}</tr><tr>{''.join(f'<th>h{seed}x{next_name()}</th>' for _ in range(COLUMNS - 1))}</tr>"


def _row(chance: random.Random, seed: int, names: object, *, is_head: bool) -> str:
    next_name = names.__next__  # type: ignore[attr-defined]
    tag = "th" if is_head else "td"
    cells = [f"<{tag}>r{seed}x{next_name()}</{tag}>"]
    while len(cells) < COLUMNS and chance.random() < 0.93:
        across = f" colspan={chance.randint(2, 3)}" if chance.random() < 0.12 else ""
        down = f" rowspan={chance.choice(['2', '3', '0', '65534'])}" if chance.random() < 0.12 else ""
        style = " style='display:none'" if chance.random() < 0.06 else ""
        words = "" if chance.random() < 0.1 else f"v{seed}x{next_name()}"
        cells.append(f"<td{across}{down}{style}>{words}</td>")
    return f"<tr{' hidden' if chance.random() < 0.06 else ''}>{''.join(cells)}</tr>"
