"""PDF, set by Typst: `pdf_exporter` is called, `pdf_setting` turns a book into data, `book.typ` sets the data."""
