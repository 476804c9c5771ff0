"""`who` names a person: records that named what was done instead get the person at the machine, or the program.

Revision ID: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_DONE_BY_A_PERSON = ("收入稿件", "收稿", "收入名称", "重新提取日期", "重建索引", "核对", "清理")
_DONE_BY_THE_PROGRAM = ("建立资料库", "升级资料库", "整理索引", "恢复备份")


def upgrade() -> None:
    """Change those records; what was done is told by `action` already, and by an import's own row."""
    for name in ("audit", "imports", "versions", "projects", "editions", "date_decisions"):
        table = sa.table(name, sa.column("who", sa.Text()))
        for words, who in ((_DONE_BY_A_PERSON, "本机"), (_DONE_BY_THE_PROGRAM, "程序")):
            op.execute(table.update().where(table.c.who.in_(words)).values(who=who))
