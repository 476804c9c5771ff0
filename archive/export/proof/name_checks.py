"""Names against the office's own table: other forms than the preferred one, and forms that look like slips."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from archive.catalogue.authority import Authority, Name, NameKind, key
from archive.catalogue.surnames import SURNAMES
from archive.export.book import Heading, Index
from archive.export.name_index import NameMarker
from archive.export.proof.lexicon import lexicon
from archive.export.proof.misprints import lookalikes
from archive.export.proof.passages import HAN, PROSE, ProofMark, ProofPassage, Proofs, ProofText, summed
from archive.text.collation import is_compound_surname, readings

# What introduces another name of the same person on purpose: 张学良（字汉卿）, 原名, 化名…
_INTRODUCED = re.compile(r"(?:字|号|名|谥|讳|称|叫|即|又作|亦作|简称|为|署|庙号|今|旧|改|（|\()[“‘（(：:]?$")
_OFTEN = 2  # so many times the right form has to stand in the text in which the odd one may be a slip
_RARE = 2
_NO_SURNAMES = frozenset("阴和同从全时于向单平应那水方常明安成经解台双国广容都")
_MAY_BE_NAME = re.compile(f"(?=([{''.join(sorted(SURNAMES - _NO_SURNAMES))}][{HAN}]{{2}}))")
_BEFORE = re.compile(rf"(?:^|[^{HAN}]|[和与及同由被把对向给请是让派任有跟随的为、以时、长记员席授士生志年月日后])$")
_AFTER = re.compile(
    rf"$|[^{HAN}]|同志|先生|女士|将军|烈士|老师|校长|书记|主任|主席|县长|市长|局长|团长|师长|委员|[说在于到率是的和与、之等任为写著曾又也则对从因自便就即及同所已把被给向不来去领带回出将调升奉率办修建组参逝病牺考入毕发写治下被后]"
)


def aliases(proofs: Proofs) -> Iterator[ProofMark]:
    """Where a text uses another form than the preferred one.

    Not reported: a form that several names share, one introduced as another name (字汉卿), and a short form in a text
    that has the full one.
    """
    if any(name.aliases for name in proofs.authority.names):
        yield from summed(proofs, _aliases(proofs))


def _aliases(proofs: Proofs) -> Iterator[ProofMark]:
    find = NameMarker([Index("", tuple(Heading(name.preferred, name.forms) for name in proofs.authority.names))])
    for text in proofs.texts:
        places = [(passage, one) for passage in text.passages for one in find.marks(passage.text)]
        written = {key(passage.text[one.start : one.end]) for passage, one in places}
        for passage, one in places:
            form = key(passage.text[one.start : one.end])
            name = _meant(proofs.authority, form)
            if name is None or _INTRODUCED.search(passage.text[: one.start][-4:]):
                continue
            full = key(name.preferred)
            if form not in full or full not in written:
                message = f"“{form}”的规范名是“{name.preferred}”"
                yield passage.mark(one.start, one.end, message, name.preferred)


def _meant(authority: Authority, form: str) -> Name | None:
    """The name whose alias this is, if it can be only one and is not also somebody's preferred form."""
    found = authority.by_form.get(form, ())
    return found[0] if len(found) == 1 and key(found[0].preferred) != form else None


def near_forms(proofs: Proofs) -> Iterator[ProofMark]:
    """A name of three or more characters with one of them taken for another that sounds or looks alike: 张学艮.

    Only where the right form stands in the same text more than once and the odd one is rare in the whole book. Names
    the office has not listed are told by their surname and by what stands around them.
    """
    told: set[tuple[ProofPassage, int]] = set()
    for mark in (*_near_listed(proofs), *_near_unlisted(proofs)):
        if (mark.passage, mark.start) not in told:
            told.add((mark.passage, mark.start))
            yield mark


