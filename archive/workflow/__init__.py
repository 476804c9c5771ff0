"""The people of an office: accounts, signing in, messages to one another."""
