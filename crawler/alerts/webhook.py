"""Alerts by a webhook."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from crawler.addresses import is_public
from crawler.alerts.mail import reason_of
from crawler.alerts.secret import Secret, without
from crawler.alerts.way import DEADLINE, NotSent, within
from crawler.alerts.wording import Message
from crawler.guards import Allowance, FetchRefused, judge, port_of
from pipelines.urls import parts_of

SECONDS = 20.0  # of each turn of the connection
READ = 10_000  # bytes of an answer
TRIED = 4  # addresses of a host

Lookup = Callable[..., list[tuple[Any, ...]]]


class Judged(http.client.HTTPConnection):
    """A connection to the address that was judged, whatever the name leads to a moment later."""

    def __init__(self, host: str, port: int, address: str, context: ssl.SSLContext | None) -> None:
        super().__init__(host, port, timeout=SECONDS)
        self.default_port = 80 if context is None else 443
        self.address = address
        self.context = context

    def connect(self) -> None:
        """Open it."""
        self.sock = socket.create_connection((self.address, self.port), SECONDS)
        if self.context is not None:
            self.sock = self.context.wrap_socket(self.sock, server_hostname=self.host.strip("[]"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Post an alert to a URL, once: no redirect is followed, and no private address asked unless that is allowed."""

    url: str = field(default="", repr=False)
    secret_url: Secret = field(default_factory=Secret, repr=False)
    headers: Mapping[str, Secret] = field(default_factory=dict, repr=False)
    allow_private: bool = False
    form: str = "json"
    deadline: float = DEADLINE

    @property
    def name(self) -> str:
        """Its name in `dossier.toml`."""
        return "webhook"

    @property
    def label(self) -> str:
        """The host; the rest of a webhook's URL is as good as a password."""
        host = urlsplit(self.url).hostname if self.url else ""
        return f"webhook to {host}" if host else "webhook"

    def send(self, message: Message) -> None:
        """Post it; NotSent where it was not taken with a 2xx."""
        url = self.secret_url.read() if self.secret_url else self.url
        given = {name: secret.read() for name, secret in self.headers.items()}
        hidden = [url, urlsplit(url).path.strip("/"), urlsplit(url).query, *given.values()]
        try:
            fault = fault_of_url(url, allow_private=self.allow_private)
            if fault:
                raise NotSent(fault)
            within(self.deadline, lambda: self.post(url, given, body_of(message, self.form)))
        except NotSent as error:
            raise NotSent(without(str(error), hidden)) from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            host = urlsplit(url).hostname or ""
            raise NotSent(without(f"{host}: {reason_of(error)}", hidden)) from error

    def post(self, url: str, given: Mapping[str, str], body: bytes) -> None:
        """Ask one address after the other until one answers."""
        parts, split = parts_of(url), urlsplit(url)
        context = ssl.create_default_context() if parts.scheme == "https" else None
        kind = "text/plain; charset=utf-8" if self.form == "text" else "application/json"
        headers = {"User-Agent": "Dossier", "Content-Type": kind, "Connection": "close", **given}
        target = (split.path or "/") + (f"?{split.query}" if split.query else "")
        found = addresses(parts.host, port_of(parts), allow_private=self.allow_private)[:TRIED]
        for number, address in enumerate(found, 1):
            connection = Judged(parts.host, port_of(parts), address, context)
            try:
                connection.connect()
            except OSError:
                connection.close()
                if number == len(found):
                    raise
                continue
            try:
                connection.request("POST", target, body, headers)
                answered(connection.getresponse(), parts.host)
            finally:
                connection.close()
            return


def answered(response: http.client.HTTPResponse, host: str) -> None:
    """NotSent where an answer says that the alert was not taken."""
    response.read(READ)
    if 300 <= response.status < 400:
        raise NotSent(f"{host} answered HTTP {response.status}, a redirect, which is not followed; name the final URL")
    if not 200 <= response.status < 300:
        raise NotSent(f"{host} answered HTTP {response.status} {response.reason}")


def fault_of_url(url: str, *, allow_private: bool) -> str:
    """Why a URL cannot be a webhook's, with the mend; empty where it can."""
    try:
        parts = parts_of(url)
        port = port_of(parts)
        allowed = Allowance.of([f"{parts.host}:{port}"]) if allow_private else Allowance()
        judge(url, ports=(port,), allowed=allowed)
    except FetchRefused as error:
        return f"{error.reason}; name a public host, or set allow_private = true"
    except ValueError:
        return "that is no URL; give one that begins with https://"
    if parts.scheme != "https" and not allow_private:
        return "it is not encrypted; give an https:// URL, or set allow_private = true for one in your own network"
    return ""


def addresses(host: str, port: int, *, allow_private: bool, lookup: Lookup = socket.getaddrinfo) -> list[str]:
    """The addresses that a host leads to; NotSent where any of them is private: that is an attack, or a mistake."""
    try:
        found = lookup(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotSent(f"{host} is not found; see that its name is right and the network is up") from error
    spelt = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    private = [one for one in spelt if not is_public(ip_address(one))]
    if private and not allow_private:
        raise NotSent(f"{host} leads to {private[0]}, which is not a public address; allow_private = true permits it")
    return spelt


def body_of(message: Message, form: str) -> bytes:
    """What is posted: the whole alert as JSON, only the `text` that chat services take, or the plain text."""
    whole = f"{message.title}\n\n{message.text}"
    if form == "text":
        return whole.encode()
    record = message.record() if form == "json" else {}
    return json.dumps({**record, "text": chat(whole)}).encode()


def chat(text: str) -> str:
    """A text in which nobody is called, and no word hides a link: chat services read <...>, @name and [...](...)."""
    return text.translate({ord("<"): "‹", ord(">"): "›", ord("["): "(", ord("]"): ")", ord("@"): "@\u200b"})
