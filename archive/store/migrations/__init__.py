"""How the schema of `archive.sqlite` came to be, one revision after the other (Alembic)."""
