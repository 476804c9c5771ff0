"""PDF, set by Typst: `document` is the door, `setting` turns a book into data, `book.typ` sets the data."""
