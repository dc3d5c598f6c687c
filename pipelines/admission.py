"""Whether an answer may be an article at all: judged from status, type and a bounded look at the bytes."""

from __future__ import annotations

import re

from pipelines.items import Page, Rejected

LOOK = 200_000  # bytes of a page that are looked at
TYPES = ("text/html", "application/xhtml+xml")
PARAGRAPHS = 20  # more than that, and a page is no wall
SMALL = 1_500  # characters of visible text under which a page may be a wall, a soft 404 or a removal notice

_HIDDEN = frozenset({b"script", b"style", b"noscript", b"template", b"svg"})
_NAME = re.compile(rb"/?[a-zA-Z0-9]{1,10}")
_TITLE = re.compile(rb"<(?:title|h1)\b[^>]{0,500}>(.{0,300}?)</(?:title|h1)", re.DOTALL | re.IGNORECASE)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|title|article|div|p)\b", re.IGNORECASE)


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_MISSING = _any(
    r"\b404\b", r"page (?:was |could )?not (?:be )?found", r"not found", r"page (?:does not|doesn.t) exist",
    r"no longer (?:available|exists)", r"page introuvable", r"seite nicht gefunden", r"nicht gefunden",
    r"p[aá]gina no encontrada", r"pagina non trovata", r"p[aá]gina n[aã]o encontrada", r"pagina niet gevonden",
    r"sidan hittades inte", r"siden (?:ble|blev) ikke funnet", r"sayfa bulunamad", r"nie znaleziono",
    r"страница не найдена", r"الصفحة غير موجودة", r"ページが見つかりません", r"页面不存在", r"找不到页面",
)  # fmt: skip
_REMOVED = _any(
    r"(?:this|the) (?:article|story|page|content|item) (?:has been|was|is) "
    r"(?:removed|deleted|withdrawn|taken down|no longer)",
    r"(?:dieser|der) artikel (?:wurde|ist) (?:entfernt|gel[oö]scht|nicht mehr)",
    r"cet article a [eé]t[eé] (?:supprim|retir)",
    r"este art[ií]culo (?:ha sido|fue) (?:eliminad|retirad)",
    r"questo articolo [eè] stato rimosso",
    r"este artigo foi removido",
)
_CONSENT = _any(
    r"before you continue",
    r"(?:we|our partners|and our \d{1,5} partners)[^.]{0,80}(?:store|process|use)[^.]{0,60}(?:cookies|personal data)",
    r"accept (?:all )?cookies",
    r"cookie (?:consent|settings|preferences)",
    r"your privacy (?:choices|is important)",
    r"alle akzeptieren",
    r"accepter (?:et continuer|tous les cookies)",
    r"aceptar (?:todas las )?cookies",
    r"accetta (?:tutti )?i cookie",
)
_SHELL = _any(r"(?:enable|turn on|requires?|activate) javascript", r"javascript (?:is )?(?:disabled|required)")
_CONSENT_HOST = re.compile(r"^https?://(?:consent|cmp|privacy-?(?:gate|mgmt|center)?)\.", re.IGNORECASE)


def admit(page: Page) -> None:
    """Pass an answer that may be an article; raise `Rejected` with the reason, and the state that it means, else."""
    _by_status(page)
    if not page.is_whole:
        raise Rejected("the answer broke off before its end", state="failed", retry=True)
    _by_type(page)
    _by_text(page)


def _by_status(page: Page) -> None:
    status = page.status
    if status == 304:
        raise Rejected("not modified since it was stored", state="unchanged")
    if status in {404, 410}:
        raise Rejected(f"gone: HTTP {status}")
    if status in {401, 402, 403, 407, 451}:
        raise Rejected(f"the server refuses it: HTTP {status}", state="refused")
    if status >= 500 or status in {408, 425, 429}:
        raise Rejected(f"HTTP {status}", state="failed", retry=True)
    if status != 200:
        raise Rejected(f"HTTP {status}")


def _by_type(page: Page) -> None:
    if not page.body.strip():
        raise Rejected("an empty page", state="failed", retry=True)
    kind = page.header("Content-Type").partition(";")[0].strip().lower()
    if kind and kind not in TYPES and not (kind in {"text/plain", "application/octet-stream"} and _looks_html(page)):
        raise Rejected(f"not a web page: {kind[:60]}")
    if not kind and not _looks_html(page):
        raise Rejected("not a web page")


def _looks_html(page: Page) -> bool:
    return _HTML.search(page.body[:2_000]) is not None


def _by_text(page: Page) -> None:
    if _CONSENT_HOST.match(page.url):
        raise Rejected("a consent page", state="refused")
    if len(page.body) > LOOK or page.body.count(b"<p") > PARAGRAPHS:
        return
    text = visible(page.body)
    if len(text) > SMALL:
        return
    headings = " ".join(fold(found[1]) for found in _TITLE.finditer(page.body))
    if _REMOVED.search(text):
        raise Rejected("a notice that the article was removed")
    if _MISSING.search(headings):
        raise Rejected("a page that says it is not there (soft 404)")
    if _CONSENT.search(text):
        raise Rejected("a consent page", state="refused")
    if len(text) < SMALL // 5 and _SHELL.search(text):
        raise Rejected("a page without text unless scripts run")


def visible(body: bytes) -> str:
    """The text between the tags of a page, roughly: scripts and styles left out, at most `LOOK` bytes looked at.

    It takes time in proportion to the bytes, whatever is in them.
    """
    first, *parts = body[:LOOK].split(b"<")
    shown, hidden = [first], b""
    for part in parts:
        found = _NAME.match(part)
        name = found[0].lower() if found else b""
        if hidden:
            hidden = b"" if name == b"/" + hidden else hidden
        elif name in _HIDDEN:
            hidden = name
        if not hidden:
            shown.append(part.partition(b">")[2])
    return fold(b" ".join(shown))


def fold(data: bytes) -> str:
    """Bytes as text with single spaces."""
    return " ".join(data.decode("utf-8", errors="replace").split())
