"""Who did what, when, to what, from where, for who maintains the library: `session.upkeep.log`."""

from __future__ import annotations

from pathlib import Path

from archive.model.access import Actor
from archive.model.errors import UsageError
from archive.model.holdings import EVERY_ENTRY, AuditEntry, AuditFilter, AuditHead
from archive.store import Store
from archive.store.backup import audit_head
from archive.support.sheets import write_table

COLUMNS = ("时间（UTC）", "谁", "做了什么", "对象", "说明", "从哪里")

ACTIONS = {
    "collection": "文集", "accept": "收稿", "release": "放行缺字的稿件", "revise": "改文字或著录", "status": "改状态",
    "access": "改开放标识",
    "date": "订正日期", "redate": "重读日期", "migrate": "升级", "restore": "恢复备份", "undo-import": "撤回收稿",
    "remove": "移除文集", "merge": "合并文集", "move": "移动文章", "replace": "成批替换", "report": "报错",
    "page-proof": "扫描件校次",
    "take-back": "撤销", "purge": "清除", "account": "账号", "login": "登录", "project": "书稿", "edition": "定稿",
    "card": "资料卡片", "name": "名称表", "name-decision": "指认",
    "register": "登记", "step": "办理", "procedure": "改流程", "token": "访问令牌", "export": "导出", "backup": "备份",
    "preserve": "长期保存",
}  # fmt: skip
"""What actions are called; another one is shown by its own name."""


class AuditLog:
    """The audit log of a library."""

    def __init__(self, store: Store, actor: Actor) -> None:
        """For `Upkeep` only, which asks for the right."""
        self._store = store
        self._actor = actor

    def entries(
        self, wanted: AuditFilter = EVERY_ENTRY, limit: int | None = 100, offset: int = 0
    ) -> tuple[AuditEntry, ...]:
        """The entries that are wanted, newest first; a limit of None gives all."""
        return self._store.audit(limit, wanted, offset)

    def choices(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The people and the actions that occur."""
        return self._store.audit_choices()

    def end(self) -> AuditHead:
        """The end of the log as it is now, to be kept elsewhere and compared later."""
        return self._store.audit_head()

    def holds(self, noted: str, password: str = "") -> bool:
        """Whether the log still goes on from where it ended earlier, so that no tail was cut off.

        `noted` is a backup file, or an end as an export tells it (12:ab34…). Raises UsageError, ReadError.
        """
        return self._store.audit_holds(_earlier(noted, password))

    def write(self, file: Path, wanted: AuditFilter = EVERY_ENTRY) -> None:
        """Write the entries that are wanted as a .csv or .xlsx file, oldest first, and the end of the log after them.

        Raises StorageError.
        """
        end = self.end()
        rows = [
            (one.when, one.who, ACTIONS.get(one.action, one.action), one.subject, one.detail, one.place)
            for one in reversed(self.entries(wanted, None))
        ]
        rows.append(("", "", "记录到此为止", "", f"{end}", "留着这一串，以后可以核对记录有没有被截短"))
        write_table(file, "操作记录", COLUMNS, rows)


def _earlier(noted: str, password: str) -> AuditHead:
    number, _, digest = noted.strip().partition(":")
    if number.isdecimal() and len(number) < 15 and len(digest) == 64:
        return AuditHead(int(number), digest.lower())
    file = Path(noted.strip())
    if not file.is_file():
        hint = "写备份文件的地址，或导出的操作记录最后一行里的那一串"
        raise UsageError("没有这个文件，也不是操作记录的末尾。", hint=hint, place=noted)
    found = audit_head(file, password)
    if found is None:
        raise UsageError("这份备份是旧版做的，没有记下操作记录的末尾。", hint="换一份新近的备份", place=noted)
    return found
