"""Looking after a library in the browser: collections, names, periods, backups, checks."""
