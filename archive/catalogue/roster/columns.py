"""What the columns of a list of office-holders hold, recognised by their headings."""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence


class Column(enum.Enum):
    """A column a list of office-holders may have."""

    PERSON = "姓名"
    POST = "职务"
    BODY = "机构"
    TERM = "届次"
    TENURE = "任期"
    SINCE = "到任"
    UNTIL = "离任"
    SEX = "性别"
    ETHNICITY = "民族"
    NATIVE = "籍贯"
    REMARK = "备注"
    OTHER = ""


_HEADINGS = {
    Column.PERSON: "姓名|名字|人名|任职者|任职人员|姓名及备注|现任姓名|姓氏|职官姓名"
    "|负责人|负责人姓名|领导人|领导姓名|任职人|担任人",
    Column.POST: "单位及职务|职务及单位|原任职务|任职情况"
    "|职务|职位|职别|职称|职官|官职|官名|任职|所任职务|担任职务|本届职务|职务名称|岗位|党内职务|行政职务",
    Column.BODY: "机构|机构名称|单位|单位名称|组织|组织名称|部门|机关|任职单位|任职机构|工作单位及职务|所在单位",
    Column.TERM: "届次|届别|届|期别|任次|届数",
    Column.TENURE: "任期|任职时间|任职年月|任职日期|任职期间|任职年限|任职起止|任职起止时间|任职起止年月"
    "|任职年代|任职时段|起止时间|起止年月|在任时间|在任年月|任期起止|在职时间|时间|年月",
    Column.SINCE: "到任|到任时间|到任年月|任命时间|任命日期|上任时间|就任时间|就职时间|起|起始|起任时间|始任时间|始任"
    "|任职始|开始时间|自",
    Column.UNTIL: "离任|离任时间|离任年月|免职时间|免职日期|卸任时间|卸任|止|截止|止任时间|任职止|结束时间|去职时间|至",
    Column.SEX: "性别",
    Column.ETHNICITY: "民族|族别",
    Column.NATIVE: "籍贯|籍|原籍|出生地|里籍|里贯",
    Column.REMARK: "备注|附注|附记|说明|注|备考|出身|事略|简历|主要事迹",
}
# What tables out of data bases are headed with.
_ENGLISH = {
    Column.PERSON: "name|person",
    Column.POST: "office|post|position|title",
    Column.BODY: "body|organisation|organization|institution",
    Column.TERM: "session",
    Column.TENURE: "term|tenure|appointed|appointed_raw|term_of_office",
    Column.SINCE: "from|since|start",
    Column.UNTIL: "to|until|end",
    Column.SEX: "sex|gender",
    Column.ETHNICITY: "ethnicity",
    Column.NATIVE: "native_place|nativeplace|origin",
    Column.REMARK: "remark|remarks|note|notes",
}
_OLD_FORMS = str.maketrans(
    "職務機構單離備註說籍貫屆別時間開終氏姓稱員組織門關", "职务机构单离备注说籍贯届别时间开终氏姓称员组织门关"
)
_BY_HEADING = {
    word: column for table in (_HEADINGS, _ENGLISH) for column, words in table.items() for word in words.split("|")
}
_LONGEST = max(map(len, _BY_HEADING))
_SPACE = re.compile(r"[\s　]+|[（(][^（）()]*[）)]|[:：]")


def column(heading: str) -> Column:
    """What a heading names; OTHER where it is none of ours."""
    if len(heading) > _LONGEST and len(_SPACE.sub("", heading)) > _LONGEST:
        return Column.OTHER  # most cells of a list are asked about, too
    return _BY_HEADING.get(_SPACE.sub("", heading).lower().translate(_OLD_FORMS), Column.OTHER)


def is_header(cells: Sequence[str]) -> bool:
    """Whether a row names the columns of a list of people: the person's and at least one other."""
    known = [found for cell in cells if (found := column(cell)) is not Column.OTHER]
    return Column.PERSON in known and len(known) >= 2


def groups(columns: Sequence[Column]) -> list[range]:
    """Lists set side by side in one table, as ranges of columns: a new one where a column's name comes again."""
    starts = [0]
    seen: set[Column] = set()
    for index, one in enumerate(columns):
        if one is Column.OTHER:
            continue
        if one in seen:
            starts.append(index)
            seen = set()
        seen.add(one)
    parts = [range(start, end) for start, end in zip(starts, [*starts[1:], len(columns)], strict=True)]
    complete = all(any(columns[index] is Column.PERSON for index in part) for part in parts)
    return parts if complete else [range(len(columns))]
