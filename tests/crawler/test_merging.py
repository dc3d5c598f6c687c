from __future__ import annotations

from archive.furniture import packed
from archive.memberships import StoredText
from archive.merging.accounts import Telling
from crawler.merging import judge, says_the_same
from pipelines.body.furniture import line_hash

LINE = "Serving the delta since the year of the great flood"


def telling(body: str, *, furniture: str = "", hour: int = 1) -> Telling:
    return Telling(
        content_hash=body, fetched=f"2021-08-15T{hour:02d}:00:00Z", title="Talks", body=body, fetch=None,
        furniture=packed([line_hash(furniture)] if furniture else []), shown=False,
    )  # fmt: skip


def test_texts_that_differ_in_furniture_or_typography_say_the_same_from_either_side() -> None:
    knows, knows_not = telling("Envoys met in Doha.", furniture=LINE), telling(f"{LINE}\nEnvoys met in Doha.", hour=2)
    assert says_the_same(knows, knows_not)
    assert says_the_same(knows_not, knows)
    assert says_the_same(telling('Envoys said "no".'), telling("Envoys said “no”.", hour=3))


def test_texts_that_say_something_else_do_not() -> None:
    assert not says_the_same(telling("Two envoys met in Doha."), telling("Three envoys met in Doha."))
    assert not says_the_same(telling("Envoys met in Doha."), telling(f"{LINE}\nEnvoys met in Doha.", hour=2))


def test_a_text_is_judged_as_its_topic_is_defined() -> None:
    text = StoredText(
        id=1, url="https://a.example/1", title="Doha talks", summary="", body="Talks in Doha.", published=None
    )
    found = judge("talks", "[thresholds]\nkeep = 0.4\n[terms]\ndoha = 1\n", text)
    assert found is not None
    assert found.verdict == "keep"
    assert judge("talks", "no = such = toml", text) is None
