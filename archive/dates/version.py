"""The version of the rules and tables by which dates are read, kept with the dates of every library."""

RULES = 14
"""Raised whenever some text may be read otherwise than before, so that a library can tell that its dates are older.

A test holds a digest of the rules and tables against it.
"""
