"""A desk goes in; cells are shown one by one on the terminal, and single keys decide them."""

from __future__ import annotations

import os
import sys
import termios
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click
from rich.panel import Panel

from survey_extract.commands.console import console as open_console
from survey_extract.commands.console import words as plain
from survey_extract.core.evidence import Quote, as_text
from survey_extract.core.printable import printable
from survey_extract.errors import InputError
from survey_extract.review import APART, CellView, Desk, Item, NeedsReason, NotInEvidence

if TYPE_CHECKING:
    from rich.console import Console

    from survey_extract.core.records import Check
    from survey_extract.review import Judgement, Marks

_NO_TERMINAL = "review --terminal needs a terminal, and there is none here; without --terminal it serves a page"
UNDECIDED = "left undecided"
KEYS = "[j] next  [k] previous  [u]ndo  [?] help  [q]uit"
_HELP = """\
a  accept what is proposed          r  reject it; what stands stays
e  edit, or write a value           p  edit the proposal while another value stands
n  the source does not report it    m  what stands is supported by these sentences
x  take back what stands            u  undo your last decision
j  next cell    k  previous cell    q  quit; every decision is saved at once"""
_VERDICTS: dict[str, Judgement] = {
    "a": "accepted",
    "r": "rejected",
    "n": "not_reported",
    "m": "confirmed",
    "x": "removed",
}


def review_in_terminal(desk: Desk) -> None:
    """Go through the queue until it is empty or the reviewer leaves.

    Raises:
        InputError: there is no terminal to type at.
    """
    _refuse_without_terminal()
    console, at = open_console(), 0
    while queue := _queue(desk):
        at = min(max(at, 0), len(queue) - 1)
        view = desk.cell(queue[at].key, queue[at].field)
        _show(console, desk, view, at, len(queue))
        key = _key()
        if key in ("q", "\x04", ""):
            return
        if key == "u":
            done = desk.undo()
            _say(console, done.said if done else "there is nothing to undo in this session")
        elif key == "?":
            console.print(plain(_HELP))
            console.print(plain("press any key to go on", style="dim"))
            _key()
        elif key in ("j", "k"):
            at += 1 if key == "j" else -1
        elif _decide(console, desk, view, key) and view.blind:
            _show(console, desk, desk.cell(view.item.key, view.item.field), at, len(queue))
            console.print(
                plain("what was answered and decided, now that you have decided; press any key to go on", style="dim")
            )
            if _key() in ("q", "\x04", ""):
                return
    console.print("No cell waits for a decision.")


def _queue(desk: Desk) -> list[Item]:
    desk.refuse_other_fields()
    return desk.queue()


_REJECTS = {True: "[r]eject it, the list's text stays unchecked", False: "[r] keep mine"}
"""What rejecting does where something stands, by whether a list alone says that."""


def keys_of(view: CellView) -> str:
    """The keys that fit a cell."""
    verdicts = []
    if view.is_proposed and not view.proposes_what_stands:
        verdicts.append("[a]ccept: not reported" if view.proposes_nothing else "[a]ccept")
    if view.has_lapsed:
        verdicts.insert(0, "[m] it is this one" if view.cell.is_unplaced else "[m] keep mine")
    elif view.waits and (view.is_proposed or view.something_stands):
        verdicts.insert(0, _REJECTS[view.is_unchecked] if view.something_stands else "[r]eject")
    verdicts.append("[e]dit")
    if view.something_stands and view.is_proposed:
        verdicts.append("[p] edit the proposal")
    if view.is_own and view.carrying and not view.has_lapsed:
        verdicts.append("[m]ine is supported by these")
    verdicts.append("[n]ot reported")
    if view.something_stands:
        verdicts.append("[x] take back")
    return "  ".join([*verdicts, KEYS])


# --- deciding -------------------------------------------------------------------------------------


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


def _decide(console: Console, desk: Desk, view: CellView, key: str) -> bool:
    """One verdict, and whether it was given; what the check finds nowhere in the source is asked about once."""
    value: str | None = None
    if key in ("e", "p"):
        start = as_text(view.standing) if key == "e" and view.something_stands else as_text(view.proposed)
        value = _typed(view, start)
        if value is None or not value.strip():
            return False
    elif key not in _VERDICTS or (_takes_back(view, key) and not _may_take_back(view)):
        return False
    verdict = _VERDICTS.get(key, "edited")
    try:
        said = _ruled(console, desk, view, verdict, value)
    except InputError as error:
        console.print(plain(str(error), style="yellow"))
        return False
    _say(console, said)
    return said != UNDECIDED


