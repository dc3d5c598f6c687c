from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.body.scripts import SHORTEST, values_in
from pipelines.tree import tree_of

TEXT = (
    "Envoys of the two sides met again on Tuesday in a hotel at the edge of the city, and said “no word” to anyone. "
    * 4
)
STATE = {"article": {"title": "Talks", "body": f"<p>{TEXT}</p>", "tags": ["doha", None, True, 1.5]}}


def found(script: str, attributes: str = "") -> list[object]:
    tree = tree_of(f"<html><head></head><body><script {attributes}>{script}</script></body></html>")
    return list(values_in(tree))


def written(value: object) -> str:
    """JSON as it stands in a page: no `</` in it."""
    return json.dumps(value).replace("</", "<\\/")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        ("\n  ", "\n"),
        ("window.__STATE__ = ", ";"),
        ("window.__STATE__=", ";(function(){var s;(s=document.currentScript).remove();}());"),
        ("self.__data = self.__data || ", ""),
        ("render(", ", document.body)"),
        ("var Fusion=window.Fusion||{};Fusion.globalContent=", ";Fusion.arcSite='courier'"),
        ("(window['Q']=window['Q']||[]).push(", ")"),
        ("if (a < b) { c = {'d': [1]} } window.state = ", ""),
    ],
)
def test_a_value_is_found_wherever_it_stands_in_a_script(before: str, after: str) -> None:
    assert STATE in found(f"{before}{written(STATE)}{after}")


def test_a_value_that_is_written_as_a_string_is_read() -> None:
    inner = written(STATE)
    assert found(f"window.state = JSON.parse({written(inner)})") == [STATE]
    single = inner.replace("\\", "\\\\").replace("'", "\\'")
    assert found(f"window.state = JSON.parse('{single}')") == [STATE]
    assert found("window.state = JSON.parse('" + single.replace("<", "\\x3c") + "')") == [STATE]
    assert found("x = JSON.parse(decodeURIComponent('" + quote(json.dumps(STATE)) + "'))") == [STATE]


def test_what_javascript_has_and_json_has_not_is_nothing() -> None:
    script = written(STATE).replace("null", "undefined").replace("1.5", 'new Date("2019-09-03")')
    assert found(f"window.state={script}") == [
        {"article": {**STATE["article"], "tags": ["doha", None, True, "2019-09-03"]}}
    ]


def test_angular_writes_its_quotes_in_another_way() -> None:
    state = {"title": "Talks & truce", "body": TEXT}
    script = json.dumps(state).replace("&", "&a;").replace('"', "&q;")
    assert found(script, 'type="application/json"') == [state]


def test_json_ld_small_scripts_and_code_are_left_out() -> None:
    assert found(written(STATE), 'type="application/ld+json"') == []
    assert found('{"a": 1}', 'type="application/json"') == []
    assert found("function f(a) { return a ? [a] : {b: a} } // " + TEXT * 9) == []
    assert found("x = [1, 2, 3]; " * 200) == []


def stream(*rows: str) -> str:
    whole, size = "".join(rows), 700
    parts = [whole[at : at + size] for at in range(0, len(whole), size)]
    return "".join(f"<script>self.__next_f.push([1,{written(part)}])</script>" for part in parts)


def test_a_stream_of_server_components_is_put_together_and_its_texts_in_their_places() -> None:
    text = f"<p>Über {TEXT}</p>"
    rows = stream(
        '1:"$Sreact.fragment"\n2:I[4711,["static/chunk.js"],"Page"]\n:HL["/font.woff2","font"]\n',
        f"3:T{len(text.encode()):x},{text}",
        f'4:["$","$L2",null,{{"article":{{"title":"Talks","body":"$3"}},"children":["$","p","k",{{"children":"{TEXT}"}}]}}]\n',
        "5:{broken\n",
    )
    tree = tree_of(f"<html><body><script>(self.__next_f=self.__next_f||[]).push([0])</script>{rows}</body></html>")
    assert list(values_in(tree)) == [
        [{"tag": "$L2", "article": {"title": "Talks", "body": text}, "children": {"tag": "p", "children": TEXT}}]
    ]


def test_a_list_whose_values_name_each_other_is_written_out() -> None:
    flat = [
        ["ShallowReactive", 1],
        {"data": 2, "once": 6},
        {"story": 3},
        {"title": 4, "paragraphs": 5},
        "Talks",
        [7, 8],
    ]
    flat = [*flat, -1, TEXT, TEXT, "x", "y"]
    story = {"title": "Talks", "paragraphs": [TEXT, TEXT]}
    assert found(written(flat), 'type="application/json"') == [[{"data": {"story": story}, "once": -1}]]


@pytest.mark.parametrize(
    "script",
    [
        "[" * 500_000 + "]" * 500_000,
        '{"a":' * 100_000,
        'x=({"a' * 200_000,
        '("{' * 200_000,
        "('{" * 200_000,
        "=[1]" * 300_000,
        '={"a":' + "9" * 100_000 + "}",
        "a=" + '["' + "\\u0041" * 300_000,
        '[["Reactive",1],{"a":2},' + ",".join(f"[{at},{at},{at}]" for at in range(3, 60)) + ",1]",
        '[["Reactive",1],{"a":1},' + "1," * 20 + "1]",
    ],
    ids=["deep", "open", "begun", "quoted", "quoted singly", "tiny", "long number", "long string", "bomb", "cycle"],
)  # fmt: skip
def test_hostile_scripts_are_read_within_bounds(script: str) -> None:
    found(script)


def test_a_stream_may_lie_about_its_lengths() -> None:
    rows = stream("1:Tffffffff,", "2:T,", "3:T0,", "T5,abc", ":" * 900, "\n" * 900, f"4:T3,{TEXT}")
    list(values_in(tree_of(f"<html><body>{rows}</body></html>")))


PIECES = st.sampled_from(
    ["self.__next_f.push([1,", '"1:T5,abc"', '"2:[\\"$\\",\\"p\\",null,{}]\\n"', "])", "JSON.parse(", "'", '"', "{",
     "}", "[", "]", "undefined", "new Date(1)", "&q;", "\\", "= ", "(", TEXT, "<!--",
     '[["Reactive",1],{"a":2}', ",", "0"
    ]
)  # fmt: skip


@settings(deadline=None, max_examples=200)
@given(st.lists(st.lists(PIECES | st.text(max_size=8), max_size=30), max_size=4))
def test_any_scripts_give_values_or_none(scripts: list[list[str]]) -> None:
    markup = "".join(f"<script>{''.join(pieces)}{' ' * SHORTEST}</script>" for pieces in scripts)
    list(values_in(tree_of(f"<html><body>{markup}</body></html>".encode("utf-8", "replace").decode())))
