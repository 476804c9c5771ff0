"""The values everything else speaks in: frozen, free of any file format, engine or web framework."""
