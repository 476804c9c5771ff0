"""Describing articles and collections."""
