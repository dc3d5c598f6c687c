from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crawler.alerts.secret import Secret
from crawler.alerts.way import NotSent
from crawler.alerts.webhook import Webhook, addresses, chat, fault_of_url
from crawler.alerts.wording import Event, alone, harmless
from crawler.watching.finding import Finding
from tests.authority import Authority
from tests.posted import Hook

FINDING = Finding(
    kind="source died", topic="talks", subject="https://wire.example/feed", since="2026-03-01T00:00:00Z",
    text='no answer since Monday <!channel> @everyone [x](https://evil.example) "quoted"', advice="look at it",
)  # fmt: skip
MESSAGE = alone(Event(state="new", finding=harmless(FINDING)), "/srv/archive")


@pytest.fixture
def hook() -> Iterator[Hook]:
    with Hook() as hook:
        yield hook


def webhook(hook: Hook, path: str = "/secret-path", **more: Any) -> Webhook:
    return Webhook(url=f"http://127.0.0.1:{hook.port}{path}", **{"allow_private": True, **more})


def test_an_alert_is_posted_as_json_with_a_text_that_calls_nobody(hook: Hook) -> None:
    webhook(hook).send(MESSAGE)
    (got,) = hook.got
    assert (got.method, got.path, got.headers["content-type"]) == ("POST", "/secret-path", "application/json")
    said = json.loads(got.body)
    assert said["alerts"][0]["kind"] == "source died"
    assert said["alerts"][0]["text"] == FINDING.text
    assert "‹!channel›" in said["text"]
    assert "@everyone" not in said["text"]
    assert "](" not in said["text"]


def test_a_plain_text_is_posted_where_that_is_wanted(hook: Hook) -> None:
    webhook(hook, form="text").send(MESSAGE)
    assert hook.got[0].headers["content-type"] == "text/plain; charset=utf-8"
    assert hook.got[0].body.decode().startswith("Dossier: source died, talks\n")


def test_a_chat_service_gets_nothing_but_a_text(hook: Hook) -> None:
    webhook(hook, form="slack").send(MESSAGE)
    assert list(json.loads(hook.got[0].body)) == ["text"]


def test_headers_come_from_the_environment(hook: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOK_TOKEN", "Bearer of news")
    webhook(hook, headers={"Authorization": Secret(env="HOOK_TOKEN")}).send(MESSAGE)
    assert hook.got[0].headers["authorization"] == "Bearer of news"


def test_the_url_may_be_a_secret(hook: Hook, tmp_path: Path) -> None:
    (tmp_path / "url").write_text(f"http://127.0.0.1:{hook.port}/T0/B0/xyz\n", encoding="utf-8")
    way = Webhook(secret_url=Secret(file=str(tmp_path / "url")), allow_private=True)
    way.send(MESSAGE)
    assert hook.got[0].path == "/T0/B0/xyz"
    assert way.label == "webhook"


@pytest.mark.parametrize("status", [301, 307, 404, 500])
def test_an_answer_that_is_no_success_is_told_without_the_secret_path(hook: Hook, status: int) -> None:
    hook.status, hook.reason = status, "no /secret-path"
    with pytest.raises(NotSent, match=f"127.0.0.1 answered HTTP {status}") as told:
        webhook(hook).send(MESSAGE)
    assert "secret" not in str(told.value)
    assert len(hook.got) == 1  # no redirect is followed, nothing tried twice


def test_a_private_address_is_refused_and_nothing_sent(hook: Hook) -> None:
    with pytest.raises(NotSent, match=r"127\.0\.0\.1 is not a public address.*allow_private"):
        webhook(hook, allow_private=False).send(MESSAGE)
    assert not hook.got


def test_a_host_that_leads_to_a_private_address_is_refused_after_the_look_up() -> None:
    def lookup(host: str, port: int, **_: Any) -> list[tuple[Any, ...]]:
        return [(0, 0, 0, "", (one, port)) for one in ("93.184.216.34", "10.0.0.7")]

    with pytest.raises(NotSent, match=r"hooks\.chat\.com leads to 10\.0\.0\.7"):
        addresses("hooks.chat.com", 443, allow_private=False, lookup=lookup)
    assert addresses("hooks.chat.com", 443, allow_private=True, lookup=lookup) == ["93.184.216.34", "10.0.0.7"]


def test_a_name_that_is_nowhere_is_said() -> None:
    def lookup(host: str, port: int, **_: Any) -> list[tuple[Any, ...]]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(NotSent, match=r"nowhere\.chat\.com is not found"):
        addresses("nowhere.chat.com", 443, allow_private=False, lookup=lookup)


def test_the_certificate_of_the_host_is_verified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.pem))
    with Hook(authority.context("localhost")) as hook:
        Webhook(url=f"https://localhost:{hook.port}/a", allow_private=True).send(MESSAGE)
        assert hook.got[0].headers["host"] == f"localhost:{hook.port}"
    with Hook(authority.context("other.example")) as other, pytest.raises(NotSent, match="cannot be trusted"):
        Webhook(url=f"https://localhost:{other.port}/a", allow_private=True).send(MESSAGE)
    assert not other.got


def test_a_server_that_drips_is_left_after_the_deadline(hook: Hook) -> None:
    hook.drip = 0.05
    with pytest.raises(NotSent, match=r"no end within 0\.3 s"):
        webhook(hook, deadline=0.3).send(MESSAGE)


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("ftp://chat.com/", "no URL"),
        ("https://user:word@chat.com/", "no URL"),
        ("https://hooks.internal/", "not a public name"),
        ("https://[::1]/", "not a public address"),
        ("https://2130706433/", "no plain address"),
        ("http://chat.com/", "not encrypted"),
        ("https:// x", "no URL"),
    ],
)
def test_a_url_that_must_not_be_asked_is_refused_with_the_mend(url: str, fault: str) -> None:
    assert fault in fault_of_url(url, allow_private=False)


def test_a_public_host_may_have_any_port_and_a_private_one_where_it_is_allowed() -> None:
    assert not fault_of_url("https://chat.com:8443/hook?a=1", allow_private=False)
    assert not fault_of_url("http://ntfy.lan:8080/topic", allow_private=True)


def test_no_name_is_called_in_a_chat() -> None:
    assert "@all" not in chat("@all")
