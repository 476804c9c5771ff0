"""Both segmenters, and that one library's own words stay its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.text.segmentation import make_segmenter, user_words

TEXT = "沙坡头河湾水车，建于1958年。"


@pytest.mark.parametrize("prefer", ["rjieba", "jieba"])
class TestSegmenters:
    def test_words_join_back_to_the_text_without_spaces(self, prefer: str, tmp_path: Path) -> None:
        segmenter = make_segmenter(cache=tmp_path, prefer=prefer)
        assert "".join(segmenter.words("沙坡头 水车，\n治沙")) == "沙坡头水车，治沙"
        assert segmenter.signature.startswith(f"{prefer} ")

    def test_ranking_words_have_no_punctuation_and_shorter_words_inside_long_ones(
        self, prefer: str, tmp_path: Path
    ) -> None:
        found = make_segmenter(cache=tmp_path, prefer=prefer).index_words("中华人民共和国，万岁")
        assert {"中华人民共和国", "中华", "共和国", "万岁"} <= set(found)
        assert "，" not in found

    def test_the_words_of_one_library_are_not_those_of_another(self, prefer: str, tmp_path: Path) -> None:
        own = make_segmenter(["河湾水车"], cache=tmp_path, prefer=prefer)
        plain = make_segmenter(cache=tmp_path, prefer=prefer)
        assert "河湾水车" in own.words(TEXT)
        assert "河湾水车" not in plain.words(TEXT)
        assert own.signature != plain.signature

    def test_the_order_of_own_words_makes_no_other_segmenter(self, prefer: str, tmp_path: Path) -> None:
        first = make_segmenter(["河湾水车", "沙坡头河湾"], cache=tmp_path, prefer=prefer)
        again = make_segmenter(["沙坡头河湾", "河湾水车", "河湾水车"], cache=tmp_path, prefer=prefer)
        assert first.signature == again.signature
        assert first.words(TEXT) == again.words(TEXT)


def test_jieba_keeps_its_cache_in_the_folder_given(tmp_path: Path) -> None:
    make_segmenter(cache=tmp_path / "cache", prefer="jieba").words(TEXT)
    assert list((tmp_path / "cache").iterdir())


def test_own_words_of_an_office(tmp_path: Path) -> None:
    file = tmp_path / "words.txt"
    assert user_words(file) == ()
    file.write_text("\ufeff河湾水车 10 n\n\n# 注\n  羊皮筏子\n", encoding="utf-8")
    assert user_words(file) == ("河湾水车", "羊皮筏子")
