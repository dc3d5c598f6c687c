from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipelines.items import Candidate, Capture, Page
from pipelines.stages.admit import AdmitPipeline, Dropped


def captured(status: int) -> Capture:
    page = Page(
        url="https://courier.example/1",
        status=status,
        headers=(("Content-Type", "text/html"),),
        body=b"<html><body><p>Negotiators took their seats again.</p></body></html>",
        fetched=datetime(2021, 8, 15, 12, tzinfo=UTC),
    )
    return Capture(candidate=Candidate(url=page.url), page=page)


def test_what_may_be_an_article_passes_untouched() -> None:
    capture = captured(200)
    assert AdmitPipeline().process_item(capture) is capture


def test_what_is_none_is_dropped_quietly_with_its_outcome() -> None:
    with pytest.raises(Dropped) as caught:
        AdmitPipeline().process_item(captured(304))
    assert caught.value.rejected.state == "unchanged"
    assert caught.value.log_level == "DEBUG"
    assert str(caught.value) == caught.value.rejected.reason
