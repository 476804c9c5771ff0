"""The pages of book projects. `project_editor.py` is what they share, `order.py` moves parts and items."""
