"""Characters that may not print, or that stand for another one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from archive.export.proof.findings import Severity
from archive.export.proof.passages import HAN, ProofMark, ProofPassage, Proofs, in_sum

_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]+")
_LOST = re.compile(
    rf"[\ufffd\ufffe\uffff]+|(?<=[{HAN}])\?{{2,}}(?=[{HAN}])|(?<=[{HAN}])[ァ-ヺ]{{1,2}}(?=[{HAN}])|□+|■+|〓+"
)
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff0-\ufffb\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufe00-\ufe0f\U000e0000-\U000e01ef]+"
)
_SELECTOR = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]+")
# Twelve code points of the block of compatibility characters are ordinary characters (Unicode, chapter 18).
_COMPATIBLE = re.compile(
    "[\uf900-\ufa0d\ufa10\ufa12\ufa15-\ufa1e\ufa20\ufa22\ufa25\ufa26\ufa2a-\ufaff\u2e80-\u2fd5\U0002f800-\U0002fa1f]"
)


# Radicals that Unicode itself does not take back to the character they look like.
_RADICAL_OF = dict(
    zip(
        "⺁⺒⺓⺟⺠⺩⺫⺼⻁⻄⻅⻆⻉⻊⻋⻑⻓⻔⻘⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳",
        "厂巳幺母民王目月虎西见角贝足车長长门青页风飞食马骨鬼鱼鸟麦黄齐齿龙龟",
        strict=True,
    )
)
_KANA = re.compile("[ぁ-ヺ]")
_JAPANESE = 4  # so many kana make a passage Japanese


def private_use(passage: ProofPassage) -> Iterator[ProofMark]:
    """Characters somebody made for one font; nobody else's font has them."""
    for match in _PRIVATE.finditer(passage.text):
        codes = " ".join(f"U+{ord(character):04X}" for character in match[0])
        yield passage.mark(match.start(), match.end(), f"造字区的字符 {codes}，换了字体就不是原来的字")


def lost(passage: ProofPassage) -> Iterator[ProofMark]:
    """What stands where a character got lost: U+FFFD, ?? between characters, a lone katakana, □ and 〓."""
    for match in _LOST.finditer(passage.text):
        sign = match[0][0]
        if sign in "□■〓":
            yield passage.mark(
                match.start(), match.end(), f"“{sign}”：原文缺字，还是没有打出来的字？", None, Severity.HINT
            )
        elif _KANA.match(sign):
            before = passage.text[: match.start()]
            if before.count("《") > before.count("》") or len(_KANA.findall(passage.text)) >= _JAPANESE:
                continue  # a Japanese title
            message = "夹在汉字中间的假名，像是转码时变了样的字"
            yield passage.mark(match.start(), match.end(), message, None, Severity.SHOULD)
        else:
            yield passage.mark(match.start(), match.end(), "这里有字丢失了，请对照原件补上")


def invisible(passage: ProofPassage) -> Iterator[ProofMark]:
    """Characters without a shape: zero-width spaces, direction marks, soft hyphens, controls."""
    for match in _INVISIBLE.finditer(passage.text):
        codes = " ".join(f"U+{ord(character):04X}" for character in match[0])
        if _SELECTOR.fullmatch(match[0]):
            yield passage.mark(match.start(), match.end(), f"字形选择符 {codes}，许多字体不认", None, Severity.HINT)
        else:
            yield passage.mark(match.start(), match.end(), f"看不见的字符 {codes}", "")


def compatibility(passage: ProofPassage) -> Iterator[ProofMark]:
    """Doubles of ordinary characters, and radicals, as PDF files and old systems leave them: ⼈ for 人."""
    for match in _COMPATIBLE.finditer(passage.text):
        plain = _RADICAL_OF.get(match[0]) or unicodedata.normalize("NFKC", match[0])
        like = f"看着像“{plain}”" if plain != match[0] else "是部首的符号"
        message = f"兼容字符 U+{ord(match[0]):04X}，{like}，检索和排版时不是那个字"
        yield passage.mark(match.start(), match.end(), message, plain if plain != match[0] else None)


_RADICALS = "亻氵礻讠忄扌犭饣钅纟艹宀辶阝刂彳灬疒衤冫丬匚冂勹廴訁糹釒飠牜罒覀虍"
_SPLIT = re.compile(rf"[{_RADICALS}][{HAN}]|[{HAN}][刂阝灬]|[{_RADICALS}]")
_TALKED_ABOUT = re.compile(
    rf"[“‘「『][{_RADICALS}]|[{_RADICALS}](?:[”’」』字旁部头底边]|字?(?:旁|偏旁|部首))|[偏部从]旁?[首]?[{_RADICALS}]"
)
_DESCRIBED = re.compile(
    rf"[⿰-⿻][{HAN}⿰-⿻]+|\{{[{HAN}]\}}|[〖〔［\[（(【](?:[{HAN}](?:[+＋][{HAN}])+|左[{HAN}]，?右[{HAN}]|上[{HAN}]，?下[{HAN}]|外[{HAN}]，?内[{HAN}])[〗〕］\]）)】]"
)


def split(passage: ProofPassage) -> Iterator[ProofMark]:
    """Halves of a character that a scan or an old system could not hold (礻禺), or how it is made in words: [木+㒸]."""
    for match in _SPLIT.finditer(passage.text):
        start = match.start()
        if not any(_TALKED_ABOUT.match(passage.text, at) for at in (max(0, start - 1), start)):
            yield passage.mark(*match.span(), f"“{match[0]}”：像是拆成两半的一个字")
    for match in _DESCRIBED.finditer(passage.text):
        yield passage.mark(*match.span(), "用拼法说明的字：请造字，或换成字库里的字", None, Severity.SHOULD)


_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ％]+")
_NARROW = re.compile("[0-9A-Za-z%]+")


def full_width(proofs: Proofs) -> Iterator[ProofMark]:
    """Full-width digits and letters in a book that mostly has half-width ones."""
    wide, narrow = (
        sum(len(match[0]) for passage in proofs.passages for match in pattern.finditer(passage.text))
        for pattern in (_WIDE, _NARROW)
    )
    if wide <= narrow:
        yield from in_sum(_wide)(proofs)


def _wide(passage: ProofPassage) -> Iterator[ProofMark]:
    for match in _WIDE.finditer(passage.text):
        plain = unicodedata.normalize("NFKC", match[0])
        yield passage.mark(*match.span(), "全角的数字、字母，全书别处用半角", plain)
