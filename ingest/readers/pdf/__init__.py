"""PDF with a text layer; scanned pages go to recognition."""

from ingest.readers.pdf.pdf_file import read

__all__ = ["read"]
