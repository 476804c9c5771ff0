"""From the roles of a house style to fonts that are there; every replacement is named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from archive.export.fonts.catalogue import Catalogue, Typeface
from archive.export.fonts.families import DEFAULTS, LAST_RESORTS, LATIN, synonyms
from archive.export.fonts.glyphs import drawn
from archive.model.errors import ExportError
from archive.model.issues import IssueCode
from archive.model.records import Issue

_EVERYDAY = frozenset(map(ord, "一的中国人民文史资料"))
_LETTERS = frozenset(map(ord, "Aa1"))

_NO_FONT_HINT = (
    "Windows：在“设置 → 应用 → 可选功能”中添加“简体中文补充字体”；"
    "Debian、Ubuntu、麒麟、统信：安装软件包 fonts-noto-cjk；"
    "或把字体文件（.ttf、.otf、.ttc）放进资料库的 fonts 文件夹。"
)


@dataclass(frozen=True, slots=True)
class FontSet:
    """The fonts a book is set with.

    `regular` has a face for every role asked for; `bold` only for roles whose family has one (elsewhere a house sets
    黑体). `catalogue` is where characters they lack are looked for. `issues` name what was replaced and why.
    """

    regular: Mapping[str, Typeface]
    bold: Mapping[str, Typeface]
    catalogue: Catalogue
    issues: tuple[Issue, ...] = ()

    @property
    def faces(self) -> tuple[Typeface, ...]:
        """All faces, each once."""
        return tuple(dict.fromkeys((*self.regular.values(), *self.bold.values())))


def choose(catalogue: Catalogue, roles: Mapping[str, Sequence[str]]) -> FontSet:
    """For each role the first of its families that is there and may be embedded, else one that serves as well.

    `roles` are as in a house style: role → families in order of preference, the first being the one meant. Raises
    ExportError when no font with Chinese characters is found at all.
    """
    regular: dict[str, Typeface] = {}
    bold: dict[str, Typeface] = {}
    issues: dict[Issue, None] = {}
    for role, families in roles.items():
        chosen = _Search(catalogue, role, families)
        name, regular[role] = chosen.take()
        issues.update(dict.fromkeys(chosen.issues))
        heavier = catalogue.find(name, bold=True)
        if heavier and heavier.embeddable and heavier.weight > regular[role].weight:
            bold[role] = heavier
    if not any(has_chinese(face) for face in regular.values()):
        raise _no_chinese_font()
    return FontSet(regular, bold, catalogue, tuple(issues))


def has_chinese(face: Typeface) -> bool:
    """Whether it shows a handful of everyday characters."""
    return drawn(face, _EVERYDAY) == _EVERYDAY


def _no_chinese_font() -> ExportError:
    return ExportError("这台电脑上没有找到可以使用的中文字体，排不了书。", hint=_NO_FONT_HINT)


class _Search:
    """Looking for the font of one role."""

    def __init__(self, catalogue: Catalogue, role: str, families: Sequence[str]) -> None:
        self._catalogue = catalogue
        self._role = role
        self._families = tuple(families) or (role,)
        self.issues: list[Issue] = []

    def take(self) -> tuple[str, Typeface]:
        """The name under which it was found, and the face."""
        for name, face in self._candidates():
            if not face.embeddable:
                self._say(f"字体“{face.name}”不许嵌入文件（fsType {face.fs_type}），“{self._role}”没有用它。")
            elif drawn(face, self._demanded(name)):
                if name not in synonyms(self._families[0]):
                    self._say(f"没有“{self._families[0]}”，“{self._role}”改用“{face.name}”。")
                if face.variable:
                    self._say(
                        f"“{face.name}”是可变字体，“{self._role}”只能用它的默认字重，印出来可能偏细；请改装静态字体。"
                    )
                return name, face
        raise _no_chinese_font()

    def _candidates(self) -> Iterator[tuple[str, Typeface]]:
        roles = (self._role, *LAST_RESORTS)
        names = (*self._families, *(family for role in roles for family in DEFAULTS.get(role, ())))
        tried = set()
        for name in dict.fromkeys(each for family in names for each in synonyms(family)):
            face = self._catalogue.find(name)
            if face and face not in tried:
                tried.add(face)
                yield name, face
        for face in self._catalogue.regulars():
            if face.chinese and face not in tried:
                yield face.family, face

    def _demanded(self, name: str) -> frozenset[int]:
        """A house may well ask for a font without Chinese; one that we propose must have it."""
        named = any(name in synonyms(family) for family in self._families)
        return _LETTERS | _EVERYDAY if named or self._role == LATIN else _EVERYDAY

    def _say(self, message: str) -> None:
        self.issues.append(Issue(IssueCode.FONT_REPLACED, f"字体“{self._role}”", message))
