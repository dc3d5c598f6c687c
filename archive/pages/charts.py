"""Pictures of numbers: from data to where each mark stands. Across in percent of the width, up and down in pixels.

So a picture is as wide as its place, and its words keep their size. Axes begin at zero; what is no number counts as 0.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

HEAD = 18  # pixels above the tallest column, for its figure
WIDEST = 9.0  # percent of the width that one column takes at most, with the gap beside it
GAP = 0.22  # of that
RULED = 80  # pixels of height from which on there are lines across
LABELLED = 12  # columns that each carry their figure
UNITS = 1000  # that a path is wide
BIGGEST = 1e15  # what is larger is drawn as this


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of a column."""

    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its pieces from the ground up, one for each value, flat where that is 0; `said` is its figure."""

    x: float
    width: float
    pieces: tuple[Piece, ...]
    said: str = ""

    @property
    def middle(self) -> float:
        """Where a word stands that belongs to it."""
        return round(self.x + self.width / 2, 2)

    @property
    def top(self) -> float:
        """How high it is, counted from above."""
        return min((piece.y for piece in self.pieces), default=0.0)


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across, and what it stands for."""

    y: float
    value: float

    @property
    def said(self) -> str:
        """Its number, short enough to stand beside a picture."""
        for size, sign in ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e4, "")):
            if self.value >= size:
                return f"{self.value / size:g}{sign}" if sign else f"{self.value / 1000:g}k"
        return f"{self.value:,g}"


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns side by side on a ground `height` pixels below the upper edge.

    There are no ticks where each column has its figure, or where all are low. The anchor of a column's words is `start`
    near the left edge, `end` near the right one, else `middle`.
    """

    columns: tuple[Column, ...]
    ticks: tuple[Tick, ...]
    height: float
    step: float

    def shape(self, place: int) -> str:
        """The pieces of all columns at one place of their rows, as a path in a picture `UNITS` wide."""
        drawn = []
        for column in self.columns:
            piece = column.pieces[place] if place < len(column.pieces) else None
            if piece and piece.height:
                left, right = units(column.x), units(column.x + column.width)
                foot = round(piece.y + piece.height, 1)
                drawn.append(f"M{left:g} {foot:g}V{round(piece.y, 1):g}H{right:g}V{foot:g}z")
        return "".join(drawn)

    def anchor(self, column: Column) -> str:
        """How words at a column are set, so that they stay within the picture."""
        near = len(column.said) if len(column.said) > 2 else 0  # percent from the edge
        return "start" if column.middle < near else "end" if column.middle > 100 - near else "middle"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a bar."""

    x: float
    width: float


def columns(values: Sequence[Sequence[float]], height: float = 110) -> Columns:
    """Columns for rows of values, the values of one row upon each other."""
    clean = [[number(value) for value in row] for row in values]
    totals = [sum(row) for row in clean]
    top = max(totals, default=0.0)
    each = sum(1 for total in totals if total) <= LABELLED and top < (1000 if len(totals) <= LABELLED else 10)
    ticks = () if each or height < RULED else nice(top)
    scale = (height - HEAD) / max(top, *(ticks or (0.0,)), 1e-9)
    step = min(100 / max(len(clean), 1), WIDEST)
    tallest = totals.index(top) if top else -1
    return Columns(
        columns=tuple(
            Column(
                x=round(place * step + step * GAP / 2, 3),
                width=round(step * (1 - GAP), 3),
                pieces=upon(row, scale, height),
                said=f"{totals[place]:,.0f}" if totals[place] and (each or place == tallest) else "",
            )
            for place, row in enumerate(clean)
        ),
        ticks=tuple(Tick(y=round(height - value * scale, 2), value=value) for value in ticks),
        height=height,
        step=step,
    )


def upon(row: Sequence[float], scale: float, ground: float) -> tuple[Piece, ...]:
    """The pieces of a column; whatever is there at all is at least a pixel high."""
    pieces, foot = [], ground
    for value in row:
        height = min(max(value * scale, 1.0), foot) if value else 0.0
        foot -= height
        pieces.append(Piece(y=round(foot, 2), height=round(height, 2)))
    return tuple(pieces)


def units(percent: float) -> float:
    """A share of the width in the units of a path."""
    return round(percent * UNITS / 100, 1)


def nice(top: float) -> tuple[float, ...]:
    """One to four round numbers above 0, evenly apart, the last of them `top` or the next above it."""
    top = number(top)
    if top <= 0:
        return ()
    size = 10.0 ** math.floor(math.log10(top))
    steps = (size * part for part in (0.1, 0.2, 0.5, 1, 2, 5, 10))
    step = next(one for one in steps if top / one <= 3.000001 and (one >= 1 or top < 1))
    return tuple(step * times for times in range(1, math.ceil(top / step - 1e-9) + 1))


def widths(values: Sequence[float], top: float | None = None) -> tuple[float, ...]:
    """The widths of bars in percent: the largest of them, or `top`, is 100. What is there at all is seen."""
    clean = [number(value) for value in values]
    most = max(number(top) if top is not None else 0.0, *clean, 0.0)
    return tuple(round(max(value / most * 100, 0.4), 2) if value else 0.0 for value in clean)


def stretches(parts: Sequence[float], width: float = 100.0) -> tuple[Stretch, ...]:
    """The parts of one bar one after another, which fill `width` percent; nothing where all are 0."""
    clean = [number(part) for part in parts]
    whole = sum(clean)
    ends, reached = [], 0.0
    for part in clean:
        reached += part
        ends.append(round(min(reached / whole * width, width), 2) if whole else 0.0)
    starts = [0.0, *ends][: len(ends)]
    return tuple(Stretch(x=start, width=round(end - start, 2)) for start, end in zip(starts, ends, strict=True))


def number(value: float | None) -> float:
    """A number from 0 on that can be drawn."""
    if value is None or not math.isfinite(value) or value < 0:
        return 0.0
    return min(float(value), BIGGEST)
