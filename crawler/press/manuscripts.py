"""What the invented newspapers print: prose, one Markdown file an article, and what had changed by the second day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Literal, TypeGuard, get_args

ARTICLES = Path(__file__).parent / "articles"
MARK = ".update.md"

Bearing = Literal["on", "near", "off"]
"""How an article lies to the demo's topic: on it, near it by its words only, or off it. The tests' own ground truth."""


class ManuscriptError(ValueError):
    """A manuscript that cannot be read; the message names the file and the fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manuscript:
    """An article before it is set: its text one string a paragraph; `## ` opens a heading between them."""

    slug: str
    outlet: str
    date: datetime
    byline: str
    section: str
    topic: Bearing
    title: str
    standfirst: str
    tags: tuple[str, ...]
    paragraphs: tuple[str, ...] = field(repr=False)
    place: str = ""
    caption: str = ""
    modified: datetime | None = None
    note: str = ""

    @property
    def words(self) -> int:
        """Words of the text."""
        return sum(len(paragraph.split()) for paragraph in self.paragraphs)


def manuscripts(folder: Path = ARTICLES) -> dict[str, Manuscript]:
    """Every article by its slug, as it was first written."""
    files = sorted(path for path in folder.glob("*.md") if not path.name.endswith(MARK))
    return {path.stem: read_manuscript(path.stem, path.read_text(encoding="utf-8")) for path in files}


def revisions(written: Mapping[str, Manuscript], folder: Path = ARTICLES) -> dict[str, Manuscript]:
    """The articles that had changed by the second day, as they read then."""
    files = sorted(folder.glob(f"*{MARK}"))
    slugs = {path: path.name.removesuffix(MARK) for path in files}
    return {slug: revised(written[slug], path.read_text(encoding="utf-8")) for path, slug in slugs.items()}


def read_manuscript(slug: str, text: str) -> Manuscript:
    """The article in a file's text: `key: value` lines between two `---`, then paragraphs with empty lines between."""
    fields, body = split(slug, text)
    topic = fields.get("topic", "")
    if not is_bearing(topic):
        raise ManuscriptError(f"{slug}.md: topic is {topic!r}; say on, near or off")
    try:
        return Manuscript(
            slug=slug,
            outlet=fields["outlet"],
            date=datetime.fromisoformat(fields["date"]),
            byline=fields["byline"],
            section=fields["section"],
            topic=topic,
            title=fields["title"],
            standfirst=fields["standfirst"],
            tags=tuple(tag.strip() for tag in fields["tags"].split(",")),
            paragraphs=paragraphs_of(body),
            place=fields.get("place", ""),
            caption=fields.get("caption", ""),
        )
    except KeyError as error:
        raise ManuscriptError(f"{slug}.md: {error.args[0]} is missing; add it above the second ---") from error


def revised(first: Manuscript, text: str) -> Manuscript:
    """The article with an update's changes: `[replace N]` and `[append]` each stand before new paragraphs."""
    fields, body = split(first.slug + MARK, text)
    paragraphs = list(first.paragraphs)
    for part in body.split("\n[")[1:]:
        order, _, words = part.partition("]")
        verb, _, number = order.partition(" ")
        if verb == "replace":
            paragraphs[int(number) - 1] = " ".join(words.split())
        else:
            paragraphs.extend(paragraphs_of(words))
    return replace(
        first,
        title=fields.get("title", first.title),
        modified=datetime.fromisoformat(fields["modified"]),
        note=fields.get("note", ""),
        paragraphs=tuple(paragraphs),
    )


def is_bearing(text: str) -> TypeGuard[Bearing]:
    """Whether a text is one of the bearings."""
    return text in get_args(Bearing)


def split(name: str, text: str) -> tuple[dict[str, str], str]:
    """The fields above the second `---`, and what is below it."""
    opening, _, rest = text.partition("---\n")
    head, rule, body = rest.partition("\n---\n")
    if opening or not rule:
        raise ManuscriptError(f"{name}: does not begin with fields between two lines of ---")
    pairs = (line.partition(":") for line in head.splitlines() if line.strip())
    return {key.strip(): value.strip() for key, _, value in pairs}, "\n" + body


def paragraphs_of(body: str) -> tuple[str, ...]:
    """Paragraphs, each on one line."""
    return tuple(" ".join(part.split()) for part in body.split("\n\n") if part.strip())
