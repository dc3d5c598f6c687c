from __future__ import annotations

import asyncio

import pytest
from OpenSSL import SSL
from scrapy import Request
from scrapy.exceptions import DownloadFailedError
from twisted.internet.error import ConnectionLost
from twisted.python.failure import Failure
from twisted.web.client import ResponseFailed

from crawler.bodies import BadAnswer
from crawler.connections import of_connection
from crawler.handlers import spend
from crawler.process import project_settings


def test_only_the_web_and_warc_files_that_the_user_names_have_a_handler() -> None:
    handlers = project_settings({}).getwithbase("DOWNLOAD_HANDLERS")
    assert {scheme for scheme, handler in handlers.items() if handler} == {"http", "https", "warc"}


@pytest.mark.parametrize(
    "name",
    ["TELNETCONSOLE_ENABLED", "REMOTE_CONTROL_ENABLED", "COOKIES_ENABLED", "HTTPCACHE_ENABLED", "REFERER_ENABLED"],
)
def test_what_must_never_be_on_is_off(name: str) -> None:
    assert not project_settings({}).getbool(name)


def test_certificates_are_verified_and_bodies_bounded() -> None:
    settings = project_settings({})
    assert settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES")
    assert settings.getbool("DOWNLOAD_FAIL_ON_DATALOSS")
    assert settings.getint("DOWNLOAD_MAXSIZE") == 10 * 1024 * 1024
    assert settings.getint("REDIRECT_MAX_TIMES") == 5
    assert settings.getfloat("DOSSIER_DEADLINE") == 60
    assert settings.getfloat("DOSSIER_ROBOTS_DEADLINE") == 20


def test_all_hops_and_retries_of_robots_txt_share_one_deadline() -> None:
    request = Request("http://a.example/robots.txt", meta={"dont_obey_robotstxt": True, "download_timeout": 20.0})
    spend(request, 15.0)
    again = request.replace(url="http://b.example/robots.txt")
    assert again.meta["download_timeout"] == 5.0
    spend(again, 9.0)
    assert 0 < again.meta["download_timeout"] < 1


def test_a_page_has_its_deadline_for_each_hop() -> None:
    request = Request("http://a.example/", meta={"download_timeout": 60.0})
    spend(request, 15.0)
    assert request.meta["download_timeout"] == 60.0


def test_a_lost_connection_says_how_it_was_lost() -> None:
    error = of_connection(ResponseFailed([Failure(ConnectionLost())]))
    assert isinstance(error, DownloadFailedError)
    assert "lost" in str(error)


def test_tls_that_fails_is_not_tried_again() -> None:
    fault = SSL.Error([("SSL routines", "", "certificate verify failed")])
    error = of_connection(ResponseFailed([Failure(fault)]))
    assert type(error) is BadAnswer
    assert str(error) == "the certificate or TLS was not accepted: certificate verify failed"


def test_a_deadline_can_be_brought_forward() -> None:
    """What cancel_open rests on: asyncio lets an open timeout be rescheduled."""

    async def cut_short() -> str:
        scope = asyncio.timeout(60)
        asyncio.get_running_loop().call_soon(lambda: scope.reschedule(0))
        try:
            async with scope:
                await asyncio.sleep(60)
        except TimeoutError:
            return "cut"
        return "whole"

    assert asyncio.run(cut_short()) == "cut"
