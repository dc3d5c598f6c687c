"""The documents: their links lead somewhere, what is generated is current, nothing of ours is left undescribed."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from crawler.cli import VERBS
from crawler.exits import Exit

ROOT = Path(__file__).parent.parent
MADE = {"archive/data", "benchmarks/results/"}  # git-ignored: made when the project is used
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
HANDMADE = [page for page in PAGES if page.name not in {"cli.md", "schema.md"}]


def ident(page: Path) -> str:
    return str(page.relative_to(ROOT))


@cache
def tokens(page: Path) -> list[Token]:
    """The page's blocks and what stands in them, in one row."""
    found = []
    for block in MarkdownIt("commonmark").enable("table").parse(page.read_text(encoding="utf-8")):
        found += [block, *(block.children or ())]
    return found


def links(page: Path) -> set[str]:
    named = {"link_open": "href", "image": "src"}
    return {str(token.attrs[named[token.type]]) for token in tokens(page) if token.type in named}


def anchors(page: Path) -> set[str]:
    """The names that a forge gives a page's headings: lower case, without marks, a hyphen for each space."""
    found = tokens(page)
    texts = [found[n + 1].content for n, token in enumerate(found) if token.type == "heading_open"]
    return {re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for text in texts}


def targets(page: Path) -> set[Path]:
    """The files of ours that a page links to."""
    own = {link.partition("#")[0] for link in links(page) if "://" not in link and not link.startswith("mailto:")}
    return {(page.parent / name).resolve() for name in own if name}


@pytest.mark.parametrize("page", PAGES, ids=ident)
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in sorted(links(page)):
        if "://" in link or link.startswith("mailto:"):
            assert link.startswith(("https://", "http://127.0.0.1", "mailto:")), f"{link}: not safe to follow"
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), f"{ident(page)} links to {link}, which is not there"
        if anchor:
            assert anchor in anchors(target), f"{ident(page)} links to {link}: no such heading"


@pytest.mark.parametrize("page", PAGES, ids=ident)
def test_documents_name_files_that_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:tests|docs|crawler|pipelines|archive|benchmarks)/[\w./-]+)`", text))
    for name in sorted(named):
        assert (ROOT / name).exists() or name in MADE, f"{ident(page)} names {name}"


def test_every_page_is_found_from_the_first_one() -> None:
    seen, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        seen.add(page)
        below = {found for target in targets(page) for found in (target.glob("*.md") if target.is_dir() else [target])}
        waiting += [target for target in below if target.suffix == ".md" and target not in seen]
    lost = {ident(page) for page in PAGES} - {ident(page) for page in seen}
    assert not lost, f"no link leads to {sorted(lost)}"


@pytest.mark.parametrize("name", ["cli.md", "schema.md"])
def test_generated_documents_are_current(name: str) -> None:
    from docs.generate import PAGES as GENERATED
    from docs.generate import current

    assert current(name, GENERATED[name]()), f"docs/{name} is out of date: run `make docs`"


def test_every_setting_of_ours_is_documented() -> None:
    from crawler import settings

    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    missing = [name for name in dir(settings) if name.startswith("DOSSIER_") and f"`{name}`" not in text]
    assert not missing, f"docs/settings.md says nothing of {missing}"


def test_every_verb_stands_in_the_readme() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    missing = [verb for verb in VERBS if f"| `dossier {verb}" not in text]
    assert not missing, f"the table of README.md has no row of {missing}"


def test_every_exit_code_is_documented() -> None:
    text = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    for code in Exit:
        assert re.search(rf"^\| {int(code)} \|", text, re.MULTILINE), f"docs/operating.md does not say what {code!r} is"


@pytest.mark.parametrize("page", HANDMADE, ids=ident)
def test_every_command_in_a_document_is_one_of_ours(page: Path) -> None:
    blocks = [token.content for token in tokens(page) if token.type in {"code_block", "fence", "code_inline"}]
    options = r"(?:--(?:data|log-format) \S+ |-[qv] |--(?:quiet|verbose) )*"
    for verb in re.findall(rf"^\s*dossier {options}([a-z]+)\b", "\n".join(blocks), re.MULTILINE):
        assert verb in VERBS, f"{ident(page)} tells of `dossier {verb}`"
