"""What a result can be narrowed by, and by what it is: facets and chips, each value with its address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from archive.catalogue.results import Facet, Results, Value
from archive.languages import language_name
from archive.pages.wanted import Wanted
from archive.questions.question import Filter, adding, removing

TITLES = {
    "outlet": "Outlet", "month": "Month", "language": "Language", "author": "Author", "topic": "Topic", "kind": "Kind",
    "verdict": "Judgement",
}  # fmt: skip
VERDICTS = {"keep": "on the topic", "review": "to review", "drop": "off the topic"}

MOST = {"outlet": 10, "month": 6, "author": 8}  # values that are shown of a field
OTHERS = 6
SPARED = 2  # values that are shown rather than told to be two more
ROOM = 9_000  # bytes that the links of all facets may take, so that a long question makes no long page
FEWEST, CHIPS = 3, 12
LINK = 110  # bytes of a value beside its question


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One value to choose, or to take off where it is chosen; `query` is the search after that."""

    label: str
    count: int
    query: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """One facet as it is shown, with how many values it has beside these."""

    field: str
    title: str
    choices: tuple[Choice, ...]
    further: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """One filter of the question in words, and the question without it."""

    text: str
    typed: str
    query: str


def menus(wanted: Wanted, results: Results) -> tuple[Menu, ...]:
    """The facets that tell something of a result; one whose only value all have tells nothing."""
    worth = [facet for facet in results.facets if tells(facet, results)]
    room = ROOM // (len(wanted.query()) + LINK)
    each = room // len(worth) if worth else 0
    return tuple(menu(wanted, facet, min(each, MOST.get(facet.field, OTHERS))) for facet in worth if each)


def tells(facet: Facet, results: Results) -> bool:
    """Whether a choice in a facet would change the result."""
    values = facet.values
    return bool(values) and (len(values) > 1 or values[0].is_chosen or values[0].count != results.articles)


def menu(wanted: Wanted, facet: Facet, most: int) -> Menu:
    """A facet with its first values; those that are chosen stand first."""
    ordered = sorted(facet.values, key=lambda one: not one.is_chosen)
    if not facet.further and OTHERS <= most < len(ordered) <= most + SPARED:
        most = len(ordered)
    if facet.field == "month":
        ordered = sorted(ordered[:most], key=lambda one: one.value, reverse=True)
    return Menu(
        field=facet.field,
        title=TITLES[facet.field],
        choices=tuple(choice(wanted, facet.field, one) for one in ordered[:most]),
        further=facet.further + max(0, len(ordered) - most) if facet.field != "month" else 0,
    )


def choice(wanted: Wanted, field: str, one: Value) -> Choice:
    """One value of a facet."""
    change = removing if one.is_chosen else adding
    return Choice(
        label=label(field, one.value, one.label),
        count=one.count,
        query=wanted.query(typed=change(wanted.question.typed, field, one.value)),
        is_chosen=one.is_chosen,
    )


def label(field: str, value: str, told: str = "") -> str:
    """A value as people read it; `told` where the field has no words of its own for it."""
    match field:
        case "month":
            return month_name(value)
        case "language":
            return language_name(value)
        case "verdict":
            return VERDICTS.get(value, value)
    return told or value


def chips(wanted: Wanted, results: Results) -> tuple[Chip, ...]:
    """The filters of a question, each with the search without it; of very many, the first."""
    labels = {(facet.field, one.value): one.label for facet in results.facets for one in facet.values}
    typed, question = wanted.question.typed, wanted.question
    made = [(told(one, labels), removing(typed, one.field, one.value)) for one in question.filters]
    if question.since:
        made.append((f"From {day(question.since)}", removing(typed, "since")))
    if question.until:
        made.append((f"Until {day(question.until, is_end=True)}", removing(typed, "until")))
    most = max(FEWEST, min(CHIPS, ROOM // (len(wanted.query()) + LINK)))
    return tuple(Chip(text=text, typed=other, query=wanted.query(typed=other)) for text, other in made[:most])


def told(one: Filter, labels: dict[tuple[str, str], str]) -> str:
    """A filter in words."""
    value = label(one.field, one.value, labels.get((one.field, one.value), ""))
    return f"{TITLES.get(one.field, one.field)}{' not' if one.is_without else ''}: {value}"


def month_name(month: str) -> str:
    """`March 2019` of `2019-03`; the text itself where it is no month."""
    try:
        return f"{date.fromisoformat(f'{month}-01'):%B %Y}"
    except ValueError:
        return month


def day(bound: str, *, is_end: bool = False) -> str:
    """`1 March 2019` of a bound in time, for an end the last day before it; the text itself where it is none."""
    try:
        at = datetime.fromisoformat(bound)
    except ValueError:
        return bound
    if is_end and at > datetime.min.replace(tzinfo=at.tzinfo):
        at -= timedelta(microseconds=1)
    return f"{at.day} {at:%B %Y}"
