"""The language of an article: what its page claims, unless its own letters and small words say otherwise."""

from __future__ import annotations

import re
from collections import Counter

SAMPLE = 4_000  # characters
ENOUGH = 5  # small words of a language that make it likely, and twice those of any other

_WORDS = re.compile(r"[^\W\d_]+")
# Of the most frequent words of each language those that no other of the table has nearly as often.
_SMALL = {
    "en": "the and of that with this from his about what has when more were who their there which time get",
    "de": "und das ist nicht zu von mit ein auf für im sie eine sich auch dass wie aber hat sind",
    "fr": "est pas une pour dans qui sur qu plus avec elle sont tout fait nous comme être ils cette faire",
    "es": "los las más sus cuando fue muy también eso tiene qué así años puede hasta hacer ahora esto hace donde",
    "it": "che non della sono come più dei nel anche gli delle questo ad dal essere nella cui stato tutti ed",
    "pt": "em não uma os foi ao são ele muito isso também pelo ela só pela bem até mesmo pode pessoas",
    "ca": "els amb més dels hi aquest però aquesta molt seva també són cap anys això estat ara fins què pel",
    "ro": "în și să din pe cu mai că care pentru fost ca sunt fi dacă după poate prin cum când",
    "nl": "een ik voor niet zijn hij door naar bij heeft deze hebben meer geen worden wordt nog veel onze zich",
    "sv": "är att och inte för till ett ska när vad från här då hur vill vara där finns hade lite",
    "da": "hvad ud meget noget lige bliver havde mere lidt vores ind gør været blive fik nogle gøre måske danske siger",
    "no": "seg noe noen ble nå hva etter hadde deg opp gjør litt vært gjøre mye igjen fikk uten dere sier",
    "is": "að sem við hann ekki fyrir með eru frá það þar því eða eftir hún svo hefur vera þá verið",
    "fi": "että oli mutta niin myös hän mukaan jälkeen ovat voi nyt kuin joka olla sitä mitä vain kanssa tämä sitten",
    "pl": "się jest że dla tym czy przez tego są tylko już mnie może oraz bardzo będzie być jego sobie",
    "cs": "jsem pro jsou když mě jen nebo byl jsme které který není bylo ještě byla být také při která před",
    "sk": "aj čo bol sú ak alebo sme len vo keď ktorý ktoré ktorá veľmi bolo byť ešte podľa viac boli",
    "sl": "tudi lahko kot še če bil vse jih kar leta več nekaj saj tega zelo zaradi bodo ker kjer vedno",
    "hr": "kao što godine koji nije još sve bio ili će koja više koje kada sad može zbog prema godina kod",
    "hu": "az nem hogy egy csak volt ez vagy már még kell jó azt akkor mint ezt minden mert nagyon így",
    "lt": "iš yra kaip buvo savo nuo apie taip kai labai dėl gali jis jei būti mūsų turi prie bus metų",
    "lv": "kā uz arī tā nav tas lai bija pēc tikai tad līdz pie vēl būs ļoti gan savu tev viņš",
    "tr": "ve için çok ile gibi olarak kadar ama ancak iyi yok değil yeni sadece ise dedi göre",
    "id": "yang dan ini dari untuk dengan itu bisa ada tidak akan adalah dalam pada kita orang ke juga lebih apa",
    "tl": "ng ang mga ay isang hindi ito kung may mula siya mo pag kanyang lang naman niya lahat rin dahil",
    "vi": "là và có của được một các không trong cho người này với đã thể để như những đến khi",
    "af": "vir deur hulle sy word hy sê mense oor sal gesê",
    "et": "ning kui aga või seda kes pärast kuid selle mille saab eest järgi üle",
    "sq": "dhe të një në që për është janë kjo nuk më këtë ishte mund tij edhe",
    "az": "və üçün ilə edib olub deyib qeyd görə isə olaraq etdi edən edilib",
    "sw": "wa kwa katika kuwa yake wake lakini baada hiyo huo hata pia ambayo hivyo alisema watu",
    "zu": "ukuthi futhi kanye kodwa ngoba lapho uthe ngesikhathi kuthiwa kakhulu abantu kusho kube ukuze njengoba",
}
_LANGUAGES = {word: code for code, words in _SMALL.items() for word in words.split()}

# Letters that only one language of a script has come before those that many have.
_LETTERS = (
    ("ja", "[\u3041-\u30ff]"), ("ko", "[\uac00-\ud7af]"), ("zh", "[\u4e00-\u9fff]"), ("th", "[\u0e01-\u0e5b]"),
    ("lo", "[\u0e81-\u0edf]"), ("he", "[\u05d0-\u05ea]"), ("el", "[\u03b1-\u03c9]"), ("hi", "[\u0904-\u0939]"),
    ("bn", "[\u0985-\u09b9]"), ("pa", "[\u0a05-\u0a39]"), ("gu", "[\u0a85-\u0ab9]"), ("or", "[\u0b05-\u0b39]"),
    ("ta", "[\u0b85-\u0bb9]"), ("te", "[\u0c05-\u0c39]"), ("kn", "[\u0c85-\u0cb9]"), ("ml", "[\u0d05-\u0d39]"),
    ("si", "[\u0d85-\u0dc6]"), ("my", "[\u1000-\u104f]"), ("km", "[\u1780-\u17b3]"), ("ka", "[\u10d0-\u10ff]"),
    ("hy", "[\u0561-\u0586]"), ("am", "[\u1200-\u1357]"), ("ps", "[ښږګټډړځڅۍې]"), ("ur", "[ٹڈڑںے]"),
    ("fa", "[پچژگ]"), ("ar", "[\u0627-\u064a]"), ("sr", "[ђћџљњј]"), ("be", "[ў]"), ("uk", "[іїєґ]"), ("ru", "[ыэё]"),
    ("bg", "[\u0430-\u044f]"),
)  # fmt: skip
_COMPILED = tuple((code, re.compile(letters)) for code, letters in _LETTERS)
_RARE = 1 / 250  # of the letters must be a language's own before it counts


def language_of(claim: str, text: str) -> str:
    """The claimed language; the text's own where nothing is claimed, or "en", which many sites leave as it came."""
    if claim and claim[:3] not in ("en", "en-"):
        return claim
    shown = _shown(text[:SAMPLE])
    return claim if shown == claim[:2] else shown or claim


def code_of(claim: str) -> str:
    """A language tag as BCP 47 writes it (de, pt-BR); empty where it is none."""
    main, _, rest = claim.replace("_", "-").strip().partition("-")
    if not (2 <= len(main) <= 3 and main.isascii() and main.isalpha()):
        return ""
    region = rest.rpartition("-")[2]
    is_region = len(region) == 2 and region.isascii() and region.isalpha()
    return f"{main.lower()}-{region.upper()}" if is_region else main.lower()


def _shown(text: str) -> str:
    """The language that a text shows clearly, or nothing; English is never told apart from a claim of it."""
    letters = sum(map(str.isalpha, text))
    if letters < 40:
        return ""
    if sum(map(str.isascii, text)) < len(text) / 2:
        return next((code for code, own in _COMPILED if len(own.findall(text)) > letters * _RARE), "")
    counts = Counter(_LANGUAGES[word] for word in _WORDS.findall(text.casefold()) if word in _LANGUAGES)
    (first, most), (_, next_most) = [*counts.most_common(2), ("", 0), ("", 0)][:2]
    return first if most >= ENOUGH and most >= 2 * next_most else ""
