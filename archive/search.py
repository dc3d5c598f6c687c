"""A search by the command: the best or the newest articles for a question, copies of one story as one answer."""

from __future__ import annotations

from dataclasses import dataclass

from archive.catalogue.results import Order
from archive.folding import OF_STORY, RANK, folded
from archive.passages import passages
from archive.queries import WINDOW, Reader, Row, row, rows
from archive.questions.conditions import conditions
from archive.questions.narrowing import narrowing
from archive.questions.question import Question, parse

# The rows of articles are too wide to be read by the million: what is asked of all that match is in this index.
NARROW = "articles_catalogue"
HAS_NARROW = "SELECT COUNT(*) AS n FROM sqlite_master WHERE name = :name"

COUNTED = "SELECT COUNT(*) AS articles FROM articles AS a {narrow} WHERE {where}"
BY_WORDS = f"""
SELECT f.rowid AS id, {RANK} AS rank FROM articles_fts AS f CROSS JOIN articles AS a {{narrow}} ON a.id = f.rowid
WHERE articles_fts MATCH :words AND {{others}} ORDER BY f.rowid DESC LIMIT :window
"""
BY_TIME = """
SELECT id, ROW_NUMBER() OVER (ORDER BY published {order} NULLS LAST, id {order}) AS rank FROM (
    SELECT a.id, a.published FROM articles AS a {narrow} WHERE {where}
    ORDER BY a.published {order} NULLS LAST, a.id {order} LIMIT :window)
"""
COPIES = 20  # of a story, for which there is room when the first stories by time are looked for
EARLIEST = "a.published IS NULL, a.published, m.id"
FIRST = "WITH matches AS MATERIALIZED ({matches}), {folded}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One answer: an article, and how many copies its story has beside it.

    `marked_title` and `snippet` are hostile text, with the marks of `pieces` around what was looked for.
    """

    id: int
    url: str
    title: str
    outlet: str
    outlet_name: str
    published: str | None
    published_precision: str | None
    language: str
    copies: int
    marked_title: str
    snippet: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a search found. `matches` counts all articles that match, copies too.

    Of them the `ranked` that arrived last were ranked, where the order is by words. Where none matches, `without` says
    which parts of the question let nothing through: each as it is typed, and how many articles match without it.
    """

    question: Question
    order: Order
    found: tuple[Found, ...]
    matches: int
    ranked: int
    without: tuple[tuple[str, int], ...] = ()

    @property
    def is_cut(self) -> bool:
        """Whether only the newest arrivals among the matches were ranked."""
        return self.ranked < self.matches


def search(db: Reader, typed: str, limit: int, order: Order | None = None) -> Answer:
    """The first answers to whatever was typed; best first where it has words, else newest, unless `order` says so."""
    question = parse(typed)
    order = order or "best"
    if order == "best" and not question.words:
        order = "newest"
    asked = Asked(db, question)
    matches = asked.count()
    best = asked.first(order, limit) if matches else []
    marks = passages(db, [one["id"] for one in best], question.words)
    found = tuple(
        Found(
            id=one["id"],
            url=one["url"],
            title=one["title"],
            outlet=one["outlet"],
            outlet_name=one["outlet_name"],
            published=one["published"],
            published_precision=one["published_precision"],
            language=one["language"],
            copies=one["copies"],
            marked_title=marks[one["id"]]["title"] if one["id"] in marks else one["title"],
            snippet=marks[one["id"]]["snippet"] if one["id"] in marks else "",
        )
        for one in best
    )
    without = () if matches else tuple((part, Asked(db, parse(rest)).count()) for part, rest in narrowing(typed))
    return Answer(
        question=question,
        order=order,
        found=found,
        matches=matches,
        ranked=min(matches, WINDOW) if order == "best" else matches,
        without=tuple((part, count) for part, count in without if count),
    )


class Asked:
    """A question put to an archive."""

    def __init__(self, db: Reader, question: Question) -> None:
        self.db = db
        self.conditions = conditions(db, question)
        has_narrow = row(db, HAS_NARROW, name=NARROW) or {}
        self.narrow = f"INDEXED BY {NARROW}" if has_narrow["n"] else ""

    def count(self) -> int:
        """How many articles match."""
        return int((row(self.db, self.counting(), **self.conditions.values) or {})["articles"])

    def first(self, order: Order, limit: int) -> list[Row]:
        """The first stories in an order."""
        rank, standing = (OF_STORY, "m.rank") if order == "best" else ("m.rank", EARLIEST)
        sql = FIRST.format(matches=self.matching(order), folded=folded(rank, standing, self.narrow))
        window = WINDOW if order == "best" else limit * COPIES
        while True:
            found = rows(self.db, sql, **self.conditions.values, window=window, limit=limit)
            if order == "best" or len(found) == limit or window > self.count():
                return found
            window *= COPIES

    def counting(self) -> str:
        """The SQL that counts all that match."""
        return COUNTED.format(narrow=self.narrow, where=self.conditions.where)

    def matching(self, order: Order) -> str:
        """The SQL of the articles that match, the first in an order, as ids and ranks."""
        if order == "best":
            return BY_WORDS.format(narrow=self.narrow, others=" AND ".join(self.conditions.others))
        way = "DESC" if order == "newest" else "ASC"
        return BY_TIME.format(narrow=self.narrow, where=self.conditions.where, order=way)
