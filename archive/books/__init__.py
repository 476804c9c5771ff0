"""From a book project to a book, and to the editions that are frozen of it."""
