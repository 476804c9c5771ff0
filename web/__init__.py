"""The search and reading interface."""
