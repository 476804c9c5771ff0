"""Descriptions of articles as tables, and the fields a collection declares."""
