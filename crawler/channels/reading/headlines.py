"""Which words of a link are a headline, in any language, and which only say "click here"."""

from __future__ import annotations

import re

from pipelines.words import words_of

WORDS = 5
LETTERS = 20  # of five words: "Go to top of page" has fewer
CHARACTERS, SYLLABLES = 10, 24  # of a script without spaces: Chinese and Japanese say in ten what Thai says in 24
LONG = 200  # characters; beyond, a link holds its teaser too

_CHARACTERS = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
_SYLLABLES = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_EDGES = " .…:›»→>|<«‹←+-–—[]()"
# What links to articles say besides headlines, without numbers and marks at their ends.
_CALLS = frozenset(
    """
read more|read|more|read now|read on|read full story|read the full story|read full article|read article|full story|
continue reading|keep reading|learn more|see more|view more|show more|view all|see all|find out more|details|click here|
here|link|permalink|watch|watch now|watch video|listen|play|video|photo|photos|image|gallery|live|updated|opinion|
comment|comments|no comments|leave a comment|add comment|reply|share|share this|tweet|email|print|save|bookmark|
share on facebook|share on twitter|share on x|share on whatsapp|copy link|advertisement|sponsored|read in app|
mehr|mehr lesen|weiterlesen|weiter lesen|weiter|mehr erfahren|mehr dazu|zum artikel|artikel lesen|jetzt lesen|lesen|
kommentar|kommentare|teilen|drucken|anzeige|merken|
lire|lire la suite|lire plus|lire l'article|en savoir plus|voir plus|suite|la suite|commentaires|commentaire|partager|
leer|leer más|leer mas|seguir leyendo|ver más|ver mas|más|más información|comentarios|comentario|compartir|
leia mais|ler mais|saiba mais|continue lendo|veja mais|compartilhar|partilhar|comentários|
leggi|leggi tutto|leggi di più|continua|continua a leggere|altro|commenti|condividi|
lees meer|lees verder|meer|reacties|delen|läs mer|läs hela|les mer|læs mere|lue lisää|kommentarer|dela|del|
czytaj więcej|czytaj dalej|więcej|komentarze|udostępnij|číst dále|více|čítať viac|tovább|bővebben|citește mai mult|
citește|opširnije|pročitaj više|više|
devamı|devamını oku|haberin devamı|oku|paylaş|yorumlar|baca selengkapnya|selengkapnya|baca juga|komentar|bagikan|
đọc thêm|xem thêm|chia sẻ|
читать|читать далее|читать дальше|читать полностью|подробнее|далее|ещё|еще|комментарии|поделиться|детальніше|
читати далі|докладніше|прочети още|още|виж още|διαβάστε περισσότερα|περισσότερα|σχόλια|
اقرأ المزيد|المزيد|إقرأ المزيد|التفاصيل|شارك|مشاركة|تعليقات|ادامه مطلب|ادامه|بیشتر|بیشتر بخوانید|نظرات|
نور یی ولولئ|مزید پڑھیں|مزید|קרא עוד|עוד|המשך קריאה|
और पढ़ें|आगे पढ़ें|पूरी खबर पढ़ें|विस्तार से पढ़ें|शेयर करें|আরও পড়ুন|விரிவாக|
続きを読む|もっと見る|詳細|詳しく|コメント|シェア|阅读更多|閱讀更多|
更多|查看更多|详细|详情|评论|分享|繼續閱讀|더보기|더 보기|자세히|댓글|공유|
อ่านต่อ|อ่านเพิ่มเติม|ดูเพิ่มเติม|แชร์
""".replace("\n", "").split("|")
)
_NUMBERED = re.compile(r"^[\d\s.,:()#]+|[\d\s.,:()#]+$")


def sensible(text: str) -> str:
    """The text of a link, or nothing where it only calls to click, counts comments, or has no letters at all."""
    bare = _NUMBERED.sub("", text.strip(_EDGES)).strip(_EDGES).casefold() if len(text) < 60 else text
    if bare in _CALLS or not any(map(str.isalpha, bare)):
        return ""
    return text


def is_headline(text: str) -> bool:
    """Whether a text is as long as headlines are: five words, or as much in a script that sets no spaces."""
    characters, syllables = len(_CHARACTERS.findall(text)), len(_SYLLABLES.findall(text))
    if characters or syllables:
        return characters >= CHARACTERS or syllables >= SYLLABLES
    words = words_of(text)
    return len(words) >= WORDS and sum(map(len, words)) >= LETTERS


def better(one: str, other: str) -> str:
    """The better title of two sensible texts of one link: the longer one, unless it holds a whole teaser."""
    return max(one, other, key=lambda text: (bool(text), len(text) <= LONG, len(text)))
