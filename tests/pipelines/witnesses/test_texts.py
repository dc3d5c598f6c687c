from __future__ import annotations

from lxml.html import fragment_fromstring

from pipelines.witnesses.texts import MOST_STEPS, texts_in


def test_texts_come_in_order_and_without_what_follows_the_element() -> None:
    outer = fragment_fromstring("<div><p>By <a>Ana <b>Lima</b>!</a> and Jon</p> later</div>")
    assert list(texts_in(outer[0])) == ["By ", "Ana ", "Lima", "!", " and Jon"]


def test_a_text_behind_thousands_of_empty_elements_is_not_reached() -> None:
    assert list(texts_in(fragment_fromstring(f"<p>{'<i></i>' * MOST_STEPS}late</p>"))) == []
