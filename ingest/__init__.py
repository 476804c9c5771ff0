"""How material comes in: files to manuscripts to articles."""
