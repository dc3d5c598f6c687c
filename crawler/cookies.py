"""Cookies, for as long as a redirect chain needs them: some sites lead in circles until theirs comes back."""

from __future__ import annotations

from scrapy import Request
from scrapy.http import Response
from scrapy.http.cookies import CookieJar

from crawler.guards import host_key
from pipelines.urls import outlet_of

JARS = "dossier_cookies"
MAX_COOKIES = 50  # of one answer, and of one jar
MAX_COOKIE = 4096


def keep(request: Request, response: Response) -> None:
    """Put the cookies of an answer that leads on into the chain's jar for that outlet; no other outlet sees it."""
    lines = [line for line in response.headers.getlist("Set-Cookie") if len(line) <= MAX_COOKIE][:MAX_COOKIES]
    if not lines or not host_key(request.url):
        return
    jars: dict[str, CookieJar] = request.meta.setdefault(JARS, {})
    jar = jars.setdefault(outlet_of(request.url), CookieJar())
    bounded = response.replace(body=b"", headers={"Set-Cookie": lines})
    for cookie in jar.make_cookies(bounded, request):
        if len(jar) < MAX_COOKIES:
            jar.set_cookie_if_ok(cookie, request)


def attach(request: Request) -> None:
    """Send what the chain keeps for the outlet that the request goes to, and nothing else."""
    request.headers.pop("Cookie", None)
    jars: dict[str, CookieJar] = request.meta.get(JARS, {})
    if jars and (jar := jars.get(outlet_of(request.url))) is not None:
        jar.add_cookie_header(request)
