"""How long the names of a book take to find: python tests/bench/indexes.py [FILE.jsonl] (records with text).

Names of two to four characters are taken from the texts themselves and from common surnames, so that some
occur often and most hardly ever. Prints seconds for loading the order, making the index and marking every block.
"""

from __future__ import annotations

import json
import platform
import random
import re
import sys
import time
from pathlib import Path

from archive.catalogue.authority import Name, NameKind
from archive.export.name_index import NameMarker, make_indexes
from archive.text.collation import pinyin_key

DEFAULT = Path(__file__).resolve().parents[3] / "shared" / "data" / "sample" / "vol2_regulations_78.jsonl"
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
GIVEN = "国建华文明志德玉成新中正民春光福生学良永清海军平东贵忠义兴昌世英林富安荣庆祥宗元"


def names(texts: list[str], total: int) -> list[Name]:
    """Half of them strings of the texts, half made of surnames and given names; each has one alias."""
    draw = random.Random(7)
    long = [piece for text in texts for piece in re.findall("[\u4e00-\u9fff]{12,}", text)]
    found = []
    for _ in range(total // 2):
        text = draw.choice(long)
        start = draw.randrange(len(text) - 4)
        found.append(Name(NameKind.PERSON, text[start : start + draw.choice((3, 4))], (text[start : start + 4],)))
    for _ in range(total - total // 2):
        given = "".join(draw.choices(GIVEN, k=draw.choice((1, 2))))
        found.append(Name(NameKind.PERSON, draw.choice(SURNAMES) + given, (draw.choice(SURNAMES) + given,)))
    return found


def main(file: Path) -> None:
    """Print the table."""
    records = (json.loads(line) for line in file.read_text(encoding="utf-8").splitlines())
    texts = [text for record in records for text in record["text"].split("\n")]
    print(f"{platform.platform()}, Python {platform.python_version()}")
    print(f"{sum(map(len, texts)):,} characters in {len(texts):,} blocks")
    start = time.perf_counter()
    pinyin_key("张三")
    print(f"{'loading readings and strokes':36}{time.perf_counter() - start:7.3f} s")
    for total in (200, 2000, 20000):
        start = time.perf_counter()
        (index,) = make_indexes(names(texts, total), texts)
        made = time.perf_counter()
        marker = NameMarker([index])
        ready = time.perf_counter()
        marks = sum(len(marker.marks(text)) for text in texts)
        done = time.perf_counter()
        print(f"{total:6} names: index of {len(index.headings)} {made - start:6.3f} s, ", end="")
        print(f"marker {ready - made:6.3f} s, {marks:,} marks {done - ready:6.3f} s")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT)
