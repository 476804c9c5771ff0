"""Years that lean on those told before: 十五年秋 of a reign, 44年 of a century, 己酉年 beside a running year."""

from __future__ import annotations

import re
from dataclasses import replace

from archive.dates import dated, eras, ganzhi, gregorian, years
from archive.dates.context import Context
from archive.dates.numerals import DIGIT_CLASS, NUMBER_CLASS, approximate, counts, number
from archive.dates.patterns import COUNT, COUNTS
from archive.dates.reading import Reading, year_span

_MONTHS = "一二三四五六七八九十"
_EXAMINED = "恩科|[成中]?进士|[中]?举人|中举|拔贡|副榜|优贡|乡试|会试"
# 戊寅、己卯两载; 嘉庆戊辰、己巳间
_ROW_OF_PAIRS = rf"(?:、{ganzhi.PATTERN})?(?:[两二三](?:[年载岁]|科)|之?[间交际]|连[岁年])"
LATER_HEAD = rf"[越逾]{COUNT}年(?={ganzhi.PATTERN})"
PAIR_HEAD = (
    rf"(?<![{ganzhi.STEMS}{ganzhi.BRANCHES}]){ganzhi.PATTERN}(?=[年岁科]|{_ROW_OF_PAIRS}|{_EXAMINED}|\(\d{{4}}年?\))"
)
_SEASON = "[孟仲季初早晚暮深]?[春夏秋冬](?!季)"
# 经始于甲申之春，讫工于丙戌之秋; 乙丑丁外艰归: a pair alone, in a text of reigns.
_FEASTS = "元[旦日]|上元|端[午阳]|中秋|重[阳九]|除夕"  # 于丙辰元旦
_CAREER = "丁[内外]艰|丁忧|丁[父母]|成进士|领乡荐|登[第科贤]|中[式举]|入泮|补[廪博]|卒|殁|[由以]|春闱|秋闱"
_PAIR_ALONE = (
    rf"(?<=[于至迄及逮始终讫]){ganzhi.PATTERN}(?=[,。;、]|$|之?{_SEASON}|之岁|上?吉)"
    rf"|(?<=岁在){ganzhi.PATTERN}(?=之?{_SEASON})"
    rf"|(?:^|(?<=[,。;又余予])){ganzhi.PATTERN}(?=之?{_SEASON}|之岁|{_CAREER})"
    rf"|(?<=[,。;于至迄及逮岁在]){ganzhi.PATTERN}(?=闰?[{_MONTHS}正腊冬]{{1,2}}月|{_FEASTS})"
)
PAIR_HEAD = f"{PAIR_HEAD}|{_PAIR_ALONE}"
# 岁辛丑，…: how biographies and steles tell years before the reign that they name
_PAIR_ALONE = rf"{_PAIR_ALONE}|(?:(?<=^岁)|(?<=[,。;\n]岁)){ganzhi.PATTERN}(?=,)"
PAIR_HEAD = f"{PAIR_HEAD}|{_PAIR_ALONE}"
_ALONE = re.compile(_PAIR_ALONE)
_BEFORE_MONTH = re.compile(f"闰?[{_MONTHS}正腊冬]{{1,2}}月|{_FEASTS}")
# 己未成进士，庚申授编修，辛酉正月…: among years that are told so, every pair that opens a clause is one.
_AMONG_PAIRS = rf"(?<=[,。;自]){ganzhi.PATTERN}(?=闰?[{_MONTHS}正腊冬]{{1,2}}月|[一-龥,])(?![日朔晦时战条约])"
_AMONG_PAIRS = rf"{_AMONG_PAIRS}|(?<=[一-龥]){ganzhi.PATTERN}(?=告[成竣]|[落乃始]成|[竣工讫]工|工[竣讫])"
PAIR_HEAD = f"{PAIR_HEAD}|{_AMONG_PAIRS}"
_AMONG = re.compile(_AMONG_PAIRS)
_FAR = 40
_LATER = re.compile(rf"[越逾](?P<count>{COUNT})年(?P<pair>{ganzhi.PATTERN})[年岁科]?")
_PAIR = re.compile(rf"(?P<pair>{ganzhi.PATTERN})(?:[年岁科]|(?=\(|{_ROW_OF_PAIRS}|{_EXAMINED}))")
# 十五年三月, 十五年改县: not 十五年后, 十五年来.
_COUNTED_ON = (
    "(?!中(?![辍止断])|[后来间内前余之里不未有无如以为的时期满代制级]|多(?![打收产交卖])|一度|[二三四五六七八九十]次)"
)
_REGNAL = re.compile(
    rf"(?P<count>[{NUMBER_CLASS}]{{1,3}}|\d{{1,2}}|元(?=年\(\d{{4}}))(?:\((?P<middle>\d{{3,4}})\))?年"
    rf"(?=[一-龥(、]|\d{{1,2}}月|,?(?:闰?[正腊冬{_MONTHS}]{{1,2}}月|[春夏秋冬])|(?P<next>,)){_COUNTED_ON}"
    rf"|^(?P<alone>[{NUMBER_CLASS}]{{1,3}}|\d{{1,2}})年$"
    rf"|(?<=年、)(?P<listed>[{NUMBER_CLASS}]{{1,3}})年(?![后来间内多余代级])"
    rf"|(?<=[至到])(?P<until>[{NUMBER_CLASS}]{{1,3}}|\d{{1,2}})年(?=[;。)]|$)"
    rf"|(?<=、)(?P<among>[{NUMBER_CLASS}]{{1,3}}|\d{{1,2}})(?=(?:、(?:[{NUMBER_CLASS}]{{1,3}}|\d{{1,2}})){{0,6}}年)年?"
)
# 光绪五、九、十三年: years apart from each other, with one 年 for all.
_IN_LIST = re.compile(rf"(?:{years.ERA_NAME}|民国)(?:{COUNT}、)+$")
_ALSO = re.compile(rf",?(?:岁次|岁在)?(?P<pair>{ganzhi.PATTERN})(?!革命)[年岁]?")
_SHORT_YEAR = re.compile(
    rf"(?P<year>\d{{2}}|[二三四五六七八九][{DIGIT_CLASS}])(?:年(?=[一-龥]){_COUNTED_ON}(?![岁龄])|(?<=[,。;]\d\d)年(?P<apart>(?=,))|(?<=[、和]\d{{2}})[两三四五]年|(?<=年、\d{{2}})年(?=[,。;]))"
)
_FEW = 30  # years less than these may be as many
_FEW_TENS = 10
_TOOK_SO_LONG = re.compile(
    ",(?:服[阕除满]|[期秩]满|[乃始而方遂才竟终共凡计得未不无均皆]|[一-龥]{1,3}[乃始方]成)"
)  # 三年，乃成
_LOOKED_BACK = 3  # years
_LIFETIME = 50  # years after the running one that a year without its century may lie


