"""Hostile text as the web has it: what ends a field, a line or a document somewhere, and what no document may hold."""

from __future__ import annotations

from hypothesis import strategies as st

TEXTS = (
    '=HYPERLINK("http://evil.example/","x")', "a\r\nb", "a\rb\nc", "a\x00b\x1b[31m", "]]></title><script>",
    "\u202eright to left\u202c\u200f", "a\u2028b\u2029c\x85d", "---\ntitle: x\n---", "{{ page }} {% raw %}",
    "[x](javascript:alert(1)) ![x](http://evil.example/p.png)", "<img src=x onerror=alert(1)>", "&lt;b&gt; &#x27;",
    "http://evil.example www.evil.example mail@evil.example", "# a\n1. b\n- c\n    d\n> e\n=====", "`a` ``` ~~~",
    "}\n@misc{evil,", "ER  - \r\nTY  - BOOK", '"quoted", and \'more\'', "\ufeff\ufffe", "😀 é fi Ω", "null", "~", "",
    " a  b ", "key: value # no comment", "!!python/object:os.system", "*alias &anchor", "|", "$x$ $$y$$", "12) a",
)  # fmt: skip

NASTY = st.sampled_from(TEXTS) | st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
"""All that SQLite's text can hold."""
