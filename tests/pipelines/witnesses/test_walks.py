from __future__ import annotations

from lxml import etree
from lxml.html import fragment_fromstring

from pipelines.witnesses.walks import MOST_STEPS, holders_of, texts_in


def test_texts_come_in_order_and_without_what_follows_the_element() -> None:
    outer = fragment_fromstring("<div><p>By <a>Ana <b>Lima</b>!</a> and Jon</p> later</div>")
    assert list(texts_in(outer[0])) == ["By ", "Ana ", "Lima", "!", " and Jon"]


def test_a_text_behind_thousands_of_empty_elements_is_not_reached() -> None:
    assert list(texts_in(fragment_fromstring(f"<p>{'<i></i>' * MOST_STEPS}late</p>"))) == []


def test_the_elements_of_attributes_and_texts_come_in_order() -> None:
    tree = fragment_fromstring("<div><p class=a>one<i class=b>two</i>three</p><p class>four</p></div>")
    assert [element.tag for element in holders_of(etree.XPath("descendant::*/@class"), tree, 9)] == ["p", "i", "p"]
    assert [element.tag for element in holders_of(etree.XPath("descendant::text()"), tree, 3)] == ["p", "i", "i"]
