"""Scopes (工作集): parts of a library under a name, which every count, chart, offer and export of a search obeys."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from archive.model.access import Action, Actor
from archive.model.errors import Conflict, NotAllowed, NotFound, UsageError
from archive.model.saved import Scope, checked_label
from archive.model.search import Search
from archive.search.index.engine import Engine
from archive.search.query import EVERYTHING, Among, Condition, Query
from archive.store import Store
from archive.store.article_rows import no_article


class Scopes:
    """The scopes of a library as one actor meets them. Everybody who may read may make some."""

    def __init__(self, store: Store, engine: Engine, actor: Actor, understand: Callable[[Search], Query]) -> None:
        """For `Session` only; `understand` reads a search as a query."""
        self._store = store
        self._engine = engine
        self._actor = actor
        self._understand = understand

    def names(self) -> tuple[str, ...]:
        """The names of `listed`."""
        if self._reads and self._actor.rights.unlimited:
            return self._store.saved.scope_names()
        return tuple(one.name for one in self.listed())

    def listed(self) -> tuple[Scope, ...]:
        """The scopes by name, each with those of its articles that the actor may see.

        One of chosen articles is left out where the actor may see none of them.
        """
        if not self._reads:
            return ()
        return tuple(
            one for one in map(self._shown, self._store.saved.scopes()) if one.rule is not None or one.articles
        )

    def get(self, name: str) -> Scope:
        """One of them. Raises NotFound."""
        return self._shown(self._scope(name))

    def size(self, name: str) -> int:
        """How many articles of the scope the actor may see now. Raises NotFound."""
        return len(self._visible(self.condition(name)))

    def save(self, name: str, rule: Search | None = None, articles: Sequence[str] = ()) -> Scope:
        """Make a scope of what `rule` finds, whenever that is, or else of these articles; replaces its owner's own.

        Raises UsageError for an unfit name, an empty scope, and a rule that leads back to the scope itself; Conflict
        for a name that is somebody else's; NotFound for articles; what `Session.search` raises for the rule.
        """
        if not self._reads:
            raise NotAllowed(f"{self._actor.name}不能建工作集", hint="请有阅读权限的同事来做")
        name = checked_label(name, "工作集")
        if (known := self._store.saved.scope(name)) and not self._owns(known):
            raise Conflict(f"工作集“{name}”是{known.who}建的，不能改", hint="换一个名称")
        if rule is not None:
            self._require_rule(name, rule)
        else:
            self._require_articles(articles)
        given = tuple(dict.fromkeys(articles)) if rule is None else ()
        scope = Scope(name=name, rule=rule, articles=given, owner=self._actor.id, who=self._actor.name)
        self._store.saved.save_scope(scope)
        return self.get(name)

    def freeze(self, name: str, search: Search) -> Scope:
        """Make a scope of the articles that a search finds now. Raises as `save` does."""
        return self.save(name, articles=sorted(self._visible(self._understand(search)), key=_as_counted))

    def add(self, name: str, articles: Sequence[str]) -> Scope:
        """Put more articles into a scope of chosen articles. Raises as `save` does."""
        known = self._scope(name)
        if known.rule is not None:
            raise UsageError(f"“{name}”是按条件定的工作集，不能逐篇添加", hint="改它的条件，或另建一个固定的工作集")
        self._require_articles(articles)
        return self._kept(known, (*known.articles, *articles))

    def drop(self, name: str, articles: Sequence[str]) -> Scope:
        """Take articles out of a scope of chosen articles; others than its own are passed over."""
        known = self._scope(name)
        return self._kept(known, [each for each in known.articles if each not in set(articles)])

    def remove(self, name: str) -> None:
        """Forget a scope; its articles stay. Raises NotFound, Conflict when another scope is made within it."""
        known = self._scope(name)
        self._require_own(known)
        within = [one.name for one in self._store.saved.scopes() if one.rule and one.rule.scope == name]
        if within:
            raise Conflict(f"工作集“{'”“'.join(within)}”是在“{name}”里定的，不能移除它", hint="先移除那些工作集")
        self._store.saved.remove_scope(name)

    def condition(self, name: str) -> Condition:
        """What an article must meet to be in the scope. Raises NotFound."""
        scope = self._scope(name)
        return Among(frozenset(scope.articles)) if scope.rule is None else self._understand(scope.rule)

    @property
    def _reads(self) -> bool:
        return not self._actor.rights.blind

    def _owns(self, scope: Scope) -> bool:
        return scope.owner == self._actor.id or self._actor.rights.allow(Action.ARRANGE)

    def _require_own(self, scope: Scope) -> None:
        if not self._owns(scope):
            raise NotAllowed(f"工作集“{scope.name}”是{scope.who}建的", hint=f"请{scope.who}来改，或另建一个")

    def _scope(self, name: str) -> Scope:
        found = self._store.saved.scope(name) if self._reads else None
        rights = self._actor.rights
        if found is not None and found.rule is None and not rights.unlimited and not self._shown(found).articles:
            found = None
        if found is None:
            known = "、".join(self.names())
            raise NotFound(f"没有工作集“{name[:40]}”", hint=f"现有：{known}" if known else "还没有建过工作集")
        return found

    def _shown(self, scope: Scope) -> Scope:
        if scope.rule is not None:
            return scope
        visible = self._visible(Among(frozenset(scope.articles)))
        return replace(scope, articles=tuple(each for each in scope.articles if each in visible))

    def _visible(self, condition: Condition) -> frozenset[str]:
        return self._engine.ids(Query(tree=EVERYTHING, conditions=(("scope", condition),)), self._actor.rights.in_use)

    def _kept(self, scope: Scope, articles: Sequence[str]) -> Scope:
        self._require_own(scope)
        if not articles:
            raise UsageError(f"“{scope.name}”会一篇也不剩", hint="不要它了，就移除这个工作集")
        self._store.saved.save_scope(replace(scope, articles=tuple(dict.fromkeys(articles))))
        return self.get(scope.name)

    def _require_articles(self, articles: Sequence[str]) -> None:
        if not articles:
            raise UsageError("工作集里一篇也没有", hint="先选定文章，或给一个有结果的检索")
        seen = self._store.those_seen(articles, self._actor.rights)
        for one in articles:
            if one not in seen:
                raise no_article(one)

    def _require_rule(self, name: str, rule: Search) -> None:
        if rule == Search(sort=rule.sort):
            raise UsageError("没有条件，就是整个资料库", hint="先检索，或选定文集、年代等，再存成工作集")
        if name in self._leads_to(rule):
            raise UsageError(f"工作集“{name}”不能以自己为范围", hint="另起一个名称")
        self._understand(rule)

    def _leads_to(self, rule: Search) -> Iterator[str]:
        """The scopes that a rule is made within, one within the other."""
        within: Search | None = rule
        while within is not None and within.scope:
            yield within.scope
            within = self._scope(within.scope).rule


def _as_counted(id: str) -> tuple[int, str]:
    return len(id), id