def regnal(text: str, position: int, context: Context) -> Reading | None:
    """十五年秋 after 康熙十三年: a later year of the era in progress, where a clause opens with it."""
    match = _REGNAL.match(text, position)
    if not match or approximate(match["count"] or ""):
        return _regnal_row(text, position, context)
    reign = context.reign
    before = text[position - 1 : position]
    within = before and before not in ",。;:、\n(至到自于在从迄迨逮及洎届年又"
    if within and not _dated(text, position, match, context):
        return None
    if match["among"] and not _IN_LIST.search(text[max(0, position - 24) : position]):
        return None
    count = number(match["count"] or match["alone"] or match["listed"] or match["until"] or match["among"]) or 0
    meant = reign.year_one + count - 1 if reign else 0
    if before == "又" and text[position - 2] in NUMBER_CLASS:  # 三十又五年
        return None
    if reign is None and match and _of_republic(text, match, count, context):  # 1937年冬月…二十七年二月
        year = years.Year(1911 + count, False, "regnal", match.end(), confidence=0.6)
        return dated.from_year(text, year, position)
    # 十六年四月呈称，自十五年十月以来
    looks_back = before in ("自", "从", "由") and _MONTH_BEHIND.match(text, match.end())
    since = 0 if reign is None else reign.reached - (_LOOKED_BACK if looks_back else 0)
    if reign is None or not since <= meant or count > reign.last:
        return _by_gloss(text, position, count, match)
    told = before in ("。", ";", "\n") and text.startswith(",", match.end())
    told = told or bool(before in _CLAUSE_ENDS and _SETTLED.match(text, match.end()))
    if reign.whole and count < _FEW_TENS and not (told or gregorian.goes_on(text, match.end())):  # 康熙年间…三年告成
        return None
    if before == "年" and meant == reign.reached:  # 康熙四十年五十五年 are two
        return None
    goes_on = before == "," and reign.reached < meant and not _TOOK_SO_LONG.match(text, match.end())
    if match["next"] and not goes_on and before not in _LEADS_ON:
        return None  # 三年，乃成: as many years, unless a chronicle goes on with the years that follow
    pair = _ALSO.match(text, match.end())  # 二十三年丁酉科
    stop = pair.end() if pair and ganzhi.index(pair["pair"]) == (meant - 4) % 60 else match.end()
    year = years.with_middle(years.Year(meant, reign.moon, "regnal", stop, confidence=0.7), match["middle"])
    return dated.from_year(text, year, position)


