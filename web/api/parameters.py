"""The parameters of a search in words, by the fields of `Search`."""

from __future__ import annotations

SEARCH_WORDS = {
    "text": "检索式，写法同检索框；不写是全部",
    "period": "时期，写法同检索页：光绪年间、1950年代、1936..1945",
    "period_in": "时期看哪里：成文日期（date）、文中所述（text）、都看（any）",
    "within": "日期要整个落在时期里，不只是有重合",
    "vague": "“建国后”一类笼统的说法也算",
    "open": "“1958年起”一类只说了一头的日期也算",
    "as_written": "一字不差：不把繁简、异体、全角半角看作一样",
    "collection": "文集的编号；可写多次",
    "volume": "辑；可写多次",
    "section": "栏目；可写多次",
    "author": "署名；可写多次",
    "decade": "成文的年代，1950 是 1950 至 1959 年；可写多次",
    "genre": "类型；可写多次",
    "person": "名称表里的人物；可写多次",
    "place": "名称表里的地名；可写多次",
    "undated": "只要那里没有日期的",
    "scope": "只在这个工作集里找",
    "sort": "次序：相关、由早到晚、由晚到早、卷次",
}
"""Held against the fields by a test."""
