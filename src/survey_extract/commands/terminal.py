"""A desk goes in; cells are shown one by one on the terminal, and single keys decide them."""

from __future__ import annotations

import os
import sys
import termios
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from survey_extract.core.evidence import as_text
from survey_extract.desk import CellView, Desk, Item, Stale
from survey_extract.errors import InputError

if TYPE_CHECKING:
    from survey_extract.desk import Judgement

_NO_TERMINAL = (
    "review --terminal needs a terminal to type at, and there is none here; without --terminal it serves a page"
)
KEYS = "[a]ccept  [e]dit  [r]eject  [n]ot reported  [j] next  [k] previous  [u]ndo  [q]uit"
_VERDICTS: dict[str, Judgement] = {"a": "accepted", "r": "rejected", "n": "not_reported"}


def review_in_terminal(desk: Desk) -> None:
    """Go through the queue until it is empty or the reviewer leaves.

    Raises:
        InputError: there is no terminal to type at.
    """
    _refuse_without_terminal()
    console, at = Console(), 0
    while queue := desk.queue():
        at = min(max(at, 0), len(queue) - 1)
        view = desk.cell(queue[at].key, queue[at].field)
        _show(console, desk, view, at, len(queue))
        key = _key()
        if key in ("q", "\x04", ""):
            return
        if key == "u":
            console.print("undone" if desk.undo() else "nothing to undo")
        elif key in ("j", "k"):
            at += 1 if key == "j" else -1
        else:
            _decide(console, desk, view, key)
    console.print("Nothing wants a decision.")


def _refuse_without_terminal() -> None:
    """Say so before anything is shown, when no key can ever be pressed."""
    try:
        typed_at = sys.stdin.fileno()
    except (OSError, ValueError, AttributeError):
        return  # keys come from somewhere else
    if not os.isatty(typed_at):
        try:
            os.close(os.open("/dev/tty", os.O_RDWR))  # where keys are read when stdin is a pipe
        except OSError:
            raise InputError(_NO_TERMINAL) from None


def _key() -> str:
    """The next key that is pressed; nothing when the terminal went away."""
    try:
        return click.getchar().lower()
    except EOFError:
        return ""
    except (OSError, termios.error):
        raise InputError(_NO_TERMINAL) from None


def _decide(console: Console, desk: Desk, view: CellView, key: str) -> None:
    item: Item = view.item
    try:
        if key == "e":
            text = click.edit(as_text(view.proposed))
            if text is not None and text.strip():
                desk.decide(item.key, item.field, "edited", view.judged, value=text)
        elif key in _VERDICTS and not (key == "a" and view.proposed is None):
            desk.decide(item.key, item.field, _VERDICTS[key], view.judged)
        else:
            console.print(Text(KEYS, style="dim"))
    except (Stale, InputError) as error:
        console.print(Text(str(error), style="yellow"))


def _show(console: Console, desk: Desk, view: CellView, at: int, total: int) -> None:
    """The cell as panels; all words of papers and models are plain text, never markup."""
    done, cells, _ = desk.progress()
    console.rule(Text(f"{view.item.name}: {view.spec.heading}", style="bold"), align="left")
    console.print(Text(f"{at + 1} of {total} in the queue, {done} of {cells} decided; {view.item.risk}", style="dim"))
    console.print(Text(view.spec.instruction, style="dim"))
    if view.decision is not None:
        console.print(Panel(Text(as_text(view.standing) or "nothing"), title="stands now", title_align="left"))
    proposed = Text(as_text(view.proposed) or "not reported")
    for term in view.check.terms:
        if term.place != "in evidence":
            proposed.highlight_words([term.text], "red" if term.place == "nowhere" else "yellow", case_sensitive=False)
    by = f"proposed by {view.answer.engine}" if view.answer else "proposed"
    console.print(Panel(proposed, title=by, title_align="left"))
    for quote in view.quotes:
        console.print(Text(f"  p. {quote.evidence.page}  {quote.words or '(its words are not to be had)'}"))
    for passage in view.passages:
        now = f": {passage.now_words}" if passage.fate == "changed" else ""
        was = passage.words or "(its words are no longer in the cache)"
        console.print(Text(f"  before, p. {passage.evidence.page}  {was}\n    {passage.fate}{now}", style="dim"))
    if view.item.notice:
        console.print(Text(f"arXiv's notice: {view.item.notice}", style="yellow"))
    missing = [f"{term.text} ({term.place})" for term in view.check.terms if term.place != "in evidence"]
    if missing:
        console.print(Text("  not in the evidence: " + ", ".join(missing), style="yellow"))
    if view.trouble:
        console.print(Text(view.trouble, style="yellow"))
    console.print(Text(KEYS, style="dim"))
