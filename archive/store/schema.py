"""The tables of `archive.sqlite` as this version uses them. How older libraries get there: `migrations/`.

An article has one row in `articles` (what it is, where it belongs, who may see it) and one in `versions` for every
state of its text and description. Rows of `articles`, `versions` and `originals` are never deleted,
but for the versions of an article that was purged.
Moments are UTC, ISO 8601 to the second (`2026-03-01T08:30:00Z`). Days are Julian day numbers.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, ForeignKeyConstraint, Index, Integer, MetaData, Table, Text

metadata = MetaData()

collections = Table(
    "collections",
    metadata,
    Column("id", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("volume", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("invented", Boolean, nullable=False),
    Column("fields", Text, nullable=False, server_default="[]"),  # JSON: what the collection declares
    Column("year", Text, nullable=False, server_default=""),
    Column("position", Integer, nullable=False, server_default="0"),  # among the collections, 0 before it was ordered
    Column("removed", Boolean, nullable=False, server_default="0"),
    Column("permit", Text, nullable=False, server_default=""),
    Column("access", Text, nullable=False, server_default="公开"),
)

originals = Table(
    "originals",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("name", Text, nullable=False),  # as the file was called when it first came in
    Column("size", Integer, nullable=False),  # bytes; 0 for one that was purged, see purging.py
    Column("moment", Text, nullable=False),
)

pictures = Table(
    "pictures",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("media_type", Text, nullable=False),
    Column("size", Integer, nullable=False),  # bytes
)

imports = Table(
    "imports",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("original", Text, ForeignKey("originals.sha256"), nullable=False),
    Column("name", Text, nullable=False),
    Column("moment", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("articles", Integer, nullable=False),  # how many it brought in
    Column("issues", Text, nullable=False),  # JSON
)

articles = Table(
    "articles",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("version", Integer, nullable=False),  # the current one
    Column("collection", Text, ForeignKey("collections.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("access", Text, nullable=False),
    Column("import_key", Integer, ForeignKey("imports.key")),  # what brought it in
    Column("seal", Text, nullable=False, server_default=""),  # see seals.py
    Index("articles_by_place", "collection", "number", "key"),
)

versions = Table(
    "versions",
    metadata,
    Column("article", Integer, ForeignKey("articles.key"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("digest", Text, nullable=False),  # SHA-256 of `blocks`
    Column("moment", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("original", Text, ForeignKey("originals.sha256")),
    Column("genre", Text, nullable=False),
    Column("volume", Text, nullable=False),
    Column("section", Text, nullable=False),
    Column("people", Text, nullable=False),  # JSON
    Column("date_start", Integer),
    Column("date_end", Integer),
    Column("date_precision", Text),  # NULL: the article has no date
    Column("date_written", Text),
    Column("source", Text, nullable=False),
    Column("fields", Text, nullable=False),  # JSON
    Column("blocks", Text, nullable=False),  # JSON, see codec.py; last of what listings read
    Column("seal", Text, nullable=False, server_default=""),  # see seals.py
    Index("versions_by_original", "original"),
)

mentions = Table(
    "mentions",
    metadata,
    Column("article", Integer, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("position", Integer, primary_key=True),  # 0-based, keeps the order given
    Column("block", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("first_day", Integer),
    Column("last_day", Integer),
    Column("precision", Text, nullable=False),
    Column("written", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("vague", Boolean, nullable=False),
    ForeignKeyConstraint(["article", "version"], ["versions.article", "versions.version"]),
    sqlite_with_rowid=False,
)

date_decisions = Table(
    "date_decisions",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("article", Integer, ForeignKey("articles.key"), nullable=False),
    Column("block", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("written", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("action", Text, nullable=False),  # reject, set
    Column("first_day", Integer),
    Column("last_day", Integer),
    Column("precision", Text),  # NULL where the action is reject
    Column("expression", Text),  # what the editor wrote
    Column("reason", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("moment", Text, nullable=False),
    Index("date_decisions_by_article", "article"),
    sqlite_autoincrement=True,  # a key taken back is never given to another decision
)

# What derived values in this database were made with, such as the office's own periods.
made_with = Table(
    "made_with",
    metadata,
    Column("name", Text, primary_key=True),
    Column("signature", Text, nullable=False),
)

pending = Table(
    "pending",
    metadata,
    Column("article", Integer, ForeignKey("articles.key"), primary_key=True),
)

projects = Table(
    "projects",
    metadata,
    Column("name", Text, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("moment", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("body", Text, nullable=False),  # JSON, see archive/model/project.py
)

# What a project consisted of when it was frozen; stays when the project is deleted.
editions = Table(
    "editions",
    metadata,
    Column("project", Text, primary_key=True),
    Column("number", Integer, primary_key=True),  # from 1
    Column("moment", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("manifest", Text, nullable=False),  # JSON, see archive/books/edition.py
)

# Changes to many articles at once that can be taken back as a whole: an import undone, a collection removed or merged.
bulk_changes = Table(
    "bulk_changes",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("moment", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("action", Text, nullable=False),  # undo-import, remove, merge, move, replace; narrow: see narrowing.py
    Column("subject", Text, nullable=False),  # an import's key, a collection's id
    Column("target", Text, nullable=False),  # the collection that articles were moved to, "" where they were withdrawn
    Column("detail", Text, nullable=False),
    Column("taken_back", Text, nullable=False),  # when, "" while it stands
)

# How each of the articles was before.
bulk_changed = Table(
    "bulk_changed",
    metadata,
    Column("change", Integer, ForeignKey("bulk_changes.key"), primary_key=True),
    Column("article", Integer, ForeignKey("articles.key"), primary_key=True),
    Column("status", Text, nullable=False),
    Column("collection", Text, ForeignKey("collections.id"), nullable=False),
    Column("version", Integer, nullable=False, server_default="0"),  # the one a replacement made
)

# What readers think is wrong; `answer` is NULL as long as no editor has settled it.
error_reports = Table(
    "error_reports",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("article", Integer, ForeignKey("articles.key"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("block", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("words", Text, nullable=False),
    Column("moment", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("answer", Text),
    Column("settled", Text),
    Column("settled_by", Text),
    Index("error_reports_by_article", "article"),
    sqlite_autoincrement=True,
)

# Who has read a scanned page against its picture (1: 一校, 2: 二校), and the SHA-256 of its text then.
page_proofs = Table(
    "page_proofs",
    metadata,
    Column("article", Integer, ForeignKey("articles.key"), primary_key=True),
    Column("picture", Text, primary_key=True),
    Column("round", Integer, primary_key=True),
    *(Column(name, Text, nullable=False) for name in ("who", "signed", "text")),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),  # what can be run again with `arguments`; "" for what cannot
    Column("title", Text, nullable=False),
    Column("arguments", Text, nullable=False),  # JSON
    Column("owner", Text, nullable=False),  # id of the actor who asked
    Column("who", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("asked", Text, nullable=False),
    Column("began", Text, nullable=False),
    Column("ended", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("hint", Text, nullable=False),
    Column("outcome", Text, nullable=False),  # JSON
    Column("back", Text, nullable=False),  # where it was asked for
    Column("then", Text, nullable=False),  # where its outcome is shown
    Column("runner", Integer, nullable=False, server_default="0"),  # the program that does it, see Database.runner
)

# Parts of the library under a name.
scopes = Table(
    "scopes",
    metadata,
    Column("name", Text, primary_key=True),
    Column("owner", Text, nullable=False),  # id of the actor
    Column("who", Text, nullable=False),
    Column("moment", Text, nullable=False),
    Column("body", Text, nullable=False),  # JSON: {"rule": parameters of a search} or {"articles": ids}
)

saved_searches = Table(
    "saved_searches",
    metadata,
    Column("owner", Text, primary_key=True),  # id of the actor
    Column("name", Text, primary_key=True),
    Column("search", Text, nullable=False),  # JSON: its parameters
    Column("made", Text, nullable=False),
    Column("looked", Text, nullable=False),
    Column("found", Text, nullable=False),  # JSON: id and version of each article found then
)

# What each person asked, until it is cleared.
asked_searches = Table(
    "asked_searches",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("owner", Text, nullable=False),  # id of the actor
    Column("moment", Text, nullable=False),
    Column("search", Text, nullable=False),  # JSON: its parameters
    Column("total", Integer, nullable=False),
)

# The actors who want nothing of that kept.
no_history = Table("no_history", metadata, Column("owner", Text, primary_key=True))

# Who may sign in.
accounts = Table(
    "accounts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("login", Text, nullable=False, unique=True),  # what is typed, folded as names are compared
    Column("name", Text, nullable=False),  # what records show
    Column("password", Text, nullable=False),  # hashed, see workflow/passwords.py
    Column("must_change", Boolean, nullable=False),  # a first password, which somebody else has seen
    Column("changed", Text, nullable=False),  # when the password was set
    Column("disabled", Text, nullable=False),  # since when, "" while it is open
    Column("made", Text, nullable=False),
)

account_roles = Table(
    "account_roles",
    metadata,
    Column("account", Text, ForeignKey("accounts.id"), primary_key=True),
    Column("role", Text, primary_key=True),
    Column("collection", Text, primary_key=True),  # "" for all
)

# The browsers in which people are signed in, and were.
logins = Table(
    "logins",
    metadata,
    Column("id", Text, primary_key=True),  # SHA-256 of what the browser holds
    Column("account", Text, ForeignKey("accounts.id"), nullable=False),
    Column("began", Text, nullable=False),
    Column("seen", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("agent", Text, nullable=False),
    Index("logins_by_account", "account"),
)

# What lets programs in, for whom and until when.
tokens = Table(
    "tokens",
    metadata,
    Column("id", Text, primary_key=True),
    Column("digest", Text, nullable=False, unique=True),  # SHA-256 of what the program holds
    Column("owner", Text, nullable=False),  # an account, or who owns the library where there are none
    Column("name", Text, nullable=False),
    Column("scopes", Text, nullable=False),  # parted by blanks
    Column("made", Text, nullable=False),
    Column("ends", Text, nullable=False),
    Column("seen", Text, nullable=False),
    Index("tokens_by_owner", "owner"),
)

# Attempts to sign in that have not succeeded.
login_attempts = Table(
    "login_attempts",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("about", Text, nullable=False),  # whose name was typed, or from where
    Column("moment", Text, nullable=False),
    Index("login_attempts_about", "about", "moment"),
)

# Messages to people inside the program.
notices = Table(
    "notices",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("owner", Text, nullable=False),  # id of the actor
    Column("moment", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("seen", Text, nullable=False),  # when, "" before
    Column("who", Text, nullable=False, server_default=""),  # who sent it, "" for the program
    Index("notices_by_owner", "owner"),
)

# Who has an article open to change it.
at_work = Table(
    "at_work",
    metadata,
    Column("article", Text, primary_key=True),  # its id
    Column("owner", Text, primary_key=True),  # id of the actor
    Column("who", Text, nullable=False),
    Column("moment", Text, nullable=False),
)

# A row of a register, which may stand for an article or a book project. What it is now; it follows from its steps.
work_records = Table(
    "work_records",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("procedure", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("subject", Text, nullable=False),  # id of an article or name of a project, "" for none
    Column("state", Text, nullable=False),
    Column("fields", Text, nullable=False),  # JSON
    Column("rows", Text, nullable=False),  # JSON: by group a list of rows, null where one was struck out
    Column("assignee", Text, nullable=False),
    Column("due", Text, nullable=False),  # ISO day, "" for none
    Column("moment", Text, nullable=False),
    Column("steps", Integer, nullable=False),  # how many were taken
    Index("work_records_by_procedure", "procedure", "number"),
    Index("work_records_by_subject", "subject"),
    sqlite_autoincrement=True,
)

# Steps from state to state with who signed what; rows are never changed and never deleted.
record_steps = Table(
    "record_steps",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("record", Integer, ForeignKey("work_records.key"), nullable=False),
    Column("source", Text, nullable=False),
    Column("to_state", Text, nullable=False),
    Column("moment", Text, nullable=False),
    Column("actor", Text, nullable=False),  # id
    Column("who", Text, nullable=False),
    Column("signer", Text, nullable=False),
    Column("post", Text, nullable=False),
    Column("opinion", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("toward", Text, nullable=False),
    Column("fields", Text, nullable=False),  # JSON
    Column("rows", Text, nullable=False),  # JSON: [group, index, values, struck]
    Column("assignee", Text, nullable=False),
    Column("due", Text, nullable=False),
    Column("version", Integer, nullable=False),  # of the article
    Column("digest", Text, nullable=False),  # of the text or the book
    Column("edition", Integer, nullable=False),  # the proof frozen with it, 0 for none
    Index("record_steps_by_record", "record"),
    sqlite_autoincrement=True,
)

# Telephone, account and identity numbers of contributors: in no step, no search, no export that does not name them.
private_values = Table(
    "private_values",
    metadata,
    Column("record", Integer, ForeignKey("work_records.key"), primary_key=True),
    Column("field", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("moment", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),  # an article's or collection's id, an original's SHA-256
    Column("detail", Text, nullable=False),
    Column("place", Text, nullable=False, server_default=""),  # from where it was asked
    Column("salt", Text, nullable=False, server_default=""),  # of the detail's digest; "" once the detail was purged
    Column("detail_digest", Text, nullable=False, server_default=""),
    Column("digest", Text, nullable=False, server_default=""),  # of this entry and the digest before, see audit.py
    Index("audit_by_subject", "subject"),
)
