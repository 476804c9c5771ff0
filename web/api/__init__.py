"""The JSON API: what a session offers, for other programs; described by OpenAPI, see operation.py."""
