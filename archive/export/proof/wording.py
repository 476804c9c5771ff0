"""Words that are wrong wherever they stand, words a book spells in two ways, and words typed twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from archive.export.proof.data_rows import rows
from archive.export.proof.findings import Severity
from archive.export.proof.passages import HAN, ProofMark, ProofPassage, Proofs, ProofText, summed_in_book


@cache
def _wrong() -> tuple[re.Pattern[str], dict[str, str]]:
    right: dict[str, str] = {}
    patterns = []
    for wrong, correct, *around in sorted(rows("wrong_words.tsv"), key=lambda row: -len(row[0])):
        not_after, not_before = (*around, "", "")[:2]
        right[wrong] = correct
        ahead = f"(?<![{not_after}])" if not_after else ""
        patterns.append(ahead + wrong + (f"(?![{not_before}])" if not_before else ""))
    firsts = "".join(dict.fromkeys(wrong[0] for wrong in right))
    return re.compile(f"(?=[{firsts}])(?:{'|'.join(patterns)})"), right


def wrong(passage: ProofPassage) -> Iterator[ProofMark]:
    """Words of data/wrong_words.tsv: 己经, 再接再励."""
    pattern, right = _wrong()
    for match in pattern.finditer(passage.text):
        yield passage.mark(*match.span(), f"“{match[0]}”应为“{right[match[0]]}”", right[match[0]])


def two_spellings(proofs: Proofs) -> Iterator[ProofMark]:
    """Words of data/variants.tsv that the book spells both ways: the rarer places, up to three texts that have them.

    Where the recommended spelling is the rarer one, the other may be what the book means; once each, in two texts, they
    are two authors'.
    """
    whole = "\n".join(passage.text for passage in proofs.passages)
    for preferred, others in rows("variants.tsv"):
        usual = whole.count(preferred)
        for pattern in map(re.compile, others.split() if usual else ()):
            odd = pattern.findall(whole)
            if 0 < len(odd) <= usual and (usual > 1 or _in_one_text(proofs, preferred, pattern)):
                message = f"全书“{odd[0]}”{len(odd)} 处、“{preferred}”{usual} 处，宜统一用“{preferred}”"
                yield from summed_in_book([_places(text, pattern, message, preferred) for text in proofs.texts])


def _in_one_text(proofs: Proofs, preferred: str, pattern: re.Pattern[str]) -> bool:
    wholes = ("\n".join(passage.text for passage in text.passages) for text in proofs.texts)
    return any(preferred in whole and pattern.search(whole) for whole in wholes)


def _places(text: ProofText, pattern: re.Pattern[str], message: str, suggestion: str) -> list[ProofMark]:
    return [
        passage.mark(*match.span(), message, suggestion)
        for passage in text.passages
        for match in pattern.finditer(passage.text)
    ]


_TWICE = re.compile(rf"([{HAN}]{{5,40}}?)\1(?!\1)")
_PARTICLE = re.compile(r"([的了是和与及对把被从而将为于在])\1")
# Where the two belong to two words, or the word is written so: 的的确确, 不甚了了, 是是非非, 为了了解, 目的的.
_MEANT = re.compile(
    r"的的确|目的的|[中端标靶]的的|了了(?:[解结却断然望])|[不没完]\w?了了|是是非|从从容|和和[气睦美平]|对对[子联]|与与会|把把[柄手脉关]"
    r"|对对[话口账接方手外象台华美日俄]|和和|为为|被被[告子褥窝]|于于|[反相面核校针]对对|[认作成因]为为|[终由基关至]于于|[参给赋授]与与|及及[时早格]|[以普波涉]及及|将将[军士官]|从从[前业来]|[服听跟随]从从|而而|[存内现实正不]在在|在在(?!县|乡|这|那|他|我)"
)


def typed_twice(passage: ProofPassage) -> Iterator[ProofMark]:
    """A phrase that stands twice in a row, or a particle: 的的."""
    for match in _TWICE.finditer(passage.text):
        yield passage.mark(*match.span(), "这几个字连着出现两次", match[1])
    for match in _PARTICLE.finditer(passage.text):
        if not _MEANT.search(passage.text[max(0, match.start() - 2) : match.end() + 2]):
            yield passage.mark(*match.span(), f"“{match[1]}”连用", match[1], Severity.HINT)
