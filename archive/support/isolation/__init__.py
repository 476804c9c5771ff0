"""Work on files nobody vouches for, done by a process of its own that has limits and may die of them."""
