"""The EPUB exporter."""
