"""PDF with a text layer; scanned pages go to recognition."""

from ingest.readers.pdf.document import read

__all__ = ["read"]
