"""Text that went through the wrong encoding once: mended where the way back is certain, else told."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from archive.model.issues import IssueCode
from archive.model.records import Block, Issue
from ingest.text.encoding import frequent_share

HOW_TO_MEND = "请找没有乱码的原稿；手边有纸本或扫描件的，用文字识别（OCR）重新收"
_LEAST_HAN, _FEWEST_HAN = 4, 2  # of a line: to be mended by itself, and beside others that were
_SURE = 0.55  # of the Han characters of a mended line are frequent ones; wrong guesses reach .25
_LIKELY = 0.4  # of those of a page with fewer than this, the characters are not what was printed
_ENOUGH = 30  # characters that tell
_MARKED = 0.5  # of a text are letters with marks and signs: in no language as many
# UTF-8 read as Latin, as it looks: a letter with a mark, then signs from the upper half of a code page.
_UPPER = "\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc€–—‘-„†‡•…‰‹›™"
_AS_LATIN = re.compile(f"[\u00c2-\u00f4][{_UPPER}]")
_RUN = re.compile(f"[\u00a0-\u00ff{_UPPER}]{{4,}}(?:[ -~]?[\u00a0-\u00ff{_UPPER}]+)*")
_LOST_AS_LATIN = re.compile(f"(?:[\u00e3-\u00e9][{_UPPER}]{{1,3}}.{{0,2}}?){{4}}|[\u00a1-\u00fe]{{8}}")
_GBK_AS_LATIN = re.compile("[\u00a1-\u00fe]{4}")
_BEYOND_ASCII = re.compile("[\u00a1-\u00fe]")  # one is in every match of the two above, and found much sooner
_OF_GBK = "銆锛鐨鏄涓鍦鍜浜"
_AS_GBK = re.compile(f"[{_OF_GBK}]")
# What is left where a text was saved without the characters it could not hold; nothing leads back from it.
_REMAINS = re.compile("锟斤拷|锟斤|斤拷|烫{3,}|屯{3,}|葺{3,}|锘縷|ï¿½|\ufffd{2,}")
_SIGNS_OF_LOSS = ("锟", "斤拷", "烫烫烫", "屯屯屯", "葺葺葺", "锘縷", "ï¿½", "\ufffd\ufffd")
_LOST = re.compile("[\ufffd\ue000-\uf8ff]")  # where bytes are missing, the others meet as characters nobody wrote
_HAN = re.compile("[\u3400-\u9fff\U00020000-\U000323af]")


def mended(lines: Sequence[str], place: str) -> tuple[list[str], tuple[Issue, ...]]:
    """The lines with those mended that were read in the wrong encoding and saved again, and an issue that says so.

    Only what leads back without loss is changed, and only where it becomes Chinese by the frequency of its characters.
    """
    found = list(lines)
    changed: Counter[str] = Counter()
    first = 0
    whole = "\n".join(lines)  # looked through once: hardly any text has such characters
    for what, suspect, back in _WAYS:
        if not suspect.search(whole):
            continue
        candidates = [
            (number, better)
            for number, line in enumerate(found)
            if suspect.search(line) and (better := _put_back(line, back)) is not None and better != line
        ]
        sure = any(_is_chinese(better, _LEAST_HAN) for _, better in candidates)
        for number, better in candidates:
            if sure and _is_chinese(better, _FEWEST_HAN):
                found[number] = better
                changed[what] += 1
                first = min(first or number + 1, number + 1)
    if not changed:
        return found, ()
    ways = "、".join(f"{count} 行{what}" for what, count in changed.items())
    message = f"{ways}，已经还原成原来的字，请抽查；原件照存"
    return found, (Issue(IssueCode.MENDED_ENCODING, f"{place} 第 {first} 行起", message),)


def _put_back(line: str, back: Callable[[str], str | None]) -> str | None:
    """The line as a whole, or else those parts of it that are Chinese when they are put back; None where none is."""
    whole = back(line)
    if whole is not None and whole != line and _is_chinese(whole, _FEWEST_HAN):
        return whole

    def part(match: re.Match[str]) -> str:
        better = back(match[0])
        return better if better is not None and _is_chinese(better, _FEWEST_HAN) else match[0]

    return _RUN.sub(part, line) if _HAN.search(line) else None


def is_suspect(text: str) -> bool:
    """Whether a text has signs of a wrong encoding, so that its lines are worth asking about by `mended`."""
    if any(sign in text for sign in _OF_GBK):
        return True
    return bool(_BEYOND_ASCII.search(text)) and any(suspect.search(text) for _, suspect, _ in _WAYS)


def _is_chinese(text: str, least: int) -> bool:
    return len(_HAN.findall(text)) >= least and not _LOST.search(text) and frequent_share(text) >= _SURE


def _twice_encoded(line: str) -> str | None:
    import ftfy  # read with half a megabyte of tables, and hardly ever needed

    config = ftfy.TextFixerConfig(
        replace_lossy_sequences=False, decode_inconsistent_utf8=False, fix_c1_controls=False, unescape_html=False
    )
    return ftfy.fix_encoding(line, config)


def _through(wrong: Sequence[str], right: str) -> Callable[[str], str | None]:
    """The text whose bytes in encoding `right` were read as one of `wrong`; None where that cannot be told for sure."""

    def back(line: str) -> str | None:
        for encoding in wrong:
            try:
                raw = line.encode(encoding)
                better = raw.decode(right)
            except UnicodeError:
                continue
            if better.encode(right) == raw:
                return better
        return None

    return back


_WAYS: tuple[tuple[str, re.Pattern[str], Callable[[str], str | None]], ...] = (
    ("是当作西文读过一遍的 UTF-8", _AS_LATIN, _twice_encoded),
    ("是当作西文读过一遍的 GBK", _GBK_AS_LATIN, _through(("latin-1", "cp1252"), "gb18030")),
    ("是当作 GBK 读过一遍的 UTF-8", _AS_GBK, _through(("gb18030",), "utf-8")),
)


def remains(blocks: Iterable[Block]) -> Iterator[Issue]:
    """An issue for what is left of characters that were lost before the file came: 锟斤拷, 烫烫烫."""
    texts = [block.text for block in blocks]
    whole = "\n".join(texts)
    suspects = enumerate(texts, 1) if any(sign in whole for sign in _OF_GBK) else ()
    if number := next((number for number, text in suspects if _is_utf8_as_gbk(text)), 0):
        message = f"像是当作 GBK 读过一遍的 UTF-8，有的字已经丢了，不能全部还原，照存；{HOW_TO_MEND}"
        yield Issue(IssueCode.GARBLED_TEXT, f"第 {number} 块起", message)
    if _BEYOND_ASCII.search(whole) and (
        number := next((number for number, text in enumerate(texts, 1) if _LOST_AS_LATIN.search(text)), 0)
    ):
        message = f"像是当作西文读过一遍的中文，有的字已经丢了，不能还原，照存；{HOW_TO_MEND}"
        yield Issue(IssueCode.GARBLED_TEXT, f"第 {number} 块起", message)
    if not any(sign in whole for sign in _SIGNS_OF_LOSS):
        return
    counts: Counter[str] = Counter()
    first = 0
    for number, text in enumerate(texts, 1):
        for piece in _REMAINS.findall(text):
            counts[piece[:3]] += 1
            first = first or number
    if counts:
        named = "、".join(f"“{piece}”{count} 处" for piece, count in counts.most_common(3))
        message = f"有乱码 {named}：原来的字在存成这个文件以前已经丢了，不能还原，照存；{HOW_TO_MEND}"
        yield Issue(IssueCode.GARBLED_TEXT, f"第 {first} 块", message)


def _is_utf8_as_gbk(text: str) -> bool:
    """Whether UTF-8 was read as GBK with some bytes lost, so that the way back is not certain but plain to see."""
    if not _AS_GBK.search(text) or frequent_share(text) >= _LIKELY:
        return False
    back = text.encode("gb18030", "replace").decode("utf-8", "ignore")
    return len(_HAN.findall(back)) >= _LEAST_HAN and frequent_share(back) >= _SURE


def is_unlikely(text: str) -> bool:
    """Whether a longer text has characters no text is made of: a font's table of characters is wrong.

    Chinese of rare characters alone, or letters that nearly all have marks.
    """
    if len(_HAN.findall(text)) >= _ENOUGH:
        return frequent_share(text) < _LIKELY
    marked = len(_BEYOND_ASCII.findall(text))
    return marked >= _ENOUGH and marked > _MARKED * len("".join(text.split()))
