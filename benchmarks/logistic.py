"""Logistic regression of a few numbers, by Newton's method, in plain Python."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

RIDGE = 0.1  # what keeps weights small that nothing speaks for; the first, a constant, is free
STEPS = 40
CLOSE = 1e-6


class Sample(NamedTuple):
    """What was measured, whether it is one, and how often it counts."""

    values: tuple[float, ...]
    is_one: bool
    weight: float = 1.0


def fitted(samples: Sequence[Sample], ridge: float = RIDGE) -> list[float]:
    """The constant and the weight of each value, under which the samples are likeliest."""
    size = len(samples[0].values) + 1
    weights = [0.0] * size
    for _ in range(STEPS):
        slope = [0.0] + [-ridge * one for one in weights[1:]]
        curve = [[ridge if row == column and row else 0.0 for column in range(size)] for row in range(size)]
        for values, is_one, counts in samples:
            row = (1.0, *values)
            points = sum(one * weight for one, weight in zip(row, weights, strict=True))
            share = 1 / (1 + math.exp(-max(-30.0, min(30.0, points))))
            error, bend = counts * (is_one - share), counts * share * (1 - share)
            for place, one in enumerate(row):
                slope[place] += error * one
                for other in range(place + 1):
                    curve[place][other] += bend * one * row[other]
        for place in range(size):
            for other in range(place):
                curve[other][place] = curve[place][other]
        step = solved(curve, slope)
        weights = [one + change for one, change in zip(weights, step, strict=True)]
        if max(map(abs, step)) < CLOSE:
            break
    return weights


def solved(matrix: Sequence[Sequence[float]], right: Sequence[float]) -> list[float]:
    """The solution of a small system of linear equations."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for place in range(size):
        pivot = max(range(place, size), key=lambda row: abs(rows[row][place]))
        rows[place], rows[pivot] = rows[pivot], rows[place]
        for row in range(size):
            if row != place:
                factor = rows[row][place] / rows[place][place]
                rows[row] = [one - factor * other for one, other in zip(rows[row], rows[place], strict=True)]
    return [rows[place][size] / rows[place][place] for place in range(size)]
