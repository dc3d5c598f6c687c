from __future__ import annotations

from lxml.html import HtmlElement

from pipelines.body.choice import Body, Shown, body_of, live_body, size_of
from pipelines.metadata import Metadata
from pipelines.tree import links_of, strip, tree_of

TEXT = [f"Paragraph {number} tells at some length what the envoys said on Tuesday evening." for number in range(1, 6)]


def shown(markup: str, **said: object) -> Shown:
    page = f"<html><head></head><body>{markup}</body></html>"
    tree = tree_of(page)
    strip(tree)
    titles = ("Envoys resume talks",)
    return Shown(
        tree=tree,
        said=Metadata(titles=titles, **said),  # type: ignore[arg-type] # fields of a test
        links=links_of(tree),
        again=lambda: tree_of(page),
    )


def test_links_that_may_be_a_line_of_the_text_stand_around_it() -> None:
    links = ["Home", "What the two sides want from it", "https://courier.example/petition", "x" * 400]
    page = shown("".join(f"<a href=/{at}>{text}</a> " for at, text in enumerate([*links, *links])))
    assert page.around.links == links[:2]


def test_a_page_is_not_parsed_again_where_it_shows_a_text() -> None:
    page = shown("".join(f"<p>{line}</p>" for line in TEXT))
    asked: list[int] = []
    again = page.again

    def parsed() -> HtmlElement:
        asked.append(1)
        return again()

    whole = Shown(tree=page.tree, said=page.said, links=page.links, again=parsed)
    assert list(body_of(whole).lines) == TEXT
    assert not asked
    short = shown("<p>Loading</p>", article_body="\n".join(TEXT))
    other = Shown(tree=short.tree, said=short.said, links=(), again=parsed)
    assert body_of(other) == Body(lines=TEXT, source="json-ld")
    assert not asked


def test_what_is_no_live_blog_stays_as_it_was_found() -> None:
    found = Body(lines=TEXT)
    assert live_body(shown("<p>No post is here</p>"), found, [], None) is found


def test_a_size_counts_the_ends_of_lines() -> None:
    assert size_of([]) == 0
    assert size_of(TEXT) == len("\n".join(TEXT))
