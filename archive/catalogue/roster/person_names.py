"""Cells and lists of names: padding and line ends inside a name closed up, remarks taken off, several told apart."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

_HAN = r"[\u4e00-\u9fff〇\u3400-\u4dbf\U00020000-\U0003ffff\ue000-\uf8ff]"
_BRACKET = re.compile(r"[（(\[【]([^（）()\[\]【】]*)[）)\]】]")
_OPEN_BRACKET = re.compile(r"[（(]([^（）()]*)$")
_SEPARATOR = re.compile(r"[、，,；;/]")
_GAP = re.compile(r"\s{2,}")
_GAP_IN_NAME = "[×□〓■?？]"
_FOREIGN = rf"{_HAN}{{1,8}}(?:[·•・．]{_HAN}{{1,8}})+|[A-Za-z][A-Za-z. ·]+"
_NAME = re.compile(rf"{_HAN}{{2,4}}|{_HAN}{{1,2}}{_GAP_IN_NAME}{{1,2}}{_HAN}?|{_FOREIGN}")
_NO_NAME = re.compile(r"[裁缺员員]|舊設|旧设|新設|新设|以上|以下|合计|共计|各一|空缺|待定|不详|无$")
_UNKNOWN = re.compile(r"(?:任期|任职时间|时间|任职年月)(?:不详|不明|待考|待查)")
# Names padded with one kind of blank among others parted by the other: 赵 志 远　孙　伟, 孙　伟 赵　志　远.
_PADDED = (
    re.compile(rf"(?<![^\u3000]){_HAN}(?: {_HAN}){{2,3}}(?![^\u3000])"),
    re.compile(rf"(?<![^ ]){_HAN}(?:\u3000{_HAN}){{1,3}}(?![^ ])"),
)
_ABSENT = re.compile(r"[（(]?(?:空缺|暂缺|暫缺|缺|缺员|待补|不详|无|—+|-+)[）)]?")
NATIONALITY = (
    "(?:汉|回|满|蒙古|藏|维吾尔|哈萨克|苗|彝|壮|布依|朝鲜|侗|瑶|白|土家|哈尼|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|达斡尔"
    "|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺)"
)
"""The names of the nationalities, without 族, as a pattern."""
_NATION = re.compile(NATIONALITY)
_SEX = re.compile(r"男|女")
_ETHNICITY = re.compile(r"[\u4e00-\u9fff]{1,6}族")
_PREFIX = re.compile(r"^[\d０-９]+[.．、)）]\s*|^[*＊★△▲]\s*")
_COMPOUND = frozenset(
    [
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "令狐",
        "慕容",
        "司徒",
        "夏侯",
        "端木",
        "独孤",
        "南宫",
        "呼延",
        "长孙",
        "宇文",
        "拓跋",
        "完颜",
        "歐陽",
        "司馬",
        "諸葛",
        "東方",
        "尉遲",
        "獨孤",
        "長孫",
        "完顏",
    ]
)


@dataclass(frozen=True, slots=True)
class ListedName:
    """One name of a cell with what stood in brackets behind it."""

    person: str
    sex: str = ""
    ethnicity: str = ""
    remark: str = ""
    doubts: tuple[str, ...] = ()


def names(text: str) -> list[ListedName]:
    """The people of a cell or list, in order. A cell that says there is nobody (空缺) gives one without a name."""
    cleaned = _PREFIX.sub("", text.strip())
    if not cleaned:
        return []
    if _ABSENT.fullmatch(cleaned):
        return [ListedName("", remark=cleaned.strip("（）()"), doubts=("没有姓名",))]
    found: list[ListedName] = []
    for piece in _split(cleaned):
        if found and _UNKNOWN.fullmatch(piece):
            found[-1] = replace(found[-1], remark="，".join(filter(None, (found[-1].remark, piece))))
        else:
            found.append(_named(piece))
    return found


def plausible(name: str) -> bool:
    """Whether a text has the shape of a personal name."""
    return bool(_NAME.fullmatch(name)) and not _NO_NAME.search(name)


def _split(text: str) -> list[str]:
    """The names as they stand, each with its brackets."""
    held = _BRACKET.sub(lambda match: match[0].translate(_HIDE), text)
    pieces = [piece for piece in _SEPARATOR.split(_lines_joined(held)) if piece.strip()]
    return [name.translate(_SHOW) for piece in pieces for part in _gapped(piece.strip()) for name in _spaced(part)]


# Separators inside brackets separate nothing.
_HIDE = {ord(mark): 0xF0000 + index for index, mark in enumerate("、，,；;/ \u3000\n\t")}
_SHOW = {hidden: chr(mark) for mark, hidden in _HIDE.items()}


def _gapped(piece: str) -> list[str]:
    """Parted by wide gaps, unless the gap pads a name: 马　　骏."""
    parts = _GAP.split(piece)
    return [piece] if any(_lone(part) for part in parts) else parts


def _lines_joined(text: str) -> str:
    """Line ends part names, except where one cut a name in two: a single character is no name."""
    lines = [line.strip() for line in re.split(r"\n+", text) if line.strip()]
    joined: list[str] = []
    for line in lines:
        cut = joined and (_lone(line) or _lone(joined[-1]) or line[:1] in "（(") and not joined[-1].endswith("、")
        whole = re.sub(r"\s", "", "".join((*joined[-1:], line)))
        if cut and (len(_BRACKET.sub("", whole)) <= 4 or line[:1] in "（("):
            joined[-1] = whole
        else:
            joined.append(line)
    return "、".join(joined)


def _lone(piece: str) -> bool:
    return len(re.sub(r"\s", "", _BRACKET.sub("", piece))) == 1 or piece in _COMPOUND


def _spaced(piece: str) -> list[str]:
    """Names parted by single spaces; 张　三　李四光 has two, 赵 玉 珍 is one."""
    if " " in piece and "\u3000" in piece:
        for padded in _PADDED:
            piece = padded.sub(lambda match: "".join(match[0].split()), piece)
    found: list[str] = []
    alone: list[str] = []  # single characters in a row: the parts of padded names
    for token in [*piece.split(), ""]:
        bare = _BRACKET.sub("", token)
        if len(bare) == 1 or bare in _COMPOUND:
            alone.append(token)
            continue
        if len(alone) == 1 and (len(bare) == 2 or (bare and alone[0] in _COMPOUND)):
            token, alone = alone[0] + token, []  # 李　桂英, 欧阳　予倩
        elif len(alone) == 1 and found and len(found[-1]) == 2:
            found[-1:], alone = [found[-1] + alone[0]], []  # 李桂　英
        found += _closed_up(alone)
        alone = []
        if token and not bare and found:
            found[-1] += token  # a bracket by itself belongs to the name before it
        elif token:
            found.append(token)
    return found


def _closed_up(parts: list[str]) -> list[str]:
    """The names that characters standing alone make up: two by two, three where three are left or a surname has two."""
    found: list[str] = []
    while parts:
        size = 3 if len(parts) == 3 and parts[0] not in _COMPOUND else 2
        found.append("".join(parts[:size]))
        parts = parts[size:]
    return found


def _named(text: str) -> ListedName:
    remarks = [inside.strip() for inside in _BRACKET.findall(text)]
    bare = _BRACKET.sub("", text)
    unclosed = _OPEN_BRACKET.search(bare)
    if unclosed:
        remarks.append(unclosed[1].strip())
        bare = bare[: unclosed.start()]
    person = re.sub(r"\s", "", bare)
    sex, ethnicity, remark = about(remarks)
    doubts = []
    if not person:
        doubts.append("没有姓名")
    elif not plausible(person):
        doubts.append("不像人名")
    elif re.search(_GAP_IN_NAME, person):
        doubts.append("姓名有缺字")
    elif len(person) == 4 and person[:2] not in _COMPOUND and "·" not in person:
        doubts.append("四个字，请核对是否两人连写")
    if unclosed:
        doubts.append("括号不成对")
    return ListedName(person, sex, ethnicity, remark, tuple(doubts))


def about(remarks: list[str]) -> tuple[str, str, str]:
    """Sex, ethnicity and the rest of what brackets say: （女，回族，兼）."""
    sex = ethnicity = ""
    rest: list[str] = []
    for piece in (part.strip() for remark in remarks for part in re.split(r"[，,、；;\s]+", remark)):
        if _SEX.fullmatch(piece) and not sex:
            sex = piece
        elif _ETHNICITY.fullmatch(piece) and not ethnicity:
            ethnicity = piece
        elif _NATION.fullmatch(piece) and not ethnicity:
            ethnicity = f"{piece}族"  # （回）
        elif piece:
            rest.append(piece)
    return sex, ethnicity, "，".join(rest)
