"""Long work: one table for all of it, with progress, that survives a restart."""