# 民国初年设所，五年改局: what was made of it in a year
_SETTLED = re.compile("[改设裁撤废升]|并入|[析复]置")
_CLAUSE_ENDS = frozenset(",。;\n")
_LEADS_ON = frozenset(("", *"、。;\n至到于洎迨迄逮届"))  # before a year that a comma follows: 于三十二年，
_REPUBLIC_YEARS = 38
_SOON = 15  # years


_LEADS_TO_COUNT = frozenset(f"{NUMBER_CLASS}第历达满逾近约前后每隔共凡计仅经过了有余")


def _dated(text: str, position: int, match: re.Match[str], context: Context) -> bool:
    """数三十年八月那一回最惨, 高祖六年（前201）: in the midst of a clause, with a month or the year in brackets."""
    if match["count"] is None:
        return False
    pair = _ALSO.match(text, match.end())
    count = number(match["count"]) or 0
    if pair and context.reign and ganzhi.index(pair["pair"]) == (context.reign.year_one + count - 5) % 60:
        return True
    civil = years.civil_gloss(text, match.end("count") + 1)
    meant = context.reign.year_one + count - 1 if context.reign else None
    if civil is not None and civil == meant:  # 乾隆四十八年二月和五十年（1785年）八月
        return True
    if civil is not None and (civil <= 0 or text[position - 1] in _MONARCH):  # 秦二世胡亥二年（前208）
        return True
    if _LEVIED.match(text, match.end()) and (number(match["count"]) or 0) >= _FEW_TENS:  # 蠲三县四十四年粮米
        return text[position - 1] not in _LEADS_TO_COUNT
    if text[position - 1] == "是" and _HARVEST.match(text, match.end()):  # 第二次是三十年麦黄时候
        return True
    if text[position - 1] in "数几" and text[position] in "十百":
        return False
    return text[position - 1] not in _LEADS_TO_COUNT and bool(_MONTH_BEHIND.match(text, match.end()))


_HARVEST = re.compile("的?(?:[春夏秋冬]|麦[黄收熟]|[收割]麦|[正腊]月|年[底初关]|清明|端午|中秋)")
_LEVIED = re.compile("(?:分|应征|未完|旧欠|额征)?(?:钱?粮|[地丁田]赋|额赋|租税|逋[赋欠]|丁银|漕[粮米])")
_MONARCH = frozenset("帝王公祖宗侯后皇")
_MONTH_BEHIND = re.compile(f"闰?[{_MONTHS}正腊冬]{{1,2}}月")


