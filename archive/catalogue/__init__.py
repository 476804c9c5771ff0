"""What the office knows about its texts: descriptions, names, office-holders, dates."""
