"""`wenshi duplicates` and `wenshi diff`: which texts of a library are like each other, and where they differ."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import click

from archive.cli.local import local_session
from archive.model.records import Article
from archive.support.config import Config
from archive.text.differences import Pair
from archive.text.spans import Span
from ingest.duplicates.likeness import THRESHOLD, Likeness, compared, described, open_duplicates

_AROUND = 1  # equal paragraphs shown on either side of a difference


@click.command(short_help="找出彼此重复的文章。")
@click.option("--collection", default="", help="只看这一个文集（编号）的文章与全库的重复。")
@click.option(
    "--threshold",
    type=click.FloatRange(0.1, 1.0),
    default=THRESHOLD,
    show_default=True,
    help="相同部分占较短一篇的多少才列出，0.1 到 1。",
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def duplicates(config: Config, collection: str, threshold: float, as_json: bool) -> None:
    """找出文字相同或大部分相同的文章，一行一对，相同最多的在前。不计题名、标点、分段和繁简。"""
    with local_session(config.library_path) as session, open_duplicates(session) as finder:
        if collection:
            session.collection(collection)  # says so when there is none
        found = sorted(finder.pairs(session.articles(collection), threshold), key=lambda one: -one.share)
    if as_json:
        click.echo(json.dumps([_values(one) for one in found], ensure_ascii=False, indent=2))
        return
    for one in found:
        click.echo(f"{one.per_cent}%\t{described(one.article)}\t{described(one.other)}")
    click.echo(f"共 {len(found)} 对。" if found else "没有发现重复的文章。", err=True)


def _values(one: Likeness) -> dict[str, object]:
    return {
        "share": round(one.share, 4),
        "same": one.same,
        "articles": [
            {"id": each.id, "title": each.title, "collection": each.collection, "volume": each.volume}
            for each in (one.article, one.other)
        ],
    }


@click.command(short_help="逐段对照两篇文章。")
@click.argument("left_id", metavar="ID")
@click.argument("right_id", metavar="ID2")
@click.option("--all", "whole", is_flag=True, help="相同的段落也全部列出。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def diff(config: Config, left_id: str, right_id: str, whole: bool, as_json: bool) -> None:
    """逐段对照两篇文章。左边独有的字标作 [-…-]，右边独有的标作 {+…+}。"""
    with local_session(config.library_path) as session:
        left, right = session.article(left_id), session.article(right_id)
    pairs = compared(left, right)
    if as_json:
        click.echo(json.dumps([_pair_values(pair, left, right) for pair in pairs], ensure_ascii=False, indent=2))
        return
    click.echo(f"左：{described(left)}\n右：{described(right)}")
    for line in _lines(pairs, left, right, whole):
        click.echo(line)
    differing = sum(not pair.equal for pair in pairs)
    click.echo(f"{len(pairs)} 段对照，{differing} 段不同。" if differing else "两篇逐字相同。", err=True)


def _pair_values(pair: Pair, left: Article, right: Article) -> dict[str, object]:
    sides = (("left", left, pair.left, pair.left_spans), ("right", right, pair.right, pair.right_spans))
    return {
        side: None if block is None else {"block": block, "text": article.blocks[block].text, "spans": spans}
        for side, article, block, spans in sides
    }


def _lines(pairs: Sequence[Pair], left: Article, right: Article, whole: bool) -> Iterator[str]:
    """Differences with a paragraph around them; what is left out is counted."""
    shown = {
        near
        for place, pair in enumerate(pairs)
        if whole or not pair.equal
        for near in range(place - _AROUND, place + _AROUND + 1)
    }
    skipped = 0
    for place, pair in enumerate(pairs):
        if place not in shown:
            skipped += 1
            continue
        if skipped:
            yield f"　　…… {skipped} 段相同 ……"
            skipped = 0
        if pair.equal and pair.left is not None:
            yield f"＝¶{pair.left}|¶{pair.right}\t{left.blocks[pair.left].text}"
            continue
        if pair.left is not None:
            yield f"左¶{pair.left}\t{_marked(left.blocks[pair.left].text, pair.left_spans, '[-', '-]')}"
        if pair.right is not None:
            yield f"右¶{pair.right}\t{_marked(right.blocks[pair.right].text, pair.right_spans, '{+', '+}')}"
    if skipped:
        yield f"　　…… {skipped} 段相同 ……"


def _marked(text: str, spans: Sequence[Span], before: str, after: str) -> str:
    parts, last = [], 0
    for start, end in spans:
        parts += [text[last:start], before, text[start:end], after]
        last = end
    return "".join([*parts, text[last:]])
