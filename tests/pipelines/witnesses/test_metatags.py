from __future__ import annotations

from pipelines.tree import tree_of
from pipelines.witnesses.metatags import head_of


def test_tags_are_read_wherever_they_stand_and_whatever_names_them() -> None:
    head = head_of(
        tree_of(
            """<html lang="fr-FR"><head><title> Un  titre </title><meta property="OG:Title" content="A &amp;amp; B">
            <meta name="author" content="Ana"><meta itemprop="author" content="Jon"><meta name="empty" content=" ">
            <meta http-equiv="Content-Language" content="fr"><link rel="shortlink canonical" href=" /a "></head>
            <body><h1>Un <b>titre</b></h1><meta name="late" content="yes"><h1>Deux</h1><h1> </h1>
            <h2>Un <i>mot</i></h2></body></html>"""
        )
    )
    assert (head.title, head.headings) == ("Un titre", ("Un titre", "Deux"))
    assert head.subheadings == ("Un mot",)
    assert (head.canonical, head.language) == ("/a", "fr-FR")
    assert head.first("missing", "og:title") == "A & B"
    assert head.all("author", "late") == ["Ana", "Jon", "yes"]
    assert head.first("empty", "content-language") == "fr"
    assert head.first("missing") == ""


def test_every_name_is_a_witness_of_its_kind() -> None:
    head = head_of(
        tree_of(
            """<html><head><meta property="og:title" content="A"><meta property="og:title" content="B">
            <meta property="article:section" content="C"><meta name="twitter:title" content="D">
            <meta name="dc.title" content="E"></head><body><p>x</p></body></html>"""
        )
    )
    claims = head.claims("dc.title", "og:title", "missing", "article:section", "twitter:title")
    assert claims == [("meta", "E"), ("og", "A"), ("og", "C"), ("twitter", "D")]


def test_a_page_without_a_head_says_nothing() -> None:
    head = head_of(tree_of("<body><p>Text.</p></body>"))
    assert (head.title, head.headings, head.subheadings) == ("", (), ())
    assert (head.canonical, head.language, dict(head.metas)) == ("", "", {})
