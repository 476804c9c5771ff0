"""Help: the documentation itself, shipped with the program."""