def _typed(view: CellView, start: str) -> str | None:
    """What a person writes: a choice and what fits on a line at the prompt, a text in the editor, below what it is about."""
    allowed = view.spec.allowed
    if allowed and not view.spec.is_list:
        chosen: str = click.prompt("which", type=click.Choice(allowed), default=start if start in allowed else None)
        return chosen
    if view.spec.type != "text":
        of = f", of {', '.join(allowed)}" if allowed else ""
        line: str = click.prompt(printable(f"{view.spec.heading}{of}"), default=start, show_default=bool(start))
        return line
    about = _about(view)
    written = click.edit(f"{start}\n\n{_CUT}\n{about}\n")
    return (
        None if written is None else written.partition(_CUT)[0].partition(about)[0]
    )  # also where the line was deleted


_CUT = "# Write the value above this line; what is below it is left out."


def _about(view: CellView) -> str:
    """What the editor shows below the line."""
    words = [quote.words for quote in view.quotes if quote.words]
    return printable("\n".join([f"{view.item.name}: {view.spec.heading}", view.spec.instruction, *words]))


def _ruled(
    console: Console, desk: Desk, view: CellView, verdict: Judgement, value: str | None, given: _Given | None = None
) -> str:
    """What the verdict did, in words; a reason is asked for where one is needed, and other sentences where the marked ones say less."""
    given = given or _Given()
    standing = view.stood if verdict in ("confirmed", "removed") else None
    try:
        return desk.decide(
            view.item.key, view.item.field, verdict, view.judged, value=value, numbers=given.numbers, reason=given.reason,
            stood_for=given.told, standing=standing,
        ).said  # fmt: skip
    except NeedsReason as error:
        reason = click.prompt(printable(f"{error}\nreason (empty: leave undecided)"), default="", show_default=False)
        more = replace(given, reason=reason, told=(*given.told, *error.terms)) if reason.strip() else None
    except NotInEvidence as error:
        more = _on_others(console, given, error)
    return _ruled(console, desk, view, verdict, value, more) if more else UNDECIDED


@dataclass(frozen=True, slots=True)
class _Given:
    """What a reviewer has given for a verdict so far; ``told`` are the figures and names that were asked about."""

    numbers: tuple[int, ...] | None = None
    reason: str | None = None
    told: tuple[str, ...] = ()


def _on_others(console: Console, given: _Given, error: NotInEvidence) -> _Given | None:
    """On which sentences a text is to stand: those offered, the marked ones all the same, or None to leave it undecided."""
    these = "" if not error.nearest else ". These do:" if error.apart else ". These come nearest:"
    console.print(plain(f"{error}{these}", style="yellow"))
    for quote in error.quotes:
        console.print(plain(f"  p. {quote.evidence.page}  {quote.words}"))
    keys = ["t", "s"] if error.nearest else ["s"]
    ways = "[t]ake these, " if error.nearest else ""
    key = (
        click.prompt(f"{ways}[s]ave all the same (empty: leave undecided)", default="", show_default=False)
        .strip()
        .lower()
    )
    if key not in keys:
        return None
    return replace(given, numbers=error.nearest if key == "t" else given.numbers, told=(*given.told, *error.terms))


def _takes_back(view: CellView, key: str) -> bool:
    return view.something_stands and (key == "x" or (key == "r" and view.proposes_what_stands))


def _may_take_back(view: CellView) -> bool:
    then = view.leaves or "its row stays as it is in the table"
    return click.confirm(printable(f"take back the current value of {view.spec.heading}? Then {then}."), default=False)


# --- showing --------------------------------------------------------------------------------------


def _say(console: Console, words: str) -> None:
    console.print(plain(words, style="green"))


