from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.corrections import MOST, QUOTED, is_notice, notices_in

NOTICES = """
correction|Correction: An earlier version of this article misspelled the minister's name.
correction|CORRECTION, March 12, 2019: The town is Herat.
correction|Correction (14:05 GMT): There were two.
correction|An earlier version of this story said that ten were killed.
correction|The talks go on. This article was amended on 12 March to remove a name.
correction|This March 12 story has been corrected to fix the date.
correction|(Corrects spelling in the third paragraph)
correction|Editor's note: This article was amended on 3 May.
correction|Updated: This story has been corrected to say so.
update|This story has been updated with the minister's answer.
update|Update: The minister has resigned.
clarification|Clarification: He spoke on Monday.
note|Editors' note: Readers may find parts of this disturbing.
correction|In einer früheren Version dieses Artikels hieß es, er sei zurückgetreten.
correction|Anm. d. Red.: In einer früheren Fassung des Textes stand eine andere Zahl.
correction|Korrektur vom 12. März: Es waren zwei.
update|Dieser Artikel wurde zuletzt um 14 Uhr ergänzt.
correction|Une première version de cet article indiquait dix morts.
update|Mise à jour : le ministre a répondu.
correction|Fe de errores: eran dos.
clarification|Aclaración: habló el lunes.
correction|Errata corrige: erano due.
correction|Uma versão anterior deste texto dizia dez.
correction|Een eerdere versie van dit artikel noemde tien doden.
correction|W poprzedniej wersji artykułu podaliśmy złą liczbę.
correction|В предыдущей версии этой статьи говорилось о десяти.
clarification|Уточнение: он говорил в понедельник.
correction|Düzeltme: iki kişi.
correction|تصحيح: كانا اثنين
correction|इस लेख के पिछले संस्करण में संख्या गलत थी।
correction|訂正：当初の記事では十人としていました。
correction|【訂正】人数に誤りがありました。
update|本文已更新。
correction|更正：是两人。
correction|정정: 두 명입니다.
"""
NEWS = """
Corrections officers said: we walk out.
The minister said the story was corrected.
The mistake was corrected on Monday.
The correction: markets fell 10 percent in a week.
Update on the talks: nothing moved.
Updated: 14:05
Note: the talks resume on Monday.
This article of faith was updated by nobody.
He asked for an earlier version of the draft.
"""


@pytest.mark.parametrize(("kind", "line"), [line.split("|") for line in NOTICES.strip().split("\n")])
def test_what_an_article_says_of_itself_is_known(kind: str, line: str) -> None:
    (found,) = notices_in(f"The envoys met in Doha.\n{line}\nThe talks go on.")
    assert found.kind == kind
    assert found.words in line
    assert is_notice(line) is (kind != "note")


@pytest.mark.parametrize("line", NEWS.strip().split("\n"))
def test_news_of_corrections_is_no_notice(line: str) -> None:
    assert notices_in(line) == ()
    assert not is_notice(line)


def test_a_notice_under_a_heading_of_its_own_has_its_words() -> None:
    for heading in ("Correction, 12 March 2019", "Correction: 12 March 2019", "Correction"):
        (found,) = notices_in(f"The talks go on.\n{heading}\nThe town is Herat, not Farah.")
        assert found == ("correction", f"{heading} The town is Herat, not Farah.")


def test_words_are_cut_and_notices_counted() -> None:
    body = "\n".join(f"Correction: {number} {'word ' * 200}" for number in range(30))
    found = notices_in(body)
    assert len(found) == MOST
    assert all(len(notice.words) <= QUOTED + 1 and notice.words.endswith("word…") for notice in found)
    assert len(notices_in("Correction: it was two.\nCorrection: it was two.")) == 1


@given(st.text())
def test_any_text_can_be_asked(text: str) -> None:
    assert len(notices_in(text)) <= MOST
