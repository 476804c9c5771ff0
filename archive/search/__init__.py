"""From a question to hits: parsing, matching, engines, passages."""
