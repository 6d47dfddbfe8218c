from __future__ import annotations

import gzip
import lzma
import zlib

import pytest

from harvester.decoding import decoded, unpacked
from harvester.errors import BadEncoding, Truncated
from shapes.errors import TooLarge

TEXT = b"<http://example.org/s> <http://example.org/p> 'value' .\n" * 2000
CAP = 10_000_000


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACKED = {
    "gzip": gzip.compress(TEXT),
    "x-gzip": gzip.compress(TEXT[:1000]) + gzip.compress(TEXT[1000:]),
    "deflate": zlib.compress(TEXT),
    " Deflate": raw_deflate(TEXT),
    "xz": lzma.compress(TEXT),
    " xz": lzma.compress(TEXT[:1000]) + lzma.compress(TEXT[1000:3000]) + b"\0" * 8 + lzma.compress(TEXT[3000:]),
    "identity": TEXT,
    "": TEXT,
}


@pytest.mark.parametrize("coding", PACKED)
@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_every_coding_is_undone_however_the_bytes_are_cut(coding: str, size: int) -> None:
    data = PACKED[coding]
    pieces = [data[i : i + size] for i in range(0, len(data), size)]
    assert decoded(pieces, coding, CAP) == TEXT


@pytest.mark.parametrize("coding", ["gzip", "deflate", "xz"])
def test_a_bomb_stops_at_the_cap(coding: str) -> None:
    packers = {"gzip": gzip.compress, "deflate": zlib.compress, "xz": lzma.compress}
    bomb = packers[coding](b"\0" * 50_000_000)
    assert len(bomb) < 60_000
    with pytest.raises(TooLarge) as caught:
        decoded([bomb], coding, 1_000_000)
    assert caught.value.detail == "The document is larger than the 1,000,000 bytes allowed."


@pytest.mark.parametrize("coding", ["gzip", "deflate", "xz"])
def test_compressed_data_without_its_end_is_truncated(coding: str) -> None:
    with pytest.raises(Truncated) as caught:
        decoded([PACKED[coding][:-20]], coding, CAP)
    assert caught.value.detail == f"The {coding} data ends before its own end."


@pytest.mark.parametrize("coding", ["gzip", "xz"])
def test_bytes_that_are_not_in_their_coding_are_refused(coding: str) -> None:
    with pytest.raises(BadEncoding, match=f"The bytes are not valid {coding}: "):
        decoded([b"<!DOCTYPE html><p>not compressed at all</p>"], coding, CAP)


def test_a_coding_nobody_asked_for_is_refused() -> None:
    with pytest.raises(BadEncoding) as caught:
        decoded([b"..."], "br", CAP)
    assert caught.value.detail == "The answer is compressed as 'br', which was not asked for."


def test_an_empty_body_is_empty_whatever_its_coding() -> None:
    assert decoded([], "gzip", CAP) == b""


def test_padding_after_gzip_is_no_data() -> None:
    assert decoded([PACKED["gzip"], b"\0" * 512], "gzip", CAP) == TEXT


def test_an_xz_stream_without_its_end_after_a_whole_one_is_truncated() -> None:
    with pytest.raises(Truncated) as caught:
        decoded([PACKED["xz"], PACKED["xz"][:-20]], "xz", CAP)
    assert caught.value.detail == "The xz data ends before its own end."


def test_what_is_no_stream_after_an_xz_stream_is_told() -> None:
    with pytest.raises(BadEncoding, match="The bytes are not valid xz: "):
        decoded([PACKED["xz"] + b"<!DOCTYPE html>"], "xz", CAP)


def test_packed_files_are_known_by_their_bytes_not_their_names() -> None:
    assert unpacked(PACKED["gzip"], CAP) == TEXT
    assert unpacked(PACKED["xz"], CAP) == TEXT
    assert unpacked(TEXT, CAP) is TEXT
    with pytest.raises(TooLarge):
        unpacked(PACKED["xz"], 100)