def _near_listed(proofs: Proofs) -> Iterator[ProofMark]:
    people = [name for name in proofs.authority.names if name.kind is NameKind.PERSON]
    forms = {form for name in people for form in name.forms if len(form) > 2 and re.fullmatch(f"[{HAN}]+", form)}
    known = {form for name in proofs.authority.names for form in name.forms}
    if not forms:
        return
    by_surname: dict[str, list[str]] = defaultdict(list)
    for form in forms:
        by_surname[_surname(form)].append(form)
    odd = [mark for text in proofs.texts for mark in _near_in(text, by_surname, known)]
    frequency = Counter(mark.anchor for mark in odd)
    yield from (mark for mark in odd if frequency[mark.anchor] <= _RARE)


def _near_in(text: ProofText, by_surname: Mapping[str, Iterable[str]], known: set[str]) -> Iterator[ProofMark]:
    whole = "\n".join(passage.text for passage in text.passages)
    for surname, forms in by_surname.items():
        if surname not in whole:
            continue
        for form in forms:
            if whole.count(form) < _OFTEN:
                continue
            pattern = _one_off(form, len(surname))
            for passage in text.passages:
                for match in pattern.finditer(passage.text):
                    if match[0] != form and match[0] not in known and _is_slip(passage, match, form):
                        message = f"“{match[0]}”与本篇的“{form}”只差一字，是不是笔误？"
                        yield passage.mark(*match.span(), message, form, anchor=match[0])


def _near_unlisted(proofs: Proofs) -> Iterator[ProofMark]:
    """Names of three characters that the book itself, in whatever text, writes otherwise more often."""
    placed = [(passage, start, form) for passage in proofs.passages for start, form in _names_in(passage)]
    often = Counter(form for _, _, form in placed)
    known = {form for name in proofs.authority.names for form in name.forms}
    gaps: dict[str, set[str]] = defaultdict(set)
    for form in often:
        for gap in _gaps(form):
            gaps[gap].add(form)
    for passage, start, form in placed:
        if often[form] > _RARE or form in known:
            continue
        near = [other for gap in _gaps(form) for other in gaps[gap] if often[other] > often[form]]
        for other in sorted(near, key=lambda other: -often[other])[:1]:
            if _alike(form, other):
                message = f"“{form}”与“{other}”（书里 {often[other]} 处）只差一字，是不是一个人？"
                yield passage.mark(start, start + len(form), message, anchor=form)


def _gaps(form: str) -> tuple[str, str]:
    return f"{form[0]}*{form[2]}", f"{form[:2]}*"


def _names_in(passage: ProofPassage) -> Iterator[tuple[int, str]]:
    """What reads like a name of three characters: a surname, no words behind it, and what stands beside names."""
    if passage.kind not in PROSE:
        return
    words, nouns = lexicon().counts, lexicon().nouns
    for match in _MAY_BE_NAME.finditer(passage.text):
        form = match[1]
        plain = all(pair not in words or pair in nouns for pair in (form[:2], form[1:]))
        end = match.start() + len(form)
        if plain and _BEFORE.search(passage.text[: match.start()][-1:]) and _AFTER.match(passage.text[end : end + 2]):
            yield match.start(), form


def _surname(form: str) -> str:
    return form[:2] if is_compound_surname(form[:2]) else form[:1]


def _one_off(form: str, fixed: int) -> re.Pattern[str]:
    """The form with any one of the characters behind the surname another one."""
    return re.compile("|".join(f"{form[:at]}[{HAN}]{form[at + 1 :]}" for at in range(fixed, len(form))))


def _is_slip(passage: ProofPassage, match: re.Match[str], form: str) -> bool:
    if not _alike(match[0], form):
        return False
    before, after = passage.text[: match.start()][-1:], passage.text[match.end() : match.end() + 2]
    return bool(_BEFORE.search(before)) and bool(_AFTER.match(after))


def _alike(odd: str, form: str) -> bool:
    """Whether the first two characters that differ sound or look alike."""
    wrong, right = next(pair for pair in zip(odd, form, strict=True) if pair[0] != pair[1])
    return bool(_sound(wrong) & _sound(right)) or right in lookalikes().get(wrong, {})


@cache
def _sound(character: str) -> frozenset[str]:
    """How a character is read, without tone."""
    return frozenset(sound.rstrip("012345") for sound in readings(character) if sound)
