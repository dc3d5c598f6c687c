"""From a candidate to its request, and from the answer to the page."""

from __future__ import annotations

import pytest
from scrapy import Request
from scrapy.http import Response

from archive.rows import TakenRow
from crawler.pages import page_of, request_of

URL = "https://daily.example/a"
MEMENTO = f"https://web.archive.org/web/20190129120000id_/{URL}"


def taken(via: str) -> TakenRow:
    return TakenRow(
        id=1, url=URL, host="daily.example", title="", published=None, score=0.5, tries=0, known=False, via=via
    )


def test_a_candidate_is_asked_at_its_own_address_or_where_its_bytes_can_be_had() -> None:
    assert request_of(taken("")) == (URL, {})
    assert request_of(taken(MEMENTO)) == (MEMENTO, {})
    record = request_of(taken("https://data.example/one.warc.gz#100,50"))
    assert record == ("https://data.example/one.warc.gz", {"Range": "bytes=100-149", "Accept-Encoding": "identity"})


@pytest.mark.parametrize(
    "via",
    ["ftp://x", "nonsense", "https://data.example/one.warc.gz", "https://data.example/one.warc.gz#10,0", "#1,2",
     "a b#1,2", "https://data.example/#x/one.warc.gz#1,2", "https://web.archive.org/web/2019/https://a.example/"],
)  # fmt: skip
def test_a_way_that_leads_nowhere_is_none_and_holds_up_no_batch(via: str) -> None:
    assert request_of(taken(via)) == (URL, {})
    page = page_of(Response(URL, body=b"<p>live", request=Request(URL)), taken(via))
    assert (page.url, page.captured) == (URL, None)
