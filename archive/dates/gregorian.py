"""Gregorian years: 1936年, 一九三六年, 公元前221年, 58年3月; not 200年前, 1500年历史, 2年."""

from __future__ import annotations

import re

from archive.dates import years
from archive.dates.numerals import DIGIT_CLASS, DIGITS, TENS, number
from archive.dates.patterns import AD, IN_YEARS, TO, YEAR
from archive.dates.years import LATEST, Year, clause_start

GREGORIAN = re.compile(
    rf"(?P<ad>{AD}|纪元)?(?P<bc>前)?(?P<year>{YEAR}|[{DIGIT_CLASS}十百]{{1,5}}(?<=[十百{DIGIT_CLASS}]))"
    rf"(?:(?:(?<=[、,和与及]\d{{4}})(?:这|连续)?[两三四五])?(?P<kind>学|财政?)?(?:(?<=[\d{DIGIT_CLASS}]{{4}})(?:\((?:[一-龥]{{2,8}}|民国\d\d)\))?年(?![级龄式款]|{IN_YEARS})|年(?![级代龄息薪产轻式款]|会员|报[表告]))|(?P<span>{TO}|/(?=\d{{2,4}}学?年))(?:公元)?(?P<bc2>前)?(?P<year2>\d{{2,4}}|{YEAR})(?P<school>学)?(?:年(?!级|龄|{IN_YEARS})|(?=赛季))"
    rf"|(?=(?:[、,和与及](?:\d{{3,4}}|\d\d)){{1,12}}(?:(?:这|连续)?[两三四五])?年))"
)
_COUNTED_YEARS = re.compile(
    r"[来多余]|间|以上|之?久|的?历史|时间|里(?!程)|计划|规划|期限?(?!间)|的|内|[前后]|左右|为期|制|期|生(?!于)|一"
)
_DURATION_BEFORE = re.compile(
    r"(?:距今|历时|长达|达|逾|超过|共|经过|有|近|约|每|历|过|满|为期|第|整整|相隔|迄今|已|了)$"
)


def gregorian(text: str, position: int, running: int | None = None) -> Year | None:
    """A Gregorian year at `position`: 1936年, 一九三六年, 公元前221年, 58年3月. Not 200年前, 1500年历史, 2年.

    After a `running` year before our era 前34年 is one, too.
    """
    match = GREGORIAN.match(text, position)
    if not match or match["span"]:
        return None
    return _gregorian(text, match, running is not None and running <= 0)


def _gregorian(text: str, match: re.Match[str], ancient: bool) -> Year | None:
    written = match["year"]
    marked = bool(match["ad"] or match["bc"])
    if match["bc"] and not match["ad"] and not (written.isascii() and (ancient or len(written) > 2)):
        return None  # 前四五年, 前3年: some years ago
    value = _year_number(written, marked)
    before_christ = bool(match["bc"]) and (bool(match["ad"]) or ancient or (value or 0) < _FIRST_MODERN)
    if (
        value is None
        or not 0 < value <= (_EARLIEST if before_christ else LATEST)
        or (match.start() and text[match.start() - 1] == "第")
    ):
        return None
    if not marked and len(written) == 2:
        return _glossed_short(text, match, value) or _short(text, match, value)
    if not marked and not _is_year(text, match, value):
        return None
    rule = "school-year" if match["kind"] == "学" else "gregorian"
    # 改革前1978年: behind what came to an end
    return Year(1 - value if before_christ else value, False, rule, match.end())


def _year_number(written: str, marked: bool) -> int | None:
    if written[0] in "〇零" and len(written) == 2 and not marked:
        return number(written)  # 〇八年
    if written[0] in "0〇零":
        return None
    if written.isdigit() and written.isascii():
        return int(written)
    if len(written) == 4 and all(character in DIGITS for character in written):
        return number(written)
    if len(written) > 2 and written[2] in TENS and written[0] in DIGITS and written[1] in DIGITS:  # 一九卅六
        return 100 * (number(written[:2]) or 0) + (number(written[2:]) or 0)
    if "千" in written:  # 两千零三年; 两千年 may be as many years
        value = number(written)
        return value if value and value > 1800 and (value % 100 or marked) else None
    return number(written) if marked or (len(written) == 2 and "十" not in written and "百" not in written) else None


_EARLIEST = 9999  # before our era: 公元前2600年
_FIRST_MODERN = 1840  # later numbers before 年 are hardly ever so many years