def _of_republic(text: str, match: re.Match[str], count: int, context: Context) -> bool:
    """Whether 二十七年二月 is of the republic, in a text that counted otherwise before."""
    if context.year is None and match[0][0] in "廿卅" and _MONTH_BEHIND.match(text, match.end()):  # 卅六年五月十七
        return count <= _REPUBLIC_YEARS
    if context.year is None or context.leaning or match[0][0].isascii() or count < _FEW_TENS:
        return False
    soon = context.year <= 1911 + count <= min(context.year + _SOON, 1949)
    goes_on = gregorian.goes_on(text, match.end()) or text[match.end() : match.end() + 1] in ("春", "夏", "秋", "冬")
    return context.year >= 1912 and soon and goes_on


_ROW = re.compile(rf"(?P<counts>{COUNTS})年(?=[一-龥,间])(?![级代制计规])")


def _regnal_row(text: str, position: int, context: Context) -> Reading | None:
    """卅一、卅二两年 of the era in progress, where a clause opens with them."""
    match, reign = _ROW.match(text, position), context.reign
    row = counts(match["counts"]) if match else None
    if not match or not reign or not row or row[0] == row[1]:
        return None
    if not (years.clause_start(text, position) or text.startswith("又", position - 1)):
        return None
    if (
        ("、" not in match["counts"] and row[0] < _FEW_TENS)
        or not reign.reached <= reign.year_one + row[0] - 1
        or row[1] > reign.last
    ):
        return None
    first, last = (year_span(reign.year_one + count - 1, reign.moon) for count in row)
    year = years.Year(reign.year_one + row[1] - 1, reign.moon, "regnal", match.end(), confidence=0.7)
    return dated.from_year(text, replace(year, whole=(first[0], last[1])), position)


def _by_gloss(text: str, position: int, count: int, match: re.Match[str]) -> Reading | None:
    """二十九年（1940） where no reign was told: the year in brackets says which one is meant."""
    civil = years.civil_gloss(text, match.end("count") + 1) if match["count"] else None
    if civil is None or count == 0:
        return None
    if text[position - 1 : position] in _MONARCH or civil <= 0:
        year = years.Year(civil, False, "gregorian", match.end("count") + 1)
        gloss = years.GLOSS.match(text, year.stop)
        closed = text.find(")", year.stop)
        return replace(year.reading(), stop=closed + 1) if gloss and closed > 0 else None
    if civil - 1911 == count:
        year = years.Year(civil, False, "republic", match.end("count") + 1)
    else:
        era = next((era for era in eras.of_count(count) if era.year(count) in (civil, civil - 1)), None)
        found = era.year(count) if era else None
        if found is None:
            return None
        year = years.Year(found, True, "era", match.end("count") + 1, era=era)
    return dated.from_year(text, year, position)


def short_year(text: str, position: int, context: Context) -> Reading | None:
    """44年负伤 after 1942年入伍: a year without its century that opens a clause, later than the one told last."""
    match = _SHORT_YEAR.match(text, position)
    before = text[position - 1 : position]
    # 1982年动工，至87年完工
    led = context.short or (
        match is not None and match["year"].isascii() and before in "到至" and int(match["year"]) > _FEW
    )
    if (
        not match
        or context.year is None
        or context.moon
        or context.leaning
        or (before and before not in ",。;:、和\n(" and not (led and before in "到至从自于在"))
    ):
        return None
    if not (context.short or (match["year"].isascii() and match["apart"] is None)):  # 57年7月，…。58年，
        return None
    meant = context.year // 100 * 100 + (number(match["year"]) or 0)
    if not context.year <= meant <= context.year + _LIFETIME:
        return None
    if meant % 100 < _FEW and not (context.short or gregorian.goes_on(text, match.end())):  # 2005年底，20年累计
        return None
    return dated.from_year(text, years.Year(meant, False, "gregorian-short", match.end(), confidence=0.7), position)


