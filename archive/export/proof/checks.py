"""The table of checks, and the walk through them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from archive.catalogue.authority import Authority
from archive.export.book import Book
from archive.export.proof import (  # fmt: skip
    characters,
    consistency,
    days,
    figures,
    lives,
    misprints,
    name_checks,
    numbering,
    omissions,
    pairs,
    particles,
    punctuation,
    repeats,
    scripts,
    structure,
    sums,
    usage,
    wording,
)
from archive.export.proof.findings import Finding, Report, Severity, around, fingerprint
from archive.export.proof.passages import (  # fmt: skip
    Find,
    HowOften,
    ProofMark,
    UsageRule,
    in_passages,
    in_sum,
    proofs_of,
)
from archive.support.cancellation import raise_if_cancelled


@dataclass(frozen=True, slots=True)
class Check:
    """One check: `severity` is that of its findings unless they say otherwise.

    One that only guesses says nothing of a place that another check has told of.
    """

    code: str
    name: str
    severity: Severity
    find: Find
    guesses: bool = False


_MUST, _SHOULD, _HINT = Severity.MUST, Severity.SHOULD, Severity.HINT

CHECKS: tuple[Check, ...] = (
    Check("private-use", "造字区字符", _MUST, in_passages(characters.private_use)),
    Check("lost-character", "丢失的字", _MUST, in_passages(characters.lost)),
    Check("split-character", "拆成两半的字", _MUST, in_passages(characters.split)),
    Check("invisible", "看不见的字符", _SHOULD, in_sum(characters.invisible)),
    Check("compatibility", "兼容字符", _SHOULD, in_passages(characters.compatibility)),
    Check("mixed-script", "繁简混用", _SHOULD, scripts.mixed),
    Check("unmatched-pair", "标点缺另一半", _MUST, pairs.unmatched),
    Check("nested-pair", "标点交错、同级相套", _SHOULD, pairs.nested),
    Check("half-width", "半角标点", _SHOULD, punctuation.half_width),
    Check("straight-quote", "直引号", _SHOULD, in_sum(punctuation.straight_quotes)),
    Check("doubled-mark", "标点重复", _SHOULD, in_sum(punctuation.doubled)),
    Check("ellipsis", "省略号", _SHOULD, in_passages(punctuation.ellipsis)),
    Check("dash", "破折号", _SHOULD, in_sum(punctuation.dash)),
    Check("space", "汉字间空格", _SHOULD, in_sum(punctuation.spaces)),
    Check("full-width", "全角字母数字", _SHOULD, characters.full_width),
    Check("zero", "零的写法", _SHOULD, in_passages(figures.zeros)),
    Check("mixed-number", "一个数两种写法", _SHOULD, in_passages(figures.mixed)),
    Check("thousands", "千分位", _SHOULD, in_passages(figures.thousands)),
    Check("unit", "计量单位", _SHOULD, usage.usage("unit")),
    Check("rough", "数量的说法", _SHOULD, usage.usage("rough")),
    Check("sum", "数目不合", _SHOULD, in_passages(sums.sums)),
    Check("mark", "标点用法", _SHOULD, usage.usage("mark")),
    Check("custom", "体例", _HINT, usage.custom),
    Check("norm", "规范用语", _HINT, usage.usage("norm")),
    Check("dayless", "缺“日”", _SHOULD, in_passages(figures.dayless)),
    Check("era-year", "年号与公元不符", _MUST, in_passages(days.disagreeing)),
    Check("impossible-date", "没有这一天", _MUST, in_passages(days.impossible)),
    Check("weekday", "星期不符", _SHOULD, in_passages(days.weekday)),
    Check("backwards", "起讫颠倒", _MUST, in_passages(days.backwards)),
    Check("lives", "年数对不上", _SHOULD, in_passages(lives.disagreeing)),
    Check("wrong-word", "错别字", _MUST, in_passages(wording.wrong)),
    Check("misprint", "疑似错字", _SHOULD, misprints.misprints, guesses=True),
    Check("particle", "的地得", _SHOULD, particles.particles),
    Check("two-spellings", "写法不一", _HINT, wording.two_spellings),
    Check("typed-twice", "重复的字句", _SHOULD, in_passages(wording.typed_twice)),
    Check("omission", "疑似脱漏、重复", _SHOULD, in_passages(omissions.omissions)),
    Check("alias", "未用规范名", _HINT, name_checks.aliases),
    Check("near-name", "疑似写错的人名", _SHOULD, name_checks.near_forms),
    Check("disagreement", "前后不一", _SHOULD, consistency.disagreements),
    Check("repeated-paragraph", "重复段落", _SHOULD, repeats.repeated),
    Check("numbering", "序号", _SHOULD, numbering.jumps),
    Check("picture-reference", "图表编号", _SHOULD, numbering.picture_references),
    Check("no-caption", "缺图注", _SHOULD, structure.captions),
    Check("no-source", "缺出处", _SHOULD, structure.sources),
    Check("empty-paragraph", "空段落", _HINT, structure.empty),
    Check("empty-heading", "有题无文", _SHOULD, structure.headings),
    Check("note-mark", "注码与注文", _SHOULD, structure.note_marks),
)


def proof(
    book: Book,
    authority: Authority | None = None,
    ignored: Collection[str] = (),
    *,
    library: HowOften | None = None,
    wording: Sequence[UsageRule] = (),
) -> Report:
    """All findings on a book, the places worth another look; nothing is changed.

    `ignored` are fingerprints of findings to leave out, which are counted; `library` says how usual something is, and
    `wording` are the office's own rules.
    """
    proofs = proofs_of(book, authority or Authority(), library, wording)
    order = {id(text): number for number, text in enumerate(proofs.texts)}
    met: list[tuple[tuple[int, int, int, int], Finding]] = []
    told: set[tuple[int, int]] = set()
    for check in sorted(CHECKS, key=lambda check: check.guesses):
        raise_if_cancelled()
        for mark in check.find(proofs):
            places = {(id(mark.passage), at) for at in range(mark.start, mark.end)}
            if check.guesses and not told.isdisjoint(places):
                continue
            told |= places
            finding = _finding(check, mark)
            place = (
                list(Severity).index(finding.severity),
                order[id(mark.passage.owner)],
                finding.block,
                finding.start,
            )
            met.append((place, finding))
    met.sort(key=lambda one: one[0])
    left_out = set(ignored)
    kept = tuple(finding for _, finding in met if finding.fingerprint not in left_out)
    characters = sum(len(passage.text) for passage in proofs.passages)
    return Report(book.title, kept, len(met) - len(kept), characters, {check.code: check.name for check in CHECKS})


def _finding(check: Check, mark: ProofMark) -> Finding:
    passage = mark.passage
    before, text, after = around(passage.text, mark.start, mark.end)
    article = passage.owner.article.id
    anchor = mark.anchor or passage.text[mark.start : mark.end]
    print_of = fingerprint(
        check.code,
        article or passage.owner.title,
        anchor,
        passage.text[: mark.start],
        passage.text[mark.end :],
    )
    return Finding(
        code=check.code,
        severity=mark.severity or check.severity,
        article=article,
        title=passage.owner.title,
        block=passage.index,
        start=mark.start,
        end=mark.end,
        before=before,
        text=text,
        after=after,
        message=mark.message,
        suggestion=mark.suggestion,
        fingerprint=print_of,
        others=mark.others,
    )