def _is_year(text: str, match: re.Match[str], value: int) -> bool:
    """Whether an unmarked number before 年 is a date and not a number of years."""
    digits = len(match["year"])
    if digits < 3:
        return False
    before, after = text[max(0, match.start() - 4) : match.start()], match.end()
    if digits == 3 and re.search(r"(?<!\d)\d\d?,$|\d[至到-]$", before):  # 1,958年: a quantity with its thousands marked
        return False
    if digits == 3:
        listed = before.endswith(_LEADS_TO_SHORT) or _LATER_SHORT.match(text, after)  # 194年和197年, 893年—898年
        return (listed or clause_start(text, match.start())) and not _COUNTED_YEARS.match(text, after)
    if value < _FIRST_MODERN and re.search(r"\d[至到-]$", before):  # 500至1000年
        return False
    if value % 100 == 0 and value not in (1800, 1900, 2000):
        return not _COUNTED_YEARS.match(text, after) and not _DURATION_BEFORE.search(before)
    if value < 1000 or re.match(rf"[多余]年|之久|的?历史(?!{_OF_HISTORY})", text[after : after + 5]):
        return False
    if _MEASURED.search(before) and _UNIT.match(text, after):  # 全长1958年米: a slip of the pen
        return False
    if _SO_MANY.match(text, after) and before.endswith(("的", "这", "那", "共", "历")):  # 从开元到光绪的1978年间
        return False
    if value < _FIRST_MODERN and _TOOK.search(before) and text.startswith("的", after):  # 使用了1633年的县名
        return False
    if _FIRST_MODERN <= value <= LATEST:  # 1970年来县, 超过1986年多少
        return not re.search(r"(?:距今|历时|长达|每)约?$", before)
    counted = re.match(r"[来多余]", text[after : after + 1])
    return not (counted or re.search(r"(?:距今|历时|长达|逾|超过|每|经过)约?$", before))


_OF_HISTORY = "上|[最极新同性之]|[纪记]录|水位|高[位点]|档案|资料|文献|照片|事件|遗留"  # 突破1998年历史极值
_TOOK = re.compile("(?<![到过入除为])了$")
_LEADS_TO_SHORT = ("年和", "年与", "年及", "以及", "但是", "因为", "随后的", "元年")
_LATER_SHORT = re.compile(rf"{TO}\d{{3,4}}年")
_SO_MANY = re.compile("间|中|里|来|的?历史|岁月")
_MEASURED = re.compile("(?:[长宽高深厚重]|面积|容积|产量|总计|共计)[约达为]?$")
_UNIT = re.compile(
    "(?:平方|立方|公|千|厘|毫)?米(?=[,。;)、]|$)|(?:公|市)?[亩斤里顷](?=[,。;)、]|$)|吨|元(?=[,。;)、]|$)"
)
_SHORT_BEFORE = re.compile(r"(?<!\d)(?P<before>[5-9]\d)年、$")
_NEXT_SHORT = re.compile(r"[^,。;、]{0,10}[,;、](?P<next>\d\d)年")


def _lists_years(text: str, match: re.Match[str], value: int) -> bool:
    """51年土改，53年互助: another year without its century follows, a later one; or 60年、59年: the one before."""
    row = _SHORT_BEFORE.search(text, max(0, match.start() - 4), match.start())
    if row and int(row["before"]) == value + 1:  # 60年、59年、58年
        return True
    following = _NEXT_SHORT.match(text, match.end())
    if following is None:
        return False
    return int(following["next"]) > value or (following[0][0] == "、" and int(following["next"]) == value - 1)


def _glossed_short(text: str, match: re.Match[str], value: int) -> Year | None:
    """25年（东汉建武元年）: the gloss says which century."""
    opening = years.GLOSS.match(text, match.end())
    gloss = years.era(text, opening.end(), value) if opening else None
    if gloss is None or not any(0 <= value - candidate <= 1 for candidate in (gloss.number, *gloss.others)):
        return None
    return Year(value, False, "gregorian", match.end())


def counted(text: str, position: int) -> bool:
    """Whether what stands behind 年 shows that so many years are meant: 的, 内, 以上."""
    return bool(_COUNTED_YEARS.match(text, position))