def later(text: str, position: int, context: Context) -> Reading | None:
    """越三年己酉: the sexagenary year so many years after the running one, give or take two."""
    match = _LATER.match(text, position)
    if not match or context.year is None:
        return None
    meant = ganzhi.nearest(match["pair"], context.year + (number(match["count"]) or 0), 2, 2)
    return _sexagenary(text, position, match.end(), meant, 0.8)


def pair(text: str, position: int, context: Context) -> Reading | None:
    """己酉年 beside a running year: the nearest of that name."""
    match = _PAIR.match(text, position)
    if not match:
        return _pair_alone(text, position, context)
    gloss = years.civil_gloss(text, match.end())
    if gloss is not None and ganzhi.index(match["pair"]) == (gloss - 4) % 60:  # 丁丑年（1937）
        return _sexagenary(text, position, match.end(), gloss, 0.9)
    inner = match.end() + 1 if text.startswith("(", match.end()) else 0
    regnal = (years.republic(text, inner) or years.era(text, inner)) if inner else None
    if regnal and ganzhi.index(match["pair"]) == (regnal.number - 4) % 60:  # 壬戌年（同治元年）
        return _sexagenary(text, position, match.end(), regnal.number, 0.9)
    if context.year is None:
        return _before_reign(text, position, match)
    return _sexagenary(text, position, match.end(), ganzhi.nearest(match["pair"], _base(context)), 0.7)


_REIGN_AHEAD = re.compile(rf"(?:{years.DYNASTY})?(?:{years.RULER})?{years.ERA_NAME}(?={COUNT}年)")
_AHEAD, _EARLIER = 300, 30  # characters, years


def _before_reign(text: str, position: int, match: re.Match[str]) -> Reading | None:
    """庚子夏，鸠工…雍正元年立: a pair before any year is of the years up to that of the reign told next."""
    ahead = _REIGN_AHEAD.search(text, match.end(), match.end() + _AHEAD)
    reign = years.era(text, ahead.start()) if ahead else None
    if reign is None or reign.others or "\n" in text[match.end() : reign.stop]:
        return None
    return _sexagenary(text, position, match.end(), ganzhi.nearest(match[0][:2], reign.number, _EARLIER, 0), 0.5)


def _base(context: Context) -> int:
    """The year beside which a pair lies: the latest told, where the running one is of another age (始于吴赤乌三年)."""
    year, latest = context.year or 0, context.latest
    return latest if latest is not None and latest - year > _ANOTHER_AGE else year


_DIED = re.compile("[卒殁歿没终逝薨]于?$")
_ANOTHER_AGE = 60


def _pair_alone(text: str, position: int, context: Context) -> Reading | None:
    match = _ALONE.match(text, position)
    by_month = match is not None and _BEFORE_MONTH.match(text, match.end()) is not None
    among = None if by_month or not context.paired or context.year is None else _AMONG.match(text, position)
    meant = ganzhi.nearest(among[0], context.year or 0, 0, _FAR) if among else None
    if among and meant is not None:
        return _sexagenary(text, position, among.end(), meant, 0.6)
    if match and context.year is None:
        return _before_reign(text, position, match)
    if not match or context.year is None or not context.moon:
        return None
    if by_month:  # 生于万历乙卯九月…，卒于癸未八月
        died = _DIED.search(text[max(0, position - 3) : position])
        meant = ganzhi.nearest(match[0], _base(context), *((0, 59) if died else ()))
        return _sexagenary(text, position, match.end(), meant, 0.7)
    if context.month is not None:  # a pair behind a month is a day
        return None
    return _sexagenary(text, position, match.end(), ganzhi.nearest(match[0], _base(context)), 0.6)


def _sexagenary(text: str, position: int, stop: int, meant: int | None, confidence: float) -> Reading | None:
    if meant is None:
        return None
    return dated.from_year(text, years.Year(meant, True, "sexagenary", stop, confidence=confidence), position)
