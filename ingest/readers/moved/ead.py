"""EAD, the finding aids of archives (2002 and EAD3): each item that is described is a text of its own.

What an archivist wrote about it (范围与内容 …) is the text, everything else its description.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from archive.model.issues import IssueCode
from archive.model.records import Collection, Person, Role
from ingest.readers.html import picture_beside
from ingest.readers.json_records import Records
from ingest.readers.markup_tree import Element
from ingest.readers.moved.moved_texts import MovedText, MovedTexts, first, local, page, within, words, xml_tree
from ingest.text.own_date import record_date

_COMPONENT = re.compile(r"c(?:\d\d)?|archdesc")
_BODY = ("abstract", "scopecontent", "bioghist", "custodhist", "arrangement")
_FIELDS = {
    "accessrestrict": "利用限制", "userestrict": "版权授权", "appraisal": "鉴定", "physdesc": "数量", "physloc": "存放",
    "physdescstructured": "数量", "langmaterial": "语言", "repository": "收藏单位", "container": "卷宗",
    "acqinfo": "来源经过",
    "processinfo": "整理经过", "relatedmaterial": "相关材料", "originalsloc": "原件所在", "altformavail": "复制件",
    "bibliography": "著作", "prefercite": "引用格式",
    "phystech": "载体状况", "otherfindaid": "其他目录", "accruals": "增补",
    "separatedmaterial": "移出材料", "didnote": "附注", "note": "附注", "odd": "附注", "materialspec": "附注",
}  # fmt: skip
_TERMS = {"persname": "人物", "famname": "人物", "corpname": "机构", "geogname": "地域", "subject": "关键词"}
_OURS = {"栏目": "section", "辑名辑次": "volume", "来源": "source"}
_ROLES = {role.value: role for role in Role}


def recognises(head: bytes, file: Path) -> bool:
    """A finding aid by either version of EAD."""
    return re.search(rb"<(?:\w+:)?ead[\s>]", head[:8192]) is not None


def read(file: Path, name: str, collection: Collection, *, own_collections: bool = True) -> Records:
    """Reads a finding aid into drafts for `collection`. Raises ReadError."""
    root = xml_tree(file, name)
    found = MovedTexts(file, name, collection.id, lambda place, address: picture_beside(file.parent, place, address))
    for node in root.iter():
        if not _COMPONENT.fullmatch(local(node)):
            continue
        if not _below(node) or _paragraphs(node):
            found.add(_moved(node, collection))
        elif told := "、".join(dict.fromkeys(name for name, _ in _told(node))):
            title = words(first(node, "did", "unittitle"))
            found.left_out(IssueCode.OTHER_PART, f"“{title[:30]}”这一级自己的著录没有收入：{told}")
    return found.ends()


def _below(node: Element) -> bool:
    """Whether other components are described below this one."""
    around = [node, *within(node, "dsc")]
    return any(_COMPONENT.fullmatch(local(one)) for each in around for one in each)


def _paragraphs(node: Element) -> list[Element]:
    """What was written about a component, without what is below it."""
    did = first(node, "did")
    notes = [one for each in (did, node) if each is not None for one in each if local(one) in _BODY]
    found = [one for note in notes for one in note.iter() if local(one) in ("p", "item")]
    return found or [note for note in notes if words(note)]


def _moved(node: Element, collection: Collection) -> MovedText:
    root, body = page()
    did = first(node, "did")
    title = first(did, "unittitle") if did is not None else None
    for name, source in (("h1", title), *(("p", one) for one in _paragraphs(node))):
        if source is not None:
            etree.SubElement(body, name).text = words(source)
    above = [words(first(one, "did", "unittitle")) for one in node.iterancestors() if _COMPONENT.fullmatch(local(one))]
    moved = MovedText(root, section=next(iter(above[:-1]), ""), volume=collection.volume)
    _describe(moved, did, list(_told(node)))
    return moved


def _describe(moved: MovedText, did: Element | None, told: list[tuple[str, str]]) -> None:
    for name, value in told:
        if name in _OURS:
            setattr(moved, _OURS[name], value)
    fields = [(name, value) for name, value in told if name not in _OURS]
    if did is not None:
        fields += (("档号", words(one)) for one in within(did, "unitid") if one.get("label") != "文史编号")
        people = [one for origin in within(did, "origination") for one in (list(origin) or [origin])]
        moved.people = tuple(
            Person(words(one), _ROLES.get(one.get("relator", ""), Role.AUTHOR)) for one in people if words(one)
        )
        dated = [one for one in did if local(one) in ("unitdate", "unitdatestructured")]
        moved.date = record_date(words(dated[0])) if dated else None
        fields += (("日期", words(one)) for one in (dated if moved.date is None else dated[1:]))
    moved.fields = fields


def _told(node: Element) -> Iterator[tuple[str, str]]:
    """What else is said of a component, by the name of a field."""
    did = first(node, "did")
    for one in [*(did if did is not None else ()), *node]:
        name = local(one)
        if name == "controlaccess":
            yield from ((_TERMS.get(local(each), "关键词"), words(each)) for each in one if words(each))
        elif name in _FIELDS:
            head = words(first(one, "head"))
            yield head or _FIELDS[name], words(one).removeprefix(head).strip()
