from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.witnesses.languages import code_of, language_of

TEXTS = {
    "en": "The envoys said that the talks would go on, and that it was too early to speak of a truce in the south.",
    "de": "Die Gesandten sagten, dass die Gespräche mit den anderen auch im Herbst nicht zu Ende sind und sich ziehen.",
    "fr": "Les envoyés ont dit que les discussions ne sont pas closes et que la trêve est loin, dans le sud du pays.",
    "es": "Los enviados dijeron que las conversaciones siguen, pero que una tregua para el sur no es cosa del verano.",
    "pt": "Os enviados disseram que as conversas não acabaram e que uma trégua para o sul do país não é coisa para já.",
    "it": "Gli inviati hanno detto che i colloqui non sono finiti e che una tregua nel sud del paese è ancora lontana.",
    "nl": "De gezanten zeiden dat het overleg niet voorbij is en dat een bestand voor het zuiden er nog niet aan komt.",
    "ru": "Посланники сказали, что переговоры продолжаются, но говорить о перемирии на юге страны ещё рано.",
    "uk": "Посланці сказали, що переговори тривають, але говорити про перемир'я на півдні країни ще рано, її чекають.",
    "ar": "قال المبعوثون إن المحادثات ستستمر وإن الحديث عن هدنة في الجنوب سابق لأوانه هذا الأسبوع",
    "fa": "فرستادگان گفتند که گفتگوها ادامه دارد و هنوز زود است که از آتش‌بس در جنوب کشور سخن بگویند",
    "ps": "استازو وويل چې خبرې اترې به روانې وي او لا وختي ده چې په سوېل کې د اوربند په اړه وغږيږي او ښه ډېر",
    "ur": "نمائندوں نے کہا کہ بات چیت جاری رہے گی اور جنوب میں جنگ بندی کی بات کرنا ابھی قبل از وقت ہے",
    "hi": "दूतों ने कहा कि बातचीत जारी रहेगी और दक्षिण में युद्धविराम की बात करना अभी जल्दबाजी होगी",
    "ja": "両代表団は火曜日にドーハで会談を再開し、停戦について話し合ったが、合意には至らなかったと関係者は語った。",
    "zh": "双方代表团周二在多哈恢复会谈，讨论了停火问题，但知情人士表示，双方尚未达成任何协议，会谈将于下周继续进行。",
    "ko": "양측 대표단은 화요일 도하에서 회담을 재개해 휴전 문제를 논의했으나 합의에는 이르지 못했다고 전했다.",
}


@pytest.mark.parametrize(("code", "text"), TEXTS.items(), ids=list(TEXTS))
def test_a_text_shows_its_language_where_the_page_says_none(code: str, text: str) -> None:
    assert language_of("", text * 3) == code


@pytest.mark.parametrize("code", ["de", "fa", "ja"])
def test_english_is_believed_of_english_only(code: str) -> None:
    assert language_of("en-US", TEXTS[code] * 3) == code
    assert language_of("en-US", TEXTS["en"] * 3) == "en-US"


def test_any_other_claim_is_believed() -> None:
    assert language_of("gsw", TEXTS["de"] * 3) == "gsw"


def test_what_is_too_short_shows_nothing() -> None:
    assert language_of("", "Die Gespräche") == ""
    assert language_of("en", "") == "en"


@pytest.mark.parametrize(
    ("claim", "code"),
    [
        ("de", "de"), ("pt_br", "pt-BR"), ("zh-Hant-TW", "zh-TW"), ("EN", "en"), ("en-GB-oxendict", "en"),
        ("english", ""), ("", ""), ("x", ""), ("12", ""), ("de de", ""),
    ],
)  # fmt: skip
def test_a_tag_is_written_in_one_way(claim: str, code: str) -> None:
    assert code_of(claim) == code


@given(st.text(max_size=300))
def test_any_text_has_a_language_or_none(text: str) -> None:
    assert len(language_of("", text)) in (0, 2)
