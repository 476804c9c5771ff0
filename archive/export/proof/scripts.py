"""Traditional characters in a simplified text, and the other way round."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from archive.export.proof.findings import Severity
from archive.export.proof.passages import ProofMark, ProofPassage, Proofs, ProofText, summed
from archive.model.records import Kind

# Right in simplified texts as well, though GB 2312 lacks them: 樊於期, 哪吒, 祐国寺…
_OWN = frozenset("瞭麽徵夥祇剋覆於昇陞甯淼喆堃濬嚮祐吒薹邨噁寀甦菓○")
_OLD = frozenset(
    "黄内温虚冲吴户强决况净凉减凄兑悦晋静即既概郎眦䕫卫横宫别殁没卧恒窑彦叙争毁吕亘叠滚禄荆迹脉韵烟盗廪却遥粤禀咏嘱叁"
)  # in traditional prints too, whatever Big5 has
_SHARE = 5  # so many times as many characters of the one script make a text one of it
_LEAST = 12  # characters of either script by which a text can be told
_WHOLE = 8  # characters of the other script that make a passage one of that script altogether
_BASIC = "\uffff"
_QUOTED = re.compile(r"《[^《》]*》|〈[^〈〉]*〉|“[^“”]*”|「[^「」]*」|『[^『』]*』")
_CITING = frozenset({Kind.QUOTATION, Kind.VERSE})

Forms = dict[str, str]


@cache
def _forms() -> tuple[Forms, Forms, Forms]:
    """Traditional → simplified, variant → standard, and simplified → traditional ones, of what one script alone has.

    What GB 2312 has is right in simplified texts (乾, 著), what Big5 has in traditional ones (后, 里, 云).
    """
    rows = files("archive.text").joinpath("data/folding.tsv").read_text(encoding="utf-8").splitlines()
    traditional: Forms = {}
    variants: Forms = {}
    simplified: Forms = {}
    for row in rows:
        if row.startswith("#"):
            continue
        written, plain, origin = row.split("\t")
        if origin == "width-case" or plain > _BASIC:
            continue
        if written not in _OWN and not _in("gb2312", written):
            (variants if origin == "variant" else traditional)[written] = plain
        if origin != "variant" and plain not in _OLD and not _in("big5", plain):
            simplified[plain] = simplified.get(plain, "") + written
    return (
        traditional,
        variants,
        {
            plain: found if len(found) == 1 else ""
            for plain, found in simplified.items()
            if plain not in traditional and plain not in variants
        },
    )


def _in(encoding: str, character: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(f"[{''.join(table)}]+") for table in _forms())


def mixed(proofs: Proofs) -> Iterator[ProofMark]:
    """Characters of the other script than the text is in; one finding for a passage wholly in the other script.

    A text too short to tell is in the script of the book. In quotations and titles of books, and variants (异体字)
    anywhere, strange characters may be meant and are hints.
    """
    yield from summed(proofs, _mixed(proofs))


def _mixed(proofs: Proofs) -> Iterator[ProofMark]:
    counts = {text: _counts(text) for text in proofs.texts}
    whole = [sum(count[table] for count in counts.values()) for table in (0, 2)]
    for text, (traditional, variants, simplified) in counts.items():
        enough = traditional + simplified >= _LEAST
        if not enough:
            traditional, simplified = whole
        if simplified >= _SHARE * traditional:
            yield from _strangers(text, 0, "繁体字") if traditional else ()
            yield from _strangers(text, 1, "异体字") if variants else ()
        elif traditional >= _SHARE * simplified:
            yield from _strangers(text, 2, "简体字")
        elif enough:
            message = f"繁简混用：本篇繁体 {traditional} 字、简体 {simplified} 字，看不出以哪种为主"
            yield text.passages[0].mark(0, len(text.passages[0].text), message)


def _counts(text: ProofText) -> tuple[int, ...]:
    """How many characters of each table of `_forms` a text has."""
    met = Counter("".join(passage.text for passage in text.passages))
    return tuple(sum(count for character, count in met.items() if character in table) for table in _forms())


def _strangers(text: ProofText, table: int, called: str) -> Iterator[ProofMark]:
    forms, pattern = _forms()[table], _patterns()[table]
    other = _patterns()[2 - table] if table != 1 else None
    for passage in text.passages:
        found = list(pattern.finditer(passage.text))
        count = sum(len(match[0]) for match in found)
        native = sum(len(match) for match in other.findall(passage.text)) if other and found else 0
        if other and count >= _WHOLE and count > native:
            message = f"这一段是{called[:2]}，本篇别处不是"
            yield passage.mark(found[0].start(), found[-1].end(), message, None, Severity.HINT)
            continue
        cited = [match.span() for match in _QUOTED.finditer(passage.text)] if found else []
        for match in found:
            plain = [forms[character] for character in match[0]]
            suggestion = "".join(plain) if all(plain) else None
            yield passage.mark(
                *match.span(), f"{called}“{match[0]}”混入", suggestion, _severity(passage, match, cited, table)
            )


def _severity(passage: ProofPassage, match: re.Match[str], cited: list[tuple[int, int]], table: int) -> Severity | None:
    inside = any(start < match.start() and match.end() < end for start, end in cited)
    return Severity.HINT if inside or table == 1 or passage.kind in _CITING else None
