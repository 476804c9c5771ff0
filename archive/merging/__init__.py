"""One library merged into another."""
