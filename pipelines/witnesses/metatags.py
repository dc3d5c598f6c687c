"""The head of a page: its meta tags, canonical link, language and titles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lxml.html import HtmlElement

from pipelines.decoding import cleaned, plain

MAX_TAGS = 1_000
MAX_VALUE = 5_000
MAX_TITLE = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What the tags of a page say of it; `metas` maps a name in lower case to its values in order.

    `headings` are the texts of the first h1 elements, `subheadings` those of the first h2.
    """

    metas: Mapping[str, tuple[str, ...]]
    title: str = ""
    headings: tuple[str, ...] = ()
    subheadings: tuple[str, ...] = ()
    canonical: str = ""
    language: str = ""

    def first(self, *names: str) -> str:
        """The first value under the first of these names that has one."""
        return next((values[0] for name in names if (values := self.metas.get(name))), "")

    def claims(self, *names: str) -> list[tuple[str, str]]:
        """The first value under each of these names that has one, each with its witness: og, twitter or meta."""
        return [(_witness(name), values[0]) for name in names if (values := self.metas.get(name))]

    def all(self, *names: str) -> list[str]:
        """All values under these names."""
        return [value for name in names for value in self.metas.get(name, ())]


def head_of(tree: HtmlElement) -> Head:
    """What the tags of a page say of it, wherever in the page they stand."""
    title = next(tree.iter("title"), None)
    return Head(
        metas=_metas(tree),
        title=_text(title) if title is not None else "",
        headings=tuple(text for heading in _some(tree, "h1", 5) if (text := _text(heading))),
        subheadings=tuple(text for heading in _some(tree, "h2", 10) if (text := _text(heading))),
        canonical=_canonical(tree),
        language=cleaned(tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "")[:35],
    )


def _witness(name: str) -> str:
    if name.startswith(("og:", "article:")):
        return "og"
    return "twitter" if name.startswith("twitter:") else "meta"


def _metas(tree: HtmlElement) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for meta in _some(tree, "meta", MAX_TAGS):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or meta.get("http-equiv")
        content = meta.get("content")
        if name and content and (value := plain(content[:MAX_VALUE])):
            found.setdefault(name.strip().lower()[:100], []).append(value)
    return {name: tuple(values) for name, values in found.items()}


def _canonical(tree: HtmlElement) -> str:
    for link in _some(tree, "link", MAX_TAGS):
        if "canonical" in (link.get("rel") or "").lower().split():
            return cleaned(link.get("href") or "")[:MAX_VALUE]
    return ""


def _some(tree: HtmlElement, tag: str, most: int) -> list[HtmlElement]:
    return [element for _, element in zip(range(most), tree.iter(tag), strict=False)]


def _text(element: HtmlElement) -> str:
    return cleaned("".join(element.itertext())[:MAX_TITLE])
