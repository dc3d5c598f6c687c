from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.wires import Credit, credit_of

TEXT = ["The harbour of Elmsport was closed on Monday.", "Boats will be back in a week, officials said."] * 4


@pytest.mark.parametrize(
    ("line", "agency"),
    [
        ("KABUL (AP) — The road was open.", "AP"),
        ("KABUL, Afghanistan (AP) -- The road was open.", "AP"),
        ("KABUL, Jan 28 (Reuters) - The road was open.", "Reuters"),
        ("LONDON, Jan 3 (Reuters) The road was open.", "Reuters"),
        ("MOSCOW, January 28. /TASS/. The road was open.", "TASS"),
        ("МОСКВА, 28 января. /ТАСС/. Дорога открыта.", "TASS"),
        ("BEIJING, Jan. 28 (Xinhua) -- The road was open.", "Xinhua"),
        ("新华社北京1月28日电 道路开放", "Xinhua"),
        ("Madrid, 28 ene (EFE).- El camino está abierto.", "EFE"),
        ("(ANSA) - ROMA, 28 GEN - La strada è aperta.", "ANSA"),
        ("New Delhi, Jan 28 (PTI) The road was open.", "PTI"),
        ("Berlin (dpa/tmn) - Die Straße ist offen.", "dpa"),
        ("PARIS, 28 janvier (AFP) - La route est ouverte.", "AFP"),
        ("LONDON (PA) - The road was open.", "PA"),
        ("(CNN) A road was open.", "CNN"),
        ("By Jane Doe, Associated Press", "AP"),
        ("By JANE DOE Associated Press Writer", "AP"),
        ("Jane Doe | Reuters", "Reuters"),
        ("Reuters Staff", "Reuters"),
        ("The Associated Press", "AP"),
        ("AFP", "AFP"),
        ("KABUL (Gulf Wire) - The road was open.", ""),
        ("The Alpine Federal Police (AFP) said that the road was open.", ""),
        ("The Alpine Federal Police (AFP) - the road was theirs.", ""),
        ("Officials of the police force (AFP) said that the road was open.", ""),
        ("He told Reuters that the road was open.", ""),
        ("The road was open, according to the AP.", ""),
        ("Harrisburg, PA", ""),
        ("Washington (CNN) The road was open.", "CNN"),
        ("Elmsport Harbour Agency (TASS) Director Jane Doe said so.", ""),
        ("Bloomberg — which sells terminals — said the road was open.", ""),
        ("Roma, 28 gen. (askanews) – La strada è aperta.", "Askanews"),
        ("МОСКВА, 28 янв — РИА Новости. Дорога открыта.", "RIA Novosti"),
        ("Москва. 28 января. ИНТЕРФАКС - Дорога открыта.", "Interfax"),
        ("القاهرة 28 يناير (رويترز) - فتح الطريق", "Reuters"),
        ("القاهرة - (أ ف ب) - فتح الطريق", "AFP"),
        ("नई दिल्ली, 28 जनवरी (भाषा) सड़क खुली है", "PTI"),
        ("New Delhi [India], January 28 (ANI): The road was open.", "ANI"),
        ("(서울=연합뉴스) 도로가 열렸다", "Yonhap"),
        ("【ワシントン共同】道路が開いた", "Kyodo"),
        ("[ワシントン 28日 ロイター] - 道路が開いた", "Reuters"),
        ("【6月18日 AFP】道路が開いた", "AFP"),
        ("共同建设的道路已经开放", ""),
        ("Agence France-Presse in Kabul", "AFP"),
        ("Reuters in Doha and agencies", "Reuters"),
        ("Reuters and AFP", "Reuters"),
        ("Par Jane Doe avec AFP", ""),
        ("Jane Doe/Reuters", ""),
        ("Getty Images/AFP", ""),
        ("AFP via Getty Images", ""),
        ("File photo - AP", ""),
        ("Image source, Reuters", ""),
        ("The chief minister of AP", ""),
        ("The envoy speaks in Kabul. (AP)", ""),
    ],
)
def test_a_text_is_credited_by_its_byline_or_its_dateline(line: str, agency: str) -> None:
    assert credit_of([line, *TEXT]).agency == agency
    assert credit_of([*TEXT, line, *TEXT]).agency == ""


@pytest.mark.parametrize(
    ("line", "agency"),
    [
        ("— Associated Press", "AP"),
        ("Copyright 2019 The Associated Press. All rights reserved.", "AP"),
        ("© AFP", "AFP"),
        ("(Reporting by Jane Doe in Elmsport; Editing by John Roe)", "Reuters"),
        ("Reporting by the Associated Press", "AP"),
        ("The road was open, he said. (ANI)", "ANI"),
        ("The road was open, he said. — AFP", "AFP"),
        ("Source: Xinhua", "Xinhua"),
        ("Published by arrangement with Bloomberg", "Bloomberg"),
        ("With inputs from ANI", ""),
        ("The Associated Press contributed to this report.", ""),
        ("She joined the Alpine Federal Police (AFP)", ""),
        ("Nobody told Reuters.", ""),
        ("(Quelle: APA/sda/dpa)", "APA"),
        ("dpa/lno", "dpa"),
        ("The road was open, they said on Monday. PTI", "PTI"),
        ("“We love it,” said Mr. Bloomberg", ""),
        ("المصدر: رويترز", "Reuters"),
        ("Image source: Reuters", ""),
        ("Photo courtesy of AP", ""),
        ("© AFP / JANE DOE", ""),
        ("FILE PHOTO: A road in Kabul is open. (AP)", ""),
    ],
)
def test_a_text_is_credited_by_its_last_lines(line: str, agency: str) -> None:
    assert credit_of([*TEXT, line]).agency == agency


def test_an_author_may_be_an_agency_or_of_one() -> None:
    assert credit_of(TEXT, "daily.example", ["Jane Doe", "Reuters"]).agency == "Reuters"
    assert credit_of(TEXT, "daily.example", ["Jane Doe, Associated Press"]).agency == "AP"
    assert credit_of(TEXT, "daily.example", ["jd/dpa"]).agency == "dpa"
    assert credit_of(TEXT, "daily.example", ["AFP, Paris"]).agency == "AFP"
    assert credit_of(TEXT, "daily.example", ["Getty Images/AFP"]).agency == ""


def test_an_agencys_own_article_is_marked_unless_it_is_credited_to_another() -> None:
    assert credit_of(TEXT, "www.reuters.com") == Credit(agency="Reuters", is_own=True)
    assert credit_of(["KABUL (Reuters) - The road was open."], "reuters.com") == Credit(agency="Reuters", is_own=True)
    assert credit_of(["KABUL (AP) - The road was open."], "reuters.com") == Credit(agency="AP")
    assert credit_of(TEXT, "notreuters.com") == Credit()


PIECES = st.sampled_from(["KABUL", "(", "AP", ")", " — ", ", ", "By ", "Reuters", "Jan 28", " of ", "/", "TASS", ". "])


@given(st.lists(st.lists(PIECES, max_size=40).map("".join), max_size=6), st.text(max_size=40))
def test_any_lines_are_read(lines: list[str], host: str) -> None:
    assert credit_of(lines, host).agency or not credit_of(lines, host).is_own


@pytest.mark.parametrize("piece", ["A, ", "By ", "a of ", "(AP", "A. ", "Reuters ", "Reporting by ", "/", "— "])
def test_a_line_of_any_length_is_read_at_once(piece: str) -> None:
    lines = [piece * 50_000] * 3
    assert credit_of(lines).agency in {"", "Reuters"}
