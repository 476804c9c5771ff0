"""Book projects on pages: one module a page, `desk.py` for what they share, `order.py` for moving things about."""
