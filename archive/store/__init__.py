"""The truth: tables and migrations, originals by SHA-256, fixity, audit."""
