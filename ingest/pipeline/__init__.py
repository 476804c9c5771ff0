"""From files to the library: staged, read, counted, stored, reported."""
