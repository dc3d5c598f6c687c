"""Notices that come with a good status and are no article: not found, removed, consent first, scripts first."""

from __future__ import annotations

import re

SHORT = 600  # characters of text within which a notice and an article can be mixed up
WALL = 1_500  # characters within which a consent page says what it has to say
CONSENT_SIGNS = 2  # different ones: a page may have one of them in its footer


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


# Of a title or first heading.
_PAGE = r"\b(?:page|article|story|document|url|content|link)\b[^.]{0,30}\b"
_MISSING = _any(
    r"^\W{0,9}(?:http )?(?:error )?404\b",
    r"\b404\W{1,5}(?:not found|error|page|file)",
    r"^\W{0,9}(?:not found|nicht gefunden|file not found)\W{0,9}$",
    rf"{_PAGE}(?:not (?:be )?found|cannot be found|can't be found|(?:does not|doesn't|no longer) exists?\b)",
    rf"{_PAGE}(?:is no longer available|is not available|unavailable)",
    r"(?:seite|artikel) (?:wurde |konnte )?(?:leider )?nicht gefunden",
    r"seite existiert nicht",
    r"page (?:introuvable|non trouv[eé]e)",
    r"p[aá]gina no (?:encontrada|existe)",
    r"pagina non trovata",
    r"p[aá]gina n[aã]o encontrada",
    r"pagina niet gevonden",
    r"sidan (?:kunde inte hittas|hittades inte)",
    r"siden (?:ble|blev|kunne|finnes|findes) ikke",
    r"sivua ei l[oö]yd",
    r"sayfa bulunamad",
    r"nie znaleziono strony|strona nie istnieje",
    r"str[aá]nka nebyla nalezena",
    r"страница не (?:найдена|существует)",
    r"сторінк[аи] не знайдено",
    r"الصفحة غير موجودة",
    r"صفحه (?:مورد نظر )?(?:یافت|پیدا) نشد",
    r"صفحہ نہیں ملا",
    r"halaman tidak ditemukan",
    r"ページが見つかりません",
    r"(?:页面|頁面)不存在|找不到(?:页面|頁面)",
    r"페이지를 찾을 수 없",
)

# Of the beginning of a text.
_GONE = r"(?:removed|deleted|withdrawn|taken down|unpublished|no longer (?:available|online))"
_REMOVED = _any(
    rf"\b(?:this (?:article|story|page|content|item|post)|the (?:article|story|page) you)\b[^.]{{0,40}}"
    rf"\b(?:has been|was|is) (?:now )?{_GONE}",
    r"\bdieser (?:artikel|beitrag) (?:wurde|ist) (?:leider )?(?:entfernt|gel[oö]scht|nicht mehr)",
    r"\bcet article (?:a [eé]t[eé] (?:supprim|retir)|n'est plus (?:disponible|en ligne))",
    r"\beste art[ií]culo (?:(?:ha sido|fue) (?:eliminad|retirad)|ya no est[aá] disponible)",
    r"\bquesto articolo (?:[eè] stato rimosso|non [eè] pi[uù] disponibile)",
    r"\bes(?:te|ta) (?:artigo|mat[eé]ria) (?:foi removid|n[aã]o est[aá] mais dispon)",
    r"\bdit artikel is (?:verwijderd|niet (?:langer|meer) beschikbaar)",
    r"\b(?:artikkelen|artiklen|artikeln) (?:er|har) (?:blitt |blevet |tagits )?(?:fjernet|slettet|bort)",
    r"\bbu (?:haber|makale|içerik) (?:kald[iı]r[iı]ld[iı]|silindi)",
    r"\bten artykuł został usunięty",
    r"эт(?:а|от) (?:статья|материал) (?:была |был )?(?:удал[её]н|снят)",
)

_CONSENT = _any(
    r"before you continue",
    r"\b\d{1,5} (?:\w{1,20} )?partners\b",
    r"accept (?:all )?cookies|accept all\b|reject all\b",
    r"cookie (?:consent|settings|preferences|policy)",
    r"(?:manage|your) (?:privacy|choices|settings)",
    r"personal(?:ised|ized)? (?:data|ads|advertising)",
    r"alle akzeptieren|zustimmen und weiter|personenbezogene daten|einwilligung",
    r"accepter (?:et continuer|tous les cookies|et fermer)|continuer sans accepter",
    r"aceptar (?:todas las |todo|y continuar)",
    r"accetta (?:tutti |e continua)",
    r"akkoord|alles accepteren",
    r"godk[aä]nn alla",
    r"aceitar (?:todos|cookies)",
    r"zaakceptuj",
)
_SHELL = _any(
    r"(?:enable|turn on|requires?|activate|aktivieren sie|activer|activez) javascript",
    r"javascript (?:is )?(?:disabled|required|aktivieren)",
)


def notice_in(title: str, text: str) -> str:
    """What a page with this title and text is, if it is a notice in place of an article; else nothing."""
    if len(text) > SHORT:
        return ""
    text, title = text.replace("’", "'"), title[:300].replace("’", "'")
    if found := _REMOVED.search(text, 0, SHORT // 2):
        return f"a notice that it was removed: {found[0][:80]}"
    if found := _MISSING.search(title):
        return f"a page that says it is not there (soft 404): {found[0][:80]}"
    if len(text) <= SHORT // 2 and _SHELL.search(text):
        return "a page without text unless scripts run"
    return ""


def asks_consent(text: str) -> bool:
    """Whether all that a page says is that it wants consent."""
    return len(text) <= WALL and len({found[0].lower() for found in _CONSENT.finditer(text)}) >= CONSENT_SIGNS
