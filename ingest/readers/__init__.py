"""One module a format; `registry.py` is the table of them."""
