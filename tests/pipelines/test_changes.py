from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.body.furniture import line_hash
from pipelines.changes import LARGEST, MOST, Told, beside, boring

LINES = (
    "The envoys met for a fifth day on Tuesday, two diplomats said in Doha.",
    "A draft on the withdrawal lay on the table; 12 prisoners were freed on the way.",
    '"Nothing is agreed until everything is agreed," the hosts told us 2 hours ago.',
    "The talks go on tomorrow, and nobody knows how long they will take.",
)
FIRST = Told(title="Envoys meet again in Doha", body="\n".join(LINES))


def below(line: str) -> str:
    return f"{FIRST.body}\n{line}"


BORING = [
    (FIRST.body.replace("\n", " "), "white space"),
    (FIRST.body.replace('"', "”"), "typography"),
    (FIRST.body.replace("; ", " ; ").replace("The talks", "The\u00a0talks"), "typography"),
    (FIRST.body.replace("2 hours ago", "5 hours ago"), "relative time"),
    (below("Published yesterday at 14:05"), "stamp"),
    (f"Updated 3 minutes ago\n{FIRST.body}", "relative time"),
    (below("14 comments | 1,204 shares"), "counter"),
    (below("Read more: The market in Kabul opens again"), "furniture"),
    (below("The delegations at the table. Photo: Mina Rahimi / Reuters"), "caption"),
    (below("Reporting by Mina Rahimi; Editing by Jo Oduya"), "caption"),
    (below("The hotel where they meet"), "caption"),
    (below("The Courier is read in nine countries."), "furniture"),
]
REAL = [
    FIRST.body.replace("12 prisoners", "14 prisoners"),
    FIRST.body.replace("go on", "do not go on"),
    FIRST.body.replace("Tuesday", "Monday"),
    FIRST.body.replace("Doha", "Dubai"),
    FIRST.body.replace("told us", "told US"),
    FIRST.body.replace('"', ""),
    FIRST.body.replace("tomorrow", "2 days ago"),
    "\n".join(LINES[:3]),
    "\n".join(LINES[::-1]),
    below("10:30\nThe delegations went to lunch, and the lobby was empty."),
    below("Correction: it was Monday."),
    below("12 dead"),
    below(LINES[0]),
    "",
]
AROUND = beside(["The hotel where they meet."], [line_hash("The Courier is read in nine countries.")])


@pytest.mark.parametrize(("body", "kind"), BORING, ids=range(len(BORING)))
def test_what_says_the_same_is_boring_in_both_directions(body: str, kind: str) -> None:
    other = replace(FIRST, body=body)
    assert boring(FIRST, other, AROUND) == (kind,)
    assert boring(other, FIRST, AROUND) == (kind,)


@pytest.mark.parametrize("body", REAL, ids=range(len(REAL)))
def test_what_says_something_else_is_not(body: str) -> None:
    assert boring(FIRST, replace(FIRST, body=body), AROUND) is None
    assert boring(replace(FIRST, body=body), FIRST, AROUND) is None


def test_several_boring_changes_are_named_together() -> None:
    body = below("14 comments").replace('"', "”").replace("2 hours", "3 hours")
    title = FIRST.title.upper()
    assert boring(FIRST, Told(title=title, body=body)) == ("counter", "relative time", "typography")


def test_the_same_text_differs_in_nothing() -> None:
    assert boring(FIRST, FIRST) == ()


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Envoys Meet Again in Doha", ("typography",)),
        ("Envoys meet again in  Doha", ("white space",)),
        ("Envoys meet again in Dubai", None),
        ("Envoys meet again in DOHA", None),
        ("", None),
    ],
)
def test_headlines_are_compared_too(title: str, expected: tuple[str, ...] | None) -> None:
    assert boring(FIRST, replace(FIRST, title=title)) == expected


def test_a_boring_line_does_not_hide_what_is_said_beside_it() -> None:
    assert boring(FIRST, Told(title=FIRST.title, body=below("14 comments").replace("12", "14"))) is None


def test_of_very_many_lines_nobody_asks_what_they_say() -> None:
    lines = [f"{number} comments" for number in range(MOST + 1)]
    assert boring(FIRST, replace(FIRST, body=below("\n".join(lines)))) is None
    assert boring(FIRST, replace(FIRST, body=below("\n".join(lines[:MOST])))) == ("counter",)
    long = "\n".join(f"{line} 2 hours ago" for line in ("word " * (LARGEST // 20) * 2, FIRST.body))
    others = long.replace("2 hours", "3 hours")
    assert boring(Told(title="Envoys", body=long), Told(title="Envoys", body=others)) is None


WORDS = ("envoys", "talks", "truce", "border", "minister", "valley", "bridge", "winter", "letter", "council")
TYPE = {'"': ("“", "”", "„", "»"), "'": ("’", "‘"), "-": ("–", "—", "‑"), " ": ("\u00a0", "  ", "\u2009", " \u200b")}

sentences = st.lists(st.sampled_from(WORDS), min_size=6, max_size=14).map(" ".join)
bodies = st.lists(sentences, min_size=2, max_size=6)


@given(st.lists(st.text(st.characters(exclude_categories=("Cs",)), max_size=60), max_size=6), st.randoms())
def test_any_text_in_other_type_is_boring(lines: list[str], random: object) -> None:
    body = "\n".join(lines)
    drawn = "".join(random.choice((one, *TYPE.get(one, ()))) for one in body)  # type: ignore[attr-defined]  # a strategy gives it
    assert boring(Told(title="Envoys meet", body=body), Told(title="Envoys meet", body=drawn)) is not None


@given(bodies, st.data())
def test_any_other_word_in_prose_is_real(lines: list[str], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(lines) - 1))
    words = lines[place].split()
    at = data.draw(st.integers(0, len(words) - 1))
    word = data.draw(st.sampled_from([one for one in (*WORDS, "not", "12", "Doha") if one != words[at]]))
    changed = [*lines[:place], " ".join([*words[:at], word, *words[at + 1 :]]), *lines[place + 1 :]]
    before, after = (Told(title="Envoys meet", body=".\n".join(some)) for some in (lines, changed))
    assert boring(before, after) is None


@given(st.lists(st.sampled_from(LINES), min_size=1, max_size=6), st.lists(st.sampled_from(LINES), max_size=6))
def test_paragraphs_that_came_went_or_moved_are_real(lines: list[str], others: list[str]) -> None:
    one, other = (Told(title="Envoys meet", body="\n".join(some)) for some in (lines, others))
    assert boring(one, other) == (() if lines == others else None)


@given(bodies, st.data())
def test_any_word_that_came_or_went_is_real(lines: list[str], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(lines) - 1))
    words = lines[place].split()
    at = data.draw(st.integers(0, len(words)))
    longer = " ".join([*words[:at], data.draw(st.sampled_from((*WORDS, "not", "3"))), *words[at:]])
    before = Told(title="Envoys meet", body="\n".join(lines))
    after = Told(title="Envoys meet", body="\n".join([*lines[:place], longer, *lines[place + 1 :]]))
    assert boring(before, after) is None
    assert boring(after, before) is None


@given(st.text(), st.text(), st.text(), st.text())
def test_any_two_texts_can_be_compared_and_the_answer_is_the_same_from_both_sides(
    title: str, body: str, other_title: str, other_body: str
) -> None:
    one, other = Told(title=title, body=body), Told(title=other_title, body=other_body)
    assert boring(one, other) == boring(other, one)
    assert boring(one, one) == ()
