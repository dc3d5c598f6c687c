"""Which part of a question is in the way, where nothing is found."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from archive.questions.parsing import read
from archive.questions.typed import Part, written

MOST = 8  # parts of a question that are tried


def narrowing(typed: str) -> list[tuple[str, str]]:
    """Each part of a question that narrows its answer, as it is typed, and the question without it.

    Those are each word with its alternatives, each word that is left out, and each field with all its values. There
    are none where the question is but one such part.
    """
    parts = [part for part in read(typed).parts if not part.is_unclear]
    groups = list(islice(_groups(parts), MOST + 1))
    if len(groups) < 2:
        return []
    return [(written(group), written(part for part in parts if part not in group)) for group in groups[:MOST]]


def _groups(parts: list[Part]) -> Iterator[list[Part]]:
    """Filters first: they are the likelier to be in the way."""
    fields: dict[tuple[str, bool], list[Part]] = {}
    for part in parts:
        if not part.is_words:
            fields.setdefault((part.field, part.is_without), []).append(part)
    yield from fields.values()
    words: list[list[Part]] = []
    for part in parts:
        if part.is_either:
            words[-1].append(part)
        elif part.is_words:
            words.append([part])
    yield from words
