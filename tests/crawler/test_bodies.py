from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.bodies import BadAnswer, CutShort, decoded

LIMIT = 10 * 1024 * 1024
ROOT = Path(__file__).parents[2]


def raw_deflate(body: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(body) + stream.flush()


ENCODERS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("X-GZIP ", gzip.compress),
    "deflate with a header": ("deflate", zlib.compress),
    "deflate without": ("deflate", raw_deflate),
    "brotli": ("br", lambda body: brotli.compress(body, quality=3)),
    "brotli with a large window": ("br", lambda body: brotli.compress(body, quality=1, lgwin=23)),
}
encoders = pytest.mark.parametrize(("name", "encode"), ENCODERS.values(), ids=ENCODERS)
bodies = st.one_of(st.binary(max_size=2000), st.integers(0, 200_000).map(lambda size: b"\x00ab" * (size // 3)))


@encoders
@settings(max_examples=40)
@given(body=bodies)
def test_what_was_encoded_comes_back(name: str, encode: Callable[[bytes], bytes], body: bytes) -> None:
    assert decoded(encode(body), [name], LIMIT) == body


@encoders
@settings(max_examples=40)
@given(body=bodies, part=st.floats(0, 1, exclude_max=True))
def test_a_body_that_breaks_off_is_never_whole(
    name: str, encode: Callable[[bytes], bytes], body: bytes, part: float
) -> None:
    whole = encode(body)
    cut = whole[: max(1, int(len(whole) * part))]
    if len(cut) < len(whole):
        with pytest.raises(BadAnswer):
            decoded(cut, [name], LIMIT)


@encoders
@settings(max_examples=40)
@given(noise=st.binary(min_size=1, max_size=300))
def test_noise_is_refused_or_decoded_but_breaks_nothing(
    name: str, encode: Callable[[bytes], bytes], noise: bytes
) -> None:
    try:
        decoded(noise, [name], LIMIT)
        decoded(encode(b"x" * 5000)[:20] + noise, [name], LIMIT)
    except BadAnswer:
        pass


@encoders
def test_a_body_of_the_limit_passes_and_one_byte_more_does_not(name: str, encode: Callable[[bytes], bytes]) -> None:
    assert len(decoded(encode(bytes(200_000)), [name], 200_000)) == 200_000
    with pytest.raises(BadAnswer, match="body over"):
        decoded(encode(bytes(200_001)), [name], 200_000)


@encoders
def test_a_cut_keeps_what_was_there(name: str, encode: Callable[[bytes], bytes]) -> None:
    text = b"".join(b"line %d\n" % number for number in range(20_000))
    assert decoded(encode(text), [name], 1000, cut=True) == text[:1000]
    half = encode(text)
    assert text.startswith(decoded(half[: len(half) // 2], [name], LIMIT, cut=True))


def test_two_layers_are_taken_off_in_order() -> None:
    body = gzip.compress(brotli.compress(b"news"))
    assert decoded(body, ["br, gzip"], LIMIT) == b"news"
    assert decoded(body, ["br", "gzip"], LIMIT) == b"news"


def test_three_layers_are_refused() -> None:
    with pytest.raises(BadAnswer, match="3 encodings"):
        decoded(b"x", ["gzip, gzip", "gzip"], LIMIT)


@pytest.mark.parametrize("name", ["zstd", "compress", "aes128gcm", "dcb", "x" * 500])
def test_an_encoding_that_was_not_asked_for_is_refused(name: str) -> None:
    with pytest.raises(BadAnswer, match="not asked for") as caught:
        decoded(b"\x28\xb5\x2f\xfd", [name], LIMIT)
    assert len(str(caught.value)) < 100


@pytest.mark.parametrize("name", ["identity", "", "none", "UTF-8", "identity, identity, identity"])
def test_what_is_no_encoding_changes_nothing(name: str) -> None:
    assert decoded(b"\x1f\x8bnews", [name], LIMIT) == b"\x1f\x8bnews"


def test_an_empty_body_is_whole() -> None:
    assert decoded(b"", ["gzip"], LIMIT) == b""


def test_gzip_members_are_one_body_and_padding_is_none_of_it() -> None:
    body = gzip.compress(b"a" * 100_000) + gzip.compress(b"") + gzip.compress(b"b") + bytes(512)
    assert decoded(body, ["gzip"], LIMIT) == b"a" * 100_000 + b"b"


def test_a_wrong_checksum_is_refused() -> None:
    body = bytearray(gzip.compress(b"news"))
    body[-6] ^= 1
    with pytest.raises(BadAnswer, match="broken compression"):
        decoded(bytes(body), ["gzip"], LIMIT)


def test_a_break_can_be_told_from_a_fault() -> None:
    with pytest.raises(CutShort):
        decoded(gzip.compress(b"news")[:-1], ["gzip"], LIMIT)
    with pytest.raises(BadAnswer) as caught:
        decoded(b"plain text", ["gzip"], LIMIT)
    assert not isinstance(caught.value, CutShort)


BOMBS = {
    "gzip": "gzip: zipped(64)",
    "gzip in gzip": "gzip, gzip: gzip.compress(zipped(96))",
    "deflate": "deflate: zipped(64, 15)",
    "brotli": "br: brotlied(128, 22)",
    "brotli, widest window": "br: brotlied(128, 23)",
    "brotli, refused window": "br: brotlied(128, 24)",
    "brotli in brotli": "br, br: brotli.compress(brotlied(128, 22), lgwin=22)",
    "500,000 gzip members": "gzip: gzip.compress(b'') * 500_000",
}
MEASURE = """
import ctypes, gzip, json, sys, zlib
import brotli
from crawler.bodies import BadAnswer, decoded
def zipped(megabytes, wbits=31):
    stream = zlib.compressobj(1, wbits=wbits)
    return b"".join(stream.compress(bytes(1 << 20)) for _ in range(megabytes)) + stream.flush()
def brotlied(megabytes, lgwin):
    stream = brotli.Compressor(quality=1, lgwin=lgwin)
    return b"".join(stream.process(bytes(1 << 20)) for _ in range(megabytes)) + stream.finish()
def peak():
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1])
costs = {}
for name, bomb in json.loads(sys.argv[1]).items():
    names, _, made = bomb.partition(": ")
    body = eval(made)
    ctypes.CDLL(None).malloc_trim(0)
    open("/proc/self/clear_refs", "w").write("5")  # forget the peak that making the bomb cost
    before = peak()
    try:
        decoded(body, [names], 10 << 20)
    except BadAnswer:
        costs[name] = (peak() - before) // 1024
print(json.dumps(costs))
"""


@pytest.fixture(scope="module")
def costs() -> dict[str, int]:
    command = [sys.executable, "-c", MEASURE, json.dumps(BOMBS)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@pytest.mark.skipif(not os.access("/proc/self/clear_refs", os.W_OK), reason="the peak of memory is read from /proc")
@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_costs_no_more_than_the_largest_body_and_its_window(bomb: str, costs: dict[str, int]) -> None:
    assert costs[bomb] <= 32, "MiB: ten for the body, eight for the widest window, the rest for the allocator"
