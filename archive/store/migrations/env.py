"""Run by Alembic. The connection comes from `archive.store.database`, already in the transaction that will be kept."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
context.run_migrations()