def _show(console: Console, desk: Desk, view: CellView, at: int, total: int) -> None:
    """The cell as panels; all words of papers and models are plain text, never markup."""
    _show_head(console, desk, view, at, total)
    if view.blind:
        _show_blind(console, view)
        return
    marks = desk.marks(view, browser=True)
    if view.something_stands:
        _panel(console, as_text(view.standing) or "not reported", view.standing_check, f"current value{_by(view)}")
    if view.is_own and (view.has_lapsed or not view.proposes_what_stands):
        _sentences(console, view.carrying, "nearest to it, " if view.support else "", marks)
    if not view.is_proposed:
        console.print(plain(view.proposes_no, style="dim"))
    elif not view.proposes_what_stands:
        words = (
            "not reported" if view.proposes_nothing else as_text(view.proposed) or "(its words are not in the cache)"
        )
        _panel(console, words, view.check, f"proposed {view.proposed_by}")
        _sentences(console, view.quotes, "", marks)
    _show_near(console, desk, view)
    for said in view.opinions:
        console.print(plain(f"  {said}", style="cyan"))
    for told in filter(None, (view.told_lapse, view.told_owed)):
        console.print(plain(told, style="yellow"))
    _show_before(console, view)
    if view.item.notice:
        console.print(plain(f"arXiv's notice: {view.item.notice}", style="yellow"))
    for trouble in filter(None, (view.trouble, marks.trouble)):
        console.print(plain(trouble, style="yellow"))
    console.print(plain(keys_of(view), style="dim"))


def _show_head(console: Console, desk: Desk, view: CellView, at: int, total: int) -> None:
    done, cells, _ = desk.progress()
    risk = f"; {view.item.risk}" if view.item.risk else ""
    console.rule(plain(f"{view.item.name}: {view.spec.heading}", style="bold"), align="left")
    console.print(plain(f"{at + 1} of {total} in the queue, {cells - done} of {cells} to decide{risk}", style="dim"))
    console.print(plain(view.spec.instruction, style="dim"))
    if view.told_record:
        console.print(plain(view.told_record, style="dim"))
    if view.decided_blind:
        console.print(plain(f"you decided blind: {as_text(view.decided_blind.value) or 'not reported'}", style="bold"))


def _show_blind(console: Console, view: CellView) -> None:
    """What a person is shown who decides on the source alone: where it is."""
    if view.document:
        console.print(plain(f"read it here: {view.document.link}"))
    if view.trouble:
        console.print(plain(view.trouble, style="yellow"))
    console.print(plain(keys_of(view), style="dim"))


def _by(view: CellView) -> str:
    return f": {view.decision.verdict.replace('_', ' ')} by {view.decision.by}" if view.decision else ""


def _panel(console: Console, words: str, check: Check | None, title: str) -> None:
    """A value with the figures and names that its evidence does not carry, in colour and by name."""
    shown, doubted = plain(words), [term for term in (check.terms if check else ()) if term.place != "in evidence"]
    for term in doubted:
        shown.highlight_words(
            [printable(term.text)], "red" if term.place == "nowhere" else "yellow", case_sensitive=False
        )
    console.print(Panel(shown, title=plain(title), title_align="left"))
    if doubted:
        named = ", ".join(f"{term.text} ({APART[term.place]})" for term in doubted)
        console.print(plain(f"  check: {named}", style="yellow"))


def _sentences(console: Console, quotes: tuple[Quote, ...], how: str, marks: Marks) -> None:
    for quote in quotes:
        console.print(plain(f"  {how}p. {quote.evidence.page}  {quote.words or '(its words are not available)'}"))
        if quote.sentence and (said := marks.told.get(quote.sentence.number)):
            console.print(plain(f"    {said}", style="red"))


def _show_near(console: Console, desk: Desk, view: CellView) -> None:
    """The sentences that are on offer where none is named: found without a model, and evidence of nothing."""
    rows = desk.tabled(view)
    if told := rows.told:
        console.print(plain(f"  {told}", style="cyan"))
    for number in rows.numbers or desk.on_offer(view):
        if view.text is not None:
            sentence = view.text.sentences[number - 1]
            how = "in a table" if rows.rows else "nearest to the question"
            words = f"  {how}, p. {sentence.page}  {view.text.quote(sentence)}"
            console.print(plain(words, style="dim"))


def _show_before(console: Console, view: CellView) -> None:
    for passage in view.passages:
        now = f": {passage.now_words}" if passage.fate == "changed" else ""
        was = passage.words or "(its words are no longer in the cache)"
        console.print(plain(f"  before, p. {passage.evidence.page}  {was}\n    {passage.fate}{now}", style="dim"))
