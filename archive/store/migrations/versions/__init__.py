"""The revisions. A published one is never changed; it imports nothing from the program, which goes on changing."""
