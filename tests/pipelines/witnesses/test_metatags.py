from __future__ import annotations

from pipelines.tree import tree_of
from pipelines.witnesses.metatags import head_of


def test_tags_are_read_wherever_they_stand_and_whatever_names_them() -> None:
    head = head_of(
        tree_of(
            """<html lang="fr-FR"><head><title> Un  titre </title><meta property="OG:Title" content="A &amp;amp; B">
            <meta name="author" content="Ana"><meta itemprop="author" content="Jon"><meta name="empty" content=" ">
            <meta http-equiv="Content-Language" content="fr"><link rel="shortlink canonical" href=" /a "></head>
            <body><h1>Un <b>titre</b></h1><meta name="late" content="yes"><h1>Deux</h1><h1> </h1></body></html>"""
        )
    )
    assert (head.title, head.headings) == ("Un titre", ("Un titre", "Deux"))
    assert (head.canonical, head.language) == ("/a", "fr-FR")
    assert head.first("missing", "og:title") == "A & B"
    assert head.all("author", "late") == ["Ana", "Jon", "yes"]
    assert head.first("empty", "content-language") == "fr"
    assert head.first("missing") == ""


def test_a_page_without_a_head_says_nothing() -> None:
    head = head_of(tree_of("<body><p>Text.</p></body>"))
    assert (head.title, head.headings, head.canonical, head.language, dict(head.metas)) == ("", (), "", "", {})
