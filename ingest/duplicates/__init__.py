"""Texts that the library holds already."""
