"""Engines: what occurs where, and in which order to show it."""
