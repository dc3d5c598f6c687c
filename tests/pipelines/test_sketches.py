from __future__ import annotations

import os
import random
import subprocess
import sys

from pipelines.sketches import MOST, content_hash, sketch


def prose(words: int, seed: int) -> list[str]:
    """That many different-looking words: enough for shingles, which look at no meaning."""
    chance = random.Random(seed)
    return [chance.choice("bdfgklmnprst") + chance.choice("aeiou") + str(chance.randrange(900)) for _ in range(words)]


def test_a_text_of_under_25_words_keeps_no_hashes() -> None:
    assert sketch(" ".join(prose(24, 15))).hashes == ()
    assert sketch(" ".join(prose(25, 15))).hashes != ()


def test_every_text_but_a_short_one_keeps_the_same_number_of_hashes() -> None:
    sizes = {words: len(sketch(" ".join(prose(words, words))).hashes) for words in (60, 400, 1000, 5000, 50_000)}
    assert 15 <= sizes.pop(60) <= 45
    assert set(sizes.values()) == {MOST}


def test_the_sketch_of_a_long_text_contains_what_a_part_of_it_keeps_up_to_its_last_hash() -> None:
    body = prose(4000, 17)
    part, whole = sketch(" ".join(body[:500])), sketch(" ".join(body))
    rare = {one for one in part.hashes if one <= whole.hashes[-1]}
    assert rare
    assert rare <= set(whole.hashes)


def test_hashes_fit_what_sqlite_stores_and_are_bounded() -> None:
    hashes = sketch(" ".join(prose(20_000, 18))).hashes
    assert list(hashes) == sorted(set(hashes))
    assert all(0 <= one < 1 << 63 for one in hashes)
    assert len(hashes) == MOST


def test_a_sketch_is_the_same_in_every_process() -> None:
    text = " ".join(prose(300, 19))
    code = f"from pipelines.sketches import sketch; print(sketch({text!r}))"
    runs = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert runs == {f"{sketch(text)}\n".encode()}


def test_case_punctuation_and_white_space_do_not_change_a_sketch() -> None:
    text = "Delegates said, on Sunday, that the talks would resume. " * 5
    assert sketch(text) == sketch(text.upper().replace(" ", "\n ").replace(",", ""))


def test_a_version_is_told_by_any_character_but_white_space() -> None:
    assert content_hash("A b", "one\ntwo  three") == content_hash(" A  b", "one two\n\nthree ")
    assert content_hash("Cafe\u0301", "x") == content_hash("Caf\u00e9", "x")
    assert content_hash("A", "one, two") != content_hash("A", "one two")
    assert content_hash("A", "one two") != content_hash("B", "one two")
    assert content_hash("A one", "two") != content_hash("A", "one two")


def test_lone_surrogates_do_not_stop_a_sketch() -> None:
    assert sketch("a\ud800b " * 40).words > 0
    assert content_hash("\ud800", "") != content_hash("", "")
