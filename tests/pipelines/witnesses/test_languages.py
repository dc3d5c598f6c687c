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
    "ca": "Els enviats van dir que els contactes també segueixen, però que una treva amb el sud és més lluny que mai.",
    "ro": "Trimișii au spus că discuțiile sunt departe de final și că mai este mult până la un armistițiu în sud.",
    "sv": "Sändebuden sade att samtalen inte är över och att det är för tidigt att tala om en vapenvila för sydlandet.",
    "da": "Udsendingene sagde, at de ikke vidste, hvad der bliver det næste, og at meget mere tid blev brugt end.",
    "no": "Utsendingene sa at de hadde håpet på noe mer, og at det ble mye venting etter møtet uten noen avtale.",
    "is": "Sendimenn sögðu að viðræðurnar væru ekki búnar og að það hefði verið of snemmt, þegar þeir töluðu við hann.",
    "fi": "Lähettiläät sanoivat, että neuvottelut ovat kesken, mutta sopimus ei ole vielä valmis eikä sitä voi.",
    "et": "Saadikud ütlesid, et kõnelused jätkuvad ning rahu kohta on vara rääkida, aga seda järgi ei anta või.",
    "lv": "Sūtņi teica, ka sarunas vēl nav galā un tas ir tikai sākums, lai arī pēc tikšanās bija daudz cerību.",
    "lt": "Pasiuntiniai sakė, kad derybos dar yra pradžioje, kai kas buvo apie jas labai tylu, nuo to taip ir liko.",
    "pl": "Wysłannicy mówili, że rozmowy się nie skończyły i jest za wcześnie, by mówić o rozejmie, tylko dla.",
    "cs": "Vyslanci řekli, že jednání ještě není u konce a byla by to chyba, když jsou obě strany při stole, které.",
    "sk": "Vyslanci povedali, že rokovania ešte nie sú na konci, ale bolo by skoro hovoriť, aj keď podľa nich je čo.",
    "sl": "Odposlanci so povedali, da pogovori še niso končani, saj je vse odprto, ker bil je tudi tega večera nekaj.",
    "hr": "Izaslanici su rekli što misle: razgovori nisu gotovi, još će trajati, a koji dan više nije važan kao ni.",
    "hu": "A küldöttek azt mondták, hogy a tárgyalás még nem ért véget, és csak egy dolog volt biztos: ezt kell.",
    "sq": "Të dërguarit thanë se bisedimet nuk janë mbyllur dhe një armëpushim për jugun është ende larg, më tha ai.",
    "tr": "Elçiler görüşmelerin sürdüğünü, ancak güney için bir ateşkes ile ilgili çok daha fazla zaman gerektiğini.",
    "az": "Elçilər danışıqların davam etdiyini və cənub üçün atəşkəsin uzaq olduğunu, bu görə də tələsmədiyini qeyd.",
    "id": "Para utusan mengatakan bahwa perundingan itu belum selesai dan tidak akan cepat, juga untuk gencatan yang.",
    "tl": "Sinabi ng mga sugo na hindi pa tapos ang pag-uusap at may mahabang daan pa sa kasunduan para sa timog.",
    "vi": "Các phái viên nói rằng đàm phán không kết thúc và còn quá sớm để bàn về một lệnh ngừng bắn cho miền nam.",
    "af": "Die gesante sê hulle is nie klaar nie en sal weer oor vrede praat, maar vir mense in die suide bly dit ver.",
    "sw": "Wajumbe walisema kuwa mazungumzo hayajaisha na kwa sasa ni mapema, lakini baada ya hapo watu wake watarudi.",
    "zu": "Izithunywa zithe ukuthi izingxoxo aziphelile futhi kusenesikhathi, kodwa abantu balinde kakhulu ngoba.",
    "el": "Οι απεσταλμένοι είπαν ότι οι συνομιλίες συνεχίζονται και ότι είναι νωρίς για ανακωχή στον νότο της χώρας.",
    "bg": "Пратениците казаха, че преговорите продължават и че е рано да се говори за примирие в южната част на.",
    "sr": "Изасланици су рекли да разговори још нису завршени и да је рано говорити о примирју на југу земље, њихове.",
    "be": "Пасланцы сказалі, што перамовы працягваюцца і што яшчэ рана гаварыць пра перамір'е ў паўднёвай частцы.",
    "he": "השליחים אמרו כי השיחות יימשכו וכי מוקדם מדי לדבר על הפסקת אש בדרום המדינה בשבוע הקרוב",
    "hy": "Բանագնացներն ասացին, որ բանակցությունները շարունակվում են և որ դեռ վաղ է խոսել զինադադարի մասին",
    "ka": "მოლაპარაკებები გრძელდება და ჯერ ადრეა ცეცხლის შეწყვეტაზე საუბარი ქვეყნის სამხრეთში",
    "am": "መልእክተኞቹ ንግግሩ እንደሚቀጥል እና ስለ ተኩስ አቁም ለመናገር ገና እንደሆነ ተናግረዋል ብለው ነበር ዛሬ",
    "bn": "দূতেরা বলেছেন যে আলোচনা চলবে এবং দক্ষিণে যুদ্ধবিরতি নিয়ে কথা বলার সময় এখনও আসেনি",
    "ta": "பேச்சுவார்த்தை தொடரும் என்றும் போர் நிறுத்தம் பற்றி பேச இன்னும் நேரம் வரவில்லை என்றும் தூதர்கள் கூறினர்",
    "te": "చర్చలు కొనసాగుతాయని, కాల్పుల విరమణ గురించి మాట్లాడటం తొందరపాటు అవుతుందని దూతలు చెప్పారు",
    "th": "ผู้แทนกล่าวว่าการเจรจาจะดำเนินต่อไป และยังเร็วเกินไปที่จะพูดถึงการหยุดยิงในภาคใต้ของประเทศ",
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
