"""Text that a spreadsheet takes as text: no cell of a guarded CSV file can begin a formula."""

from __future__ import annotations

import re

LONGEST = 32_000  # characters; Excel cuts a cell at 32,767 and puts the rest where it likes

# What spreadsheets read as the beginning of a formula, in every width and height that they fold into ASCII.
STARTS = "=+-@＝＋－＠﹦﹢﹣﹫⁼⁺⁻₌₊₋−"
_STARTS = re.escape(STARTS)
# Where a cell may begin: at the beginning, and after anything that some locale or import dialog takes as a separator.
_BREAKS = ';,|"\t\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029'
# What spreadsheets drop or skip before they look: spaces of all kinds, control and invisible format characters.
_BLANKS = (
    r"\x00-\x20\x7f-\xa0\xad\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000"
    r"\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
)
# A run of such characters is looked at once: it does not begin in the middle of one, and does not give any back.
_GAP = rf"[{_BLANKS}{re.escape(_BREAKS)}]"
_BEFORE_START = re.compile(rf"(?:\A|(?<!{_GAP})(?={_GAP})){_GAP}*+(?=[{_STARTS}])")
# Nearly all texts are done with after this one look. It looks for the rare characters first, which is ten times faster.
_RISKY = re.compile(rf"[{_STARTS}](?:(?<=\A.)|(?<={_GAP}.))", re.DOTALL).search
_DROPPED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def guarded(text: str) -> str:
    """The text with an apostrophe before everything that could begin a formula, and no longer than a cell may be."""
    clean = text if text.isprintable() else _DROPPED.sub(" ", text)
    return (clean if _RISKY(clean) is None else _BEFORE_START.sub(_with_apostrophe, clean))[:LONGEST]


def is_harmless(text: str) -> bool:
    """Whether `guarded` leaves a text as it is, and all texts of which it is made, joined by semicolons."""
    return len(text) <= LONGEST and text.isprintable() and _RISKY(text) is None


def _with_apostrophe(found: re.Match[str]) -> str:
    gap = found[0]
    begins_cell = found.start() == 0 or any(char in _BREAKS for char in gap)
    return f"{gap}'" if begins_cell else gap
