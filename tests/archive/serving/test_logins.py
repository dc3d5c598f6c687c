"""Who may log in, and how the pages behave for who did not."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from datasette_auth_passwords.utils import hash_password

from archive.pages.routes import ROUTES
from archive.serving.doorkeeper import Rules, is_ours
from archive.serving.logins import (
    EVERYWHERE,
    GUESSES,
    IN_ALL,
    REMEMBERED,
    AccountsError,
    Logins,
    accounts_in,
    hashed,
    is_hash,
    neighbourhood,
)
from tests.filling import fill
from tests.serving import Reply, Visitor, serving

PASSWORD = "a long enough one"
HASH = hash_password(PASSWORD, iterations=1000)
ACCOUNTS = {"ann": HASH}


@pytest.fixture(scope="module")
def get(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    with serving(fill(tmp_path_factory.mktemp("closed")), Rules(accounts=ACCOUNTS)) as visitor:
        yield visitor


@pytest.fixture
def forgetful(get: Visitor) -> Iterator[None]:
    yield
    get.served.dossier_logins.wrong.clear()


def cookie_of(reply: Reply) -> str:
    return "; ".join(one.partition(";")[0] for one in reply.cookies)


def log_in(get: Visitor, name: str = "ann", password: str = PASSWORD, wanted: str = "", **headers: str) -> Reply:
    page = get(f"/-/login?next={wanted}")
    token = re.search(r'name="csrftoken" value="([^"]*)"', page.text)
    assert token
    body = urlencode({"username": name, "password": password, "csrftoken": token[1]}).encode()
    sent = {"content-type": "application/x-www-form-urlencoded", "cookie": cookie_of(page), **headers}
    return get(f"/-/login?next={wanted}", "POST", headers=sent, body=body)


@pytest.fixture(scope="module")
def ann(get: Visitor) -> dict[str, str]:
    """The headers of somebody who is in."""
    return {"cookie": cookie_of(log_in(get))}


def example(pattern: str) -> str:
    """An address of a route, whose parts are each the first of these that may stand there."""

    def part(group: re.Match[str]) -> str:
        return next(one for one in ("1", "x", "json") if re.fullmatch(group[1], one))

    address = re.sub(r"\(\?P<\w+>(.*?)\)", part, pattern).replace("\\.", ".")
    assert re.fullmatch(pattern, address)
    return f"/{address}"


OURS = [example(pattern) for pattern, _ in ROUTES]


def test_all_our_pages_are_asked_for() -> None:
    assert len(OURS) == len(ROUTES)
    assert all(map(is_ours, OURS))


@pytest.mark.parametrize("path", [*OURS, "/news", "/news/articles", "/news/articles/1", "/news/latest"])
def test_no_page_is_open_to_who_is_not_in(get: Visitor, ann: dict[str, str], path: str) -> None:
    page = get(path)
    assert page.status_code in {302, 403}
    assert page.headers.get("location", "/-/login").startswith("/-/login")
    assert "Doha" not in page.text
    assert "etag" not in page.headers
    inside = get(path, headers=ann)
    assert inside.status_code < 500
    assert not inside.headers.get("location", "").startswith("/-/login")
    assert inside.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize(
    "path", ["/news.json", "/news/articles.json", "/news/articles.csv", "/news/latest.json", "/news.db"]
)
def test_programs_are_refused_plainly(get: Visitor, path: str) -> None:
    page = get(path)
    assert page.status_code == 403
    assert "Doha" not in page.text


def test_what_is_known_from_before_is_not_confirmed_to_a_stranger(get: Visitor, ann: dict[str, str]) -> None:
    tag = get("/", headers=ann).headers["etag"]
    assert get("/", headers={**ann, "if-none-match": tag}).status_code == 304
    assert get("/", headers={"if-none-match": tag}).status_code == 302


def test_files_and_the_login_are_open(get: Visitor) -> None:
    assert get("/static/dossier.css").status_code == 200
    page = get("/-/login")
    assert page.status_code == 200
    assert "Peace talks" not in page.text
    assert 'href="/news' not in page.text


def test_a_login_leads_back_and_its_cookie_is_hidden_from_scripts(get: Visitor) -> None:
    done = log_in(get, wanted="/news/articles%3F_sort%3Did")
    assert (done.status_code, done.headers["location"]) == (302, "/news/articles?_sort=id")
    (cookie,) = (one for one in done.cookies if one.startswith("ds_actor"))
    assert "httponly" in cookie.lower()
    assert "samesite=lax" in cookie.lower()
    assert get("/news/articles").headers["location"] == "/-/login?next=/news/articles"


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example", "/%5Cevil.example", "%5C%5Cevil.example"])
def test_a_login_leads_nowhere_else(get: Visitor, wanted: str) -> None:
    assert log_in(get, wanted=wanted).headers["location"] == "/"


@pytest.mark.parametrize(
    ("name", "password"),
    [("ann", "wrong"), ("bob", PASSWORD), ("", ""), ("ann", ""), ("ann", "x" * 5000), ("\x00", "é")],
)
def test_a_wrong_password_opens_nothing(get: Visitor, forgetful: None, name: str, password: str) -> None:
    done = log_in(get, name, password)
    assert done.status_code == 403
    assert "do not belong together" in done.text
    assert "ds_actor" not in cookie_of(done)


def test_who_guesses_has_to_wait(get: Visitor, forgetful: None) -> None:
    for _ in range(GUESSES):
        assert log_in(get, password="wrong").status_code == 403
    waits = log_in(get)
    assert waits.status_code == 429
    assert 0 < int(waits.headers["retry-after"]) <= 60


def test_a_form_of_another_site_logs_nobody_in(get: Visitor) -> None:
    assert log_in(get, origin="https://evil.example").status_code == 403
    assert log_in(get, **{"sec-fetch-site": "cross-site"}).status_code == 403


@pytest.mark.parametrize(
    "cookie", ["ds_actor=x", "ds_actor=", 'ds_actor="eyJhIjp7ImlkIjoiYW5uIn19.x"', "ds_actor=é", "=;;"]
)
def test_a_cookie_that_we_did_not_sign_is_nothing(get: Visitor, cookie: str) -> None:
    assert get("/news", headers={"cookie": cookie}).status_code == 302


@pytest.mark.parametrize(
    "said",
    [{"a": {"id": "eve"}, "e": "zzzzzz"}, {"a": {"id": "ann"}}, {"a": {"id": "ann"}, "e": "1"}, "ann", {"a": None}, []],
)
def test_a_cookie_holds_for_an_account_and_a_time(get: Visitor, said: object) -> None:
    cookie = f"ds_actor={get.served.sign(said, 'actor')}"
    assert get("/news", headers={"cookie": cookie}).status_code == 302


def test_who_logs_out_is_out(get: Visitor, ann: dict[str, str]) -> None:
    assert '<a href="/-/logout">Log out</a>' in get("/news", headers=ann).text
    page = get("/-/logout", headers=ann)
    assert "logged in as ann" in page.text
    token = re.search(r'name="csrftoken" value="([^"]*)"', page.text)
    assert token
    body = urlencode({"csrftoken": token[1]}).encode()
    sent = {"content-type": "application/x-www-form-urlencoded", "cookie": f"{ann['cookie']}; {cookie_of(page)}"}
    done = get("/-/logout", "POST", headers=sent, body=body)
    assert (done.status_code, done.headers["location"]) == (302, "/-/login")
    assert any(one.startswith('ds_actor=""') and "Max-Age=0" in one for one in done.cookies)
    assert get("/-/logout").headers["location"] == "/"


def test_guesses_are_counted_by_neighbourhood_and_forgiven_in_time() -> None:
    now = [0.0]
    logins = Logins(ACCOUNTS, clock=lambda: now[0])
    for number in range(GUESSES):
        assert logins.rest("2001:db8::1") == 0
        assert not asyncio.run(logins.is_right("ann", "wrong", f"2001:db8::{number + 1}"))
    assert logins.rest("2001:db8::ffff") > 0
    assert logins.rest("2001:db8:1::1") == logins.rest("192.0.2.1") == 0
    now[0] = 61.0
    assert logins.rest("2001:db8::1") == 0
    assert asyncio.run(logins.is_right("ann", PASSWORD, "2001:db8::1"))
    assert set(logins.wrong) == {EVERYWHERE}


def test_neighbourhoods_are_forgotten_before_they_fill_the_memory() -> None:
    logins = Logins({})
    for number in range(REMEMBERED + 10):
        logins._count(str(number))
    assert len(logins.wrong) == REMEMBERED
    assert neighbourhood("not an address") == "elsewhere"


def test_who_comes_by_ipv4_is_told_apart_where_both_are_listened_to() -> None:
    assert neighbourhood("::ffff:192.0.2.1") == neighbourhood("192.0.2.1") != neighbourhood("::ffff:192.0.2.2")


def test_guesses_that_come_from_everywhere_at_once_are_counted_too() -> None:
    now = [0.0]
    logins = Logins({}, clock=lambda: now[0])
    for number in range(IN_ALL):
        assert logins.rest(f"192.0.2.{number}") == 0
        logins._count(f"192.0.2.{number}")
        logins._count(EVERYWHERE)
    assert logins.rest("198.51.100.1") > 0
    now[0] = 61.0
    assert logins.rest("198.51.100.1") == 0


def test_a_few_passwords_are_checked_at_once() -> None:
    logins = Logins(ACCOUNTS)
    logins.checking = 2
    assert logins.rest("192.0.2.1") == 1


def test_accounts_stand_in_a_file_one_a_line() -> None:
    assert accounts_in(f"# who may read\n\nann:{HASH}\n bob : {HASH} \n") == {"ann": HASH, "bob": HASH}
    for text, told in (
        ("", "no account"),
        ("ann", "line 1"),
        (f"\n:{HASH}", "line 2"),
        ("ann:secret", "hash-password"),
    ):
        with pytest.raises(AccountsError, match=told):
            accounts_in(text)


@pytest.mark.parametrize(
    "text", ["", "a$b$c$d", "pbkdf2_sha256$1$a$b", "pbkdf2_sha256$99999999999$a$b", "pbkdf2_sha256$1000$$b"]
)
def test_what_is_no_hash(text: str) -> None:
    assert not is_hash(text)
    assert is_hash(HASH)


def test_a_missing_extra_is_told_with_its_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "datasette_auth_passwords", None)
    monkeypatch.delitem(sys.modules, "datasette_auth_passwords.utils")
    with pytest.raises(AccountsError, match="pip install 'dossier-news\\[auth\\]'"):
        hashed("secret")


def test_a_hash_shows_no_password(tmp_path: Path) -> None:
    assert is_hash(hashed(PASSWORD))
    assert PASSWORD not in hashed(PASSWORD)
    assert HASH not in repr(Rules(accounts=ACCOUNTS))
