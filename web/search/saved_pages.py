"""Saved searches with what is new since, scopes, and what was asked."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from archive.model.errors import UsageError, WenshiError
from archive.model.saved import AskedSearch, Changes, SavedSearch, Scope
from archive.model.search import Search
from archive.search.facet_labels import in_words
from archive.session import Session
from web.base import asking_first, current
from web.base.security import page_of_ours
from web.search.search_state import SearchState

pages = Blueprint("searches", __name__, url_prefix="/searches")

_SHOWN = 50  # searches of the history, articles of a kind of change


@dataclass(frozen=True, slots=True)
class SavedLine:
    """A saved search; `changes` is None where it cannot be asked any more, and `trouble` says why."""

    saved: SavedSearch
    words: str
    url: str
    changes: Changes | None
    trouble: str


@dataclass(frozen=True, slots=True)
class ScopeLine:
    """A scope with what it is and how many articles are in it; None where its rule cannot be asked any more."""

    scope: Scope
    words: str
    url: str
    size: int | None
    trouble: str


@dataclass(frozen=True, slots=True)
class AskedLine:
    """A search that was asked."""

    asked: AskedSearch
    words: str
    url: str


@pages.get("")
def table() -> ResponseReturnValue:
    """Everything somebody keeps of searching."""
    session = current.session()
    titles = _titles(session)
    history = session.searches.history()[:_SHOWN]
    return render_template(
        "searches.html",
        saved=[_saved(session, each, titles) for each in session.searches.listed()],
        scopes=[_scope(session, each, titles) for each in session.scopes.listed()],
        history=[AskedLine(each, in_words(each.search, titles), SearchState(each.search).url) for each in history],
        keeps_history=session.searches.keeps_history,
    )


@pages.post("/save")
def save() -> ResponseReturnValue:
    """Keep a search, or make a scope of it."""
    session = current.session()
    search, name = Search.read(request.form.items(multi=True)), request.form.get("name", "")
    match request.form.get("as"):
        case "search":
            kept = session.searches.save(name, search)
            flash(f"已保存检索“{kept.name}”。以后打开，会列出新找到的。")
        case "rule":
            scope = session.scopes.save(name, rule=search.but(sort=Search().sort))
            flash(f"已建工作集“{scope.name}”，按条件随资料库增减，现有 {session.scopes.size(scope.name)} 篇。")
        case "fixed":
            scope = session.scopes.freeze(name, search)
            flash(f"已建工作集“{scope.name}”，{len(scope.articles)} 篇。")
        case _:
            raise UsageError("没有说清要存成什么。", hint="请从检索页重新开始。")
    return redirect(url_for("searches.table"), code=303)


@pages.get("/new")
def new() -> ResponseReturnValue:
    """What a saved search finds now that it did not, and what it no longer does."""
    session = current.session()
    saved = session.searches.get(request.args.get("name", ""))
    changes = session.searches.changes(saved.name)
    kinds = {"新增": changes.new, "改动": changes.changed, "不再符合": changes.lost, "撤下": changes.withdrawn}
    return render_template(
        "searches_new.html",
        saved=saved,
        words=in_words(saved.search, _titles(session)),
        state=SearchState(saved.search),
        kinds={words: (ids, [session.searches.title(id) for id in ids[:_SHOWN]]) for words, ids in kinds.items()},
        found=saved.found + len(changes.new) - len(changes.lost) - len(changes.withdrawn),
        any=bool(changes),
    )


@pages.post("/looked")
def looked() -> ResponseReturnValue:
    """From now on only what comes later is new."""
    name = request.form.get("name", "")
    current.session().searches.looked(name)
    flash(f"“{name}”的变化都记作看过了。")
    return redirect(url_for("searches.table"), code=303)


@pages.post("/remove")
def remove() -> ResponseReturnValue:
    """Forget a saved search or a scope."""
    session, name = current.session(), request.form.get("name", "")
    if request.form.get("what") == "scope":
        session.scopes.remove(name)
        flash(f"工作集“{name}”已移除，里面的文章不受影响。")
    else:
        session.searches.remove(name)
        flash(f"保存的检索“{name}”已移除。")
    return redirect(url_for("searches.table"), code=303)


@pages.post("/history")
def history() -> ResponseReturnValue:
    """Clear what was asked, or note it from now on, or not."""
    searches = current.session().searches
    match request.form.get("do"):
        case "clear":
            if asks := asking_first.question("清空检索历史？"):
                return asks
            searches.clear()
            flash("检索历史已清空。")
        case "keep":
            searches.keep_history(True)
        case "stop":
            searches.keep_history(False)
            flash("从现在起不记检索历史；以前记下的还在，可以清空。")
    return redirect(url_for("searches.table"), code=303)


@pages.get("/scope")
def scope() -> ResponseReturnValue:
    """The articles of a scope that were chosen one by one."""
    session = current.session()
    found = session.scopes.get(request.args.get("name", ""))
    if found.rule is not None:
        return redirect(SearchState(Search(scope=found.name)).url)
    articles = [(id, session.article(id).title) for id in found.articles]
    return render_template("scope.html", scope=found, articles=articles, state=SearchState(Search(scope=found.name)))


@pages.post("/scope")
def change_scope() -> ResponseReturnValue:
    """Put articles into a scope of chosen articles, or take some out."""
    session, name = current.session(), request.form.get("name", "")
    ids = [id for given in request.form.getlist("id") for id in given.split()]
    if request.form.get("do") == "drop":
        session.scopes.drop(name, ids)
    else:
        changed = session.scopes.add(name, ids)
        flash(f"工作集“{name}”现有 {len(changed.articles)} 篇。")
    return redirect(page_of_ours(request.form.get("next", ""), url_for("searches.scope", name=name)), code=303)


def _titles(session: Session) -> dict[str, str]:
    return {each.id: each.title for each in session.collections()}


def _saved(session: Session, saved: SavedSearch, titles: dict[str, str]) -> SavedLine:
    words, url = in_words(saved.search, titles), SearchState(saved.search).url
    try:
        return SavedLine(saved, words, url, session.searches.changes(saved.name), "")
    except WenshiError as error:
        return SavedLine(saved, words, url, None, error.message)


def _scope(session: Session, scope: Scope, titles: dict[str, str]) -> ScopeLine:
    words = "选定的文章" if scope.rule is None else in_words(scope.rule, titles)
    url = SearchState(Search(scope=scope.name)).url
    try:
        return ScopeLine(scope, words, url, session.scopes.size(scope.name), "")
    except WenshiError as error:
        return ScopeLine(scope, words, url, None, error.message)
