"""What the address of a search asks for, and the addresses beside it: another page, order, filter or form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from archive.catalogue.results import ORDERS, PAGE, Order, Results
from archive.questions.question import FIELDS, Question, parse, removing
from archive.serving.site import Site

LAST = 999_999  # the highest page that can be asked for
TIMES = ("month", "since", "until")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One search as its address has it; `order` is None where the question's own is wanted."""

    question: Question
    order: Order | None = None
    page: int = 1
    is_folded: bool = True

    def results(self, site: Site, *, order: Order | None = None, size: int = PAGE) -> Results:
        """The page that is wanted; in `order` where the address names none."""
        return site.catalogue.search(
            self.question, order=self.order or order, page=self.page, size=size, folded=self.is_folded
        )

    def query(
        self, *, typed: str | None = None, order: Order | None = None, page: int = 1, is_folded: bool | None = None
    ) -> str:
        """What stands after the question mark of this search with something else in it; page 1 unless it is given."""
        folded = self.is_folded if is_folded is None else is_folded
        args = {
            "q": self.question.typed if typed is None else typed,
            "order": order or self.order,
            "copies": None if folded else "all",
            "page": page if page > 1 else None,
        }
        kept = {name: value for name, value in args.items() if value}
        return urlencode(kept, safe=":", errors="replace")


def wanted(args: Mapping[str, str]) -> Wanted:
    """The search that an address asks for; what cannot be understood is as if it were not there."""
    question = parse(args.get("q", ""))
    order = next((one for one in ORDERS if one == args.get("order") and (one != "best" or question.words)), None)
    number = args.get("page", "")
    page = int(number) if number.isascii() and number.isdigit() and len(number) <= len(str(LAST)) else 1
    return Wanted(question=question, order=order, page=max(1, page), is_folded=args.get("copies") != "all")


def timeless(typed: str) -> str:
    """The question without its filters by time."""
    for field in TIMES:
        typed = removing(typed, field)
    return typed


def bare(typed: str) -> str:
    """The words of the question, without any filter."""
    for field in FIELDS:
        typed = removing(typed, field)
    return timeless(typed)
