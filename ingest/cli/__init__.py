"""Commands that bring material in."""
