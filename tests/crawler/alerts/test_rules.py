from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from crawler.alerts.command import Command
from crawler.alerts.mail import Mail
from crawler.alerts.rules import KINDS, Rules, rules, rules_of
from crawler.alerts.secret import Secret
from crawler.alerts.webhook import Webhook
from crawler.operation import NAME, OperationError

DATA = Path("/srv/archive")
MAIL = {"to": "me@reader.example", "from": "dossier@reader.example", "host": "mail.reader.example"}

WHOLE = """
[alerts]
command = ["notify-send", "Dossier", "{text}"]
kinds = ["source died", "no news"]
no_news_days = 3
remind = 2.5
settle = 0
most = 2
[alerts.email]
to = ["me@reader.example", "you@reader.example"]
from = "dossier@reader.example"
host = "mail.reader.example"
tls = "tls"
user = "dossier"
password_file = "/run/secrets/mail"
[alerts.webhook]
url_env = "HOOK"
headers_env = { Authorization = "HOOK_TOKEN" }
format = "text"
"""


def test_a_whole_table_is_read(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(WHOLE, encoding="utf-8")
    found = rules_of(tmp_path)
    assert (found.kinds, found.no_news_days, found.remind) == (("source died", "no news"), 3, 2.5)
    assert (found.settle, found.most) == (0, 2)
    assert found.ways == (
        Command(words=("notify-send", "Dossier", "{text}")),
        Mail(
            to=("me@reader.example", "you@reader.example"), sender="dossier@reader.example", host="mail.reader.example",
            port=465, tls="tls", user="dossier", password=Secret(file="/run/secrets/mail"),
        ),
        Webhook(secret_url=Secret(env="HOOK"), headers={"Authorization": Secret(env="HOOK_TOKEN")}, form="text"),
    )  # fmt: skip


def test_an_archive_without_a_table_tells_nobody(tmp_path: Path) -> None:
    assert rules_of(tmp_path) == Rules()
    assert Rules().kinds == KINDS


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"comand": ["a"]}, "[alerts] comand is no key of it; it may have command, email"),
    ({"command": "notify-send x"}, "[alerts] command is 'notify-send x'; give a list of words"),
    ({"command": []}, "give a list of words"),
    ({"command": ["a\0b"]}, "give a list of words"),
    ({"kinds": ["no new"]}, "[alerts] kinds names 'no new'; choose of run failed"),
    ({"kinds": "no news"}, "give a list of some of"),
    ({"remind": "7"}, "[alerts] remind is '7'; give a number from 0.1 to 3,650"),
    ({"remind": True}, "give a number"),
    ({"settle": float("nan")}, "give a number from 0 to 720"),
    ({"most": 1.5}, "give a whole number from 1 to 50"),
    ({"email": "me@reader.example"}, "write [alerts.email] above its keys"),
    ({"email": {}}, "[alerts.email] to is missing; give an address"),
    ({"email": {**MAIL, "cc": "x"}}, "[alerts.email] cc is no key of it"),
    ({"email": {**MAIL, "to": "me"}}, "[alerts.email] to is 'me'; give an address"),
    ({"email": {**MAIL, "to": "me@reader.example\r\nBcc: x@y.example"}}, "give an address"),
    ({"email": {**MAIL, "from": "<b@c.example>"}}, "[alerts.email] from is"),
    ({"email": {key: MAIL[key] for key in ("to", "from")}}, "host is missing"),
    ({"email": {**MAIL, "tls": "ssl"}}, 'tls is \'ssl\'; give "starttls" or "tls" or "none"'),
    ({"email": {**MAIL, "user": "me"}}, "user and password go together"),
    ({"email": {**MAIL, "password": "word"}}, "password is no key of it"),
    ({"email": {**MAIL, "user": "m", "password_env": "A", "password_file": "b"}}, "stands beside password_file"),
    ({"email": {**MAIL, "user": "m", "password_env": "A", "tls": "none"}}, "passwords are not sent in the open"),
    ({"email": {**MAIL, "port": 70_000}}, "port is 70000; give a whole number"),
    ({"webhook": {}}, "[alerts.webhook] url is missing"),
    ({"webhook": {"url": "https://chat.com/a", "url_env": "B"}}, "url stands beside url_env"),
    ({"webhook": {"url": "http://chat.com/a"}}, "url cannot be asked; it is not encrypted"),
    ({"webhook": {"url": "https://10.0.0.1/a"}}, "10.0.0.1 is not a public address; name a public host, or set allow"),
    ({"webhook": {"url": "https://chat.com/a", "allow_private": "yes"}}, "give true or false"),
    ({"webhook": {"url": "https://chat.com/a", "headers_env": {"Host": "A"}}}, "name a variable for each"),
    ({"webhook": {"url": "https://chat.com/a", "headers_env": {"A\r\nB": "A"}}}, "name a variable for each"),
    ({"webhook": {"url": "https://chat.com/a", "headers_env": {"A": "Bearer x"}}}, "name a variable for each"),
]


@pytest.mark.parametrize(("values", "fault"), WRONG, ids=[fault[:50] for _, fault in WRONG])
def test_what_cannot_be_is_refused_with_file_key_fault_and_mend(values: dict[str, Any], fault: str) -> None:
    with pytest.raises(OperationError) as told:
        rules(DATA, values)
    assert fault in str(told.value)
    assert str(told.value).startswith(f"{DATA / NAME}: [alerts")
    assert str(told.value).isprintable()


def test_no_secret_stands_in_the_rules_that_are_shown() -> None:
    hidden = tomllib.loads('[webhook]\nurl = "https://chat.com/T0/secret"')
    assert "secret" not in repr(rules(DATA, hidden))
    assert rules(DATA, hidden).ways[0].label == "webhook to chat.com"
