"""The TEI exporter."""
