"""Correcting what the library holds: articles, several at once, what readers report; versions compared."""
