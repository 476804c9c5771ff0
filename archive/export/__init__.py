"""From a selection to a book file."""