_ANY_DIGIT = frozenset((*DIGITS, *"十百千万第近约每"))
_DATE_GOES_ON = re.compile(
    r"(?:\d{1,2}|[一二三四五六七八九十]{1,2}|正|腊|冬)月|的?[春夏秋冬](?:季|天)|[春夏秋冬][,。]|[入开][春夏秋冬]|年?[初底末](?![中高])|[上下]半年|[至到-]\d{2}年|春节|元旦|国庆|五一|八一|端午|中秋|清明|重阳|腊八|除夕|元宵"
)
_OPENS = re.compile("之?以?后|以来|之?以前|起")
# 59年就修路: what people tell of a year, not of so many years.
_THEN = re.compile(
    "就(?!这)|搞|闹|大[炼办修旱跃]|那[年会阵时]|[我咱俺](?!们?一)|村里|队[里上]|公社|吃|修|办|入[伍党团社]|[参叁][军加]|当[兵队]|招工|上学|毕业|结婚|竣工|建成|完工|投产|[开动复]工|通车|落成|成立|恢复|撤[销并]|调[任到入]|当选|退休|考上|转[业为入正]"
    "|[入结当参叁离退复转上下盖分搬嫁娶调考死]的|文化?大?革|四清|土改|反右|社教|合作化|[初高]级社|公私合营|解放|平反|复员|提干|招干|下[放乡]|插队|回[乡国城]|[饿病]死|[去逝过]世|病[故逝]|牺牲"
)
_BORN = re.compile("出生(?![率人缺])|生(?:的|人)(?=[,。;、!?)“]|$)")  # 他是40年生的
_PEOPLE = frozenset("我你他她俺咱家们爸爹妈娘爷奶哥姐弟妹叔婶舅姑姨是")  # 我59年结的婚, 我是52年参加工作的
_SPOKEN_OF = re.compile("[了么吗呢吧啊嘛,。]")
_TALK_TURNED = re.compile("[扯说讲谈提聊]到$")
_TOLD_FROM = re.compile("[,讲说]|才|就|开始|底|初|起")
_LATE_ENOUGH = 49  # 58年后 is a year, 20年后 and 38年后 are as many years later


_COMPARED = re.compile("的?(?:基础|水平|同期|底数|产量)")  # 在57年基础上翻番
_LEADS = frozenset("到至从自")


def goes_on(text: str, position: int) -> bool:
    """Whether a month, a season or the like follows a year."""
    return bool(_DATE_GOES_ON.match(text, position))


def _short(text: str, match: re.Match[str], value: int) -> Year | None:
    """五八年, 58年3月, 〇八年: years without their century."""
    first, second = match["year"][0], match["year"][1]
    if match.start() and text[match.start() - 1] in _ANY_DIGIT:
        return None
    if text[max(0, match.start() - 3) : match.start()].endswith(("民国", "伪满")):
        return None
    # 五六年, 三五年 are five or six, three to five years; 58年 may be as many; nobody says fifty-nine by 五九.
    count = match["year"].isascii() or match["year"] == "三五" or DIGITS[second] == DIGITS[first] + 1
    shown = _is_shown(text, match, value)
    if not shown and _COUNTED_YEARS.match(text, match.end()) and (count or value < _LATE_ENOUGH):
        return None
    if first in "〇零":
        meant = 2000 + value if second not in "〇零" else None
    else:
        meant = 1900 + value if value >= 20 and (shown or not count) else None
    return None if meant is None else Year(meant, False, "gregorian-short", match.end(), confidence=0.8)


def _is_shown(text: str, match: re.Match[str], value: int) -> bool:
    """Whether what stands beside two figures shows that they are a year."""
    if goes_on(text, match.end()):
        return True
    if _BORN.match(text, match.end()):
        return True
    if value < _LATE_ENOUGH:
        return False
    before, opens = text[match.start() - 1 : match.start()], clause_start(text, match.start())
    return (
        before == "“"  # ’58年
        or (before in ("在", "比", "以", "较", "到", "过") and bool(_COMPARED.match(text, match.end())))
        or bool(re.match("[春夏秋冬](?!秋)", text[match.end() : match.end() + 2]))
        or (opens and _lists_years(text, match, value))
        or (opens and value % 10 > 0 and bool(_OPENS.match(text, match.end())))
        or (((opens and value % 10 > 0) or before in _PEOPLE) and bool(_THEN.match(text, match.end())))
        or (
            bool(_SPOKEN_OF.match(text, match.end()))
            and bool(_TALK_TURNED.search(text[max(0, match.start() - 2) : match.start()]))
        )
        # 到七八年才涨, 从57年讲起
        or (before in _LEADS and not match["year"].isascii() and not _COUNTED_YEARS.match(text, match.end()))
        or (before in _LEADS and clause_start(text, match.start() - 1) and bool(_TOLD_FROM.match(text, match.end())))
    )
