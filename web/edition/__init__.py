"""The reading edition: released, open texts of some collections as a folder of pages that need no server."""
