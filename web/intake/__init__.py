"""Taking in files through the browser."""
