"""What a run says when it is over."""

from __future__ import annotations

import io
from pathlib import Path

from rich.console import Console

from crawler.exits import Exit
from crawler.process import Result
from crawler.summary import show
from pipelines.topic import Topic


def said(**figures: object) -> str:
    stats = {f"dossier/{name.replace('__', '/').replace('not_a', 'not-a')}": value for name, value in figures.items()}
    console = Console(file=io.StringIO(), width=200, soft_wrap=True)
    result = Result(code=Exit.DONE, reason="finished", stats=stats)
    show(result, Topic(name="talks"), Path("data"), console)
    return console.file.getvalue()  # type: ignore[attr-defined]  # it is a StringIO


def test_answers_are_counted_as_answers_and_not_as_sources() -> None:
    told = said(announced=41, found=40, taken=7, sources__complete=288, sources__saturated=3)
    assert "41 links announced in 291 answers, 40 of them new; 7 asked for:" in told
    assert "1 link announced in 1 answer," in said(announced=1, sources__complete=1)


def test_the_outcomes_add_up_with_what_is_left() -> None:
    told = said(taken=9, outcome__stored=4, outcome__waiting=2, announced=9)
    rows = [line.split()[:3] for line in told.splitlines()]
    assert ["4", "stored", "articles"] in rows
    assert ["2", "waiting", "put"] in rows
    assert ["3", "left", "waiting"] in rows
    assert ["9", "in", "all"] in rows


def test_what_brought_no_answer_is_said() -> None:
    told = said(sources__refused=2, sources__failed=1)
    assert "3 questions brought no answer that can be read: `dossier sources`, `status` say why" in told


def test_sources_that_were_not_due_are_no_sign_of_trouble() -> None:
    told = said(not_due=12)
    assert "12 sources not due yet" in told
    assert "sources check" not in told
    assert "sources check" in said(sources__complete=3)
    assert "nothing was left to ask" in said()


def test_what_known_articles_were_asked_and_which_had_to_be_left_is_said() -> None:
    told = said(taken=9, looks=1, looks_left=1_200)
    assert "1 known article asked for changes" in told
    assert "1,200 known articles due to be asked and left for the next run" in told
    assert "known article" not in said(taken=9)


def test_one_is_one() -> None:
    told = said(versions=1, copies=1, review=1, outlinks=1)
    for line in ("1 article is a copy", "1 article has a new version", "1 article is marked", "is a candidate as well"):
        assert line in told
    assert "2 articles have a new version" in said(versions=2)
