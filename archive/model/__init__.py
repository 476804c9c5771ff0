"""The values passed between all packages: frozen, free of any file format, engine or web framework."""
