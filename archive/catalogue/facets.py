"""The facets and the months of an answer, as people read them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from archive.catalogue.columns import VERDICTS, Coded, View
from archive.catalogue.counting import HISTOGRAM, Counts
from archive.catalogue.filtering import Filtered, is_language
from archive.catalogue.results import Facet, Value
from archive.questions.question import FIELDS

SHOWN = 12  # values of a facet
LONGEST = 720  # months that are counted
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])", re.ASCII)

Numbers = NDArray[np.int64]


def facets(filtered: Filtered, counts: Counts) -> tuple[Facet, ...]:
    """All facets of a question, from its counts."""
    return tuple(COUNTERS[field](filtered, counts[field]) for field in FIELDS)


def months(view: View, counts: Counts) -> tuple[tuple[str, int], ...]:
    """Each month from the first to the last, and how many articles are of it; filters by time and month do not count.

    Of more than LONGEST months, those in a row that have most articles: a page that gives the year 9999 as its own
    does not hide the others. What is no month of a calendar is left out.
    """
    said = {
        int(found[1]) * 12 + int(found[2]) - 1: int(count)
        for value, count in zip(list(view.months.values_in_order), counts[HISTOGRAM].tolist(), strict=False)
        if count and (found := _MONTH.fullmatch(value))
    }
    if not said:
        return ()
    first, last = min(said), max(said)
    if last - first >= LONGEST:
        first, last = _busiest(said)
    return tuple((f"{month // 12:04}-{month % 12 + 1:02}", said.get(month, 0)) for month in range(first, last + 1))


def _busiest(said: Mapping[int, int]) -> tuple[int, int]:
    """The first and the last of the LONGEST months in a row with most articles; of several, the latest."""
    ordered = sorted(said)
    totals = np.concatenate([[0], np.cumsum([said[month] for month in ordered])])
    begins = np.searchsorted(ordered, np.array(ordered) - LONGEST, "right")
    sums = totals[1:] - totals[begins]
    best = len(sums) - 1 - int(np.argmax(sums[::-1]))
    return ordered[begins[best]], ordered[best]


def _outlets(filtered: Filtered, counts: Numbers) -> Facet:
    names = filtered.view.outlet_names
    some, further = _most_frequent(counts)
    chosen = filtered.wanted("outlet")
    known = {domain: number for number, (domain, _) in names.items() if domain in chosen} if chosen else {}
    found = {names[code][0]: (names[code][1], count) for code, count in some if code in names}
    wanted = {
        domain: (names[known[domain]][1], _at(counts, known[domain])) if domain in known else ("", 0)
        for domain in chosen
    }
    return _facet("outlet", found, wanted, further)


def _coded(field: str, words: str) -> Callable[[Filtered, Numbers], Facet]:
    """The facet of a column of plain words."""

    def facet(filtered: Filtered, counts: Numbers) -> Facet:
        coded: Coded = getattr(filtered.view, words)
        counts = _without_empty(counts, coded)
        some, further = _most_frequent(counts)
        found = {coded.values_in_order[code]: ("", count) for code, count in some}
        wanted = {value: ("", _at(counts, coded[value]) if value in coded else 0) for value in filtered.wanted(field)}
        return _facet(field, found, wanted, further)

    return facet


def _languages(filtered: Filtered, counts: Numbers) -> Facet:
    """What is counted of `en` is what `en` finds: `en-GB` too."""
    coded = filtered.view.languages
    counts = _without_empty(counts, coded)
    values = list(coded.values_in_order)[: len(counts)]
    plain = {value: int(count) for value, count in zip(values, counts.tolist(), strict=False) if count}

    def of(value: str) -> int:
        return sum(count for code, count in plain.items() if is_language(code, value))

    ordered = sorted(plain, key=lambda value: (-plain[value], value))
    found = {value: ("", of(value)) for value in ordered[:SHOWN]}
    wanted = {value: ("", of(value)) for value in filtered.wanted("language")}
    different = plain.keys() | {value for value, (_, count) in wanted.items() if count}
    return _facet("language", found, wanted, len(different))


def _authors(filtered: Filtered, of_bylines: Numbers) -> Facet:
    view = filtered.view
    bylines = np.zeros(int(view.of_byline[-1]) + 1 if len(view.of_byline) else 0, np.int64)
    bylines[: len(of_bylines)] = of_bylines
    counts = np.bincount(view.of_name, weights=bylines[view.of_byline]).astype(np.int64)
    names, labels = view.bylines.names, view.bylines.labels
    counts = _without_empty(counts, names)
    some, further = _most_frequent(counts)
    found = {labels[code]: ("", count) for code, count in some}
    wanted = {}
    for value in filtered.wanted("author"):
        code = names.get(value.lower())
        wanted[value if code is None else labels[code]] = ("", 0 if code is None else _at(counts, code))
    return _facet("author", found, wanted, further)


def _topics(filtered: Filtered, counts: Numbers) -> Facet:
    found = {name: (title, _at(counts, topic)) for topic, (name, title) in filtered.view.topic_names.items()}
    wanted = {value: found.get(value, ("", 0)) for value in filtered.wanted("topic")}
    ordered = sorted((name for name, (_, count) in found.items() if count), key=lambda name: (-found[name][1], name))
    return _facet("topic", {name: found[name] for name in ordered[:SHOWN]}, wanted, len(ordered))


def _verdicts(filtered: Filtered, counts: Numbers) -> Facet:
    found = {name: ("", int(counts[code]) if code in filtered.allowed else 0) for name, code in VERDICTS.items()}
    wanted = {value: found.get(value, ("", 0)) for value in filtered.wanted("verdict")}
    return _facet("verdict", {name: one for name, one in found.items() if one[1]}, wanted, 0)


COUNTERS: Mapping[str, Callable[[Filtered, Numbers], Facet]] = {
    "outlet": _outlets,
    "month": _coded("month", "months"),
    "language": _languages,
    "author": _authors,
    "topic": _topics,
    "kind": _coded("kind", "kinds"),
    "verdict": _verdicts,
}


def _most_frequent(counts: Numbers) -> tuple[Iterable[tuple[int, int]], int]:
    """The codes that are counted most, with their counts, and how many there are at all."""
    nonzero = np.flatnonzero(counts)
    if len(nonzero) > SHOWN:
        least = np.partition(counts[nonzero], len(nonzero) - SHOWN)[len(nonzero) - SHOWN]
        some = nonzero[counts[nonzero] >= least]
        some = some[np.argsort(-counts[some], kind="stable")][:SHOWN]
    else:
        some = nonzero
    return [(int(code), int(counts[code])) for code in some], len(nonzero)


def _without_empty(counts: Numbers, coded: Coded) -> Numbers:
    """The counts, without that of the empty word, which is no value."""
    code = coded.get("")
    if code is None or code >= len(counts):
        return counts
    counts = counts.copy()
    counts[code] = 0
    return counts


def _at(counts: Numbers, code: int) -> int:
    return int(counts[code]) if code < len(counts) else 0


def _facet(
    field: str, found: Mapping[str, tuple[str, int]], wanted: Mapping[str, tuple[str, int]], different: int
) -> Facet:
    """A facet of values with labels and counts, the wanted ones among them, of so many different ones."""
    together = {**found, **wanted}
    ordered = sorted(together.items(), key=lambda one: (-one[1][1], one[0]))
    shown = sum(1 for _, count in together.values() if count)
    return Facet(
        field=field,
        values=tuple(
            Value(value=value, label=label or value, count=count, is_chosen=value in wanted)
            for value, (label, count) in ordered
        ),
        further=max(0, different - shown),
    )
