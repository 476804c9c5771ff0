"""Texts moved from other systems as XML: each is a text already, with its own description."""
