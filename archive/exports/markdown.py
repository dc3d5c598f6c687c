"""Articles as a folder of Markdown files with YAML front matter, as note-taking programs and static sites read them.

Whatever an article says, a file shows it as text: it makes no markup, no link and no image, and names no file.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from archive.exports.everything import everything_of
from archive.exports.progress import Progress
from archive.exports.selection import Selection
from archive.queries import Row

GENERATOR = "dossier export"
SLUG = 60  # characters of a headline in a file's name
OUTLET = 40
MARK = 12  # hexadecimal digits, made of the address: no two articles of one day, outlet and headline have the same

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# What Markdown, its usual extensions, wikis or template languages make something of: anywhere, or where a line begins.
_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~$&@^])")
_FIRST = re.compile(r"([-+=:%!])")
_NUMBERED = re.compile(r"([0-9]{1,9})([.)])")
_ADDRESSES = re.compile(r":(?=//)|(?<=[wW]{3})\.")  # many renderers make links of bare addresses
# Control characters, ends of lines, halves of characters, and what turns a line around.
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_NAMED = ("summary", "language", "section", "published_precision", "modified", "fetched", "kind", "wire", "removed",
          "partial_reason", "content_hash")  # fmt: skip


def write(selection: Selection, progress: Progress, folder: Path) -> None:
    """Write a file an article into folders by year, and `index.md` with a line for each."""
    with (folder / "index.md").open("w", encoding="utf-8", newline="\n") as index:
        index.write(heading(selection.question.typed))
        for articles in everything_of(selection):
            for one in articles:
                place = place_of(one)
                path = folder / place
                path.parent.mkdir(exist_ok=True)
                with path.open("x", encoding="utf-8", errors="replace", newline="\n") as file:
                    file.write(page(one))
                index.write(entry(one, place))
            progress.done(len(articles))


def heading(typed: str) -> str:
    """The beginning of the index."""
    return (
        f"---\ngenerator: {quoted(GENERATOR)}\nquery: {quoted(typed)}\n---\n\n# {escaped(typed or 'All articles')}\n\n"
    )


def entry(one: Row, place: str) -> str:
    """The line of an article in the index. Its link is of letters, digits, hyphens, dots and one slash."""
    outlet = escaped(one["outlet_name"]) or escaped(one["outlet"])
    title = escaped(one["title"]) or "\\(no title\\)"
    return f"- {day_of(one)} {outlet}: [{title}]({place})\n"


def place_of(one: Row) -> str:
    """The path of an article's file: small ASCII letters, no name that a file system reserves, some 140 characters."""
    day = day_of(one)
    outlet = "".join(re.findall(r"[a-z0-9.-]", one["outlet"].lower()))[:OUTLET].strip(".-") or "outlet"
    mark = sha256(one["url"].encode("utf-8", "replace")).hexdigest()[:MARK]
    parts = [day, outlet, slug(one["title"]), mark]
    return f"{day[:4] if day != 'undated' else day}/{'-'.join(filter(None, parts))}.md"


def day_of(one: Row) -> str:
    """The day of an article as in the names of files."""
    found = _DAY.match(one["published"] or "")
    return found[0] if found else "undated"


def slug(title: str) -> str:
    """The beginning of a headline in ASCII; empty where it has no such letters."""
    plain = unicodedata.normalize("NFKD", title[:300]).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    kept = "-".join(words)[: SLUG + 1]
    return (kept if len(kept) <= SLUG else kept.rpartition("-")[0] or kept[:SLUG]).strip("-")


def page(one: Row) -> str:
    """The file of an article: what is known of it, and its text, one paragraph after the other."""
    title = escaped(one["title"]) or "\\(no title\\)"
    parts = [f"# {title}", *paragraphs(one.get("body", ""))]
    return f"---\n{''.join(front(one))}---\n\n" + "\n\n".join(parts) + "\n"


def front(one: Row) -> Iterator[str]:
    """The front matter, line by line; every value is a quoted text, a number, yes or no, or a list of such."""
    for name in ("title", "url", "outlet", "outlet_name", "authors", "published", *_NAMED):
        if one[name]:
            yield f"{name}: {valued(one[name])}\n"
    yield f"words: {one['words']}\n"
    for name in ("is_paywalled", "is_partial"):
        yield f"{name}: {valued(one[name])}\n"
    yield f"tags: {valued(one['tags'])}\n"
    yield f"story: {valued(one['story']['url'] or '')}\nstory_relation: {valued(one['story']['relation'])}\n"
    yield f"versions: {len(one['versions'])}\n"
    yield "topics:\n" if one["topics"] else "topics: []\n"
    for topic in one["topics"]:
        yield f"  - name: {valued(topic['topic'])}\n    verdict: {valued(topic['verdict'])}\n"
        yield f"    score: {valued(float(topic['score']))}\n"


def valued(value: Any) -> str:
    """A value as YAML."""
    if isinstance(value, list):
        return f"[{', '.join(map(valued, value))}]"
    return quoted(value) if isinstance(value, str) else json.dumps(value)


def quoted(text: str) -> str:
    """Hostile text as a YAML scalar on one line: whatever is not plainly printable is written as an escape."""
    clean = text.encode("utf-8", "replace").decode().replace("\\", "\\\\").replace('"', '\\"')
    return f'"{clean if clean.isprintable() else "".join(map(_as_yaml, clean))}"'


def _as_yaml(char: str) -> str:
    if char.isprintable():
        return char
    code = ord(char)
    return f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


def paragraphs(body: str) -> Iterator[str]:
    """The paragraphs of a text, each on a line of its own that no renderer takes for anything else."""
    for line in body.split("\n"):
        if said := escaped(line):
            yield said


def escaped(text: str) -> str:
    """Hostile text on one line in which every sign means itself."""
    said = " ".join(_UNFIT.sub(" ", text).split())
    numbered = _NUMBERED.match(said)
    said = _ADDRESSES.sub(_with_backslash, _SIGNS.sub(r"\\\1", said))
    if numbered:
        return f"{numbered[1]}\\{numbered[2]}{said[numbered.end() :]}"
    return f"\\{said}" if _FIRST.match(said) else said


def _with_backslash(found: re.Match[str]) -> str:
    return f"\\{found[0]}"
