"""Who may log in, and how often somebody may guess."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from importlib import import_module
from ipaddress import IPv6Address, ip_address
from typing import Any

from datasette.utils import baseconv
from itsdangerous import BadData

from archive.errors import StoreError

GUESSES = 5  # wrong ones of one neighbourhood, before it has to wait
IN_ALL = 100  # wrong ones of all together: a proxy may tell us any address that it is told
EVERYWHERE = "everywhere"
REST = 60.0  # seconds, from the last wrong one on
REMEMBERED = 5_000  # neighbourhoods
AT_ONCE = 2  # passwords that are checked; each takes a fifth of a second of one core
STAY = 14 * 24 * 3600  # seconds for which a login holds

EXTRA = "--auth needs datasette-auth-passwords: pip install 'dossier-news[auth]'"


class AccountsError(StoreError):
    """The accounts cannot be used; the message says why and what to do."""


def hashed(password: str) -> str:
    """What is kept of a password; AccountsError where the extra is missing."""
    return str(algorithm().hash_password(password))


def algorithm() -> Any:
    """The hashes of datasette-auth-passwords; AccountsError where it is not installed."""
    try:
        return import_module("datasette_auth_passwords.utils")
    except ImportError as error:
        raise AccountsError(EXTRA) from error


def accounts_in(text: str) -> dict[str, str]:
    """The accounts in a file: one a line, `name:hash`; empty lines and those that begin with # are none."""
    accounts = {}
    for number, line in enumerate(text.splitlines(), start=1):
        name, colon, kept = (part.strip() for part in line.partition(":"))
        if not line.strip() or name.startswith("#"):
            continue
        if not colon or not name or not is_hash(kept):
            raise AccountsError(f"line {number}: write NAME:HASH, with the hash that `datasette hash-password` prints")
        accounts[name] = kept
    if not accounts:
        raise AccountsError("there is no account in it; write a line NAME:HASH")
    return accounts


def is_hash(text: str) -> bool:
    """Whether a text is a hash that a password can be compared with, in a bounded time."""
    parts = text.split("$")
    if len(parts) != 4 or parts[0] != "pbkdf2_sha256" or not (parts[1].isascii() and parts[1].isdigit()):
        return False
    return 1_000 <= int(parts[1][:9]) <= 5_000_000 and all(parts)


class Logins:
    """The accounts of a served archive, and the guesses at them."""

    def __init__(self, accounts: Mapping[str, str], clock: Callable[[], float] = time.monotonic) -> None:
        self.accounts, self.clock = accounts, clock
        self.wrong: OrderedDict[str, tuple[int, float]] = OrderedDict()
        self.checking = 0
        self.nobody = next(iter(accounts.values()), "")  # is compared with where there is no such name

    def rest(self, address: str) -> int:
        """Seconds for which whoever asks from an address has to wait before the next guess; 0 where none."""
        left = max(self._left(neighbourhood(address), GUESSES), self._left(EVERYWHERE, IN_ALL))
        return max(0, round(left + 0.5)) if left > 0 else int(self.checking >= AT_ONCE)

    async def is_right(self, name: str, password: str, address: str) -> bool:
        """Whether the password is that of the account; a wrong one is counted. An unknown name takes as long."""
        self.checking += 1
        try:
            kept = self.accounts.get(name, self.nobody)
            fits: bool = await asyncio.to_thread(algorithm().verify_password, password, kept)
        finally:
            self.checking -= 1
        if fits and name in self.accounts:
            self.wrong.pop(neighbourhood(address), None)
            return True
        self._count(neighbourhood(address))
        self._count(EVERYWHERE)
        return False

    def _left(self, key: str, most: int) -> float:
        count, last = self.wrong.get(key, (0, 0.0))
        return last + REST - self.clock() if count >= most else 0.0

    def _count(self, key: str) -> None:
        count, last = self.wrong.pop(key, (0, 0.0))
        is_old = self.clock() > last + REST
        self.wrong[key] = (1 if is_old and (count >= GUESSES or key == EVERYWHERE) else count + 1), self.clock()
        while len(self.wrong) > REMEMBERED:
            self.wrong.popitem(last=False)


def neighbourhood(address: str) -> str:
    """An address, or the network of an IPv6 address: whoever has one has all of them."""
    try:
        found = ip_address(address)
    except ValueError:
        return "elsewhere"
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or IPv6Address(int(found) >> 64 << 64))


def ticket(datasette: Any, name: str, now: float) -> str:
    """The cookie of somebody who is logged in."""
    until = baseconv.base62.encode(int(now) + STAY)
    return str(datasette.sign({"a": {"id": name}, "e": until}, "actor"))


def name_of(datasette: Any, cookie: str) -> str:
    """Whose cookie it is; empty where it is nobody's, or not any more."""
    try:
        found = datasette.unsign(cookie, "actor")
        if int(baseconv.base62.decode(found["e"])) < time.time():
            return ""
        return str(found["a"]["id"])
    except (BadData, KeyError, TypeError, ValueError, AttributeError):
        return ""
